from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from post.errors import SourceError
from post.measure import MeasuredGrain
from post.measure.fact import Unmeasured
from post.measure.film.style import (
    MOST_SHOTS,
    Reference,
    distance,
    measure_style,
    pool_references,
    still_frame,
)
from post.measure.tone import Tally, Tone
from post.picture.display.convert import convert_colour
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values.colour import BT601_625, BT709, BT2020, Colour
from tests.measure.made import coloured, ramp

WHY = Unmeasured("not here")


def still(path: Path, name: str = "astronaut") -> Path:
    Image.fromarray(getattr(data, name)()).save(path)
    return path


def tone(cb: float = 128, cr: float = 128) -> Tone:
    tally = Tally()
    tally.add(coloured(ramp(), cb, cr))
    found = tally.tone()
    assert isinstance(found, Tone)
    return found


def reference(name: str, of: Tone | Unmeasured, *shots: float) -> Reference:
    return Reference(name, not shots, of, WHY, WHY, WHY, shots)


def test_a_still_is_measured_as_far_as_a_still_can_be(tmp_path: Path) -> None:
    path = still(tmp_path / "a.png")
    style = measure_style([path])
    assert (style.names, style.views, style.shots) == (("a.png",), 1, ())
    assert isinstance(style.grain, Unmeasured)
    assert isinstance(style.loudness, Unmeasured)
    luma = np.asarray(Image.open(path)) @ np.array([0.2126, 0.7152, 0.0722]) / 255
    assert dict(style.tone.levels)[50] == pytest.approx(np.median(luma), abs=0.03)


def test_a_still_is_bt709_in_full_range(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (32, 32), (255, 0, 0)).save(path)
    frame = still_frame(path)
    assert (frame.luma[0, 0], frame.chroma[1][0, 0], frame.range) == (54, 255, "full")


def test_several_references_are_one_style_by_their_shots() -> None:
    warm, cool = tone(120, 134), tone(136, 122)
    both = pool_references([reference("a", warm, 1.0, 2.0, 3.0), reference("b", cool)])
    assert both.views == 4
    assert both.shots == (1.0, 2.0, 3.0)
    expected = (3 * warm.bands[1].grey_cb + cool.bands[1].grey_cb) / 4
    assert both.tone.bands[1].grey_cb == pytest.approx(expected)


def test_a_film_of_very_many_shots_does_not_drown_the_others() -> None:
    warm, cool = tone(120, 134), tone(136, 122)
    both = pool_references([reference("a", warm, *(1.0,) * 300), reference("b", cool)])
    assert both.views == MOST_SHOTS + 1
    expected = (MOST_SHOTS * warm.bands[1].grey_cb + cool.bands[1].grey_cb) / (MOST_SHOTS + 1)
    assert both.tone.bands[1].grey_cb == pytest.approx(expected)


def test_the_best_measured_reference_is_whose_grain_it_is() -> None:
    grain = MeasuredGrain(((0.5, 2.0),), None, 0.2, 90, 1080, "limited", ((0.0,) * 9,) * 9, None, None, None)
    rows = [
        replace(reference(n, tone()), grain=replace(grain, confidence=c)) for n, c in (("a", 0.2), ("b", 0.6))
    ]
    both = pool_references([reference("none", tone()), *rows])
    assert both.grain == rows[1].grain
    assert dict(both.best)["grain"] == "b"
    assert both.softness == WHY


def clip(folder: Path, colour: Colour) -> Path:
    """A second of one photograph, tagged and coded as that colour."""
    path = folder / f"{colour.primaries}-{colour.transfer}-{colour.matrix}.mp4"
    picture = getattr(data, "astronaut")()[:256, :384].astype(np.float32) / 255  # noqa: B009  it has no types
    rgb = convert_colour(picture.reshape(-1, 3).astype(np.float64), BT709, colour).reshape(picture.shape)
    make_clip(
        path, ClipRecipe(width=384, height=256, frames=6, colour=colour), lambda _: rgb.astype(np.float32)
    )
    return path


@pytest.mark.parametrize("colour", [BT601_625, BT2020], ids=["bt601", "bt2020"])
def test_a_film_in_another_colour_is_learnt_as_what_it_shows(tmp_path: Path, colour: Colour) -> None:
    plain, other = (measure_style([clip(tmp_path, each)]).tone for each in (BT709, colour))
    for a, b in zip(plain.bands, other.bands, strict=True):
        assert (b.cb, b.cr, b.chroma) == pytest.approx((a.cb, a.cr, a.chroma), abs=0.006)
    assert [level for _, level in other.levels] == pytest.approx(
        [level for _, level in plain.levels], abs=0.012
    )


@pytest.mark.parametrize(("transfer", "name"), [(16, "PQ"), (18, "HLG")])
def test_a_film_in_hdr_is_refused_by_name(tmp_path: Path, transfer: int, name: str) -> None:
    path = clip(tmp_path, replace(BT2020, transfer=transfer))
    with pytest.raises(SourceError, match=rf"mp4: is HDR.*got {name}; learn from its SDR version"):
        measure_style([path])


def test_what_shows_nothing_is_left_out_and_said() -> None:
    style = pool_references([reference("dark", Unmeasured("black: nothing")), reference("a", tone())])
    assert style.names == ("a",)
    assert style.left_out == (("dark", "black: nothing"),)


def test_references_that_all_show_nothing_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "black.png"
    Image.new("RGB", (64, 64)).save(path)
    with pytest.raises(SourceError, match=r"black\.png: nothing to learn from; .* got black"):
        measure_style([path])


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n"])
def test_a_still_that_is_none_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"broken\.png: cannot be read as a still"):
        measure_style([path])


def test_a_style_is_no_distance_from_itself_and_some_from_others() -> None:
    assert distance(tone(), tone()) == (0, 0)
    levels, palette = distance(tone(), tone(118, 138))
    assert levels == pytest.approx(0, abs=1e-9)
    assert palette == pytest.approx(2 * np.hypot(10, 10) / 224, abs=1e-3)


@pytest.mark.media
def test_a_film_scan_without_colour_is_measured_as_such(media: Callable[[str], Path]) -> None:
    style = measure_style([media("footage/chaplin_filmscan_360p.mp4")])
    assert max(band.chroma for band in style.tone.bands) < 0.001
    assert len(style.shots) >= 1
    assert not isinstance(style.loudness, Unmeasured)
