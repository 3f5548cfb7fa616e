"""What verifying tells: a whole film, and a film spoilt in every way we know."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from post.errors import SourceError
from provenance import manifest
from provenance.blocks import hashing
from provenance.formats.bmff import Box
from provenance.verify import VerifyOptions, integrity_of, verify
from tests.provenance.expiry import sign_and_wait
from tests.provenance.formats.made_boxes import box, first_box
from tests.provenance.made import House, Noise, finish, flipped, ingredient, short_lived, vendor


@pytest.mark.parametrize("name", ["single", "several"])
def test_our_own_film_is_sound_in_every_respect(
    name: str, house: House, request: pytest.FixtureRequest
) -> None:
    report = house.verify(request.getfixturevalue(name))
    assert (report.integrity, report.signer, report.chain) == ("intact", "trusted", "sound")
    assert report.conformance is not None
    assert (report.conformance.passed, report.conformance.total) == (31, 31)
    assert report.conformance.warned == ()
    assert report.unhashed == ()
    assert report.vouched_by == ("this user's development root",)
    assert report.exit_code == 0


def test_the_report_has_every_name_the_command_line_promises(several: Path, house: House) -> None:
    promised = (
        "file integrity signer time chain conformance unhashed tampered_at ai manifests policies findings"
    )
    plain = house.verify(several).plain()
    added = "vouched_by time_vouched_by revocation identity manifest_source trust_lists stamped_at judged_at"
    assert set(plain) == {*promised.split(), *added.split()}
    assert set(plain["conformance"]) >= {"rubric", "passed", "total", "failed"}
    assert set(plain["file"]) == {"path", "sha256", "bytes"}


def test_a_film_holds_the_manifests_of_its_ingredients(several: Path, house: House) -> None:
    active, carried = manifest.read(several, house.pem).manifests
    assert carried["claim.v2"]["claim_generator_info"]["name"] == "FakeGen"
    names = {part["dc:title"] for key, part in active["assertions"].items() if "ingredient" in key}
    assert names == {"generated.mp4", "clip.mp4"}


def test_a_film_of_one_opened_clip_has_the_clips_source_type(
    single: Path, several: Path, house: House
) -> None:
    assert house.verify(single).ai.source_type.endswith("/trainedAlgorithmicMedia")
    assert house.verify(several).ai.source_type.endswith("/compositeWithTrainedAlgorithmicMedia")


@dataclass(frozen=True)
class Spoilt:
    """A way to spoil a signed film, and the status code that must tell of it."""

    name: str
    how: Callable[[bytes, dict[str, Box]], bytes]
    integrity: str
    code: str


def within(needle: bytes, last: bool = True) -> Callable[[bytes, dict[str, Box]], bytes]:
    """Flips one bit of a text inside the manifest."""

    def how(data: bytes, at: dict[str, Box]) -> bytes:
        manifest_box = data[at["uuid"].start : at["uuid"].stop]
        found = manifest_box.rindex(needle) if last else manifest_box.index(needle)
        return flipped(data, at["uuid"].start + found)

    return how


HASH = "assertion.bmffHash.mismatch"
SPOILT = (
    Spoilt("picture", lambda d, at: flipped(d, at["mdat"].stop - 99), "tampered", HASH),
    Spoilt("index", lambda d, at: flipped(d, at["moov"].start + 27), "tampered", HASH),
    Spoilt("free box", lambda d, at: d + box(b"free", b"hidden payload"), "tampered", HASH),
    Spoilt("unknown box", lambda d, at: d + box(b"abcd", b"12345678"), "tampered", HASH),
    Spoilt("second mdat", lambda d, at: d + box(b"mdat", b"12345678"), "tampered", HASH),
    Spoilt("tail", lambda d, at: d + b"\0" * 5, "tampered", HASH),
    Spoilt("action", within(b"encoded"), "tampered", "assertion.hashedURI.mismatch"),
    Spoilt("claim", within(b"main.mp4"), "tampered", "claimSignature.mismatch"),
    Spoilt("signature", lambda d, at: flipped(d, signature_at(d, at)), "tampered", "claimSignature.mismatch"),
    Spoilt("ingredient", within(b"generated.mp4", last=False), "tampered", "ingredient.manifest.mismatch"),
    Spoilt(
        "stripped", lambda d, at: d[: at["uuid"].start] + d[at["uuid"].stop :], "absent", "manifest.absent"
    ),
    Spoilt(
        "hidden manifest",
        lambda d, at: d[: at["uuid"].start + 4] + b"free" + d[at["uuid"].start + 8 :],
        "absent",
        "manifest.absent",
    ),
    Spoilt(
        "two manifests",
        lambda d, at: d + d[at["uuid"].start : at["uuid"].stop],
        "unreadable",
        "manifest.unreadable",
    ),
)


def signature_at(data: bytes, at: dict[str, Box]) -> int:
    """Inside the bytes of the active manifest's signature: the COSE_Sign1 ends with it."""
    return at["uuid"].stop - 20


@pytest.mark.parametrize("case", SPOILT, ids=lambda case: case.name)
def test_a_spoilt_film_is_found(case: Spoilt, several: Path, house: House, tmp_path: Path) -> None:
    places = {kind: first_box(several, kind) for kind in ("uuid", "moov", "mdat")}
    spoilt = tmp_path / "spoilt.mp4"
    spoilt.write_bytes(case.how(several.read_bytes(), places))
    report = house.verify(spoilt)
    assert report.integrity == case.integrity
    assert case.code in {found.code for found in report.findings}
    assert report.exit_code == 6


def test_a_truncated_film_is_found(several: Path, house: House, tmp_path: Path) -> None:
    short = tmp_path / "short.mp4"
    short.write_bytes(several.read_bytes()[:-100])
    report = house.verify(short)
    assert report.integrity in ("tampered", "unreadable")
    assert report.exit_code == 6


def test_a_manifest_moved_to_another_film_is_found(
    several: Path, generated: Path, house: House, tmp_path: Path
) -> None:
    ours, theirs = first_box(several, "uuid"), first_box(generated, "uuid")
    data = several.read_bytes()
    other = generated.read_bytes()[theirs.start : theirs.stop]
    moved = tmp_path / "moved.mp4"
    moved.write_bytes(data[: ours.start] + other + data[ours.stop :])
    assert house.verify(moved).integrity == "tampered"


def test_an_altered_frame_is_located_to_the_second(house: House, tmp_path: Path) -> None:
    # 4 s of noise at about 2 MB a second: a block of 1 MiB is about half a second.
    film = Noise(96, 320, 240, options={"movflags": "faststart"}).write(tmp_path / "film.mp4")
    signed = finish(film, tmp_path / "signed.mp4", [], house)
    media = first_box(signed, "mdat")
    assert len(hashing.build_assertion(film)["mdat"][0]["blocks"]) >= 6
    for share, second in ((0.1, 0.4), (0.5, 2.0), (0.9, 3.6)):
        spoilt = tmp_path / "spoilt.mp4"
        spoilt.write_bytes(flipped(signed.read_bytes(), media.payload + int(media.payload_bytes * share)))
        ((start, stop),) = house.verify(spoilt).tampered_at
        assert start <= second <= stop
        assert stop - start < 1.0


def test_a_change_outside_picture_and_sound_has_no_time(several: Path, house: House, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.mp4"
    spoilt.write_bytes(flipped(several.read_bytes(), first_box(several, "moov").start + 27))
    report = house.verify(spoilt)
    assert report.tampered_at == ()
    assert "blocks.intact" in {found.code for found in report.findings}


def test_blocks_that_were_themselves_altered_name_no_time(
    several: Path, house: House, tmp_path: Path
) -> None:
    data = several.read_bytes()
    spoilt = tmp_path / "spoilt.mp4"
    spoilt.write_bytes(flipped(data, data.index(b'"blocks"') + 14))  # inside the first hash
    report = house.verify(spoilt)
    assert report.integrity == "tampered"
    assert report.tampered_at == ()


@pytest.mark.parametrize(
    ("failure", "integrity"),
    [([], "unreadable"), (["signingCredential.expired"], "intact"), (["never.heard.of"], "unreadable")],
)
def test_what_the_sdk_calls_invalid_passes_only_for_a_known_reason(
    failure: list[str], integrity: str
) -> None:
    bound = [{"code": "assertion.bmffHash.match"}]
    results = {"failure": [{"code": code} for code in failure], "success": bound}
    found = manifest.Reading("found", "video/mp4", "Invalid", {"manifests": [{"validationResults": results}]})
    assert integrity_of(found) == integrity


def test_a_claim_that_binds_no_file_is_not_intact() -> None:
    said = {"success": [{"code": "claimSignature.validated"}, {"code": "signingCredential.trusted"}]}
    found = manifest.Reading("found", "video/mp4", "Trusted", {"manifests": [{"validationResults": said}]})
    assert integrity_of(found) == "unreadable"


def test_a_tampered_clip_signed_over_reads_as_laundered(
    film: Path, generated: Path, house: House, tmp_path: Path
) -> None:
    spoilt = tmp_path / "spoilt.mp4"
    spoilt.write_bytes(flipped(generated.read_bytes(), first_box(generated, "mdat").stop - 50))
    reason = (("accepted", "the client insists", "job"),)
    part = ingredient(spoilt, credential="tampered", record=reason)
    washed = finish(film, tmp_path / "washed.mp4", [part], house)
    assert manifest.read(washed, house.pem).state == "Trusted"  # the SDK alone sees nothing
    report = house.verify(washed)
    assert (report.integrity, report.signer, report.chain) == ("intact", "trusted", "laundered")
    assert any("the client insists" in found.why for found in report.findings)
    assert report.exit_code == 6


def test_laundering_two_generations_back_is_still_found(
    film: Path, generated: Path, house: House, tmp_path: Path
) -> None:
    spoilt = tmp_path / "spoilt.mp4"
    spoilt.write_bytes(flipped(generated.read_bytes(), first_box(generated, "mdat").stop - 50))
    once = finish(film, tmp_path / "once.mp4", [ingredient(spoilt, "parentOf")], house)
    twice = finish(film, tmp_path / "twice.mp4", [ingredient(once, "parentOf")], house)
    assert house.verify(twice).chain == "laundered"


def test_trusting_nobody_leaves_a_film_intact_and_untrusted(several: Path) -> None:
    report = verify(several, ())
    assert (report.integrity, report.signer) == ("intact", "untrusted")
    assert report.vouched_by == ()
    assert report.exit_code == 6


def test_only_the_list_that_vouches_is_named(several: Path, house: House, stranger: House) -> None:
    other = replace(stranger.anchors[0], name="a stranger's")
    report = verify(several, (other, *house.anchors))
    assert report.vouched_by == (house.anchors[0].name,)


def test_an_expired_signer_is_not_called_tampering(film: Path, tmp_path: Path) -> None:
    def sign(room: Path, until: datetime) -> tuple[Path, House]:
        house = short_lived(room / "expiring", until - datetime.now(UTC))
        return vendor(film, room / "signed.mp4", house), house

    started = datetime.now(UTC)
    signed, house = sign_and_wait(sign, tmp_path)
    report = house.verify(signed)
    assert (report.integrity, report.signer) == ("intact", "expired")
    assert verify(signed, house.anchors, options=VerifyOptions(at=started)).signer == "trusted"
    # Expired and vouched for by nobody: both are said.
    nobody = verify(signed, ())
    said = {each.code for each in nobody.findings if each.kind == "signer"}
    assert (nobody.integrity, nobody.signer) == ("intact", "untrusted")
    assert {"signingCredential.untrusted", "claimSignature.outsideValidity"} <= said
    then = verify(signed, (), options=VerifyOptions(at=started))
    assert "claimSignature.outsideValidity" not in {each.code for each in then.findings}


def test_an_unsigned_film_is_absent_and_never_passes(film: Path, house: House) -> None:
    report = house.verify(film)
    assert (report.integrity, report.signer, report.chain) == ("absent", "none", "none")
    assert report.plain()["conformance"]["total"] == 0
    assert report.exit_code == 6


@pytest.mark.parametrize("content", [None, b"", b"plain words, no media"])
def test_what_is_no_media_file_is_a_source_error(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError):
        verify(path, ())


def test_pipes_devices_and_folders_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.mp4"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), tmp_path):
        with pytest.raises(SourceError, match="not a file"):
            verify(path, ())


def test_a_matroska_file_is_said_to_be_unsupported(tmp_path: Path) -> None:
    path = Noise(2).write(tmp_path / "clip.mkv")
    report = verify(path, ())
    assert report.integrity == "unreadable"
    assert [found.code for found in report.findings] == ["container.unsupported"]
    assert report.exit_code == 7
