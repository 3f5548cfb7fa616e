"""What the page plays: the film itself up to a size, else a small copy with every frame and the sound."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import pytest

from post.atomic import checksum
from post.deliver.copies.small_copy import make_small_copy
from post.errors import SourceError
from post.evidence.film_bytes import embed_film
from provenance.report import ExaminedFile
from tests.made.odd_clips import make_clip

VIDEO = "video/mp4"


def here(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


def examined(path: Path) -> ExaminedFile:
    found = checksum(path)
    return ExaminedFile(str(path), found.sha256, path.stat().st_size)


def shown(data: bytes) -> tuple[int, tuple[int, int], float, int]:
    """The frames, size, length in seconds and channels of a file."""
    with av.open(BytesIO(data)) as film:
        picture = film.streams.video[0]
        frames = sum(1 for _ in film.decode(picture))
        channels = film.streams.audio[0].codec_context.channels if film.streams.audio else 0
        size = (picture.codec_context.width, picture.codec_context.height)
        return frames, size, (film.duration or 0) / 1e6, channels
