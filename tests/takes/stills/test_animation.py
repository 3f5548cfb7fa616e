"""Animations: their frames as a second decoder gives them, and the times that were written."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from post.errors import SourceError
from post.takes.frame_planes import plane_codes
from post.takes.open_picture import open_picture
from post.takes.probe import probe
from post.takes.stills.animation import AnimationFrames, read_times
from post.takes.stills.decode import codes_of_rgb
from post.values.media import Take
from post.values.time import Clock, Span
from tests.made.stills import BLUE, GREEN, RED, YELLOW, by_ffmpeg, with_chunk

COLOURS = (RED, GREEN, BLUE, YELLOW)
FORMATS = ("gif", "webp", "png", "avif")


def animation(path: Path, durations: list[int] | int, count: int = 4, **words: Any) -> Path:
    frames = [Image.new("RGB", (48, 32), COLOURS[number % 4]) for number in range(count)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=durations, **words)
    return path


def colours(path: Path, take: Take) -> list[int]:
    """Which of COLOURS each frame of the grid shows."""
    known = [
        np.array([int(code) for code in codes_of_rgb(np.array(rgb, np.float32) / 255)]) for rgb in COLOURS
    ]
    shown = []
    with open_picture(path, take.picture) as reader:
        for number in range(take.picture.length):
            frame = reader.frame(number)
            codes = np.array([int(plane_codes(frame, plane)[16, 24]) for plane in range(3)])
            shown.append(int(np.argmin([np.abs(codes - each).sum() for each in known])))
    return shown


@pytest.mark.parametrize("kind", FORMATS)
def test_a_steady_animation_keeps_its_own_rate(tmp_path: Path, kind: str) -> None:
    path = animation(tmp_path / f"steady.{kind}", 40, **({"lossless": True} if kind == "webp" else {}))
    take = probe(path, "steady", clock=Clock(Fraction(24)))
    assert take.picture.grid.rate == 25
    assert (take.picture.kind, take.picture.length, take.picture.variable) == ("animation", 4, False)
    assert colours(path, take) == [0, 1, 2, 3]


@pytest.mark.parametrize("kind", FORMATS)
def test_frames_that_last_differently_are_shown_for_their_own_times(tmp_path: Path, kind: str) -> None:
    path = animation(tmp_path / f"varied.{kind}", [100, 300, 40, 160])
    take = probe(path, "varied", clock=Clock(Fraction(50)))
    assert take.picture.grid.rate == 50
    assert (take.picture.length, take.picture.variable) == (30, True)
    assert colours(path, take) == [0] * 5 + [1] * 15 + [2] * 2 + [3] * 8
    assert any("shown for different times" in str(warning) for warning in take.warnings)


def test_the_film_gives_the_grid_of_frames_that_last_differently(tmp_path: Path) -> None:
    path = animation(tmp_path / "varied.gif", [100, 300, 100, 500])
    assert probe(path, "x", clock=Clock(Fraction(24))).picture.length == 24
    assert probe(path, "x").picture.grid.rate == 10


def test_a_delay_of_next_to_nothing_is_a_tenth_of_a_second_and_said(tmp_path: Path) -> None:
    path = animation(tmp_path / "hasty.gif", [0, 10, 200, 0])
    assert read_times(path).durations_ms == (100, 100, 200, 100)
    warnings = probe(path, "hasty").warnings
    assert "3 frames ask for next to no time: each is shown for 100 ms, as browsers do" in map(str, warnings)


def test_how_often_it_asks_to_be_played_is_said(tmp_path: Path) -> None:
    endless = probe(animation(tmp_path / "a.gif", 100, loop=0), "a")
    assert "asks to be played without end: a shot repeats it only where the shot is longer" in map(
        str, endless.warnings
    )
    once = probe(animation(tmp_path / "b.png", 100, loop=1), "b")
    assert not any("asks to be played" in str(warning) for warning in once.warnings)


@pytest.mark.parametrize("disposal", [0, 1, 2, 3])
def test_disposal_of_a_gif_is_as_ffmpeg_does_it(tmp_path: Path, disposal: int) -> None:
    frames = []
    for number in range(4):
        image = Image.new("RGBA", (48, 32), (0, 0, 0, 0))
        image.paste((*COLOURS[number], 255), (number * 10, number * 6, number * 10 + 16, number * 6 + 12))
        frames.append(image)
    path = tmp_path / "disposed.gif"
    frames[0].save(
        path, save_all=True, append_images=frames[1:], duration=100, disposal=disposal, optimize=False
    )
    wanted = by_ffmpeg(path)
    with AnimationFrames(path) as read:
        assert read.count == len(wanted) == 4
        for number, rgba in enumerate(wanted):
            pixels = read.pixels(number)
            alpha = np.full((32, 48), 255) if pixels.alpha is None else pixels.alpha
            assert np.array_equal(alpha > 127, rgba[..., 3] > 127), number
            seen = rgba[..., 3] > 127
            assert np.abs(pixels.codes[seen].astype(int) - rgba[seen][:, :3]).max() <= 4


def test_frames_of_a_webp_that_lie_at_an_offset_are_whole(tmp_path: Path) -> None:
    base = Image.new("RGB", (64, 48), (10, 20, 30))
    other = base.copy()
    other.paste(RED, (40, 30, 56, 42))  # an encoder stores this box alone, at its offset
    path = tmp_path / "offset.webp"
    base.save(path, save_all=True, append_images=[other], duration=100, lossless=True, minimize_size=True)
    with AnimationFrames(path) as frames:
        first, second = frames.pixels(0).codes, frames.pixels(1).codes
    assert np.array_equal(first, np.asarray(base))
    assert np.array_equal(second, np.asarray(other))


def test_a_picture_for_viewers_without_animation_is_no_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (48, 32), colour) for colour in (YELLOW, RED, GREEN)]
    path = tmp_path / "apart.png"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=[40, 40], default_image=True)
    take = probe(path, "apart")
    assert colours(path, take) == [0, 1]


def test_frames_are_the_same_in_any_order(tmp_path: Path) -> None:
    path = animation(tmp_path / "order.webp", 100, lossless=True)
    with AnimationFrames(path) as frames:
        forward = [frames.pixels(number).codes for number in range(4)]
        backward = [frames.pixels(number).codes for number in (3, 1, 2, 0)]
    assert all(map(np.array_equal, backward, (forward[3], forward[1], forward[2], forward[0])))


@pytest.mark.parametrize("kind", ["gif", "webp", "png", "avif"])
def test_an_animation_that_is_cut_short_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    draw = np.random.default_rng(0)
    frames = [Image.fromarray(draw.integers(0, 256, (64, 64, 3), np.uint8)) for _ in range(6)]
    path = tmp_path / f"short.{kind}"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(SourceError, match=rf"^short\.{kind}: cannot be read as a still; "):
        probe(path, "short")


def test_an_animation_of_comfyui_has_all_its_frames_in_their_times(media: Callable[[str], Path]) -> None:
    path = media("odd/29_comfy_animated.webp")
    take = probe(path, "comfy")
    with Image.open(path) as image:
        count = int(getattr(image, "n_frames", 0))
    assert (take.picture.decoded, take.picture.width, take.picture.height) == (count, 320, 180)
    times = read_times(path)
    assert float(take.picture.grid.seconds(take.picture.length)) == pytest.approx(
        sum(times.durations_ms) / 1000, abs=0.05
    )
    with open_picture(path, take.picture) as reader:
        assert reader.keys(Span(0, 4)) == []
        first, last = (plane_codes(reader.frame(number), 0).copy() for number in (0, take.picture.length - 1))
    assert np.abs(first.astype(int) - last).mean() > 4


@pytest.mark.parametrize("kind", FORMATS)
def test_whatever_is_damaged_an_animation_is_read_or_refused(tmp_path: Path, kind: str) -> None:
    whole = animation(tmp_path / f"whole.{kind}", [40, 80, 40, 40]).read_bytes()
    draw, path = np.random.default_rng(3), tmp_path / f"bent.{kind}"
    for _ in range(60):
        bent = bytearray(whole)
        for at in draw.integers(0, len(bent), 4):
            bent[at] = draw.integers(0, 256)
        path.write_bytes(bent)
        try:
            take = probe(path, "bent")
            with open_picture(path, take.picture) as reader:
                reader.frame(take.picture.length - 1)
        except SourceError:
            continue


def test_an_animation_tagged_hdr_is_refused(tmp_path: Path) -> None:
    path = animation(tmp_path / "hdr.png", 100)
    path.write_bytes(with_chunk(path.read_bytes(), b"cICP", bytes([9, 16, 0, 1])))
    with pytest.raises(SourceError, match="HDR"):
        probe(path, "hdr")


def test_more_pixels_than_a_minutes_work_are_refused_before_they_are_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = animation(tmp_path / "heavy.gif", 100)
    monkeypatch.setattr("post.takes.stills.animation.MOST_PIXELS_IN_ALL", 3 * 48 * 32)
    with pytest.raises(SourceError, match="4 frames, of at most 3 in their size"):
        read_times(path)


def test_warnings_have_their_own_codes(tmp_path: Path) -> None:
    frames = [Image.new("RGBA", (48, 32), (*rgb, 100)) for rgb in COLOURS]
    path = tmp_path / "clear.webp"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=[100, 300, 40, 160], lossless=True)
    assert {"varying-rate", "alpha-flattened"} <= {each.code for each in probe(path, "clear").warnings}
