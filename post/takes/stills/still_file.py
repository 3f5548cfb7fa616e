"""Opens a still within bounds: its format by its content, from a short list, and its size before it is decoded."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from post.takes.stills.still_chunks import check_chunks
from post.values.files.file_limits import MB, STILL_MB
from post.watchdog import watched

if TYPE_CHECKING:
    from PIL.Image import Image

# What Pillow decodes in this process. It also knows formats that start a program (EPS starts Ghostscript).
FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "AVIF", "GIF")
STILLS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".avif")
LONGEST_SIDE = 16384
MOST_PIXELS = 36_000_000  # 8K is 33 million; as float32 R'G'B'A these are 576 MB


@contextmanager
def open_still(path: Path, formats: tuple[str, ...] = FORMATS) -> Iterator[Image]:
    """Opens a still for the block; nothing of it is decoded yet. The block is watched as one.

    Raises OSError for another format, and ValueError for a still that is larger than the bounds.
    """
    with (
        path.open("rb") as file,
        open_frames(file, path.name, formats) as image,
        watched(path.name, size_of(file)),
    ):
        yield image


@contextmanager
def open_frames(file: BinaryIO, name: str, formats: tuple[str, ...] = FORMATS) -> Iterator[Image]:
    """Opens a still or an animation as `open_still` does, of an open file. What the block decodes is not watched.

    name: the file's, for errors.
    """
    from PIL import Image, UnidentifiedImageError

    size = size_of(file)
    check_bytes(size)
    check_chunks(file, size)
    file.seek(0)
    try:
        with watched(name), warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # these bounds are narrower
            image = Image.open(file, formats=formats)
    except Image.DecompressionBombError as fault:
        raise ValueError(f"larger than {MOST_PIXELS // 1_000_000} megapixels") from fault
    except UnidentifiedImageError as fault:  # its own words name an object of Python's
        raise OSError("no picture in a format that is read, or a damaged one") from fault
    with image:
        check_size(*image.size)
        yield image


def check_bytes(size: int) -> None:
    """Raises ValueError for a file that is larger than any still."""
    if size > STILL_MB * MB:
        raise ValueError(f"a file of {size // MB} MB, of at most {STILL_MB}")


def check_size(width: int, height: int) -> None:
    """Raises ValueError for a still that is larger than the bounds."""
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise ValueError(
            f"{width}x{height} pixels, of at most {LONGEST_SIDE} a side and "
            f"{MOST_PIXELS // 1_000_000} million in all"
        )


def size_of(file: BinaryIO) -> int:
    """Returns how many bytes an open file holds, and leaves it where it stands."""
    here = file.tell()
    size = file.seek(0, os.SEEK_END)
    file.seek(here)
    return size
