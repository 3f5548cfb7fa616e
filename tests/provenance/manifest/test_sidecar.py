"""A manifest can be beside the film, or at an address."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import pytest

from post.errors import JobError, OutputError, ProvenanceError, SourceError
from post.values.claim import GENERATED
from provenance import manifest
from provenance.labels import xmp
from provenance.manifest import ManifestPlacement, SignOptions, sidecar
from provenance.manifest.bmff_layout import wrap_store
from tests.provenance.made import House, flipped, ingredient
from tests.provenance.manifest.films import frames, kinds
from tests.provenance.manifest.sign_requests import make_request

ADDRESS = "https://manifests.example/spot.c2pa"


@pytest.fixture(params=[False, True], ids=["one pass", "copying"])
def copying(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def sign(source: Path, out: Path, house: House, way: SignOptions) -> None:
    manifest.sign_film(source, out, make_request(source, house), way)


def test_a_sidecar_leaves_the_film_as_it_was(copying: bool, film: Path, house: House, tmp_path: Path) -> None:
    out = tmp_path / "spot.mp4"
    sign(film, out, house, SignOptions("sidecar", copying=copying))
    assert out.read_bytes() == film.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["spot.c2pa", "spot.mp4"]
    found = manifest.read(out, house.pem)
    assert (found.outcome, found.state, found.source) == ("found", "Trusted", "sidecar")


def test_a_second_validator_takes_the_sidecar(film: Path, house: House, tmp_path: Path) -> None:
    second = pytest.importorskip("encypher_c2pa")
    out = tmp_path / "spot.mp4"
    sign(film, out, house, SignOptions("sidecar"))
    told = second.verify(
        str(out),
        manifest_store=str(tmp_path / "spot.c2pa"),
        trust_pem=house.pem,
        no_default_trust=True,
        telemetry=False,
    )
    assert (told["validation_state"], told["hard_binding"]) == ("Trusted", "match")


def test_both_hold_the_same(copying: bool, film: Path, house: House, tmp_path: Path) -> None:
    out = tmp_path / "spot.mp4"
    sign(film, out, house, SignOptions("both", copying=copying))
    store = (tmp_path / "spot.c2pa").read_bytes()
    assert wrap_store(store) in out.read_bytes()
    assert manifest.read(out, house.pem).source == "embedded"
    beside = manifest.read(out, house.pem, sidecar=tmp_path / "spot.c2pa")
    assert (beside.state, beside.source) == ("Trusted", "sidecar")


def test_a_changed_film_does_not_match_its_sidecar(film: Path, house: House, tmp_path: Path) -> None:
    out = tmp_path / "spot.mp4"
    sign(film, out, house, SignOptions("sidecar"))
    out.write_bytes(flipped(out.read_bytes(), -200))
    assert manifest.read(out, house.pem).state == "Invalid"


def test_a_sidecar_of_another_film_does_not_match(
    film: Path, clip: Path, house: House, tmp_path: Path
) -> None:
    sign(film, tmp_path / "spot.mp4", house, SignOptions("sidecar"))
    found = manifest.read(clip, house.pem, sidecar=tmp_path / "spot.c2pa")
    assert (found.outcome, found.state) == ("found", "Invalid")


def test_a_sidecar_that_makes_no_sense_is_unreadable_and_never_sound(
    film: Path, house: House, tmp_path: Path
) -> None:
    out, beside = tmp_path / "spot.mp4", tmp_path / "spot.c2pa"
    sign(film, out, house, SignOptions("sidecar"))
    whole = beside.read_bytes()
    for spoiled in (
        b"",
        whole[:100],
        b"not a manifest",
        whole[:-1],
        flipped(whole, whole.index(b"claim_generator")),
    ):
        beside.write_bytes(spoiled)
        assert manifest.read(out, house.pem).state in ("", "Invalid")
        assert manifest.read(out, house.pem, sidecar=beside).state in ("", "Invalid")


def test_a_sidecar_that_is_missing_or_huge_is_a_source_error(
    film: Path, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        manifest.read(film, house.pem, sidecar=tmp_path / "no.c2pa")
    monkeypatch.setattr(sidecar, "MAX_BYTES", 10)
    (tmp_path / "large.c2pa").write_bytes(bytes(11))
    with pytest.raises(SourceError, match="too large"):
        manifest.read(film, house.pem, sidecar=tmp_path / "large.c2pa")


def test_a_film_with_its_sidecar_is_not_signed_over(film: Path, house: House, tmp_path: Path) -> None:
    out = tmp_path / "spot.mp4"
    sign(film, out, house, SignOptions("sidecar"))
    with pytest.raises(ProvenanceError, match="already carries"):
        sign(out, tmp_path / "again.mp4", house, SignOptions())


@pytest.fixture
def with_xmp(film: Path, tmp_path: Path) -> Path:
    """As deliverables have it: at the end."""
    path = tmp_path / "labelled" / "film.mp4"
    path.parent.mkdir()
    said = xmp.IptcFields(GENERATED, "Model", "1", "", "")
    path.write_bytes(film.read_bytes() + xmp.build_box(xmp.build_packet(said)))
    return path


@pytest.mark.parametrize("keep", ["embedded", "sidecar", "both"])
def test_an_address_is_told_and_never_fetched(
    keep: ManifestPlacement, copying: bool, film: Path, with_xmp: Path, house: House, tmp_path: Path
) -> None:
    for source in (film, with_xmp):
        out = tmp_path / "spot.mp4"
        sign(source, out, house, SignOptions(keep, ADDRESS, copying=copying))
        assert manifest.read(out, house.pem).state == "Trusted"
        assert ADDRESS.encode() in out.read_bytes()
        assert frames(out) == frames(film)
        assert xmp.read_fields(out) == xmp.read_fields(source)
        assert kinds(out).count("uuid") == 1
        if keep == "sidecar":
            assert manifest.read(out, house.pem).remote_url == ADDRESS
            (tmp_path / "spot.c2pa").unlink()
            found = manifest.read(out, house.pem)
            assert (found.outcome, found.source, found.remote_url) == ("absent", "remote", ADDRESS)


def test_one_pass_writes_an_address_as_the_sdk_does(with_xmp: Path, house: House, tmp_path: Path) -> None:
    ours = manifest.sign_film(
        with_xmp, tmp_path / "a.mp4", make_request(with_xmp, house), SignOptions(remote=ADDRESS)
    )
    assert ours.by == "one pass"
    theirs = SignOptions(remote=ADDRESS, copying=True)
    manifest.sign_film(with_xmp, tmp_path / "b.mp4", make_request(with_xmp, house), theirs)
    assert sorted(kinds(tmp_path / "a.mp4")) == sorted(kinds(tmp_path / "b.mp4"))


@pytest.mark.parametrize(
    "address",
    ["http://a.example/x", "https://", "file:///etc/passwd", "https://me:secret@a.example/x", 'https://a"b/'],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(JobError, match="not an address") as fault:
        SignOptions(remote=address)
    assert "secret" not in str(fault.value)
    with pytest.raises(ValueError, match="keep is one of"):
        replace(SignOptions(), keep="elsewhere")  # type: ignore[arg-type]  # what a job file might say


@pytest.mark.parametrize("keep", ["sidecar", "both"])
def test_the_credentials_of_a_clip_it_is_made_of_are_not_written_over(
    keep: ManifestPlacement, film: Path, clip: Path, house: House, tmp_path: Path
) -> None:
    take, theirs = tmp_path / "spot.mov", tmp_path / "spot.c2pa"
    take.write_bytes(clip.read_bytes())
    theirs.write_bytes(b"the vendor's")
    order = make_request(film, house, ingredient(take))
    with pytest.raises(OutputError, match=r"spot\.c2pa: would be written over the credentials"):
        manifest.sign_film(film, tmp_path / "spot.mp4", order, SignOptions(keep))
    assert theirs.read_bytes() == b"the vendor's"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["spot.c2pa", "spot.mov"]


def matroska(film: Path, out: Path) -> Path:
    """Returns a film copied into Matroska."""
    with av.open(film) as source, av.open(out, "w", options={"fflags": "+bitexact"}) as made:
        stream = made.add_stream_from_template(source.streams.video[0])
        stream.codec_context.codec_tag = "\0\0\0\0"
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                made.mux(packet)
    return out


def test_matroska_has_its_manifest_beside_it(film: Path, house: House, tmp_path: Path) -> None:
    source, out = matroska(film, tmp_path / "source.mkv"), tmp_path / "spot.mkv"
    sign(source, out, house, SignOptions("sidecar"))
    assert out.read_bytes() == source.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source.mkv", "spot.c2pa", "spot.mkv"]
    report = house.verify(out)
    assert (report.integrity, report.signer, report.chain, report.unhashed) == (
        "intact",
        "trusted",
        "none",
        (),
    )
    assert report.conformance is not None
    assert report.conformance.failed == ()
    # Each byte counts: there is no box that the hash leaves out.
    for at in (5, out.stat().st_size // 2, -1):
        broken = bytearray(source.read_bytes())
        broken[at] ^= 1
        out.write_bytes(broken)
        report = house.verify(out)
        assert report.integrity == "tampered"
        assert [each.code for each in report.findings if each.kind == "integrity"] == [
            "assertion.dataHash.mismatch"
        ]
    out.write_bytes(source.read_bytes() + b"\0")
    assert house.verify(out).integrity == "tampered"


@pytest.mark.parametrize("keep", ["embedded", "both"])
def test_matroska_carries_no_manifest(
    keep: ManifestPlacement, film: Path, house: House, tmp_path: Path
) -> None:
    source, out = matroska(film, tmp_path / "source.mkv"), tmp_path / "spot.mkv"
    with pytest.raises(
        ProvenanceError, match=r"cannot carry a manifest.*place it beside the film: manifest: sidecar"
    ):
        sign(source, out, house, SignOptions(keep))
    assert [path.name for path in tmp_path.iterdir()] == ["source.mkv"]
