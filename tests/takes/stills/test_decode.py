"""Stills of every kind: truth is the numbers that were put in, and BT.709's own formulas."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from post.errors import SourceError
from post.takes.frame_planes import plane_codes
from post.takes.stills.decode import codes_of_rgb, decode_path, decode_still, frame_of_pixels, shown_size
from post.takes.stills.pixels import Pixels
from post.values.array import Array
from post.values.colour import BT709
from post.values.ycbcr import chroma_of_rgb, luma_of
from tests.made.stills import RED, deep, display_p3, exr, interlaced, with_chromaticities, with_chunk

DRAW = np.random.default_rng(7)
NOISE = DRAW.integers(0, 256, (23, 37, 3), np.uint8)
DEEP = DRAW.integers(0, 65536, (23, 37, 3)).astype(np.uint16)


def saved(path: Path, image: Image.Image, **words: Any) -> Path:
    image.save(path, **words)
    return path


def planes(pixels: Pixels, fill: str = "#000000") -> list[Array]:
    frame = frame_of_pixels(pixels, fill)
    return [plane_codes(frame, number) for number in range(3)]


def test_codes_are_those_of_bt_709() -> None:
    """BT.709-6, item 3.4 and 3.5, in float64, against the arithmetic of float32."""
    rgb = NOISE.astype(np.float64) / 255
    luma = luma_of(rgb, BT709)
    cb, cr = chroma_of_rgb(rgb, luma, BT709)
    wanted = (luma * 876 + 64, cb * 896 + 512, cr * 896 + 512)
    for made, exact in zip(planes(Pixels(NOISE)), wanted, strict=True):
        assert np.abs(made - exact).max() < 0.501


@pytest.mark.parametrize(
    ("rgb", "codes"),
    [((0, 0, 0), (64, 512, 512)), ((1, 1, 1), (940, 512, 512)), ((1, 0, 0), (250, 409, 960))],
)
def test_black_white_and_red_have_their_codes(rgb: tuple[float, ...], codes: tuple[int, ...]) -> None:
    assert tuple(int(code) for code in codes_of_rgb(np.array(rgb, np.float32))) == codes


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_sixteen_bits_a_channel_are_kept(tmp_path: Path, suffix: str) -> None:
    pixels = decode_path(deep(tmp_path / f"deep{suffix}", DEEP))
    assert pixels.codes.dtype == np.uint16
    assert np.array_equal(pixels.codes, DEEP)


def test_a_ramp_of_16_bits_has_every_code_of_10(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 4096).astype(np.uint16)[None, :, None].repeat(2, 0).repeat(3, 2)
    luma = planes(decode_path(deep(tmp_path / "ramp.png", ramp)))[0]
    assert np.array_equal(np.unique(luma), np.arange(64, 941))


def test_alpha_of_16_bits_is_kept(tmp_path: Path) -> None:
    rgba = DRAW.integers(0, 65536, (8, 12, 4)).astype(np.uint16)
    pixels = decode_path(deep(tmp_path / "alpha.png", rgba))
    assert pixels.alpha is not None
    assert np.array_equal(pixels.alpha, rgba[..., 3])


def test_deep_pictures_of_another_profile_are_converted_with_8_bits_and_say_so(tmp_path: Path) -> None:
    path = deep(tmp_path / "p3.tif", np.full((8, 8, 3), (153 * 257, 102 * 257, 76 * 257), np.uint16))
    whole = path.read_bytes()
    assert decode_path(path).codes.dtype == np.uint16
    image = Image.open(BytesIO(whole))
    image.close()
    png = deep(tmp_path / "p3.png", np.full((8, 8, 3), (153 * 257, 102 * 257, 76 * 257), np.uint16))
    import zlib

    profile = b"p3\0\0" + zlib.compress(display_p3())
    png.write_bytes(with_chunk(png.read_bytes(), b"iCCP", profile))
    pixels = decode_path(png)
    assert pixels.codes[4, 4] / 255 == pytest.approx([0.6276, 0.3921, 0.2788], abs=2.5 / 255)
    assert any("8 bits" in note for note in pixels.notes)


def test_deep_pictures_tagged_srgb_keep_their_bits(tmp_path: Path) -> None:
    import zlib

    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = deep(tmp_path / "srgb.png", DEEP)
    path.write_bytes(with_chunk(path.read_bytes(), b"iCCP", b"s\0\0" + zlib.compress(srgb)))
    assert np.array_equal(decode_path(path).codes, DEEP)


def cmyk(path: Path) -> Path:
    return saved(path.with_suffix(".jpg"), Image.new("CMYK", (16, 16), (0, 255, 255, 0)), quality=95)


def palette(path: Path) -> Path:
    image = Image.new("P", (16, 16), 1)
    image.putpalette([0, 0, 255, 255, 0, 0])
    image.paste(0, (0, 0, 8, 16))
    return saved(path.with_suffix(".png"), image, transparency=0)


def one_bit(path: Path) -> Path:
    image = Image.new("1", (16, 16), 0)
    image.paste(1, (8, 0, 16, 16))
    return saved(path.with_suffix(".png"), image)


def grey_alpha(path: Path) -> Path:
    image = Image.new("LA", (16, 16), (200, 255))
    image.paste((0, 0), (0, 0, 8, 16))
    return saved(path.with_suffix(".png"), image)


def tiff_pages(path: Path) -> Path:
    pages = [Image.new("RGB", (16, 16), colour) for colour in (RED, (0, 0, 255))]
    return saved(path.with_suffix(".tif"), pages[0], save_all=True, append_images=pages[1:])


def one_frame_gif(path: Path) -> Path:
    return saved(path.with_suffix(".gif"), Image.new("RGB", (16, 16), RED))


def avif(path: Path) -> Path:
    return saved(path.with_suffix(".avif"), Image.new("RGB", (16, 16), RED), quality=100)


# What is seen left and right, over green.
KINDS: dict[str, tuple[Callable[[Path], Path], tuple[int, ...], tuple[int, ...]]] = {
    "CMYK JPEG": (cmyk, RED, RED),
    "a palette with transparency": (palette, (0, 255, 0), RED),
    "1 bit": (one_bit, (0, 0, 0), (255, 255, 255)),
    "grey with alpha": (grey_alpha, (0, 255, 0), (200, 200, 200)),
    "TIFF of two pages": (tiff_pages, RED, RED),
    "GIF of one frame": (one_frame_gif, RED, RED),
    "AVIF": (avif, RED, RED),
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_odd_kind_is_seen_as_it_is(tmp_path: Path, kind: str) -> None:
    make, left, right = KINDS[kind]
    luma, cb, cr = planes(decode_path(make(tmp_path / "odd")), "#00ff00")
    for column, rgb in ((2, left), (13, right)):
        wanted = [int(code) for code in codes_of_rgb(np.array(rgb, np.float32) / 255)]
        got = [int(plane[8, column]) for plane in (luma, cb, cr)]
        assert got == pytest.approx(wanted, abs=6)  # JPEG and AVIF lose some


def test_notes_say_what_was_done(tmp_path: Path) -> None:
    assert any("CMYK without a profile" in note for note in decode_path(cmyk(tmp_path / "a")).notes)
    assert decode_path(tiff_pages(tmp_path / "b")).notes == ("has 2 pages: the first is shown",)
    p3 = saved(tmp_path / "p3.png", Image.new("RGB", (8, 8)), icc_profile=display_p3())
    assert decode_path(p3).notes[0].startswith("is converted to sRGB from its profile (")
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert decode_path(saved(tmp_path / "s.png", Image.new("RGB", (8, 8)), icc_profile=srgb)).notes == ()


def test_an_interlaced_png_is_whole(tmp_path: Path) -> None:
    assert np.array_equal(decode_path(interlaced(tmp_path / "adam7.png", NOISE)).codes, NOISE)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["png", "deep"])
def test_every_orientation_is_shown_as_pillow_shows_it(tmp_path: Path, orientation: int, kind: str) -> None:
    path = tmp_path / "turned.png"
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(NOISE)
    image.save(path, exif=exif)
    with Image.open(path) as opened:
        wanted = np.asarray(ImageOps.exif_transpose(opened))
    if kind == "deep":
        deep(path, NOISE.astype(np.uint16) * 257)
        path.write_bytes(with_chunk(path.read_bytes(), b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0")))
    codes = decode_path(path).codes
    assert np.array_equal(codes if kind == "png" else codes // 257, wanted)
    with path.open("rb") as file:
        assert shown_size(file, path.name) == wanted.shape[1::-1]


def test_light_of_an_exr_is_encoded_by_srgbs_curve_and_clipped_at_white(tmp_path: Path) -> None:
    """IEC 61966-2-1: light of .2140 is a signal of .5, .0030 one of .0388; 2.0 is beyond white."""
    light = np.zeros((4, 4, 3), np.float32)
    light[0], light[1], light[2], light[3] = 0.21404114, 1.0, 2.0, 0.003
    pixels = decode_path(exr(tmp_path / "linear.exr", light))
    assert pixels.codes[:, 0, 0] / 65535 == pytest.approx([0.5, 1, 1, 0.03876], abs=1e-4)
    assert pixels.notes[0].startswith("is scene-linear")
    assert "light above 1.0 in 25.0% of its picture" in pixels.notes[1]


def test_channels_of_an_exr_are_in_their_places(tmp_path: Path) -> None:
    pixels = decode_path(exr(tmp_path / "red.exr", np.full((4, 6, 3), (1, 0, 0), np.float32)))
    assert pixels.codes[2, 2].tolist() == [65535, 0, 0]


def test_colour_of_an_exr_is_divided_by_its_alpha(tmp_path: Path) -> None:
    half = exr(tmp_path / "half.exr", np.full((4, 4, 4), (0.5, 0, 0, 0.5), np.float32))
    pixels = decode_path(half)
    assert pixels.codes[1, 1].tolist() == [65535, 0, 0]
    assert pixels.alpha is not None
    assert pixels.alpha[1, 1] == 32768


def test_an_exr_in_other_primaries_is_refused(tmp_path: Path) -> None:
    whole = exr(tmp_path / "ap1.exr", np.full((4, 4, 3), 0.5, np.float32)).read_bytes()
    acescg = (0.713, 0.293, 0.165, 0.830, 0.128, 0.044, 0.32168, 0.33767)
    (tmp_path / "ap1.exr").write_bytes(with_chromaticities(whole, acescg))
    with pytest.raises(
        SourceError, match=r"ap1\.exr: .* other primaries than BT\.709's .* export it in linear"
    ):
        decode_path(tmp_path / "ap1.exr")


@pytest.mark.parametrize("transfer", [16, 18])
def test_a_png_tagged_hdr_is_refused(tmp_path: Path, transfer: int) -> None:
    whole = saved(tmp_path / "hdr.png", Image.new("RGB", (8, 8))).read_bytes()
    (tmp_path / "hdr.png").write_bytes(with_chunk(whole, b"cICP", bytes([9, transfer, 0, 1])))
    with pytest.raises(SourceError, match="HDR"):
        decode_path(tmp_path / "hdr.png")


@pytest.mark.parametrize("kind", ["png", "tif", "exr"])
def test_a_deep_still_that_is_cut_short_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"short.{kind}"
    if kind == "exr":
        exr(path, DEEP.astype(np.float32) / 65535)
    else:
        deep(path, DEEP)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(SourceError, match=rf"short\.{kind}: cannot be read as a still; .* got .+; check"):
        decode_path(path)


def test_an_exr_past_the_bounds_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    whole = bytearray(exr(tmp_path / "large.exr", np.zeros((4, 4, 3), np.float32)).read_bytes())
    at = whole.index(b"dataWindow\0box2i\0") + 17 + 4
    whole[at : at + 16] = b"\0" * 8 + (29_999).to_bytes(4, "little") * 2
    with pytest.raises(SourceError, match="30000x30000 pixels"):
        decode_still(BytesIO(whole), "large.exr")


def test_damage_anywhere_in_an_exr_is_read_or_refused(tmp_path: Path) -> None:
    whole = exr(tmp_path / "bent.exr", DEEP.astype(np.float32) / 65535).read_bytes()
    draw = np.random.default_rng(1)
    for _ in range(120):
        bent = bytearray(whole)
        for at in draw.integers(4, 400, 3):
            bent[at] = draw.integers(0, 256)
        try:
            assert decode_still(BytesIO(bent), "bent.exr").codes.shape[2] == 3
        except SourceError:
            continue


def test_a_png_tagged_hdr_behind_a_long_text_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "hdr.png", Image.new("RGB", (8, 8)))
    tagged = with_chunk(path.read_bytes(), b"cICP", bytes([9, 16, 0, 1]))
    path.write_bytes(with_chunk(tagged, b"tEXt", b"prompt\0" + b"x" * 40_000))
    with pytest.raises(SourceError, match="HDR"):
        decode_path(path)


def test_the_size_of_a_png_is_read_without_its_picture() -> None:
    out, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(NOISE).save(out, "png", exif=exif)
    whole = bytearray(out.getvalue())
    at = whole.index(b"IDAT") + 4
    whole[at : at + 500] = bytes(500)
    assert shown_size(BytesIO(whole), "spoilt.png") == (23, 37)
    with pytest.raises(SourceError):
        decode_still(BytesIO(whole), "spoilt.png")
