"""Opens a still within bounds: its format by its content, from a short list, and its size before it is decoded."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from post.picture.still_chunks import check_chunks
from post.values.file_limits import MB, STILL_MB
from post.watchdog import watched

if TYPE_CHECKING:
    from PIL.Image import Image

# What Pillow decodes in this process. It also knows formats that start a program (EPS starts Ghostscript).
FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP")
STILLS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp")
LONGEST_SIDE = 16384
MOST_PIXELS = 36_000_000  # 8K is 33 million; as float32 R'G'B'A these are 576 MB


@contextmanager
def open_still(path: Path, formats: tuple[str, ...] = FORMATS) -> Iterator[Image]:
    """Opens a still for the block; nothing of it is decoded yet.

    Raises OSError for another format, and ValueError for a still that is larger than the bounds.
    """
    from PIL import Image

    size = path.stat().st_size
    if size > STILL_MB * MB:
        raise ValueError(f"a file of {size // MB} MB, of at most {STILL_MB}")
    check_chunks(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # these bounds are narrower
        try:
            with watched(path.name):
                image = Image.open(path, formats=formats)
        except Image.DecompressionBombError as fault:
            raise ValueError(f"larger than {MOST_PIXELS // 1_000_000} megapixels") from fault
        with image, watched(path.name, path.stat().st_size):
            width, height = image.size
            if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
                raise ValueError(
                    f"{width}x{height} pixels, of at most {LONGEST_SIDE} a side and "
                    f"{MOST_PIXELS // 1_000_000} million in all"
                )
            yield image
