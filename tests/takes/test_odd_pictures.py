"""Pictures as people really have them: each is right, or refused with one clear error."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from post.errors import SourceError
from post.picture.display.convert import convert_colour
from post.takes.conform import Framer
from post.takes.picture import PictureReader
from post.takes.probe import probe
from post.takes.still import read_stills
from post.values.array import Array
from post.values.colour import BT709, Colour, Format
from post.values.plan import Window
from post.values.time import Clock

Media = Callable[[str], Path]
WHOLE = Window(Fraction(0), Fraction(0), Fraction(1), Fraction(1))


def shown(path: Path) -> Array:
    """The first frame as the film has it, (height, width, 3) 8-bit R'G'B' of BT.709."""
    picture = probe(path, "clip").picture
    wide, high = picture.shown
    ((_, still),) = read_stills(path, picture, [0], round(wide * high), as_film)
    return np.asarray(still)


def as_film(rgb: Array, colour: Colour) -> Array:
    return convert_colour(rgb, colour, BT709)


def colour_word(pixel: Array) -> str:
    red, green, blue = (int(value) > 110 for value in pixel)
    return {(1, 0, 0): "red", (0, 1, 0): "green", (0, 0, 1): "blue", (1, 1, 1): "white"}.get(
        (red, green, blue), "?"
    )


def corners(rgb: Array) -> list[str]:
    high, wide = rgb.shape[0] // 8, rgb.shape[1] // 8
    return [colour_word(rgb[y, x]) for y in (high, -high) for x in (wide, -wide)]


@pytest.mark.media
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("08_mirrored_selfie.mp4", ["green", "red", "white", "blue"]),
        ("08b_vflip.mp4", ["blue", "white", "red", "green"]),
    ],
)
def test_a_mirrored_selfie(name: str, words: list[str], media: Media) -> None:
    assert corners(shown(media(f"odd/{name}"))) == words


@pytest.mark.media
def test_a_vp9_clip_with_alpha(media: Media) -> None:
    path = media("odd/09_vp9_alpha.webm")
    assert "has transparency: it is laid over black" in map(str, probe(path, "clip").warnings)
    rgb = shown(path)
    assert rgb[2, 2].max() <= 4
    assert rgb[90, 100].max() > 60


@pytest.mark.media
def test_the_fcc_matrix(media: Media) -> None:
    take = probe(media("odd/12c_fcc.mp4"), "clip")
    assert (take.picture.colour, take.picture.assumed, take.warnings) == (Colour(1, 1, 4), (), ())


@pytest.mark.media
def test_a_screen_recording_in_display_p3(media: Media) -> None:
    take = probe(media("odd/12f_p3_screenrec.mp4"), "clip")
    assert take.picture.colour == Colour(12, 13, 1)
    assert any(
        "Display P3 and sRGB transfer: converted to Rec.709" in str(warning) for warning in take.warnings
    )


@pytest.mark.media
def test_dolby_vision_profile_5(media: Media) -> None:
    with pytest.raises(SourceError, match="is Dolby Vision profile 5, .*export it as Rec.709"):
        probe(media("odd/13_dolby_vision_p5.mp4"), "clip")


@pytest.mark.media
def test_an_hlg_clip(media: Media) -> None:
    take = probe(media("odd/14b_hlg_iphone.mp4"), "clip")
    assert take.picture.colour == Colour(9, 18, 9)
    assert "is HDR (HLG): tone-mapped to Rec.709" in map(str, take.warnings)


@pytest.mark.media
def test_a_matroska_file_with_pixel_crop(media: Media) -> None:
    picture = probe(media("odd/15_mkv_pixelcrop.mkv"), "clip").picture
    assert (picture.crop, picture.shown) == ((0, 30, 0, 30), (Fraction(320), 180))


# Made here: name, FFmpeg's arguments after the test picture, and what is read of it.
TESTSRC = ("-f", "lavfi", "-i", "testsrc2=s=192x108:r=24:d=0.2")
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "8", "-pix_fmt", "yuv420p")
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-crf", "8", "-pix_fmt", "yuv420p10le")


def tags(primaries: str, transfer: str, matrix: str, spread: str = "tv") -> tuple[str, ...]:
    params = f"setparams=color_primaries={primaries}:color_trc={transfer}:colorspace={matrix}:range={spread}"
    return ("-vf", params)


ODD: dict[str, tuple[tuple[str, ...], Colour]] = {
    "smpte240m.mp4": ((*tags("smpte240m", "smpte240m", "smpte240m"), *X264), Colour(7, 7, 7)),
    "ntsc53.mp4": ((*tags("bt470m", "bt470m", "fcc"), *X264), Colour(4, 4, 4)),
    "pal28.mp4": ((*tags("bt470bg", "bt470bg", "bt470bg"), *X264), Colour(5, 5, 5)),
    "film.mkv": ((*tags("film", "bt709", "bt709"), *X264), Colour(8, 1, 1)),
    "linear.mp4": ((*tags("bt709", "linear", "bt709"), *X264), Colour(1, 8, 1)),
    "log100.mkv": ((*tags("bt709", "log100", "bt709"), *X264), Colour(1, 9, 1)),
    "log316.mkv": ((*tags("bt709", "log316", "bt709"), *X264), Colour(1, 10, 1)),
    "xvycc.mp4": ((*tags("bt709", "iec61966-2-4", "bt709"), *X264), Colour(1, 11, 1)),
    "dci.mov": ((*tags("smpte431", "smpte428", "bt709"), *X264), Colour(11, 17, 1)),
    "p3-derived.mp4": ((*tags("smpte432", "iec61966-2-1", "chroma-derived-nc"), *X264), Colour(12, 13, 12)),
    "ebu3213.mkv": ((*tags("ebu3213", "bt709", "smpte170m"), *X264), Colour(22, 1, 6)),
    "bt2020.mp4": ((*tags("bt2020", "bt2020-10", "bt2020nc"), *X265), Colour(9, 14, 9)),
    "bt2020-full.mkv": ((*tags("bt2020", "bt2020-12", "bt2020nc", "pc"), *X265), Colour(9, 15, 9, "full")),
    "pq.mp4": ((*tags("bt2020", "smpte2084", "bt2020nc"), *X265), Colour(9, 16, 9)),
    "pq-p3.mkv": ((*tags("smpte432", "smpte2084", "bt2020nc"), *X265), Colour(12, 16, 9)),
    "hlg-vp9.webm": (
        (*tags("bt2020", "arib-std-b67", "bt2020nc"), "-c:v", "libvpx-vp9", "-profile:v", "2", "-pix_fmt",
         "yuv420p10le", "-cpu-used", "8"), Colour(9, 18, 9),
    ),
    "hlg-prores.mov": (
        (*tags("bt2020", "arib-std-b67", "bt2020nc"), "-c:v", "prores_ks"), Colour(9, 18, 9),
    ),
    "hevc-odd-crop.mp4": (("-s", "178x102", *X265), Colour(1, 1, 6)),
}  # fmt: skip
REFUSED = {
    "ycgco.mp4": (*tags("bt709", "bt709", "ycgco"), *X264),
    "constant.mp4": (*tags("bt2020", "bt2020-10", "bt2020c"), *X264),
    "ictcp.mkv": (*tags("bt2020", "smpte2084", "ictcp"), *X264),
    "ydzdx.mp4": (*tags("bt709", "bt709", "smpte2085"), *X264),
    "derived-constant.mkv": (*tags("bt709", "bt709", "chroma-derived-c"), *X264),
}


def made(path: Path, arguments: tuple[str, ...]) -> Path:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *TESTSRC, *arguments, path]
    subprocess.run(command, check=True, capture_output=True)
    return path


@pytest.mark.parametrize("name", ODD)
def test_an_odd_picture_is_read_as_it_is_tagged_and_shown(name: str, tmp_path: Path) -> None:
    arguments, colour = ODD[name]
    path = made(tmp_path / name, arguments)
    picture = probe(path, "clip").picture
    assert picture.colour == colour
    rgb = shown(path)
    assert np.ptp(rgb) > 150
    with PictureReader(path, picture) as reader:
        film = Format(96, 54, Clock(Fraction(24)), 4)
        framed = Framer(picture, WHOLE, film).frame(reader.frame(2))
        assert (framed.width, framed.height, int(framed.colorspace)) == (96, 54, colour.matrix)


@pytest.mark.parametrize("name", REFUSED)
def test_an_odd_picture_that_cannot_be_read_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is tagged as .*, which cannot be read here; .*export it as"):
        probe(made(tmp_path / name, REFUSED[name]), "clip")
