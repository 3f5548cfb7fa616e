"""What an incoming clip is taken for."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.errors import SourceError
from post.values.claim import GENERATED
from provenance.ingest import inspect
from provenance.trust import Anchors
from tests.provenance.made import House, Noise, finish, flipped, ingredient


def test_a_signed_clip_is_verified_and_says_what_it_is(generated: Path, house: House) -> None:
    found = inspect(generated, house.anchors)
    assert (found.credential, found.source_type, found.generator) == ("verified", GENERATED, "FakeGen 3")
    assert "DEVELOPMENT" in found.signer
    assert found.details == ()


def test_a_clip_signed_by_a_stranger_is_untrusted(generated: Path, stranger: House) -> None:
    found = inspect(generated, stranger.anchors)
    assert found.credential == "untrusted"
    assert any(line.startswith("signingCredential.untrusted: ") for line in found.details)


def test_an_altered_clip_is_tampered_whoever_signed_it(generated: Path, house: House, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.mp4"
    data = generated.read_bytes()
    spoilt.write_bytes(flipped(data, len(data) - 2000))
    lists: list[tuple[Anchors, ...]] = [house.anchors, ()]
    assert [inspect(spoilt, anchors).credential for anchors in lists] == ["tampered", "tampered"]


def test_a_clip_made_of_a_tampered_one_is_tampered(
    film: Path, generated: Path, house: House, tmp_path: Path
) -> None:
    spoilt = tmp_path / "spoilt.mp4"
    data = generated.read_bytes()
    spoilt.write_bytes(flipped(data, len(data) - 2000))
    washed = finish(film, tmp_path / "washed.mp4", [ingredient(spoilt)], house)
    assert inspect(washed, house.anchors).credential == "tampered"


def test_credentials_that_make_no_sense_are_unreadable(generated: Path, house: House, tmp_path: Path) -> None:
    twice = tmp_path / "twice.mp4"
    data = generated.read_bytes()
    at = data.index(b"uuid") - 4
    twice.write_bytes(data + data[at : at + int.from_bytes(data[at : at + 4], "big")])
    assert inspect(twice, house.anchors).credential == "unreadable"


def test_a_clip_that_cannot_carry_credentials_is_unsigned(tmp_path: Path) -> None:
    found = inspect(Noise(2).write(tmp_path / "clip.mkv"), ())
    assert found.credential == "unsigned"
    assert found.details[0].startswith("container.unsupported")


def test_a_clip_that_is_not_there_is_a_source_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        inspect(tmp_path / "no.mp4", ())
