"""What has too many parts for a real file is refused before anything foreign reads it."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import pytest

from post.errors import SourceError
from provenance.bounds import MAX_CHUNKS, check
from tests.provenance.test_boxes import box


def riff(count: int) -> bytes:
    chunk = b"junk" + struct.pack("<I", 3) + b"odd\0"
    return b"RIFF" + struct.pack("<I", 4 + count * len(chunk)) + b"WAVE" + chunk * count


def png(count: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + (struct.pack(">I4s", 3, b"tEXt") + b"abc" + bytes(4)) * count


def film(count: int) -> bytes:
    return box("ftyp", b"isom") + box("free") * count


@pytest.mark.parametrize(
    ("kind", "made", "most"),
    [
        ("audio/wav", riff, MAX_CHUNKS - 1),
        ("video/avi", riff, MAX_CHUNKS - 1),
        ("image/png", png, MAX_CHUNKS - 1),
        ("video/mp4", film, 11_999),
        ("image/heic", film, 11_999),
    ],
)
def test_as_many_parts_as_a_real_file_has_and_no_more(
    kind: str, made: Callable[[int], bytes], most: int
) -> None:
    source = io.BytesIO(made(most))
    check(source, kind)
    assert source.tell() == 0
    with pytest.raises(SourceError, match="too many"):
        check(io.BytesIO(made(most + 1)), kind)


def test_a_kind_that_is_read_at_once_is_not_counted() -> None:
    check(io.BytesIO(b"\xff\xd8\xff" * 100), "image/jpeg")
    check(io.BytesIO(b""), "")
