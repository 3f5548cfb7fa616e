"""An incoming clip gets the credential that its file deserves."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.x509.ocsp import OCSPCertStatus

from post.errors import SourceError
from post.values.claim import GENERATED
from provenance.ingest import inspect, is_claim_tag, read_tag_claims
from provenance.labels.aigc import AigcLabel
from provenance.trust.lists import Anchors
from tests.provenance.expiry import sign_and_wait
from tests.provenance.made import House, Noise, finish, flipped, ingredient, short_lived, tagged, vendor
from tests.provenance.record.answers import GRAPH, PROMPT
from tests.provenance.verify.party import OcspStatus, make_ocsp_response, make_party, staple

LABEL = AigcLabel("1", "001191110108MA01", "kling-42")


def test_a_signed_clip_is_verified_and_says_what_it_is(generated: Path, house: House) -> None:
    found = inspect(generated, house.anchors)
    assert (found.credential, found.source_type, found.generator) == ("verified", GENERATED, "FakeGen 3")
    assert "DEVELOPMENT" in found.signer
    # no list of revoked certificates was given, which is said and held against nobody
    assert {each.code for each in found.findings} <= {"revocation.unknown", "signer.development"}


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


@pytest.mark.parametrize("kind", [b"wide", b"free", b"mdat", b"moov"])
def test_a_quicktime_file_without_ftyp_is_unsigned_unless_it_has_a_c2pa_box(
    kind: bytes, clip: Path, generated: Path, tmp_path: Path
) -> None:
    plain, signed = tmp_path / "plain.mov", tmp_path / "signed.mov"
    opening = b"\0\0\0\x08" + kind
    for made, source in ((plain, clip), (signed, generated)):
        data = source.read_bytes()
        made.write_bytes(opening + data[int.from_bytes(data[:4], "big") :])
    assert inspect(plain, ()).credential == "unsigned"
    assert inspect(signed, ()).credential != "unsigned"


def test_a_clip_that_is_not_there_is_a_source_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        inspect(tmp_path / "no.mp4", ())


def test_a_certificate_that_has_expired_reads_as_expired(clip: Path, tmp_path: Path) -> None:
    def sign(room: Path, until: datetime) -> tuple[Path, House]:
        late = short_lived(room / "late", until - datetime.now(UTC))
        return vendor(clip, room / "signed.mp4", late), late

    signed, late = sign_and_wait(sign, tmp_path)
    assert inspect(signed, late.anchors).credential == "expired"
    assert ("generator", "FakeGen 3", "container-claimed") in inspect(signed, late.anchors).record


def test_a_certificate_that_was_withdrawn_is_revoked(clip: Path, tmp_path: Path) -> None:
    them = make_party()
    (tmp_path / "party").mkdir()
    house = them.house(tmp_path / "party")
    signed = vendor(clip, tmp_path / "signed.mp4", house)
    said = make_ocsp_response(them, OcspStatus(OCSPCertStatus.REVOKED, revoked=-timedelta(hours=1)))
    found = inspect(staple(signed, tmp_path / "stapled.mp4", said), house.anchors)
    assert found.credential == "revoked"
    assert {how for _, _, how in found.record} == {"container-claimed"}


def test_a_generators_tags_make_an_unsigned_clip_vendor_marked(clip: Path, tmp_path: Path) -> None:
    marked = inspect(tagged(clip, tmp_path / "kling.mp4", AIGC=LABEL.json()), ())
    assert (marked.credential, marked.marks) == ("vendor-marked", ("AIGC label (GB 45438)",))
    assert ("AIGC ContentProducer", LABEL.producer, "container-claimed") in marked.record


def test_comfyuis_graph_is_read_out_of_the_tags_and_kept_by_digest(clip: Path, tmp_path: Path) -> None:
    tags = {"prompt": json.dumps(GRAPH), "workflow": json.dumps({"nodes": [], "links": [], "note": PROMPT})}
    found = inspect(tagged(clip, tmp_path / "comfy.mp4", **tags), ())
    told = {field: (value, how) for field, value, how in found.record}
    assert found.credential == "vendor-marked"
    assert told["prompt"] == (PROMPT, "container-claimed")
    assert told["seed"] == ("8566257", "container-claimed")
    assert told["ComfyUI workflow"][0].startswith("sha256:")
    assert all(is_claim_tag(*tag) for tag in tags.items())


def test_a_verified_manifest_vouches_for_what_it_says(generated: Path, house: House, stranger: House) -> None:
    rows = inspect(generated, house.anchors).record
    assert ("generator", "FakeGen 3", "signature-verified") in rows
    assert {how for _, _, how in inspect(generated, stranger.anchors).record} == {"container-claimed"}


def test_a_tampered_manifest_says_nothing(generated: Path, house: House, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.mp4"
    data = generated.read_bytes()
    spoilt.write_bytes(flipped(data, len(data) - 2000))
    assert inspect(spoilt, house.anchors).record == ()


@pytest.mark.parametrize(
    "value",
    ["", "{", '{"class_type"', '{"1": {"class_type": 3, "inputs": []}}', '{"class_type": 1' + "[" * 99999],
)
def test_a_tag_that_is_no_graph_claims_nothing_of_one(value: str) -> None:
    assert {row.field for row in read_tag_claims([("prompt", value)])} <= {"ComfyUI prompt"}
