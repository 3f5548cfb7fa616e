"""Writes captions as tracks of timed text (3GPP TS 26.245, as MP4 and QuickTime have it), and reads them back.

A track has a sample for every moment of the film: an empty one where nothing is said.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import zip_longest
from math import lcm
from pathlib import Path

import av
from av.container import OutputContainer
from av.subtitles.stream import SubtitleStream

from post.errors import AnswerprintError
from post.takes.text.tracks import TextSample, read_tracks, text_of_3gpp
from post.values import Rendition, round_half_up
from post.values.plan import TextRun, TextTrack

CODEC = "mov_text"
MILLISECOND = 1000
# Units a second, more than picture and sound have: FFmpeg compares their times with a text's without conversion, and
# writes an empty sample where it finds theirs past it (movenc.c, "Subtitles require special handling").
FINEST = 200_000
BOLD, ITALIC, UNDERLINE = 1, 2, 4
FONT, SIZE = 1, 16  # what FFmpeg's sample description names
WHITE = 0xFFFFFFFF
LARGEST = 0xFFFF  # bytes of text in a sample
# FFmpeg makes a track's sample description from an ASS header.
_HEADER = b"""[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def add_tracks(out: OutputContainer, rendition: Rendition) -> list[SubtitleStream]:
    """Adds a film's tracks of captions to a file that is still to be written, and returns them."""
    added = []
    for track in rendition.tracks:
        stream = out.add_stream(CODEC)
        assert isinstance(stream, SubtitleStream)
        stream.codec_context.subtitle_header = _HEADER
        stream.time_base = time_base(rendition)
        stream.metadata["language"] = track.iso639
        added.append(stream)
    return added


def write_tracks(out: OutputContainer, streams: Sequence[SubtitleStream], rendition: Rendition) -> None:
    """Writes the captions of a film into the tracks that `add_tracks` added."""
    for stream, track in zip(streams, rendition.tracks, strict=True):
        base = time_base(rendition)
        for first, stop, data in _samples(track, rendition, base):
            packet = av.Packet(data)
            packet.pts = packet.dts = first
            packet.duration, packet.time_base, packet.stream = stop - first, base, stream
            packet.is_keyframe = True
            out.mux(packet)


def time_base(rendition: Rendition) -> Fraction:
    """Returns a track's unit of time, in seconds: it holds whole frames and whole milliseconds."""
    least = lcm(rendition.format.clock.rate.numerator, MILLISECOND)
    return Fraction(1, least * -(-FINEST // least))


def check_tracks(path: Path, rendition: Rendition) -> None:
    """Compares the tracks of captions in a file with their plan. Raises AnswerprintError (a bug) where they differ."""
    base = time_base(rendition)
    planned = [
        (
            track.iso639,
            [
                TextSample(first * base, stop * base, text_of_3gpp(data))
                for first, stop, data in _samples(track, rendition, base)
            ],
        )
        for track in rendition.tracks
    ]
    got = read_tracks(path)
    if planned != got:
        flat = [
            [(language, each) for language, samples in side for each in samples] for side in (planned, got)
        ]
        wrong = next((pair for pair in zip_longest(*flat) if pair[0] != pair[1]), None)
        raise AnswerprintError(
            "the finished file's captions are not what was planned",
            where=path.name,
            expected=str(wrong and wrong[0]),
            got=str(wrong and wrong[1]),
        )


def _samples(track: TextTrack, rendition: Rendition, base: Fraction) -> Iterator[tuple[int, int, bytes]]:
    """Yields a track's samples: (start, stop, data), in units of `base`, each where the one before stops."""
    end, at = round_half_up(rendition.format.clock.seconds(rendition.format.length) / base), 0
    for cue in track.cues:
        first, stop = (min(round_half_up(edge / base), end) for edge in (cue.start, cue.stop))
        if first > at:
            yield at, first, _sample(())
        if stop > first:
            yield first, stop, _sample(cue.runs)
            at = stop
    if at < end:
        yield at, end, _sample(())


def _sample(runs: Sequence[TextRun]) -> bytes:
    """Returns a sample (5.17): its text, and a style record for each run that is not plain."""
    text = "".join(run.text for run in runs).encode()[:LARGEST].decode(errors="ignore")
    records, at = list[bytes](), 0
    for run in runs:
        face = BOLD * run.bold | ITALIC * run.italic | UNDERLINE * run.underline
        colour = int(run.colour[1:7], 16) << 8 | 0xFF if run.colour else WHITE
        if (face or run.colour) and at < len(text):
            stop = min(at + len(run.text), len(text))
            records.append(struct.pack(">HHHBBI", at, stop, FONT, face, SIZE, colour))
        at += len(run.text)
    letters = text.encode()
    box = struct.pack(">I4sH", 10 + 12 * len(records), b"styl", len(records)) + b"".join(records)
    return struct.pack(">H", len(letters)) + letters + (box if records else b"")
