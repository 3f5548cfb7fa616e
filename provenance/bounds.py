"""How many parts a file may have before anything foreign reads it: a count is cheap, and the SDK's time is not
bounded by anything else. Source: RIFF (Microsoft MCI, 1991); PNG (ISO/IEC 15948), 5.3.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from post.errors import SourceError
from provenance.boxes import check_count

# Measured: 8 microseconds each in the SDK. A picture has dozens, an hour of AVI some thousand lists.
MAX_CHUNKS = 50_000


@dataclass(frozen=True, slots=True)
class _Chunked:
    """A kind of file made of chunks side by side: where they start, how each begins (its size is the number
    among the two), and how many bytes a chunk of a size takes besides its eight."""

    start: int
    size: struct.Struct
    behind: int
    even: bool


_RIFF = _Chunked(12, struct.Struct("<4xI"), 0, even=True)
_PNG = _Chunked(8, struct.Struct(">I4x"), 4, even=False)
_CHUNKED = {"audio/wav": _RIFF, "video/avi": _RIFF, "image/webp": _RIFF, "image/png": _PNG}
_BOXED = frozenset({"video/mp4", "video/quicktime", "audio/mp4", "image/heic", "image/avif"})


def check(source: BinaryIO, kind: str) -> None:
    """Raises SourceError where a file of a media type has more boxes or chunks than any real one."""
    if kind in _BOXED:
        check_count(source)
    elif kind in _CHUNKED:
        _check_chunks(source, _CHUNKED[kind])
    source.seek(0)


def _check_chunks(source: BinaryIO, form: _Chunked) -> None:
    at = form.start
    for _ in range(MAX_CHUNKS):
        source.seek(at)
        head = source.read(8)
        if len(head) < 8:
            return
        (size,) = form.size.unpack(head)
        at += 8 + size + form.behind + (size % 2 if form.even else 0)
    raise SourceError("too many chunks for a real file", expected=f"at most {MAX_CHUNKS}")
