"""Elements made of pixels: every kind of clip with alpha, exact in colour, alpha and time."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from post.errors import SourceError
from post.picture.brand.raster import RasterElement
from post.values import File
from post.values.time import Clock
from tests.picture.brand.elements import COUNT, HEIGHT, WIDTH, animation, clip, multiplied, picture

CLOCK = Clock(Fraction(24))
ORANGE = np.array((255, 120, 0)) / 255
RINGING = 0.03  # of the Lanczos filter inside the edge
KINDS = {
    # codec or None, pixel format, name, worst difference of alpha, and of colour times alpha, in codes of 8 bits
    "ProRes 4444": ("prores_ks", "yuva444p10le", "a.mov", 1.5, 4.0),
    "VP9": ("libvpx-vp9", "yuva420p", "a.webm", 8.0, 40.0),  # 4:2:0: the colour under the edge bleeds into it
    "QuickTime Animation": ("qtrle", "argb", "a.mov", 0.0, 0.001),
    "PNG in QuickTime": ("png", "rgba", "a.mov", 0.0, 0.001),
    "WebP": (None, "", "a.webp", 0.0, 0.001),
    "APNG": (None, "", "a.png", 0.0, 0.001),
}


def written(folder: Path, kind: str) -> File:
    codec, pixel_format, name, *_ = KINDS[kind]
    return clip(folder / name, codec, pixel_format) if codec else animation(folder / name)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_as_it_was_made_in_any_order(tmp_path: Path, kind: str) -> None:
    alpha_worst, colour_worst = KINDS[kind][3:]
    element = RasterElement(written(tmp_path, kind), "auto", CLOCK)
    assert (element.shape, element.moves) == (Fraction(WIDTH, HEIGHT), True)
    for number in (7, 0, COUNT - 1, 3, 7):
        off = np.abs(element.draw(Fraction(number), WIDTH, HEIGHT) - multiplied(picture(number))) * 255
        assert off[..., 3].max() <= alpha_worst
        assert off[..., :3].max() <= colour_worst
        assert off.mean() <= 0.5


@pytest.mark.parametrize("kind", ["ProRes 4444", "VP9", "QuickTime Animation"])
@pytest.mark.parametrize("already", [False, True])
def test_whether_colour_is_multiplied_is_seen_in_half_clear_pixels(
    tmp_path: Path, kind: str, already: bool
) -> None:
    codec, pixel_format, name, *_ = KINDS[kind]
    assert codec
    file = clip(tmp_path / name, codec, pixel_format, already=already)
    truth = multiplied(picture(4))
    read = {alpha: RasterElement(file, alpha, CLOCK).draw(Fraction(4), WIDTH, HEIGHT) for alpha in
            ("auto", "straight", "premultiplied")}  # fmt: skip
    meant, other = ("premultiplied", "straight") if already else ("straight", "premultiplied")
    assert np.array_equal(read["auto"], read[meant])
    assert np.abs(read[meant] - truth).mean() < np.abs(read[other] - truth).mean()


def test_what_is_multiplied_never_exceeds_its_alpha(tmp_path: Path) -> None:
    file = clip(tmp_path / "a.mov", "prores_ks", "yuva444p10le", already=True)
    drawn = RasterElement(file, "auto", CLOCK).draw(Fraction(2), 40, 27)
    assert (drawn[..., :3] <= drawn[..., 3:]).all()


@pytest.mark.parametrize(
    ("rate", "film", "after_end", "shown"),
    [
        ("24", "24", "hold", {0: 0, 11: 11, 12: 11, 500: 11}),
        ("24", "24", "loop", {11: 11, 12: 0, 25: 1}),
        ("24", "24", "stop", {11: 11, 12: None}),
        ("30000/1001", "24", "hold", {0: 0, 1: 1, 2: 3, 3: 4, 8: 10, 9: 11}),
        ("12", "24", "hold", {0: 0, 1: 0, 2: 1, 3: 1}),
        ("24000/1001", "24", "loop", {0: 0, 1: 1, 500: 500 % 12, 501: 500 % 12}),
    ],
)
def test_its_own_rate_is_placed_on_the_films_clock(
    tmp_path: Path, rate: str, film: str, after_end: str, shown: dict[int, int | None]
) -> None:
    element = RasterElement(clip(tmp_path / "a.mov", "qtrle", "argb", Fraction(rate)), "auto", CLOCK)
    clock = Clock(Fraction(film))
    for frame, number in shown.items():
        assert element.position(clock.seconds(frame), clock.seconds(1), after_end) == number, frame


def test_the_union_is_all_that_any_picture_shows(tmp_path: Path) -> None:
    element = RasterElement(animation(tmp_path / "a.webp"), "auto", CLOCK)
    alphas = np.stack([picture(number)[..., 3] for number in range(COUNT)])
    assert np.array_equal(np.rint(element.union(WIDTH, HEIGHT) * 255), alphas.max(0))


def test_scaling_leaves_no_fringe_of_what_is_unseen(tmp_path: Path) -> None:
    element = RasterElement(animation(tmp_path / "a.png"), "auto", CLOCK)
    for width, height in ((31, 21), (200, 133), (96, 64)):
        drawn = element.draw(Fraction(5), width, height)
        seen = drawn[..., 3] > 0.01
        straight = drawn[seen][:, :3] / drawn[seen][:, 3:]
        assert np.abs(straight - ORANGE).max() < RINGING
        for ground in (0.0, 1.0):
            over = drawn[..., :3] + ground * (1 - drawn[..., 3:])
            low, high = np.minimum(ground, ORANGE), np.maximum(ground, ORANGE)
            assert (over >= low - RINGING).all()
            assert (over <= high + RINGING).all()


def test_the_alpha_of_a_real_webm_is_read(media: Callable[[str], Path]) -> None:
    path = media("odd/09_vp9_alpha.webm")
    element = RasterElement(File("1" * 64, path.name, path), "auto", CLOCK)
    alpha = element.draw(Fraction(0), 320, round(320 / element.shape))[..., 3]
    assert alpha.min() < 0.1
    assert alpha.max() > 0.9


def test_an_hdr_clip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hdr.mov"
    import av

    with av.open(str(path), "w") as out:
        stream = out.add_stream("prores_ks", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuva444p10le"
        context = stream.codec_context
        context.color_trc, context.color_primaries, context.colorspace = 16, 9, 9
        frame = av.VideoFrame(64, 64, "yuva444p10le")
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        out.mux(stream.encode(frame))
        out.mux(stream.encode())
    with pytest.raises(SourceError, match="is HDR, which is not laid over SDR.*PQ"):
        RasterElement(File("2" * 64, path.name, path), "auto", CLOCK)
