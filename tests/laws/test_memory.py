"""Law 8: what memory held before is seen in no film."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from av import VideoFrame

from post.engine.worker import QUIET
from post.picture.encode import Encode
from post.render import canvas as canvas_module
from post.render import repair
from post.render.canvas import CanvasCutter, new_canvas
from post.render.encoder import PictureEncoder, open_encoder
from post.render.frame_planes import planes_of
from post.render.repair import RepairedClip
from post.takes import conform
from post.takes.conform import Framer
from post.takes.frame_planes import plane_codes, plane_rows
from post.values import Clock, Colour, Format, Picture, Window
from post.values.colour import Chroma
from tests.flow_job import make_clips

ROOT = Path(__file__).parents[2]
Depth = Literal[8, 10]
CLOCK = Clock(Fraction(24))
FRAMES = 3
# Widths and heights from 2 to 30 past a multiple of 16, each once.
PAST = ((2, 16), (4, 30), (6, 2), (8, 8), (10, 24), (14, 6), (16, 14), (18, 28), (24, 10), (26, 22), (30, 4))
SIZES = [(160 + across, 96 + down) for across, down in PAST]
FAST = {"h264": "veryfast", "hevc": "ultrafast", "av1": "10", "prores": "medium"}
CODECS: list[tuple[str, Depth]] = [
    ("h264", 8),
    ("h264", 10),
    ("hevc", 8),
    ("hevc", 10),
    ("av1", 8),
    ("av1", 10),
    ("prores", 10),
]


def dirty(seed: int) -> Callable[[int, int, str], VideoFrame]:
    """Returns a maker of frames whose every sample is a random number."""
    chance = np.random.default_rng(seed)

    def frame(width: int, height: int, name: str) -> VideoFrame:
        made = VideoFrame(width, height, name)
        for plane in made.planes:
            rows = plane_rows(plane, np.uint8)
            rows[:] = chance.integers(0, 256, rows.shape, np.uint8)
        return made

    return frame


def film_of(size: tuple[int, int], depth: Depth, chroma: Chroma) -> Format:
    return Format(*size, CLOCK, FRAMES, depth, chroma)


def draw(planes: Any, depth: int, number: int) -> None:
    """The same picture for the same number: noise over a slope."""
    chance = np.random.default_rng(number)
    for plane in planes:
        slope = np.add.outer(np.arange(plane.shape[0]), np.arange(plane.shape[1])) % 180 + 20
        plane[:] = (slope + chance.integers(0, 9, plane.shape)) << (depth - 8)


def edges_repeated(frame: VideoFrame) -> bool:
    """Whether each row's padding repeats the row's last sample."""
    for number, plane in enumerate(frame.planes):
        codes = plane_codes(frame, number)
        rows = plane_rows(plane, codes.dtype.type)
        if not (rows[:, plane.width :] == codes[:, -1:]).all():
            return False
    return True


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
@pytest.mark.parametrize(("depth", "chroma"), [(8, "420"), (10, "420"), (10, "422")])
def test_all_around_a_picture_repeats_its_edge(
    size: tuple[int, int], depth: Depth, chroma: Chroma, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canvas_module, "VideoFrame", dirty(1))
    film = film_of(size, depth, chroma)
    canvas = new_canvas(film)
    draw(canvas.planes, depth, 7)
    drawn = [plane.copy() for plane in canvas.planes]
    frame = CanvasCutter(film).frame(canvas)
    assert (frame.width, frame.height, frame.format.name) == (*size, film.pixel_format)
    assert edges_repeated(frame)
    for number, (before, whole) in enumerate(zip(drawn, planes_of(canvas.memory), strict=True)):
        assert np.array_equal(plane_codes(frame, number), before)
        assert (whole[before.shape[0] :] == whole[before.shape[0] - 1]).all()
        # No vector of 64 bytes, as AVX-512 reads them, goes past the end of a row.
        assert frame.planes[number].line_size % 64 == 0


class Watched:
    """A stream that notes of each frame it encodes whether its padding repeats its edges."""

    def __init__(self, stream: Any) -> None:
        self._stream, self.clean = stream, list[bool]()

    def encode(self, frame: VideoFrame | None) -> Any:
        if frame is not None:
            self.clean.append(edges_repeated(frame))
        return self._stream.encode(frame)


@contextmanager
def opened(path: Path, film: Format, codec: str) -> Iterator[PictureEncoder]:
    settings = Encode(codec=codec, preset=FAST[codec]).settings("mov" if codec == "prores" else "mp4")
    with open_encoder(path, film, settings) as encoder:
        yield encoder


@pytest.mark.parametrize(("codec", "depth"), CODECS)
def test_every_encoder_gets_frames_whose_padding_is_written(
    codec: str, depth: Depth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canvas_module, "VideoFrame", dirty(2))
    film = film_of((178, 98), depth, "422" if codec == "prores" else "420")
    with opened(tmp_path / "film", film, codec) as encoder:
        watched = Watched(encoder._stream)
        monkeypatch.setattr(encoder, "_stream", watched)
        for number in range(FRAMES):
            canvas = encoder.canvas()
            draw(canvas.planes, depth, number)
            encoder.write(canvas)
    assert watched.clean == [True] * FRAMES


@pytest.mark.parametrize(("codec", "depth"), CODECS)
def test_dirty_memory_and_the_order_of_work_change_no_byte(
    codec: str, depth: Depth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forwards = encoded(codec, depth, SIZES, dirty(3), tmp_path, monkeypatch)
    backwards = encoded(codec, depth, SIZES[::-1], dirty(4), tmp_path, monkeypatch)
    assert forwards == backwards


def encoded(
    codec: str,
    depth: Depth,
    sizes: list[tuple[int, int]],
    maker: Callable[[int, int, str], VideoFrame],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> dict[tuple[int, int], str]:
    """A digest of the encoded film of each size, made in that order."""
    monkeypatch.setattr(canvas_module, "VideoFrame", maker)
    digests = {}
    for size in sizes:
        film, path = film_of(size, depth, "422" if codec == "prores" else "420"), folder / "film"
        with opened(path, film, codec) as encoder:
            for number in range(FRAMES):
                canvas = encoder.canvas()
                draw(canvas.planes, depth, number)
                encoder.write(canvas)
        digests[size] = sha256(path.read_bytes()).hexdigest()
    return digests


def test_scalers_get_frames_whose_padding_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repair, "VideoFrame", dirty(5))
    monkeypatch.setattr(conform, "VideoFrame", dirty(6))
    picture = Picture(
        stream=0, codec="h264", width=178, height=98, sar=Fraction(1), rotation=0, depth=8, chroma="420",
        pixel_format="yuv420p", colour=Colour(), grid=CLOCK, length=4, decoded=4, start=Fraction(0),
    )  # fmt: skip
    decoded = dirty(7)(178, 98, "yuv420p")
    assert edges_repeated(RepairedClip(lambda _: decoded, picture, ()).frame(0))
    narrow = Window(Fraction(-1, 2), Fraction(0), Fraction(2), Fraction(1))
    assert edges_repeated(Framer(picture, narrow, film_of((194, 98), 8, "420")).frame(decoded))


@pytest.mark.skipif(sys.platform != "linux", reason="MALLOC_PERTURB_ is glibc's")
def test_what_memory_held_changes_no_byte_of_a_job(tmp_path: Path) -> None:
    """glibc fills each block it hands out with a byte of our choice, for every library in the process."""
    make_clips(tmp_path)
    assert rendered(tmp_path, "forwards", "85") == rendered(tmp_path, "backwards", "170")


MAKE_CLIP = """
import sys
from fractions import Fraction
from pathlib import Path
from post.takes.made.synthetic import ClipRecipe, make_clip
make_clip(Path(sys.argv[1]), ClipRecipe("sea", 832, 480, Fraction(16), 41))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="MALLOC_PERTURB_ is glibc's")
def test_what_memory_held_changes_no_byte_of_a_made_clip(tmp_path: Path) -> None:
    """Of a size that is a multiple of 16: nothing lies around its picture, and x264 read what it had not written."""
    made = []
    for perturb in ("85", "170"):
        environment = {**os.environ, "MALLOC_PERTURB_": perturb, "PYTHONPATH": str(ROOT)}
        path = tmp_path / f"{perturb}.mp4"
        subprocess.run([sys.executable, "-c", MAKE_CLIP, str(path)], cwd=ROOT, env=environment, check=True)
        made.append(path.read_bytes())
    assert made[0] == made[1]


def rendered(folder: Path, order: str, perturb: str) -> dict[str, str]:
    command = [sys.executable, "-m", "tests.laws.render_job", str(folder), order]
    # As in a worker: OpenBLAS with two threads can wait for itself for ever when memory is not 0 (seen once).
    environment = {**os.environ, **QUIET, "MALLOC_PERTURB_": perturb, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=True)
    digests: dict[str, str] = json.loads(done.stdout)
    assert digests
    return digests
