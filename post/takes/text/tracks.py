"""Reads tracks of timed text: 3GPP timed text (MP4, QuickTime), and the text, WebVTT and ASS of Matroska."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.subtitles.stream import SubtitleStream

from post.takes.container import open_container

# Overrides and breaks within the text of an ASS event, and the fields before its text in Matroska.
_ASS_TAGS, _ASS_FIELDS = re.compile(r"\{[^}]*+\}"), 8
_TAGS = re.compile(r"<[^>]*+>")


@dataclass(frozen=True, slots=True)
class TextSample:
    """What a track shows at once. start, stop: seconds."""

    start: Fraction
    stop: Fraction
    text: str


def read_tracks(path: Path) -> list[tuple[str, list[TextSample]]]:
    """Returns the tracks of timed text in a file: the language of each, "" where it is not said, and its samples.

    Tracks in another form, as pictures, have no samples. Raises SourceError where the file cannot be read.
    """
    with open_container(path) as container:
        tracks = list(container.streams.subtitles)
        found = {stream.index: list[TextSample]() for stream in tracks}
        readers = {stream.index: _READERS.get(_codec(stream)) for stream in tracks}
        for packet in container.demux(*tracks) if found else ():
            reader, base = readers[packet.stream.index], packet.time_base
            if reader and packet.pts is not None and packet.duration is not None and packet.size:
                start, stop = packet.pts * base, (packet.pts + packet.duration) * base
                found[packet.stream.index].append(TextSample(start, stop, reader(bytes(packet))))
        return [(stream.language or "", found[stream.index]) for stream in tracks]


def unread_tracks(path: Path) -> list[tuple[int, str]]:
    """Returns the tracks of captions that `read_tracks` has no samples of, as they are in another form: the number of
    each, counted from 1 among all of them, and its codec. Raises SourceError where the file cannot be read."""
    with open_container(path) as container:
        codecs = [_codec(stream) for stream in container.streams.subtitles]
    return [(at, codec or "an unknown form") for at, codec in enumerate(codecs, 1) if codec not in _READERS]


def _codec(stream: SubtitleStream) -> str:
    # PyAV's stubs do not know that a stream in an unknown codec has no decoder.
    context: object = stream.codec_context
    return "" if context is None else stream.codec_context.name


def text_of_3gpp(sample: bytes) -> str:
    """Returns the text of a sample (3GPP TS 26.245, 5.17)."""
    length = int.from_bytes(sample[:2], "big")
    return sample[2 : 2 + length].decode(errors="replace")


def _text_of_lines(sample: bytes) -> str:
    return _TAGS.sub("", sample.decode(errors="replace")).replace("\r\n", "\n").strip("\n")


def _text_of_ass(sample: bytes) -> str:
    text = sample.decode(errors="replace").split(",", _ASS_FIELDS)[-1]
    return _ASS_TAGS.sub("", text).replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")


_READERS: dict[str, Callable[[bytes], str]] = {
    "mov_text": text_of_3gpp,
    "text": _text_of_lines,
    "subrip": _text_of_lines,
    "srt": _text_of_lines,
    "webvtt": _text_of_lines,
    "ass": _text_of_ass,
    "ssa": _text_of_ass,
}
