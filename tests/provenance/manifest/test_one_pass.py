"""A film signed in one pass equals what the SDK would write, and every validator accepts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from post.errors import OutputError, ProvenanceError
from provenance import manifest
from provenance.manifest import SignedFilm, SignOptions, bmff_layout, read_back, stream_copy
from tests.provenance.made import House, flipped, ingredient
from tests.provenance.manifest.films import LAYOUTS, Parts, boxes, frames, index_first, kinds
from tests.provenance.manifest.sign_requests import make_request

Layout = Callable[[Parts], bytes]


@pytest.fixture(scope="module")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Picture and sound, in several chunks each."""
    path = tmp_path_factory.mktemp("reel") / "reel.mp4"
    rng = np.random.default_rng(7)
    with av.open(str(path), "w") as out:
        picture = out.add_stream("libx264", rate=24, options={"preset": "ultrafast", "crf": "8"})
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        sound = out.add_stream("aac", rate=48000)
        for number in range(48):
            pixels = rng.integers(0, 255, (48, 64, 3), dtype=np.uint8)
            out.mux(picture.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            noise = rng.normal(0, 0.1, (1, 2000)).astype(np.float32)
            heard = av.AudioFrame.from_ndarray(noise, format="fltp", layout="mono")
            heard.rate, heard.pts = 48000, number * 2000
            out.mux(sound.encode(heard))
        out.mux(picture.encode())
        out.mux(sound.encode())
    return path


def sign(source: Path, out: Path, house: House, way: SignOptions | None = None) -> SignedFilm:
    return manifest.sign_film(source, out, make_request(source, house), way or SignOptions())


@pytest.fixture(params=LAYOUTS, ids=lambda layout: layout.__name__)
def laid(request: pytest.FixtureRequest, reel: Path, tmp_path: Path) -> Path:
    path = tmp_path / "laid.mp4"
    path.write_bytes(request.param(Parts(reel)))
    assert frames(path) == frames(reel)
    return path


def test_every_layout_is_signed_in_one_pass_and_shows_the_same(
    laid: Path, house: House, tmp_path: Path
) -> None:
    out = tmp_path / "out.mp4"
    assert sign(laid, out, house).by == "one pass"
    assert manifest.read(out, house.pem).state == "Trusted"
    assert frames(out) == frames(laid)
    # Behind `ftyp`, everything else in the order it was in: an index in front stays in front.
    assert kinds(out) == ["ftyp", "c2pa", *kinds(laid)[1:]]


def test_every_layout_comes_out_as_the_sdk_would_write_it(laid: Path, house: House, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.mp4", tmp_path / "theirs.mp4"
    sign(laid, ours, house)
    assert sign(laid, theirs, house, SignOptions(copying=True)).by == "copy"

    def outside(path: Path) -> list[bytes]:
        data = path.read_bytes()
        found = [data[at : at + size] for _, at, _, size in boxes(data)]
        assert kinds(path)[1] == "c2pa"
        return [found[0], len(found[1]).to_bytes(4), *found[2:]]

    assert outside(ours) == outside(theirs)


def test_a_second_validator_agrees_on_every_layout(laid: Path, house: House, tmp_path: Path) -> None:
    second = pytest.importorskip("encypher_c2pa")
    out = tmp_path / "out.mp4"
    sign(laid, out, house)
    told = second.verify(str(out), trust_pem=house.pem, no_default_trust=True, telemetry=False)
    assert (told["validation_state"], told["hard_binding"]) == ("Trusted", "match")


def test_a_changed_byte_in_any_box_but_ftyp_is_seen(laid: Path, house: House, tmp_path: Path) -> None:
    out, bad = tmp_path / "out.mp4", tmp_path / "bad.mp4"
    sign(laid, out, house)
    data = out.read_bytes()
    for kind, at, header, size in boxes(data):
        if kind in (b"ftyp", b"uuid") or size == header:
            continue
        bad.write_bytes(flipped(data, at + size - 1))
        found = manifest.read(bad, house.pem)
        codes = [each["code"] for each in found.manifests[0]["validationResults"]["failure"]]
        assert (found.state, codes) == ("Invalid", ["assertion.bmffHash.mismatch"]), kind


def test_ingredients_keep_their_history(
    film: Path, generated: Path, clip: Path, house: House, tmp_path: Path
) -> None:
    parts = [ingredient(generated, credential="verified"), ingredient(clip)]
    order = make_request(film, house, *parts)

    def told(way: SignOptions) -> list[object]:
        out = tmp_path / "out.mp4"
        manifest.sign_film(film, out, order, way)
        found = manifest.read(out, house.pem).manifests
        unlike = ("instanceID", "label", "activeManifest", "claimSignature", "hash")
        return [len(found), [without(each["assertions"], unlike) for each in found]]

    assert told(SignOptions()) == told(SignOptions(copying=True))


def without(told: object, names: tuple[str, ...]) -> object:
    """Returns a manifest without the fields that are random, or hash a random field."""
    if isinstance(told, dict):
        return {key: without(value, names) for key, value in told.items() if key not in names}
    return [without(each, names) for each in told] if isinstance(told, list) else _timeless(told)


def _timeless(told: object) -> object:
    return told.partition("urn:c2pa:")[0] if isinstance(told, str) else told


@pytest.mark.parametrize("movflags", ["frag_keyframe+empty_moov", "frag_keyframe+default_base_moof"])
def test_a_fragmented_film_is_copied_by_the_sdk_which_is_said(
    movflags: str, reel: Path, house: House, tmp_path: Path
) -> None:
    path = tmp_path / "fragmented.mp4"
    with av.open(str(reel)) as source, av.open(str(path), "w", options={"movflags": movflags}) as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    done = sign(path, tmp_path / "out.mp4", house)
    assert (done.by, done.why) == ("copy", "the film is fragmented")
    assert manifest.read(tmp_path / "out.mp4", house.pem).state == "Trusted"


def test_an_sdk_that_hashes_for_itself_is_left_to_copy(
    reel: Path, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = bmff_layout.build_hash_assertion
    monkeypatch.setattr(
        bmff_layout, "build_hash_assertion", lambda _: given(b"its own, not what it is given....")
    )
    done = sign(reel, tmp_path / "out.mp4", house)
    assert (done.by, done.why) == ("copy", "this version of the SDK does not sign a hash it is given")
    assert manifest.read(tmp_path / "out.mp4", house.pem).state == "Trusted"


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes every film count as too large for the SDK to hash."""
    monkeypatch.setattr(read_back, "SMALL_BYTES", 0)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("copying", [False, True])
@pytest.mark.parametrize("keep", ["embedded", "sidecar"])
def test_a_large_film_is_read_back_without_the_sdk_holding_it(
    keep: manifest.ManifestPlacement, copying: bool, laid: Path, house: House, tmp_path: Path
) -> None:
    out = tmp_path / "out.mp4"
    sign(laid, out, house, SignOptions(keep, copying=copying))
    assert manifest.read(out, house.pem).state == "Trusted"


@pytest.mark.usefixtures("large")
def test_a_large_film_nobody_vouches_for_leaves_nothing(
    reel: Path, house: House, stranger: House, tmp_path: Path
) -> None:
    order = replace(make_request(reel, house), anchors_pem=stranger.pem)
    with pytest.raises(ProvenanceError, match=r"signingCredential\.untrusted"):
        manifest.sign_film(reel, tmp_path / "out.mp4", order, SignOptions())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("copying", [False, True])
def test_a_large_film_that_changed_after_it_was_hashed_leaves_nothing(
    copying: bool, reel: Path, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoiled(part: Path, *rest: object) -> None:
        data = part.read_bytes()
        at = next(at for kind, at, _, _ in boxes(data) if kind == b"moov")
        # A box more for one pass, whose hash is known; a changed byte for the SDK's, whose film is hashed.
        part.write_bytes(flipped(data, at + 100) if copying else data + b"\0\0\0\x08free")
        check(part, *rest)  # type: ignore[arg-type]  # as they came

    check = read_back.check_signed
    monkeypatch.setattr("provenance.manifest.writer.check_signed", spoiled)
    with pytest.raises(ProvenanceError, match="bmffHash.mismatch"):
        sign(reel, tmp_path / "out.mp4", house, SignOptions(copying=copying))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("small", [True, False])
def test_a_manifest_that_is_not_the_signed_one_leaves_nothing(
    small: bool, reel: Path, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_back, "SMALL_BYTES", 1 << 30 if small else 0)
    box_of = bmff_layout.wrap_store
    monkeypatch.setattr(bmff_layout, "wrap_store", lambda store: box_of(flipped(store, len(store) - 1)))
    with pytest.raises(ProvenanceError, match="not where it should be"):
        sign(reel, tmp_path / "out.mp4", house)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_gives_back_something_else_is_caught(
    reel: Path, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = stream_copy._read_back
    monkeypatch.setattr(stream_copy, "_read_back", lambda *place: bytearray(flipped(bytes(read(*place)), 3)))
    with pytest.raises(OutputError, match="reads back otherwise"):
        sign(reel, tmp_path / "out.mp4", house)
    assert list(tmp_path.iterdir()) == []


def test_an_index_in_front_is_signed_alike_at_any_size_of_block(
    reel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(index_first(Parts(reel)))
    added = bmff_layout.wrap_store(bytes(1000))

    def hashed(block_bytes: int) -> tuple[bytes, bytes]:
        monkeypatch.setattr(stream_copy, "BLOCK_BYTES", block_bytes)
        out = tmp_path / str(block_bytes)
        with path.open("rb", buffering=0) as source, out.open("xb+", buffering=0) as target:
            found = stream_copy.write_film(
                source, target, bmff_layout.place_boxes(source, added), lambda *_: None
            )
            assert bmff_layout.hash_covered(target).digest == found.digest
        return found.digest, out.read_bytes()

    assert hashed(37) == hashed(4096) == hashed(1 << 20)
