"""Joins segments and sound into one film without encoding anything again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import Any, BinaryIO

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from post.deliver.captions.tracks import add_tracks, write_tracks
from post.deliver.mux.sound import add_sound, write_sound
from post.errors import RetryError
from post.picture.encode import codec_of
from post.render.encoder import RANGES
from post.values import Clock, Rendition, Segment, Span
from post.values.files.film_container import FILM_CONTAINERS
from provenance.labels import NO_LABELS, Labels, aigc, xmp

PRORES = "prores_ks"
_OF_HEADER = ("samples", "colour tags")  # what a frame tells, by the header that it is decoded with


class SegmentError(RetryError):
    """A segment is not what its plan says. number: which one, from 0."""

    number = 0


# Opens one part of a film, for as long as it is read: a long film has more parts than a process may open files.
OpenPart = Callable[[], BinaryIO]


def join_segments(
    rendition: Rendition,
    segments: Sequence[OpenPart],
    sound: OpenPart | None,
    path: Path,
    labels: Labels = NO_LABELS,
) -> None:
    """Writes a film's segments, its encoded sound, its tracks of captions and its labels to `path` (index in front).

    sound: None for a film without sound. Raises SegmentError where a segment is not what its plan says, and
    whatever opening a part raises.
    """
    _mux(rendition, segments, sound, path, labels.aigc)
    if labels.xmp:
        # At the end of the file, so that nothing in it moves (XMP part 3, 1.1.5 leaves the place open).
        with path.open("ab") as out:
            out.write(xmp.build_box(labels.xmp))


@contextmanager
def _opened(part: OpenPart, *, quickly: bool = False) -> Iterator[InputContainer]:
    """Opens a part. quickly: no frame is decoded, which takes ten times as long; what a frame tells stays unknown."""
    skipped: Any = [{"skip_frame": "all"}] if quickly else None
    with part() as file, av.open(file, "r", stream_options=skipped) as container:
        yield container


def _mux(
    rendition: Rendition, segments: Sequence[OpenPart], sound: OpenPart | None, path: Path, label: str
) -> None:
    kind = FILM_CONTAINERS[rendition.container]
    with av.open(path, "w", format=kind.muxer, options=_options(rendition, label)) as out:
        if label:
            out.metadata[aigc.KEY] = label
        if rendition.part is not None:
            out.metadata["title"] = range_title(rendition)
        with _opened(segments[0]) as first:
            # opaque: for AV1 the template names the decoder (dav1d), which is not an encoder.
            picture = out.add_stream_from_template(first.streams.video[0], opaque=True)
            if kind.boxes or rendition.segments[0].encoder.codec == PRORES:
                # The template does not copy the codec tag: HEVC would become hev1, which Apple does not play. Of
                # Matroska's codecs, ProRes alone is told by it.
                picture.codec_context.codec_tag = first.streams.video[0].codec_context.codec_tag
            header = bytes(first.streams.video[0].codec_context.extradata or b"")
        with _opened(sound) if sound else nullcontext() as heard:
            track = add_sound(out, heard.streams.audio[0], rendition) if heard else None
            # Before the picture: FFmpeg writes what comes in the order of its times.
            write_tracks(out, add_tracks(out, rendition), rendition)
            _join_picture(rendition, segments, out, picture, header)
            if heard and track:
                write_sound(out, heard, track, rendition)


def _options(rendition: Rendition, label: str) -> dict[str, str]:
    """Returns the muxer's options. label: the AIGC label, "" for none."""
    if not FILM_CONTAINERS[rendition.container].boxes:
        # Without `bitexact` the muxer writes random numbers for the file and its tracks.
        return {"cues_to_front": "1", "default_mode": "infer", "fflags": "+bitexact"}
    flags = "+faststart+write_colr"
    return {
        # Without this flag FFmpeg silently drops tags that it does not know.
        "movflags": f"{flags}+use_metadata_tags" if label else flags,
        **exact_lengths(rendition.format.clock, rendition.mix.rate_hz),
    }


def copy_with_timecode(part: OpenPart, path: Path, timecode: str, clock: Clock) -> None:
    """Writes one segment's picture to `path` as a QuickTime movie with a timecode track, nothing encoded again.

    timecode: SMPTE, of its first frame; clock: its frames a second. Raises whatever opening the part raises.
    """
    options = {"movflags": "+write_colr", **exact_lengths(clock, 1)}
    with _opened(part) as made, av.open(path, "w", format="mov", options=options) as out:
        source = made.streams.video[0]
        picture = out.add_stream_from_template(source, opaque=True)
        picture.codec_context.codec_tag = source.codec_context.codec_tag
        # The template does not copy the rate, without which FFmpeg silently writes no timecode.
        picture.codec_context.framerate = clock.rate
        out.metadata["timecode"] = timecode
        for packet in made.demux(source):
            if packet.dts is not None:
                packet.stream = picture
                out.mux(packet)


def range_title(rendition: Rendition) -> str:
    """Returns what a part of a film is called, in its file too: nobody may take it for the film."""
    shown = rendition.shown
    return f"RANGE, NOT THE FILM: frames {shown.first} to {shown.stop - 1} of {rendition.format.length}"


def exact_lengths(clock: Clock, rate_hz: int) -> dict[str, str]:
    """Returns the muxer's options for a movie time scale that holds whole frames and whole samples.

    Edit lists are written in it, and FFmpeg's usual milliseconds would cut up to 47 samples off the end.
    """
    return {"movie_timescale": str(lcm(clock.rate.numerator, rate_hz))}


def _join_picture(
    rendition: Rendition,
    parts: Sequence[OpenPart],
    out: av.container.OutputContainer,
    stream: VideoStream,
    header: bytes,
) -> None:
    rows = zip(rendition.segments, rendition.places, parts, strict=True)
    for number, (segment, place, part) in enumerate(rows):
        # A header says what the samples and their colour are, and must be that of the first part, which is decoded.
        quickly = number > 0 and bool(header)
        with _opened(part, quickly=quickly) as made:
            source = made.streams.video[0]
            planned = {**_planned(segment), "header": header}
            got = {**_found(source), "header": bytes(source.codec_context.extradata or b"")}
            if quickly:
                got |= {name: planned[name] for name in _OF_HEADER}
            _refuse_other(number, place, planned, got)
            shift = _ticks(place.first - rendition.shown.first, rendition.format.clock.rate, source.time_base)
            times = []
            for packet in made.demux(source):
                if packet.dts is None:
                    continue
                assert packet.pts is not None
                times.append(packet.pts)
                packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                packet.stream = stream
                out.mux(packet)
            spaced = [_ticks(frame, segment.format.clock.rate, source.time_base) for frame in segment.span]
            _refuse_other(number, place, {"times of frames": spaced}, {"times of frames": sorted(times)})


def _planned(segment: Segment) -> dict[str, object]:
    """What a segment's stream must be, in the terms of `_found`."""
    film, colour = segment.format, segment.format.colour
    return {
        "codec": codec_of(segment.encoder.codec),
        "size": (film.width, film.height),
        "rate": film.clock.rate,
        "samples": film.pixel_format,
        "colour tags": (colour.primaries, colour.transfer, colour.matrix, RANGES[colour.range]),
    }


def _found(stream: VideoStream) -> dict[str, object]:
    context = stream.codec_context
    return {
        "codec": context.codec.canonical_name,
        "size": (context.width, context.height),
        "rate": stream.average_rate,
        "samples": context.pix_fmt,
        "colour tags": (
            context.color_primaries, context.color_trc, context.colorspace, context.color_range,
        ),
    }  # fmt: skip


def _refuse_other(number: int, place: Span, planned: dict[str, object], got: dict[str, object]) -> None:
    wrong = next((name for name in planned if planned[name] != got[name]), "")
    if not wrong:
        return
    fault = SegmentError(
        "a stored segment is not what its key says",
        where=f"frames {place.first} to {place.stop - 1}: {wrong}",
        expected=str(planned[wrong])[:200],
        got=str(got[wrong])[:200],
        fix="run again: it is made anew",
    )
    fault.number = number
    raise fault


def _ticks(frames: int, rate: Fraction, time_base: Fraction | None) -> int:
    assert time_base is not None
    ticks = frames / rate / time_base
    if ticks.denominator != 1:
        raise RuntimeError(f"a segment's time base {time_base} does not hold whole frames at {rate}")
    return int(ticks)
