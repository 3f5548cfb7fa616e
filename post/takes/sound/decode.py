"""Decodes sound: of a take from its first picture on, and of music and effect files from their start."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from numpy.typing import NDArray

from post.errors import SourceError
from post.takes.container import open_container, translate_error, undecodable
from post.takes.sound.bounds import MOST_VALUES, refuse_absurd_sound, too_long
from post.values.media import Sound
from post.values.time import round_half_up
from post.watchdog import watched, watched_steps

Samples = NDArray[np.float32]

# A decoded frame that starts further than this after the end of the last one leaves a hole. A smaller gap is the
# rounding of a container that counts milliseconds.
HOLE = Fraction(1, 50)
# One wrong time stamp must not allocate memory without bound.
LONGEST_HOLE = Fraction(600)
# By FFmpeg's names of sample formats.
KINDS = {"u8": "u1", "s16": "i2", "s32": "i4", "s64": "i8", "flt": "f4", "dbl": "f8"}
FULL_SCALE = {"int16": 2.0**15, "int32": 2.0**31, "int64": 2.0**63}


@dataclass(frozen=True, slots=True)
class DecodedSound:
    """A decoded stream: samples (n, channels) float32, full scale 1; start: time of sample 0 in seconds.

    damaged: how many packets did not decode; they are silent.
    """

    samples: Samples
    rate_hz: int
    start: Fraction
    codec: str
    damaged: int


def read_sound(path: Path, sound: Sound, rate_hz: int) -> Samples:
    """Returns the whole sound of a clip, (samples, channels) float32, full scale 1, at `rate_hz`.

    Sample 0 is heard with the first picture: zeros precede sound that starts later, and sound that starts earlier
    is cut. Encoder delay is removed if the container states it. Channels stay as they are. Raises SourceError.
    """
    with open_container(path) as container:
        track = decode_stream(container, _stream(container, sound.stream, path.name), path.name)
    return _resampled(_from_the_start(track.samples, sound.start, track.rate_hz), track.rate_hz, rate_hz)


def read_sound_file(path: Path, rate_hz: int) -> Samples:
    """Returns the sound of a file from its first sample: (samples, channels) float32, full scale 1, at `rate_hz`.

    Raises SourceError if none decodes.
    """
    with open_container(path) as container:
        track = decode_stream(container, default_sound(container, path.name), path.name)
    return _resampled(track.samples, track.rate_hz, rate_hz)


def default_sound(container: InputContainer, where: str) -> AudioStream:
    """Returns the sound stream marked default, else the first, of those in a codec that is known.

    Raises SourceError if there is none.
    """
    streams = [stream for stream in container.streams.audio if _has_decoder(stream)]
    if not streams and container.streams.audio:
        raise undecodable(where, "sound")
    if not streams:
        raise SourceError(
            "holds no sound", where=where, expected="a sound stream", got="none",
            fix="name a sound file, or leave its sound out",
        )  # fmt: skip
    marked = (stream for stream in streams if stream.disposition & av.stream.Disposition.default)
    return next(marked, streams[0])


def _has_decoder(stream: AudioStream) -> bool:
    # PyAV's stubs do not know that a stream in an unknown codec has no decoder.
    context: object = stream.codec_context
    return context is not None


def decode_stream(container: InputContainer, stream: AudioStream, where: str) -> DecodedSound:
    """Decodes a whole sound stream. Raises SourceError if none of it decodes."""
    refuse_absurd_sound(stream, where)
    frames, damaged = _frames(container, stream, where)
    if not frames:
        raise undecodable(where, "sound")
    rate, start = frames[0].sample_rate, _start(frames[0])
    parts: list[Samples] = []
    at = 0
    for frame in frames:
        samples = _samples(frame, channels=len(frames[0].layout.channels))
        hole = _hole(frame, start, at, rate)
        if (at + hole) * samples.shape[1] > MOST_VALUES:
            raise too_long(where)
        if hole:
            parts.append(np.zeros((hole, samples.shape[1]), np.float32))
        parts.append(samples)
        at += hole + len(samples)
    return DecodedSound(
        np.concatenate(parts), rate, start, stream.codec_context.codec.canonical_name, damaged
    )


def _stream(container: InputContainer, at: int, where: str) -> AudioStream:
    streams = container.streams
    found = streams[at] if at < len(streams) else None
    if isinstance(found, AudioStream) and _has_decoder(found):
        return found
    raise SourceError(
        "is not the file that was probed", where=where, expected=f"sound in stream {at}", got="none",
        fix="ingest it again",
    )  # fmt: skip


def _frames(container: InputContainer, stream: AudioStream, where: str) -> tuple[list[AudioFrame], int]:
    frames: list[AudioFrame] = []
    damaged = decoded = 0
    packets = watched_steps(container.demux(stream), where)
    while True:
        try:
            packet = next(packets, None)
        except FFmpegError as fault:
            # The file ends in the middle of a packet.
            if frames:
                return frames, damaged + 1
            raise translate_error(fault, where) from fault
        if packet is None:
            return frames, damaged
        try:
            with watched(where):
                some = packet.decode()
        except FFmpegError:
            damaged += 1
            continue
        frames.extend(some)
        decoded += sum(frame.samples * len(frame.layout.channels) for frame in some)
        if decoded > MOST_VALUES:
            raise too_long(where)


def _start(frame: AudioFrame) -> Fraction:
    if frame.pts is None or frame.time_base is None:
        return Fraction(0)
    return frame.pts * frame.time_base


def _hole(frame: AudioFrame, start: Fraction, at: int, rate_hz: int) -> int:
    """Returns how many samples are missing between sample `at` and this frame."""
    if frame.pts is None or frame.time_base is None:
        return 0
    late = frame.pts * frame.time_base - start - Fraction(at, rate_hz)
    return round_half_up(late * rate_hz) if HOLE < late < LONGEST_HOLE else 0


def _samples(frame: AudioFrame, channels: int) -> Samples:
    """Returns a frame's samples, (n, channels) float32, full scale 1."""
    data = _channels(frame)
    out = np.zeros((data.shape[1], channels), np.float32)
    kept = min(channels, data.shape[0])
    out[:, :kept] = _unit(data[:kept]).T
    return out


def _channels(frame: AudioFrame) -> NDArray[np.number]:
    """Returns a frame's samples as they were decoded, (channels, n).

    PyAV's `to_ndarray` reads one plane more than there is where there are eight or more, and crashes.
    """
    kind, count = np.dtype(KINDS[frame.format.packed.name]), len(frame.layout.channels)
    if frame.format.is_planar:
        planes = [np.frombuffer(memoryview(plane), kind, frame.samples) for plane in frame.planes[:count]]
        return np.stack(planes)
    return np.frombuffer(memoryview(frame.planes[0]), kind, frame.samples * count).reshape(-1, count).T


def _unit(data: NDArray[np.number]) -> Samples:
    """Returns samples of any of FFmpeg's types as float32, full scale 1."""
    if data.dtype == np.uint8:
        return (data.astype(np.float32) - np.float32(128)) / np.float32(128)
    return (data / FULL_SCALE.get(data.dtype.name, 1.0)).astype(np.float32)


def _from_the_start(samples: Samples, start: Fraction, rate_hz: int) -> Samples:
    """Pads or cuts the front so that sample 0 is at time 0, to the nearest sample."""
    shift = round_half_up(start * rate_hz)
    if shift < 0:
        return samples[-shift:]
    return np.concatenate([np.zeros((shift, samples.shape[1]), np.float32), samples])


def _resampled(samples: Samples, rate_hz: int, to_hz: int) -> Samples:
    if rate_hz == to_hz or not len(samples):
        return samples
    import soxr  # here, because only the mix needs it

    made: Samples = soxr.resample(samples, rate_hz, to_hz, quality="VHQ").astype(np.float32, copy=False)
    return made
