"""Signing leaves a trusted film or nothing."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from post.errors import OutputError, ProvenanceError, SourceError
from provenance import manifest
from provenance.claim.build import Assertion, Claim, build_claim
from tests.provenance.made import House, digest, finish, ingredient, receipt, short_lived, vendor
from tests.provenance.manifest.sign_requests import FakeSigner, no_file_larger_than


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def sign(film: Path, out: Path, house: House) -> None:
    manifest.sign(film, out, build_claim(receipt(film), film), [], house.signer, house.pem)


def test_the_source_is_left_as_it_was(film: Path, house: House, tmp_path: Path) -> None:
    before = digest(film)
    sign(film, tmp_path / "out.mp4", house)
    assert digest(film) == before
    assert left(tmp_path) == ["out.mp4"]


@pytest.mark.parametrize("way", ["itself", "symlink", "hardlink", "relative"])
def test_a_film_is_never_signed_onto_itself(way: str, film: Path, house: House, tmp_path: Path) -> None:
    copy = tmp_path / "film.mp4"
    copy.write_bytes(film.read_bytes())
    other = {"itself": copy, "relative": tmp_path / "sub" / ".." / "film.mp4"}.get(way, tmp_path / "link.mp4")
    (tmp_path / "sub").mkdir()
    if way == "symlink":
        other.symlink_to(copy)
    if way == "hardlink":
        os.link(copy, other)
    with pytest.raises(ProvenanceError, match="onto itself"):
        sign(copy, other, house)
    assert digest(copy) == digest(film)


def test_a_film_that_is_signed_already_is_refused(several: Path, house: House, tmp_path: Path) -> None:
    with pytest.raises(ProvenanceError, match="already carries"):
        sign(several, tmp_path / "out.mp4", house)
    assert left(tmp_path) == []


@pytest.mark.parametrize("error", [RuntimeError("the token is gone"), KeyboardInterrupt()])
def test_the_signers_own_error_comes_out_and_nothing_is_left(
    error: BaseException, film: Path, house: House, tmp_path: Path
) -> None:
    made = build_claim(receipt(film), film)
    with pytest.raises(type(error)) as caught:
        manifest.sign(film, tmp_path / "out.mp4", made, [], FakeSigner(house, error), house.pem)
    assert caught.value is error
    assert left(tmp_path) == []


def test_a_signature_nobody_vouches_for_leaves_nothing(
    film: Path, house: House, stranger: House, tmp_path: Path
) -> None:
    made = build_claim(receipt(film), film)
    with pytest.raises(ProvenanceError, match="trusted.*signingCredential.untrusted"):
        manifest.sign(film, tmp_path / "out.mp4", made, [], house.signer, stranger.pem)
    assert left(tmp_path) == []


def test_a_former_film_stays_when_signing_fails(
    film: Path, house: House, stranger: House, tmp_path: Path
) -> None:
    out = tmp_path / "out.mp4"
    out.write_bytes(b"yesterday's")
    with pytest.raises(ProvenanceError):
        manifest.sign(film, out, build_claim(receipt(film), film), [], house.signer, stranger.pem)
    assert out.read_bytes() == b"yesterday's"


def test_an_expired_certificate_is_refused_before_any_work(film: Path, tmp_path: Path) -> None:
    old = short_lived(tmp_path / "old", timedelta(days=-1))
    made = build_claim(receipt(film), film)
    with pytest.raises(ProvenanceError, match="expired") as caught:
        manifest.sign(tmp_path / "is not there.mp4", tmp_path / "out.mp4", made, [], old.signer, old.pem)
    assert caught.value.exit_code == 6


def test_a_missing_film_or_clip_is_a_source_error(
    film: Path, clip: Path, house: House, tmp_path: Path
) -> None:
    with pytest.raises(SourceError):
        manifest.sign(
            tmp_path / "no.mp4",
            tmp_path / "out.mp4",
            build_claim(receipt(film), film),
            [],
            house.signer,
            house.pem,
        )
    part = ingredient(clip)
    made = build_claim(receipt(film, [part]), film)
    with pytest.raises(SourceError):
        manifest.sign(
            film, tmp_path / "out.mp4", made, [(part, tmp_path / "no.mp4")], house.signer, house.pem
        )
    assert left(tmp_path) == []


def test_a_place_that_cannot_be_written_is_an_output_error(film: Path, house: House, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="expected a folder that is there"):
        sign(film, tmp_path / "no folder" / "out.mp4", house)
    (tmp_path / "out.mp4").mkdir()
    with pytest.raises(OutputError):
        sign(film, tmp_path / "out.mp4", house)
    assert left(tmp_path) == ["out.mp4"]


@pytest.mark.parametrize("size", [0, 10_000, 40_000])
def test_a_full_disk_leaves_nothing(size: int, film: Path, house: House, tmp_path: Path) -> None:
    assert film.stat().st_size > size
    with no_file_larger_than(size), pytest.raises(OutputError):
        sign(film, tmp_path / "out.mp4", house)
    assert left(tmp_path) == []


def test_a_clip_whose_credentials_cannot_be_read_is_carried_without_them(
    film: Path, generated: Path, house: House, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp4"
    data = generated.read_bytes()
    broken.write_bytes(data[32:])  # no ftyp: the reader gives up
    part = ingredient(broken)
    with pytest.raises(ProvenanceError):
        finish(film, tmp_path / "out.mp4", [part], house)
    out = finish(film, tmp_path / "out.mp4", [replace(part, credential="unreadable")], house)
    assert len(manifest.read(out, house.pem).manifests) == 1


def test_a_wrong_media_type_does_not_lose_a_clips_history(
    film: Path, generated: Path, house: House, tmp_path: Path
) -> None:
    part = replace(ingredient(generated), media_type="application/octet-stream")
    out = finish(film, tmp_path / "out.mp4", [part], house)
    assert len(manifest.read(out, house.pem).manifests) == 2


def test_ingredients_are_judged_under_the_lists_the_film_is(
    film: Path, generated: Path, house: House, tmp_path: Path
) -> None:
    out = finish(film, tmp_path / "out.mp4", [ingredient(generated)], house)
    assert {each.code for each in house.verify(out).findings} <= {"revocation.unknown", "signer.development"}


def test_a_malformed_claim_is_refused(film: Path, house: House, tmp_path: Path) -> None:
    nothing_began = {"allActionsIncluded": True, "actions": [{"action": "c2pa.transcoded"}]}
    made = Claim("t", "answerprint", "1", (Assertion("c2pa.actions.v2", nothing_began),))
    with pytest.raises(ProvenanceError):
        manifest.sign(film, tmp_path / "out.mp4", made, [], house.signer, house.pem)
    assert left(tmp_path) == []


def test_what_a_vendor_signs_here_reads_as_theirs(clip: Path, house: House, tmp_path: Path) -> None:
    out = vendor(clip, tmp_path / "out.mp4", house)
    (only,) = manifest.read(out, house.pem).manifests
    assert only["claim.v2"]["claim_generator_info"]["specVersion"] == "2.4.0"
