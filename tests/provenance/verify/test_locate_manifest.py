"""A manifest in its film, beside it, or at an address: where it was is told, and nothing is fetched unasked."""

from __future__ import annotations

from pathlib import Path

import pytest

from provenance import manifest
from provenance.claim import build as claims
from provenance.download import Download, NoAnswerError
from provenance.manifest.request import SignOptions, SignRequest
from provenance.verify import VerifyOptions, locate_manifest, verify
from tests.provenance.formats.made_boxes import first_box
from tests.provenance.made import House, flipped, receipt

ADDRESS = "https://example.org/film.c2pa"


def kept(film: Path, out: Path, house: House, way: SignOptions) -> Path:
    made = claims.build_claim(receipt(film, []), film)
    manifest.sign_film(film, out, SignRequest(made, (), house.signer, house.pem), way)
    return out


@pytest.fixture
def beside(film: Path, house: House, tmp_path: Path) -> Path:
    return kept(film, tmp_path / "f.mp4", house, SignOptions(keep="sidecar"))


def test_a_manifest_in_the_film_says_so(several: Path, house: House) -> None:
    assert house.verify(several).manifest_source == "embedded"


def test_a_manifest_beside_its_film_is_found_and_judged_alike(beside: Path, house: House) -> None:
    report = house.verify(beside)
    assert (report.integrity, report.signer, report.manifest_source) == ("intact", "trusted", "sidecar")
    assert (report.revocation, report.vouched_by) == ("unknown", ("this user's development root",))
    assert report.exit_code == 0


def test_a_film_changed_beside_its_manifest_is_found(beside: Path, house: House) -> None:
    beside.write_bytes(flipped(beside.read_bytes(), first_box(beside, "mdat").stop - 99))
    assert house.verify(beside).integrity == "tampered"


def test_a_sidecar_can_be_named_and_a_sidecar_of_another_film_does_not_match(
    beside: Path, film: Path, clip: Path, house: House, tmp_path: Path
) -> None:
    named = VerifyOptions(sidecar=beside.with_suffix(".c2pa").rename(tmp_path / "elsewhere.c2pa"))
    assert house.verify(beside).integrity == "absent"
    assert verify(beside, house.anchors, options=named).integrity == "intact"
    assert verify(clip, house.anchors, options=named).integrity == "tampered"


@pytest.fixture
def remote(film: Path, house: House, tmp_path: Path) -> tuple[Path, bytes]:
    """A film that names an address, and what lies there."""
    out = kept(film, tmp_path / "r.mp4", house, SignOptions(keep="sidecar", remote=ADDRESS))
    beside = out.with_suffix(".c2pa")
    store = beside.read_bytes()
    beside.unlink()
    return out, store


def test_an_address_is_reported_and_not_fetched(remote: tuple[Path, bytes], house: House) -> None:
    report = house.verify(remote[0])
    assert (report.integrity, report.manifest_source) == ("absent", "remote")
    (found,) = [each for each in report.findings if each.code == "manifest.absent"]
    assert ADDRESS in found.where
    assert report.exit_code == 6


def test_a_manifest_fetched_with_online_is_what_the_film_is_judged_by(
    remote: tuple[Path, bytes], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    film, store = remote
    asked: list[str] = []

    def answer(request: Download) -> bytes:
        asked.append(request.url)
        return store

    monkeypatch.setattr(locate_manifest, "download", answer)
    report = verify(film, house.anchors, options=VerifyOptions(online=True))
    assert (report.integrity, report.signer, report.manifest_source) == ("intact", "trusted", "remote")
    assert asked == [ADDRESS]


@pytest.mark.parametrize("answer", [b"", b"<html>", bytes(5000)])
def test_an_address_that_answers_with_no_manifest_is_no_pass(
    answer: bytes, remote: tuple[Path, bytes], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locate_manifest, "download", lambda _: answer)
    report = verify(remote[0], house.anchors, options=VerifyOptions(online=True))
    assert report.integrity in ("absent", "unreadable")
    assert report.exit_code == 6


def test_an_address_without_an_answer_is_a_finding(
    remote: tuple[Path, bytes], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: Download) -> bytes:
        raise NoAnswerError("no route")

    monkeypatch.setattr(locate_manifest, "download", away)
    report = verify(remote[0], house.anchors, options=VerifyOptions(online=True))
    assert "manifest.inaccessible" in {found.code for found in report.findings}
    assert report.integrity == "absent"
