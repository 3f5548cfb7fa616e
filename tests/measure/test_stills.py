"""Stills as colour, whatever they are held in: truth is the numbers that were put in."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from post.errors import SourceError
from post.measure.film.style import still_frame
from post.measure.match import frames_of, open_any
from post.measure.stills import read_still
from post.takes.stills.still_file import STILLS
from post.values.array import Array
from tests.made.stills import display_p3

RED_CORNER = np.zeros((4, 8, 3), np.uint8)
RED_CORNER[:2, :2] = (255, 0, 0)
RAMP = np.linspace(0, 65535, 64).astype(np.uint16)[None].repeat(16, 0)


def by_matcher(path: Path) -> Array:
    return frames_of(open_any(path))[0]


def by_style(path: Path) -> Array:
    frame = still_frame(path)
    return frame.luma.astype(np.float32)[..., None].repeat(3, 2) / 255


EACH = pytest.mark.parametrize("read", [read_still, by_matcher, by_style])


@EACH
@pytest.mark.parametrize("suffix", STILLS)
def test_a_still_of_every_kind_is_read_at_its_values(
    tmp_path: Path, suffix: str, read: Callable[[Path], Array]
) -> None:
    path = tmp_path / f"grey{suffix}"
    Image.new("RGB", (40, 30), (119, 119, 119)).save(path)
    assert read(path) == pytest.approx(np.full((30, 40, 3), 119 / 255), abs=1.6 / 255)


@EACH
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_a_still_is_turned_upright(tmp_path: Path, suffix: str, read: Callable[[Path], Array]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # EXIF 2.3, Orientation: the first row is the right-hand side
    path = tmp_path / f"turned{suffix}"
    Image.fromarray(RED_CORNER.repeat(8, 0).repeat(8, 1)).save(path, exif=exif)
    rgb = read(path)
    assert rgb.shape == (64, 32, 3)
    assert rgb[4, -4].max() > 0.2
    assert rgb[4, 4].max() < 0.05


@EACH
@pytest.mark.parametrize(("suffix", "order"), [(".png", "<"), (".tif", "<"), (".tif", ">")])
def test_grey_of_16_bits_keeps_its_range(
    tmp_path: Path, suffix: str, order: str, read: Callable[[Path], Array]
) -> None:
    path = tmp_path / f"ramp{suffix}"
    codes = RAMP.astype(f"{order}u2")
    mode = "I;16B" if order == ">" else "I;16"
    Image.frombytes(mode, (64, 16), codes.tobytes()).save(path)
    assert read(path)[..., 0] == pytest.approx(RAMP / 65535, abs=0.6 / 255)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_display_p3_is_brought_to_srgb(tmp_path: Path, suffix: str) -> None:
    """CSS Color 4's matrices: display-p3 (.6, .4, .3) is srgb (.6276, .3921, .2788)."""
    path = tmp_path / f"p3{suffix}"
    Image.new("RGB", (16, 16), (153, 102, 76)).save(path, icc_profile=display_p3())
    assert read_still(path)[8, 8] == pytest.approx([0.6276, 0.3921, 0.2788], abs=2.5 / 255)


def test_srgb_by_its_profile_is_srgb(tmp_path: Path) -> None:
    codes = np.random.default_rng(0).integers(0, 256, (20, 20, 3), np.uint8)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.fromarray(codes).save(tmp_path / "srgb.png", icc_profile=profile)
    assert np.abs(read_still(tmp_path / "srgb.png") * 255 - codes).max() <= 1


def test_grey_with_an_rgb_profile_is_read(tmp_path: Path) -> None:
    Image.new("L", (8, 8), 100).save(tmp_path / "grey.png", icc_profile=display_p3())
    assert read_still(tmp_path / "grey.png") * 255 == pytest.approx(np.full((8, 8, 3), 100), abs=1)


def chunk(name: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")


def png(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and holds nothing."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def saved(image: Image.Image, kind: str, **words: object) -> bytes:
    kept = BytesIO()
    image.save(kept, kind, **words)
    return kept.getvalue()


def damaged() -> bytes:
    """A PNG whose picture is in several chunks, the last of them with a name that is none."""
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (256, 256, 3), np.uint8))
    whole = saved(noise, "PNG")
    assert whole.count(b"IDAT") > 1
    return b"\x00\xff\x00\xff".join(whole.rsplit(b"IDAT", 1))


UNREADABLE: dict[str, Callable[[], bytes]] = {
    "a damaged chunk": damaged,
    "nothing": lambda: b"",
    "cut short": lambda: saved(Image.new("RGB", (64, 64), (9, 90, 200)), "PNG")[:60],
    "90 million pixels": lambda: png(10_000, 9_000),
    "200 million pixels": lambda: png(20_000, 10_000),
    "a profile that is none": lambda: saved(Image.new("RGB", (8, 8)), "PNG", icc_profile=b"hello"),
    "samples of floats": lambda: saved(Image.new("F", (8, 8), 0.5), "TIFF"),
}


@EACH
@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_refused_by_name(
    tmp_path: Path, what: str, read: Callable[[Path], Array]
) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(UNREADABLE[what]())
    with pytest.raises(
        SourceError, match=r"broken\.png: cannot be read as a still; expected a picture .*, got .+; check"
    ):
        read(path)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_whatever_is_damaged_it_is_read_or_refused(tmp_path: Path, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = saved(Image.new("RGB", (24, 16), (200, 90, 30)), kind, exif=exif, icc_profile=display_p3())
    draw, path = np.random.default_rng(0), tmp_path / "damaged.png"
    for _ in range(150):
        bent = bytearray(whole)
        for at in draw.integers(0, len(bent), 3):
            bent[at] = draw.integers(0, 256)
        path.write_bytes(bent)
        try:
            assert read_still(path).shape[2] == 3
        except SourceError:
            continue
