"""Files of every kind that the SDK signs, changed after signing: none passes, wherever it was changed."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from post.errors import SourceError
from provenance.verify import embedded_manifests
from provenance.verify.embedded_manifests import CheckedManifest
from tests.provenance.foreign_files import KINDS, sign_foreign
from tests.provenance.made import House, flipped

# The number of a JPEG's JUMBF segments may be any (ISO/IEC 18477-3, B.1): its two bytes say nothing and bind nothing.
FREE = {"jpg": range(6, 8)}


@pytest.fixture(params=KINDS)
def signed(request: pytest.FixtureRequest, tmp_path: Path, house: House) -> Path:
    return sign_foreign(request.param, tmp_path / f"signed.{request.param}", house)


def find_store(data: bytes, path: Path) -> tuple[int, int]:
    """Returns where the manifest store is, from its first byte to the one behind its last."""
    if path.suffix == ".svg":
        start = data.index(b"<c2pa:manifest>") + len(b"<c2pa:manifest>")
        return start, data.index(b"</c2pa:manifest>")
    start = data.index(b"jumb") - 4
    return start, start + int.from_bytes(data[start : start + 4], "big")


def exit_code(data: bytes, path: Path, house: House) -> int:
    changed = path.with_name(f"changed{path.suffix}")
    changed.write_bytes(data)
    try:
        return house.verify(changed).exit_code
    except SourceError as fault:  # its first bytes are no longer those of a media file
        return fault.exit_code


def failures(places: list[int], path: Path, house: House) -> list[int]:
    """Returns the places at which a flipped bit leaves exit 0."""
    data = path.read_bytes()
    return [at for at in places if exit_code(flipped(data, at), path, house) == 0]


def test_a_file_as_it_was_signed_passes_and_its_manifests_were_read(signed: Path, house: House) -> None:
    report = house.verify(signed)
    assert (report.integrity, report.signer, report.unhashed, report.exit_code) == (
        "intact",
        "trusted",
        (),
        0,
    )
    assert "store.unread" not in {found.code for found in report.findings}


def test_a_change_of_what_it_shows_is_found(signed: Path, house: House) -> None:
    data = signed.read_bytes()
    start, stop = find_store(data, signed)
    outside = [at for at in range(0, len(data), 97) if not start - 16 <= at < stop + 16]
    assert len(outside) > 0
    assert failures(outside, signed, house) == []


def test_a_change_of_its_manifest_is_found(signed: Path, house: House) -> None:
    start, stop = find_store(signed.read_bytes(), signed)
    assert failures([start + 4, *range(start + 60, stop, 601), stop - 1], signed, house) == []


def test_a_change_of_what_wraps_its_manifest_is_found(signed: Path, house: House) -> None:
    start, stop = find_store(signed.read_bytes(), signed)
    first = start - 12 if signed.suffix == ".jpg" else start - 16
    free = {first + at for at in FREE.get(signed.suffix[1:], ())}
    behind = min(stop + 16, signed.stat().st_size)
    places = [at for at in (*range(first, start), *range(stop, behind)) if at not in free]
    assert failures(places, signed, house) == []


@pytest.mark.parametrize("more", [b"\0", b"hello"])
def test_bytes_after_its_end_or_beside_its_manifest_are_found(
    more: bytes, signed: Path, house: House
) -> None:
    data = signed.read_bytes()
    start, stop = find_store(data, signed)
    for at in (start, (start + stop) // 2, stop, len(data)):
        assert exit_code(data[:at] + more + data[at:], signed, house) in (6, 7), at


@pytest.mark.parametrize("ending", ["gif", "tif", "svg", "pdf"])
def test_where_only_the_sdk_can_judge_it_is_no_pass(
    ending: str, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a kind of hash that says nothing of where the manifest is."""
    signed = sign_foreign(ending, tmp_path / f"signed.{ending}", house)
    monkeypatch.setattr("provenance.verify.locate_manifest.read_excluded_stores", lambda *_: ())
    report = house.verify(signed)
    assert (report.integrity, report.signer, report.exit_code) == ("intact", "trusted", 7)
    assert "store.unread" in {found.code for found in report.findings}


def test_manifests_that_cannot_be_checked_here_are_no_pass(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> tuple[CheckedManifest, ...]:
        raise SourceError("too many manifests to check")

    signed = sign_foreign("png", tmp_path / "signed.png", house)
    monkeypatch.setattr(embedded_manifests, "check", refuse)
    report = house.verify(signed)
    assert (report.integrity, report.exit_code) == ("unreadable", 6)
    assert "store.unreadable" in {found.code for found in report.findings}


@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_a_store_whose_length_is_overwritten_is_never_intact(
    ending: str, house: House, tmp_path: Path
) -> None:
    """The SDK reads it all the same; we cannot."""
    signed = sign_foreign(ending, tmp_path / f"signed.{ending}", house)
    data = bytearray(signed.read_bytes())
    start, _ = find_store(bytes(data), signed)
    data[start : start + 4] = b"\x7f\xff\xff\xff"
    signed.write_bytes(data)
    report = house.verify(signed)
    assert (report.integrity, report.exit_code) == ("unreadable", 6)
    assert "store.unreadable" in {found.code for found in report.findings}


def test_base64_that_is_written_otherwise_is_found(house: House, tmp_path: Path) -> None:
    """Spare bits of the last letter, and line breaks, decode to the same store."""
    signed = sign_foreign("svg", tmp_path / "signed.svg", house)
    data = signed.read_bytes()
    start, stop = find_store(data, signed)
    assert base64.b64decode(data[start:stop])[4:8] == b"jumb"
    assert exit_code(data[: start + 76] + b"\n" + data[start + 76 :], signed, house) == 6
