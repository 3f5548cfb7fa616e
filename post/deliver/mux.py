"""Joins segments and sound into one film without encoding anything again."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from pathlib import Path

import av
from av.video.stream import VideoStream

from post.values import Clock, Rendition
from provenance.labels import NO_LABELS, Labels, aigc, xmp


def join_segments(
    rendition: Rendition, segments: Sequence[Path], sound: Path | None, path: Path, labels: Labels = NO_LABELS
) -> None:
    """Writes a film's segments and its encoded sound to `path` (an mp4 or mov, index in front), with its labels.

    sound: None for a film without sound. Raises RuntimeError where segments were not made alike: that is a
    bug, not a user's fault.
    """
    _mux(rendition, segments, sound, path, labels.aigc)
    if labels.xmp:
        # Behind everything else: nothing in the file moves (XMP part 3, 1.1.5 leaves the place open).
        with path.open("ab") as out:
            out.write(xmp.build_box(labels.xmp))


def _mux(rendition: Rendition, segments: Sequence[Path], sound: Path | None, path: Path, label: str) -> None:
    container = rendition.segments[0].encoder.container
    flags = "+faststart+write_colr"
    options = {
        # Without the flag FFmpeg drops a tag it does not know, silently.
        "movflags": f"{flags}+use_metadata_tags" if label else flags,
        **exact_lengths(rendition.format.clock, rendition.mix.rate_hz),
    }
    with av.open(path, "w", format=container, options=options) as out:
        if label:
            out.metadata[aigc.KEY] = label
        with av.open(segments[0]) as first:
            # opaque: AV1's template is its decoder, which is no encoder's name.
            picture = out.add_stream_from_template(first.streams.video[0], opaque=True)
            # The template leaves the tag behind, and HEVC would become hev1, which Apple does not play.
            picture.codec_context.codec_tag = first.streams.video[0].codec_context.codec_tag
            header = bytes(first.streams.video[0].codec_context.extradata or b"")
        if sound is None:
            _join_picture(rendition, segments, out, picture, header)
            return
        with av.open(sound) as heard:
            track = out.add_stream_from_template(heard.streams.audio[0])
            _join_picture(rendition, segments, out, picture, header)
            for packet in heard.demux(heard.streams.audio[0]):
                if packet.dts is not None:
                    packet.stream = track
                    out.mux(packet)


def exact_lengths(clock: Clock, rate_hz: int) -> dict[str, str]:
    """Returns the muxer's options for a movie time scale that holds whole frames and whole samples.

    Edit lists are written in it, and FFmpeg's usual milliseconds would cut up to 47 samples off the end.
    """
    return {"movie_timescale": str(lcm(clock.rate.numerator, rate_hz))}


def _join_picture(
    rendition: Rendition,
    paths: Sequence[Path],
    out: av.container.OutputContainer,
    stream: VideoStream,
    header: bytes,
) -> None:
    for segment, path in zip(rendition.segments, paths, strict=True):
        with av.open(path) as made:
            source = made.streams.video[0]
            if bytes(source.codec_context.extradata or b"") != header:
                raise RuntimeError(f"segment at frame {segment.span.first} has another codec header")
            shift = _ticks(segment.span.first, rendition.format.clock.rate, source.time_base)
            for packet in made.demux(source):
                if packet.dts is None:
                    continue
                assert packet.pts is not None
                packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                packet.stream = stream
                out.mux(packet)


def _ticks(frames: int, rate: Fraction, time_base: Fraction | None) -> int:
    assert time_base is not None
    ticks = frames / rate / time_base
    if ticks.denominator != 1:
        raise RuntimeError(f"a segment's time base {time_base} does not hold whole frames at {rate}")
    return int(ticks)
