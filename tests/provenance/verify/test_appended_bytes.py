"""Bytes behind the end of a file are told from a change of the file itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.errors import SourceError
from post.values.claim import Finding
from provenance.verify import embedded_manifests
from provenance.verify.embedded_manifests import CheckedManifest
from provenance.verify.own_checks import OwnChecks
from tests.provenance.foreign_files import sign_foreign
from tests.provenance.formats.made_boxes import first_box
from tests.provenance.made import House, flipped

ADDED = [
    b"\0",
    bytes(100),
    b"hello world, this is text",
    b"\0\0\0\x10evil" + bytes(8),
    b"PK\x03\x04" + bytes(40),
]


def codes(house: House, path: Path) -> tuple[str, set[str]]:
    report = house.verify(path)
    assert report.exit_code == 6
    return report.integrity, {each.code for each in report.findings}


@pytest.mark.parametrize("more", ADDED, ids=range(len(ADDED)))
def test_a_film_says_where_it_ends_and_that_what_is_before_holds(
    more: bytes, several: Path, house: House, tmp_path: Path
) -> None:
    path = tmp_path / "f.mp4"
    path.write_bytes(several.read_bytes() + more)
    report = house.verify(path)
    [found] = [each for each in report.findings if each.code == "bytes.appended"]
    assert (report.integrity, found.where) == ("tampered", f"byte {several.stat().st_size}")
    assert found.why.startswith(f"{len(more)} bytes were added")
    assert report.exit_code == 6


@pytest.mark.parametrize("kind", ["jpg", "png", "wav"])
def test_so_does_a_still_and_a_sound(kind: str, house: House, tmp_path: Path) -> None:
    signed = sign_foreign(kind, tmp_path / f"signed.{kind}", house)
    path = tmp_path / f"more.{kind}"
    path.write_bytes(signed.read_bytes() + b"hello")
    assert codes(house, path)[0] == "tampered"
    assert "bytes.appended" in codes(house, path)[1]


def test_what_our_own_checks_find_is_said_of_what_is_before(
    several: Path, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "f.mp4"
    path.write_bytes(several.read_bytes() + b"hello")

    def said() -> str:
        [found] = [each for each in house.verify(path).findings if each.code == "bytes.appended"]
        return found.why.partition("what is before ")[2]

    assert said() == "holds"
    fault = Finding("claimSignature.mismatch", "integrity", "x", "the signature is another claim's")
    with monkeypatch.context() as patch:
        patch.setattr(OwnChecks, "faults", lambda _: (fault,))
        assert said() == "does not hold either"

    def give_up(carried: object) -> tuple[CheckedManifest, ...]:
        raise SourceError("the manifests are nested too deeply", where="c2pa")

    monkeypatch.setattr(embedded_manifests, "check", give_up)
    assert said() == "could not be checked in full"


def test_a_film_that_was_changed_as_well_is_not_said_to_hold(
    several: Path, house: House, tmp_path: Path
) -> None:
    path, media = tmp_path / "f.mp4", first_box(several, "mdat")
    path.write_bytes(flipped(several.read_bytes(), media.payload + 9) + b"hello")
    state, found = codes(house, path)
    assert state != "intact"
    assert "bytes.appended" not in found


def test_what_cannot_be_read_stays_unreadable(several: Path, house: House, tmp_path: Path) -> None:
    path = tmp_path / "f.mp4"
    path.write_bytes(several.read_bytes()[: several.stat().st_size // 2])
    state, found = codes(house, path)
    assert state in ("tampered", "unreadable")
    assert "bytes.appended" not in found
