"""Decodes a sound stream to runs: stretches in one rate and one layout, which may change from frame to frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

import av
import av.error
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from numpy.typing import NDArray

from post.takes.container import ffmpeg_errors, translate_error, undecodable
from post.takes.sound.bounds import MOST_VALUES, refuse_absurd_rate, too_long
from post.takes.sound.flac_frames import HEAD, FlacFrames
from post.takes.sound.layout import ReadLayout, read_layout
from post.values.time import round_half_up
from post.watchdog import watched, watched_steps

Samples = NDArray[np.float32]

# A decoded frame that starts further than this after the end of the last one leaves a hole. A smaller gap is the
# rounding of a container that counts milliseconds.
HOLE = Fraction(1, 50)
SOON = 0.019  # seconds: surely no hole, whatever is lost in rounding
# One wrong time stamp must not allocate memory without bound.
LONGEST_HOLE = Fraction(600)
# Files without time stamps: FFmpeg counts packets, all of them as long as the first. Where files of two rates were
# joined, its stamps are wrong from there on.
WITHOUT_STAMPS = ("mp3", "aac", "ac3", "eac3", "flac")
TAGS = (
    b"ID3",
    b"TAG",
    b"APETAGEX",
)  # what a tagged file that was joined to another leaves between their packets
# FFmpeg's decoder of these gives a frame the rate of the frame before it (mpegaudiodec sets the rate too late).
LATE_RATE = ("mp1", "mp2", "mp3")
GOES_ON = (av.error.PatchWelcomeError, av.error.NotImplementedError)
# From this many planes on, PyAV looks for their end beyond their list: it has no end mark.
LISTED_PLANES = 8
DEMUXED = 16  # packets that are watched together: reading one takes microseconds
# By FFmpeg's names of sample formats.
KINDS = {"u8": "u1", "s16": "i2", "s32": "i4", "s64": "i8", "flt": "f4", "dbl": "f8"}
FULL_SCALE = {"int16": 2.0**15, "int32": 2.0**31, "int64": 2.0**63}


@dataclass(slots=True)
class Run:
    """Sound in one rate and one layout. before: seconds of sound before it; parts: (channels, n), full scale 1."""

    rate_hz: int
    layout: ReadLayout
    before: Fraction
    parts: list[Samples] = field(default_factory=list)
    length: int = 0

    @property
    def after(self) -> Fraction:
        """Seconds of sound up to its end."""
        return self.before + Fraction(self.length, self.rate_hz)

    def add(self, part: Samples) -> None:
        """Adds samples, (channels, n)."""
        self.parts.append(part)
        self.length += part.shape[1]

    def silence(self, samples: int) -> None:
        """Adds silence."""
        self.add(np.zeros((len(self.layout.speakers), samples), np.float32))

    def samples(self) -> Samples:
        """Returns all of it, (samples, channels)."""
        out = np.empty((self.length, len(self.layout.speakers)), np.float32)
        at = 0
        for part in self.parts:
            out[at : at + part.shape[1]] = part.T
            at += part.shape[1]
        return out


class DecodedRuns:
    """A whole sound stream, decoded.

    runs: in order; start: time of the first sample in the file, in seconds; damaged: how many packets did not
    decode; they are silent.
    """

    def __init__(
        self,
        container: InputContainer,
        stream: AudioStream,
        where: str,
        decoder: AudioCodecContext | None = None,
    ) -> None:
        """Decodes it. decoder: in place of the stream's own.

        Raises SourceError if none of it decodes, or for more than fits into memory.
        """
        self._decoder = decoder or stream.codec_context
        if self._decoder.name == "flac":
            # A frame whose checksum is wrong is silence: FFmpeg decodes it, to noise at full scale.
            self._decoder.options = {"err_detect": "crccheck+explode"}
        self._lost = 0
        self._flac = FlacFrames() if container.format.name == "flac" else None
        self._head = b""
        self.runs: list[Run] = []
        self.start = Fraction(0)
        self.damaged = 0
        self._where = where
        # Where FFmpeg is wrong about the size of a sample, it is so about their times.
        self._stamped = container.format.name not in WITHOUT_STAMPS and decoder is None
        self._declared = stream.codec_context.layout
        self._codec = stream.codec_context.codec.canonical_name
        self._seen: tuple[int, str, str] | None = None
        self._packer: av.AudioResampler | None = None
        self._values = 0
        # As floats: fractions of every frame would cost more time than its decoding.
        self._unit_s = self._begun_s = 0.0
        for packet in self._packets(container, stream):
            self._decode(packet, stream)
        if not self.runs:
            raise undecodable(where, "sound")

    def _packets(self, container: InputContainer, stream: AudioStream) -> Iterator[Packet[AudioStream]]:
        packets = watched_steps(container.demux(stream), self._where, DEMUXED)
        try:
            yield from packets
        except FFmpegError as fault:
            # A file that ends in the middle of a packet is heard up to there. One that goes on in a way that FFmpeg
            # does not know (joined Ogg files of two rates) would be heard too short.
            if not self.runs or isinstance(fault, GOES_ON):
                raise translate_error(fault, self._where) from fault
            self.damaged += 1

    def _decode(self, packet: Packet[AudioStream], stream: AudioStream) -> None:
        try:
            with watched(self._where):
                frames = self._decoder.decode(packet)
                if self._flac:
                    self._head = bytes(packet)[:HEAD]
        except FFmpegError:
            self._lose(packet)
            return
        for frame in frames:
            if isinstance(frame, AudioFrame) and frame.samples:
                late = self._codec in LATE_RATE
                self._add(frame, stream.codec_context.sample_rate if late else frame.sample_rate)

    def _lose(self, packet: Packet[AudioStream]) -> None:
        if bytes(packet).startswith(TAGS):
            return
        self.damaged += 1
        if self._stamped:
            return
        if self.runs:
            self.runs[-1].silence(self.runs[-1].parts[-1].shape[1])
        else:
            self._lost += 1

    def _add(self, frame: AudioFrame, rate_hz: int) -> None:
        seen = (rate_hz, frame.layout.name, frame.format.name)
        if seen != self._seen:
            self._begin(frame, rate_hz)
            self._seen = seen
        run = self.runs[-1]
        hole = self._hole(frame, run)
        self._values += (hole + frame.samples) * len(run.layout.speakers)
        if self._values > MOST_VALUES:
            raise too_long(self._where)
        if hole:
            run.silence(hole)
        if self._packer is None:
            run.add(_unit(_channels(frame)))
            return
        frame.sample_rate = rate_hz
        with ffmpeg_errors(self._where):
            for packed in self._packer.resample(frame):
                run.add(_unit(_channels(packed)))

    def _begin(self, frame: AudioFrame, rate_hz: int) -> None:
        """Begins a run with this frame."""
        refuse_absurd_rate(rate_hz, self._where)
        if not self.runs:
            self.start = _time(frame) or Fraction(0)
        planes = frame.layout.nb_channels if frame.format.is_planar else 1
        self._packer = None
        self._flac = FlacFrames() if self._flac else None
        if planes >= LISTED_PLANES:
            with ffmpeg_errors(self._where):
                self._packer = av.AudioResampler(frame.format.packed, frame.layout, rate_hz)
        before = self.runs[-1].after if self.runs else Fraction(0)
        self.runs.append(Run(rate_hz, read_layout(frame.layout, self._declared, self._codec), before))
        self._unit_s, self._begun_s = float(frame.time_base or 0), float(self.start + before)
        if self._lost:
            self.runs[-1].silence(self._lost * frame.samples)
            self._lost = 0

    def _hole(self, frame: AudioFrame, run: Run) -> int:
        """Returns how many samples are missing between the end of the run and this frame."""
        if self._flac:
            missing = self._flac.missing(self._head, run.length, frame.samples, run.rate_hz)
            self._head = b""  # behind a damaged frame, a packet holds several
            self.damaged += missing > 0
            return missing
        if not self._stamped or frame.pts is None or not self._unit_s:
            return 0
        if frame.pts * self._unit_s - self._begun_s - run.length / run.rate_hz < SOON:
            return 0
        late = (_time(frame) or Fraction(0)) - self.start - run.after
        return round_half_up(late * run.rate_hz) if HOLE < late < LONGEST_HOLE else 0


def _time(frame: AudioFrame) -> Fraction | None:
    if frame.pts is None or frame.time_base is None:
        return None
    return frame.pts * frame.time_base


@cache
def _kind(name: str) -> tuple[np.dtype[np.number], bool]:
    """Returns the type of samples in one of FFmpeg's formats, and whether each channel has a plane of its own."""
    kind = av.AudioFormat(name)
    return np.dtype(KINDS[kind.packed.name]), kind.is_planar


def _channels(frame: AudioFrame) -> NDArray[np.number]:
    """Returns a frame's samples as they were decoded, (channels, n), in memory of their own or of the frame."""
    (kind, planar), count = _kind(frame.format.name), frame.layout.nb_channels
    if planar:
        channels = np.empty((count, frame.samples), kind)
        for own, plane in zip(channels, frame.planes, strict=True):
            own[:] = np.frombuffer(memoryview(plane), kind, frame.samples)
        return channels
    return np.frombuffer(memoryview(frame.planes[0]), kind, frame.samples * count).reshape(-1, count).T


def _unit(data: NDArray[np.number]) -> Samples:
    """Returns samples of any of FFmpeg's types as float32, full scale 1."""
    if data.dtype == np.float32:
        return data.astype(np.float32, copy=False)
    if data.dtype == np.uint8:
        return (data.astype(np.float32) - np.float32(128)) / np.float32(128)
    if data.dtype == np.int16:  # which float32 holds exactly: a fifth of the time
        return data.astype(np.float32) * np.float32(1 / FULL_SCALE["int16"])
    return (data / FULL_SCALE.get(data.dtype.name, 1.0)).astype(np.float32)
