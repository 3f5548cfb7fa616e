from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream
from imageio_ffmpeg import get_ffmpeg_exe

from post.errors import SourceError
from post.measure.frames import frame_of
from post.takes.frame_planes import plane_codes
from post.takes.picture import PictureReader
from post.takes.probe import probe
from post.takes.still import read_stills

WIDTH, HEIGHT = 64, 48
RED = (200, 60, 40)
SAID = "has transparency: it is laid over black"
MAYBE = "has an alpha channel: what is transparent is laid over black"


def clear_clip(path: Path, codec: str, form: str, *, opaque: bool = False) -> Path:
    """A red clip: clear at the left, half clear in the middle, opaque at the right; or all of it opaque."""
    rgba = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    rgba[..., :3], rgba[..., 3] = RED, 255
    if not opaque:
        rgba[:, :16, 3], rgba[:, 16:40, 3] = 0, 128
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=24)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, form
        for number in range(8):
            frame = av.VideoFrame.from_ndarray(rgba, "rgba").reformat(format=form)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def webm(path: Path) -> Path:
    return clear_clip(path.with_suffix(".webm"), "libvpx-vp9", "yuva420p")


def prores(path: Path) -> Path:
    return clear_clip(path.with_suffix(".mov"), "prores_ks", "yuva444p10le")


def animation(path: Path) -> Path:
    return clear_clip(path.with_suffix(".mov"), "qtrle", "argb")


def png(path: Path) -> Path:
    return clear_clip(path.with_suffix(".mov"), "png", "rgba")


def ffv1(path: Path) -> Path:
    return clear_clip(path.with_suffix(".mkv"), "ffv1", "bgra")


@pytest.mark.parametrize("make", [webm, prores, animation, png, ffv1])
def test_what_is_clear_is_black_and_what_is_half_clear_half_as_bright(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = make(tmp_path / "clip")
    take = probe(path, "clip")
    assert SAID in map(str, take.warnings)
    with PictureReader(path, take.picture) as reader:
        for number in (5, 0, 3):
            frame = reader.frame(number)
            rows = frame_of(number, frame, take.picture.colour.range)
            luma = (rows.luma[20].astype(float) / rows.unit - 16) / 219
            assert np.abs(luma[2:12]).max() < 0.02
            assert luma[20:36].mean() == pytest.approx(luma[48:].mean() * 128 / 255, abs=0.02)
            assert luma[48:].mean() > 0.3
            assert [abs(float(plane[20, 4]) / rows.unit - 128) < 1.5 for plane in rows.chroma] == [True, True]
    ((_, still),) = read_stills(path, take.picture, [0], WIDTH * HEIGHT)
    rgb = np.asarray(still)
    assert rgb[20, 4].max() <= 4
    assert rgb[20, 56, 0] == pytest.approx(RED[0], abs=6)


def test_an_opaque_clip_in_a_format_with_alpha_is_as_it_is(tmp_path: Path) -> None:
    path = clear_clip(tmp_path / "clip.mov", "png", "rgba", opaque=True)
    take = probe(path, "clip")
    assert MAYBE in map(str, take.warnings)
    with PictureReader(path, take.picture) as reader:
        rgb = reader.frame(3).to_ndarray(format="rgb24")
    assert np.abs(rgb.astype(int) - RED).max() <= 1


def test_a_clip_without_alpha_has_no_format_with_it(tmp_path: Path) -> None:
    path = clear_clip(tmp_path / "clip.mp4", "libx264", "yuv420p")
    take = probe(path, "clip")
    assert (take.picture.clear_format, take.picture.pixel_format) == ("", "yuv420p")


@pytest.mark.parametrize("colour", ["", "bt601", "bt709", "bt2020"])
def test_rgb_keeps_its_colours_whatever_the_job_says_of_its_matrix(colour: str, tmp_path: Path) -> None:
    path = clear_clip(tmp_path / "clip.mov", "qtrle", "argb", opaque=True)
    take = probe(path, "clip", colour=colour)
    ((_, still),) = read_stills(path, take.picture, [0], WIDTH * HEIGHT)
    assert np.abs(np.asarray(still).astype(int) - RED).max() <= 1


@pytest.mark.parametrize("spread", ["limited", "full"])
def test_a_range_that_the_job_asks_for_leaves_the_codes_as_they_are(spread: str, tmp_path: Path) -> None:
    tagged = {"limited": "pc", "full": "tv"}[spread]
    path = tmp_path / "clip.mkv"
    command = (
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=64x48:d=0.1",
        "-vf",
        f"format=yuva444p10le,setparams=range={tagged}",
    )
    subprocess.run([get_ffmpeg_exe(), "-v", "error", *command, "-c:v", "ffv1", str(path)], check=True)
    picture = probe(path, "clip", range=spread).picture
    with av.open(str(path)) as container:
        wanted = plane_codes(next(container.decode(video=0)), 0).copy()
    with PictureReader(path, picture) as reader:
        assert np.array_equal(plane_codes(reader.frame(0), 0), wanted)
    assert picture.colour.range == spread


def test_alpha_beside_a_matrix_that_swscale_does_not_know_is_read(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    tagged = "format=yuva444p10le,setparams=colorspace=ycgco:range=tv"
    command = ("-f", "lavfi", "-i", "testsrc2=s=64x48:d=0.1", "-vf", tagged)
    subprocess.run([get_ffmpeg_exe(), "-v", "error", *command, "-c:v", "ffv1", str(path)], check=True)
    assert "alpha-flattened" in [each.code for each in probe(path, "clip", colour="bt709").warnings]
    with pytest.raises(SourceError, match="cannot be read here"):
        probe(path, "clip")
