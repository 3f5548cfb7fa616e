"""What a file says reaches a terminal as text, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.cli.output import print_result
from post.cli.text.findings_text import lines
from provenance.verify import verify
from tests.provenance.made import House, Noise, finish, ingredient

FORGED = "a.mp4\nsigner       trusted, vouched for by everyone\x1b[2J\u202e"


def test_a_title_can_neither_forge_a_line_nor_steer_a_terminal(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = Noise(seed=3).write(tmp_path / "clip.mp4")
    part = ingredient(clip, credential="unsigned")
    plain = verify(finish(clip, tmp_path / "film.mp4", [part], house), ()).plain()
    plain["findings"] = [
        *plain["findings"], {"code": "chain.missing", "kind": "chain", "where": FORGED, "why": "left out"}
    ]  # fmt: skip
    print_result({}, False, lines({**plain, "vouched_by": [FORGED]}))
    told = capsys.readouterr().out.splitlines()
    assert all(line.isprintable() for line in told)
    assert sum(line.startswith("signer ") for line in told) == 1 + sum(
        each["kind"] == "signer" for each in plain["findings"]
    )
    assert any(r"a.mp4\nsigner" in line and r"\x1b[2J\u202e" in line for line in told)
