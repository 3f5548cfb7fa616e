from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from post.atomic import checksum
from post.errors import JobError
from post.picture.watermark import FLAT, MOST, Watermark, mark_strength, read_pattern, resize_pattern
from post.stage_knobs import make
from post.values import File, Span
from post.values.array import Array
from post.values.watermark_geometry import TILE
from provenance.durable.watermark_detect import detect
from provenance.durable.watermark_key import write_pattern
from tests.provenance.durable.marked import KEY, film

IDENTIFIER = 0x0A1B2C3D
WHOLE = (slice(None), slice(None))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Watermark:
    carrier = write_pattern(tmp_path_factory.mktemp("config"), KEY, IDENTIFIER)
    return Watermark(identifier=f"{IDENTIFIER:08x}", carrier=carrier)


def finished(stage: Watermark, luma: Array, depth: int = 8, picture: tuple[slice, slice] = WHOLE) -> Array:
    out = luma.copy()
    stage.finish(out, depth, picture)
    return out


def noise(height: int = 288, width: int = 384, middle: int = 120) -> Array:
    return np.clip(np.random.default_rng(5).normal(middle, 30, (height, width)), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("depth", [8, 10])
def test_a_mark_in_a_film_can_be_read(stage: Watermark, depth: int) -> None:
    frames = [frame.astype(np.uint16) << (depth - 8) if depth > 8 else frame for frame in film()]
    shown = [(finished(stage, frame, depth) >> (depth - 8)).astype(np.uint8) for frame in frames]
    found = detect(shown, KEY)
    assert found is not None
    assert found.identifier == IDENTIFIER


def test_a_larger_film_gets_a_larger_pattern(stage: Watermark) -> None:
    wide = film(1080, 1440, 2)
    found = detect([finished(stage, frame) for frame in wide], KEY)
    assert found is not None
    assert found.scale == pytest.approx(1.5, rel=0.005)


@pytest.mark.parametrize("luma", [noise(), noise(middle=200), np.full((288, 384), 120, np.uint8), film()[0]])
def test_every_picture_keeps_a_psnr_of_42_db(stage: Watermark, luma: Array) -> None:
    error = (finished(stage, luma).astype(float) - luma) ** 2
    assert 10 * np.log10(255**2 / max(float(error.mean()), 1e-9)) >= 42


def test_eight_and_ten_bits_get_the_same_mark(stage: Watermark) -> None:
    luma = film()[0]
    eight = finished(stage, luma).astype(float)
    ten = finished(stage, luma.astype(np.uint16) << 2, 10) / 4
    # Rounding to eight bits is half a code at the most, to ten an eighth.
    assert float(np.abs(eight - ten).max()) <= 0.5 + 0.125


def test_the_mark_scales_with_its_strength(stage: Watermark) -> None:
    luma = np.full((288, 384), 480, np.uint16)
    whole = finished(stage, luma, 10).astype(float) - 480
    half = finished(Watermark(carrier=stage.carrier, strength=0.5), luma, 10).astype(float) - 480
    assert float(half.std() / whole.std()) == pytest.approx(0.5, abs=0.02)


def test_the_mark_is_where_detail_hides_it() -> None:
    luma = np.full((64, 128), 120, np.uint8)
    luma[:, 64:] = noise(64, 64)
    strong = mark_strength(luma)
    assert float(strong[:, :40].max()) == pytest.approx(FLAT, abs=1e-5)
    assert float(strong[8:-8, 96:-8].min()) == pytest.approx(MOST, abs=1e-5)


def test_beside_a_lone_edge_the_mark_is_as_weak_as_in_flat_picture() -> None:
    luma = np.full((96, 96), 90, np.uint8)
    luma[:, 48:] = 180
    assert float(mark_strength(luma).max()) < FLAT + 0.05


@pytest.mark.parametrize("code", [0, 16, 240, 255])
def test_black_stays_black_and_white_white(stage: Watermark, code: int) -> None:
    luma = np.full((288, 384), code, np.uint8)
    assert (finished(stage, luma) == code).all()


def test_bars_within_a_clip_stay_black_to_their_last_line(stage: Watermark) -> None:
    luma = noise()
    luma[:37] = luma[-37:] = 16
    marked = finished(stage, luma)
    assert (marked[:37] == 16).all()
    assert (marked[-37:] == 16).all()
    assert (marked[60:-60] != luma[60:-60]).any()


def test_samples_beside_the_picture_are_not_changed(stage: Watermark) -> None:
    luma, picture = noise(), (slice(20, 200), slice(30, 300))
    marked = finished(stage, luma, picture=picture)
    outside = np.ones(luma.shape, bool)
    outside[picture] = False
    assert (marked[outside] == luma[outside]).all()
    assert (marked[picture] != luma[picture]).any()


def test_bars_do_not_move_the_pattern(stage: Watermark) -> None:
    luma = np.full((288, 384), 480, np.uint16)
    whole = finished(stage, luma, 10)
    part = (slice(40, 240), slice(0, 384))
    assert (finished(stage, luma, 10, part)[part] == whole[part]).all()


def test_codes_never_overflow(stage: Watermark) -> None:
    rough = (np.random.default_rng(2).random((288, 384)) < 0.5).astype(np.uint8) * 255
    change = np.abs(finished(stage, rough).astype(int) - rough)
    assert int(change.max()) <= 10


@pytest.mark.parametrize("side", [256, 384, 385, 768])
def test_a_pattern_is_the_same_waves_at_any_size(stage: Watermark, side: int) -> None:
    assert stage.carrier is not None
    cells = read_pattern(stage.carrier.here)
    large = resize_pattern(cells, side)
    assert large.shape == (side, side)
    few = np.fft.rfft2(cells)[:45, :45] / TILE**2
    more = np.fft.rfft2(large)[:45, :45] / side**2
    np.testing.assert_allclose(more, few, atol=2e-4)


def test_rows_may_be_strided(stage: Watermark) -> None:
    room = np.zeros((288, 400), np.uint8)
    room[:, :384] = noise()
    stage.finish(room[:, :384], 8, WHOLE)
    assert (room[:, :384] == finished(stage, noise())).all()
    assert not room[:, 384:].any()


def test_a_missing_pattern_is_an_error() -> None:
    with pytest.raises(JobError, match="watermark.carrier: no watermark pattern"):
        Watermark().finish(noise(), 8, WHOLE)


@pytest.mark.parametrize("content", [b"", b"no array", None])
def test_a_file_without_a_pattern_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x.npy"
    if content is None:
        np.save(path, np.zeros((4, 4)))
    else:
        path.write_bytes(content)
    carrier = File(checksum(path).sha256, path.name, path)
    with pytest.raises(JobError, match="pattern"):
        Watermark(carrier=carrier).finish(noise(), 8, WHOLE)


@pytest.mark.parametrize("identifier", ["12", "0x123456", "gggggggg", "123456789"])
def test_only_eight_hex_digits_are_an_identifier(identifier: str) -> None:
    with pytest.raises(JobError, match="8 hex digits"):
        make("watermark", {"identifier": identifier})


def test_it_declares_a_bound_watermark_by_its_identifier(stage: Watermark) -> None:
    action = stage.declare(Span(0, 48))
    assert action.name == "c2pa.watermarked.bound"
    assert dict(action.parameters)["org.answerprint.watermark.identifier"] == "0a1b2c3d"
