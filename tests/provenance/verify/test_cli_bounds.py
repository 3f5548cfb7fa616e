"""What .github/SECURITY.md says of files past a bound is what the verb does."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from post.cli.app import run
from tests.provenance.attacks.bombs import FTYP, carrying, deep_supers, manifest, nested

PROMISE = (
    "A file past a bound is parsed no further: its integrity is `unreadable`, a finding names the bound, and "
    "`verify` ends in exit 6."
)


def chunks(count: int) -> bytes:
    chunk = struct.pack(">I4s", 3, b"tEXt") + b"abc" + bytes(4)
    return b"\x89PNG\r\n\x1a\n" + chunk * count


# A file past a bound, and how the finding names the bound.
PAST: dict[str, tuple[Callable[[], bytes], str]] = {
    "chunks.png": (lambda: chunks(60_000), "expected at most 50000"),
    "lengths.mp4": (
        lambda: manifest(claim=b"\x5b" + struct.pack(">Q", 1 << 40)),
        "expected at most 0 bytes behind an item's head, got 1099511627776",
    ),
    "boxes.mp4": (lambda: FTYP + nested(b"moov", 2_000), "expected at most 16 levels"),
    "superboxes.mp4": (lambda: carrying(deep_supers(3_000)), "expected at most 6 superboxes"),
}


def test_the_promise_stands_in_the_document() -> None:
    text = (Path(__file__).parents[3] / ".github" / "SECURITY.md").read_text("utf-8")
    assert PROMISE in " ".join(text.split())


@pytest.mark.parametrize("name", PAST)
def test_a_file_past_a_bound_is_unreadable_and_the_verb_ends_in_six(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(tmp_path / "config"))
    made, bound = PAST[name]
    (tmp_path / name).write_bytes(made())
    assert run(["verify", str(tmp_path / name), "--json"]) == 6
    told = json.loads(capsys.readouterr().out)
    assert told["integrity"] == "unreadable"
    (why,) = (each["why"] for each in told["findings"] if each["code"] == "manifest.unreadable")
    assert why.endswith(bound)
