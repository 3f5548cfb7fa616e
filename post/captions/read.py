"""Reads a caption file of any kind, known by what it holds and not by its name.

The readers of ASS and of timed text load large libraries. They are imported where a file is read: every command
imports this module, and few jobs have captions.
"""

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

LARGEST = 8 << 20  # bytes; three hours of captions with every word timed are a quarter of it
FORMATS = ("srt", "vtt", "ass", "ttml", "imsc", "scc", "stl")
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
    """Returns what a caption file says: SRT, WebVTT, ASS, TTML with IMSC 1.1 text, SCC or EBU STL.

    format: one of FORMATS, "" to know it by what the file holds; rate: frames a second of the film, for files that
    count frames and do not say how many make a second; encoding: of its text, "" where the bytes show it; lenient:
    what cannot be read is left out and listed in `lost`.
    Raises Problems with each fault at "file:line", JobError where nothing of it can be read.
    """
    name = path.name
    if format and format not in FORMATS:
        raise unknown(format, FORMATS, name, "caption format")
    with reading(path):
        if path.stat().st_size > LARGEST:
            raise _too_large(name, path.stat().st_size)
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
    from post.captions.timed_text.stl import is_stl, read_stl
    from post.captions.timed_text.ttml import read_ttml

    if len(data) > LARGEST:
        raise _too_large(where, len(data))
    if format == "stl" or (not format and is_stl(data)):
        return read_stl(data, where, lenient=lenient)
    if format in ("ttml", "imsc") or (not format and _is_xml(data)):
        text = decode_text(data, where, encoding) if encoding else data
        return read_ttml(text, where, rate, lenient=lenient)
    text = decode_text(data, where, encoding)
    return _READERS[format or _kind_of(text, where)](text, where, lenient)


def _too_large(where: str, size: int) -> JobError:
    return JobError(
        "this caption file is too large", where=where, expected=f"{LARGEST} bytes at most", got=size
    )


def _is_xml(data: bytes) -> bool:
    """Says whether a file begins as XML does, in whatever encoding it declares."""
    head = data[:SNIFFED].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith((b"<?xml", b"<tt", b"<!"))


def _srt(text: str, where: str, lenient: bool) -> CaptionTrack:
    return read_srt(text, where, lenient=lenient)


def _vtt(text: str, where: str, lenient: bool) -> CaptionTrack:
    return read_webvtt(text, where, lenient=lenient)


def _ass(text: str, where: str, lenient: bool) -> CaptionTrack:
    from post.captions.ass import read_ass

    return read_ass(text, where, lenient=lenient)


def _scc(text: str, where: str, lenient: bool) -> CaptionTrack:
    from post.captions.timed_text.scc import read_scc

    return read_scc(text, where, lenient=lenient)


_READERS: dict[str, Callable[[str, str, bool], CaptionTrack]] = {
    "srt": _srt,
    "vtt": _vtt,
    "ass": _ass,
    "scc": _scc,
}


def _kind_of(text: str, where: str) -> str:
    """Returns the format of a text by its first lines."""
    head = text.lstrip()[:SNIFFED]
    if not head:
        raise JobError("this caption file is empty", where=where, fix="write its captions, or leave it out")
    if head.startswith("WEBVTT"):
        return "vtt"
    if head.startswith("Scenarist_SCC"):
        return "scc"
    if (
        head.lower().startswith(("[script info]", "[v4", "[events]", ";", "!:"))
        and "[events]" in text.lower()
    ):
        return "ass"
    if _TIMES.search(text):
        return "srt"
    raise JobError(
        "this is no caption file that is known here",
        where=where,
        expected="SRT, WebVTT, ASS, TTML, SCC or EBU STL",
        got=repr(head[:40]),
    )
