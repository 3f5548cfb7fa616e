"""Stills are opened by their content, from a short list of formats, and within bounds."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from post.errors import JobError, SourceError
from post.measure.stills import read_still
from post.picture.colour.lut_file import open_lut
from post.takes.stills.still_file import FORMATS, open_still
from post.values import File

EPS = b"""%!PS-Adobe-3.0 EPSF-3.0
%%BoundingBox: 0 0 8 8
(TARGET) (w) file (owned) writestring
showpage
%%EOF
"""


def png(path: Path, width: int, height: int) -> Path:
    """Writes a PNG that declares a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )
    return path


def test_an_eps_by_the_name_of_a_png_starts_no_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: pytest.fail("a program was started"))
    path, target = tmp_path / "still.png", tmp_path / "target"
    path.write_bytes(EPS.replace(b"TARGET", str(target).encode()))
    with pytest.raises(SourceError, match="still.png: cannot be read as a still"):
        read_still(path)
    assert not target.exists()


@pytest.mark.parametrize(
    ("width", "height"),
    [(88_000_000, 1), (1, 88_000_000), (9400, 9400), (16384, 16384), (2**31 - 1, 2**31 - 1)],
)
def test_a_still_past_the_bounds_is_refused_before_it_is_decoded(
    tmp_path: Path, width: int, height: int
) -> None:
    path = png(tmp_path / "large.png", width, height)
    with pytest.raises(SourceError, match="cannot be read as a still; .* got .*(pixels|megapixels)"):
        read_still(path)


def test_every_format_on_the_list_is_read_and_8k_is_within_bounds(tmp_path: Path) -> None:
    image = Image.fromarray(np.full((8, 16, 3), 128, np.uint8))
    for kind in FORMATS:
        path = tmp_path / f"still.{kind.lower()}"
        image.save(path, kind)
        assert read_still(path).shape == (8, 16, 3)
    with open_still(png(tmp_path / "8k.png", 7680, 4320)) as opened:
        assert opened.size == (7680, 4320)


def test_a_table_too_large_to_be_one_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "sparse.cube"
    with path.open("wb") as file:
        file.truncate(3 << 30)
    with pytest.raises(JobError, match="sparse.cube: is too large for a look-up table; .* got 3072 MB"):
        open_lut(File("0" * 64, path.name, path))
