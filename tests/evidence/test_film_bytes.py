"""What the page plays: the film itself up to a size, else a small copy with every frame and the sound."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import av

from post.atomic import checksum
from provenance.report import ExaminedFile

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
