from __future__ import annotations

import subprocess
from fractions import Fraction
from math import cos, radians, sin
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
import pytest

from post.takes.conform import Framer
from post.takes.decoded.orientation import Orientation, read_display_matrix, upright_array
from post.takes.frame_planes import luma
from post.takes.picture import PictureReader
from post.takes.probe import probe
from post.takes.still import read_stills
from post.values.array import Array
from post.values.colour import Format
from post.values.media import Picture
from post.values.plan import Window
from post.values.time import Clock

WHOLE = Window(Fraction(0), Fraction(0), Fraction(1), Fraction(1))
WIDTH, HEIGHT = 96, 64
# (a, b, c, d), in the order of EXIF's orientations 1 to 8, and what each is.
MATRICES = [
    ((1, 0, 0, 1), Orientation()),
    ((-1, 0, 0, 1), Orientation(flipped=True)),
    ((-1, 0, 0, -1), Orientation(rotation=180)),
    ((1, 0, 0, -1), Orientation(flipped=True, rotation=180)),
    ((0, 1, 1, 0), Orientation(flipped=True, rotation=270)),
    ((0, 1, -1, 0), Orientation(rotation=90)),
    ((0, -1, -1, 0), Orientation(flipped=True, rotation=90)),
    ((0, -1, 1, 0), Orientation(rotation=270)),
]


def nine(matrix: tuple[float, ...]) -> list[int]:
    a, b, c, d = (round(term * 65536) for term in matrix)
    return [a, b, 0, c, d, 0, 0, 0, 1 << 30]


def packed(matrix: tuple[float, ...], *, skew: int = 0) -> bytes:
    terms = nine(matrix)
    terms[2] = skew
    return np.array(terms, "<i4").tobytes()


def four_greys(path: Path, matrix: tuple[float, ...]) -> Path:
    """A clip whose quarters are of four greys, with a display matrix."""
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    image[: HEIGHT // 2, : WIDTH // 2], image[: HEIGHT // 2, WIDTH // 2 :] = 60, 110
    image[HEIGHT // 2 :, : WIDTH // 2], image[HEIGHT // 2 :, WIDTH // 2 :] = 160, 210
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"crf": "4"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.set_display_matrix(nine(matrix))
        for _ in range(2):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image)))
        container.mux(stream.encode(None))
    return path


def quarters(plane: Array) -> list[int]:
    """The order of the four quarters by brightness."""
    high, wide = plane.shape
    return [*plane.reshape(2, high // 2, 2, wide // 2).mean((1, 3)).ravel().argsort().argsort()]


def by_ffmpeg(path: Path, picture: Picture) -> Array:
    """The first frame as FFmpeg's own program shows it."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", path, "-frames:v", "1", "-f", "rawvideo",
        "-pix_fmt", "gray", "-",
    ]  # fmt: skip
    found = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.uint8)
    return found.reshape(picture.shown[1], -1)


@pytest.mark.parametrize(("matrix", "laid"), MATRICES, ids=str)
def test_a_matrix_is_one_of_eight(matrix: tuple[int, ...], laid: Orientation) -> None:
    assert read_display_matrix(packed(matrix)) == laid
    # A scale is the pixels' shape, and no turn.
    wide = matrix[0] * 1.5, matrix[1] * 1.5, matrix[2] / 3, matrix[3] / 3
    assert read_display_matrix(packed(wide)) == laid


@pytest.mark.parametrize(("matrix", "laid"), MATRICES, ids=str)
def test_a_clip_is_shown_as_ffmpeg_shows_it(
    matrix: tuple[int, ...], laid: Orientation, tmp_path: Path
) -> None:
    path = four_greys(tmp_path / "clip.mp4", matrix)
    take = probe(path, "clip")
    picture = take.picture
    assert Orientation(picture.flipped, picture.rotation) == laid
    assert not take.warnings or laid.exact
    wanted = quarters(by_ffmpeg(path, picture))
    width, height = int(picture.shown[0]), picture.shown[1]
    with PictureReader(path, picture) as reader:
        frame = reader.frame(0)
        film = Format(width, height, Clock(Fraction(24)), 2)
        assert quarters(luma(Framer(picture, WHOLE, film).frame(frame))) == wanted
        assert quarters(upright_array(luma(frame), picture)) == wanted
    ((_, still),) = read_stills(path, picture, [0], WIDTH * HEIGHT)
    assert quarters(np.asarray(still.convert("L"))) == wanted


@pytest.mark.parametrize(
    ("degrees", "skew", "rotation"),
    [(10, 0, 0), (44, 0, 0), (50, 0, 90), (135, 0, 90), (200, 0, 180), (0, 1 << 20, 0)],
)
def test_a_matrix_that_is_none_of_the_eight_is_the_nearest_and_said(
    degrees: int, skew: int, rotation: int
) -> None:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    laid = read_display_matrix(packed((c, s, -s, c), skew=skew))
    assert (laid.rotation % 180 == rotation % 180, laid.flipped, laid.exact) == (True, False, False)


def test_a_matrix_without_a_size_is_no_turn() -> None:
    assert read_display_matrix(packed((0, 0, 0, 0))) == Orientation(exact=False)


def test_what_a_player_takes_for_straight_is_exact() -> None:
    c, s = cos(radians(0.5)), sin(radians(0.5))
    assert read_display_matrix(packed((c, s, -s, c))) == Orientation()


def test_a_crooked_clip_says_so(tmp_path: Path) -> None:
    c, s = cos(radians(30)), sin(radians(30))
    warnings = probe(four_greys(tmp_path / "clip.mp4", (c, s, -s, c)), "clip").warnings
    assert any("to be turned by no quarter turn" in str(warning) for warning in warnings)
