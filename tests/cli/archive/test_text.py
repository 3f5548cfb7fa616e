"""What replay prints of a film that was not compared: each reason in a line of its own."""

from __future__ import annotations

from post.cli.archive.text import replay_lines

DATA = {
    "bag": {"valid": True, "faults": [], "warnings": []},
    "approvals": None,
    "films": [
        {
            "name": "wide",
            "file": "not kept",
            "frames": 48,
            "segments": [],
            "why": "title a: no font\ntitle b: no font",
            "verdict": "not compared",
        }
    ],
    "values": [],
    "releases": [],
    "verdict": "equal",
}


def test_each_reason_is_a_line() -> None:
    assert replay_lines(DATA)[1:3] == ["wide: not compared: title a: no font", "  title b: no font"]
