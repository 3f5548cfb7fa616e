"""Reads a caption file of any kind, known by what it holds and not by its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from post.atomic import read_bounded
from post.captions.encoding import decode_text
from post.captions.model import CaptionTrack
from post.captions.srt import read_srt
from post.captions.webvtt.track import read_webvtt
from post.errors import JobError, unknown
from post.os_faults import reading

LARGEST = 16 << 20  # bytes; three hours of captions with every word timed are a fifth of it
FORMATS = ("srt", "vtt")
SNIFFED = 4096
_TIMES = re.compile(r"^[ \t]*+[\d:.,]{4,}+[ \t]*+--?>[ \t]*+[\d:.,]{4,}", re.MULTILINE | re.ASCII)


def read_captions(
    path: Path,
    format: str = "",  # noqa: A002  the word of jobs
    rate: Fraction | None = None,
    *,
    encoding: str = "",
    lenient: bool = False,
) -> CaptionTrack:
    """Returns what a caption file says: SRT or WebVTT.

    format: one of FORMATS, "" to know it by what the file holds; rate: frames a second of the film, for files that
    count frames and do not say how many make a second; encoding: of its text, "" where the bytes show it; lenient:
    what cannot be read is left out and listed in `lost`.
    Raises Problems with each fault at "file:line", JobError where nothing of it can be read.
    """
    name = path.name
    if format and format not in FORMATS:
        raise unknown(format, FORMATS, name, "caption format")
    with reading(path):
        size = path.stat().st_size
        if size > LARGEST:
            raise JobError(
                "this caption file is too large", where=name, expected=f"{LARGEST} bytes at most", got=size
            )
        data = read_bounded(path, LARGEST)
    return read_caption_bytes(data, name, format, rate, encoding=encoding, lenient=lenient)


def read_caption_bytes(
    data: bytes,
    where: str,
    format: str = "",  # noqa: A002
    rate: Fraction | None = None,
    *,
    encoding: str = "",
    lenient: bool = False,
) -> CaptionTrack:
    """As `read_captions`, of what a file holds. where: its name, for errors."""
    text = decode_text(data, where, encoding)
    kind = format or _kind_of(text, where)
    return _READERS[kind](text, where, rate, lenient)


def _srt(text: str, where: str, _rate: Fraction | None, lenient: bool) -> CaptionTrack:
    return read_srt(text, where, lenient=lenient)


def _vtt(text: str, where: str, _rate: Fraction | None, lenient: bool) -> CaptionTrack:
    return read_webvtt(text, where, lenient=lenient)


_READERS: dict[str, Callable[[str, str, Fraction | None, bool], CaptionTrack]] = {"srt": _srt, "vtt": _vtt}


def _kind_of(text: str, where: str) -> str:
    """Returns the format of a text by its first lines."""
    head = text.lstrip()[:SNIFFED]
    if head.startswith("WEBVTT"):
        return "vtt"
    if _TIMES.search(text):
        return "srt"
    raise JobError(
        "this is no caption file that is known here",
        where=where,
        expected="SRT, WebVTT",
        got=repr(head[:40]),
    )
