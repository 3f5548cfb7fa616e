"""Encodes sound and decodes it again, as a listener will."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Self, cast

import av
import numpy as np
from av.audio.stream import AudioStream

from post.sound.dynamics.master import Master
from post.values import Mix
from post.values.array import Array
from post.values.files.film_container import LAYOUT_NAMES, SOUND_CODECS
from post.values.time import Span

PLANAR = "fltp"
FLOATS = (PLANAR, "flt")
FRAMES = 64  # that are decoded together


def encode_sound(blocks: Iterable[Array], plan: Mix, file: BinaryIO) -> None:
    """Encodes blocks of (samples, channels) float32, full scale 1, as the only track of a mov or mp4. The sizes of the
    blocks change nothing."""
    codec, scale = SOUND_CODECS[plan.codec], {"movie_timescale": str(plan.rate_hz)}
    with av.open(file, "w", format=codec.track, options=scale) as container:
        added = container.add_stream(codec.encoder, rate=plan.rate_hz, layout=LAYOUT_NAMES[plan.channels])
        stream = cast(
            AudioStream, added
        )  # the types of av do not know, from the codec's name alone, that it is sound
        # PyAV takes the first format that an encoder names: 16 bits of FLAC and of Opus.
        stream.codec_context.format = av.AudioFormat(codec.samples)
        if plan.bitrate:
            stream.bit_rate = plan.bitrate
        first = 0
        for packet in _packets(blocks, codec.packet):
            container.mux(stream.encode(_frame(packet, first, plan)))
            first += len(packet)
        container.mux(stream.encode(None))


def decode_sound(source: Path | BinaryIO, length: int | None = None) -> Array:
    """Returns the first `length` samples that a track shows, or all, (samples, channels) float32."""
    return np.concatenate(list(decode_blocks(source, length)))


def decode_blocks(source: Path | BinaryIO, length: int | None = None) -> Iterator[Array]:
    """Yields what `decode_sound` returns, in blocks."""
    left = math.inf if length is None else length
    with av.open(source, "r") as container:
        stream = container.streams.audio[0]
        stream.codec_context.thread_count = 1
        yield np.zeros((0, stream.codec_context.layout.nb_channels), np.float32)
        for frames in _grouped(container.decode(stream)):
            # Each channel in a row, as decoders and meters have them.
            samples = sum(frame.samples for frame in frames)
            block = np.empty((frames[0].layout.nb_channels, samples), np.float32).T
            at = 0
            for frame in frames:
                _write_floats(frame, block[at : at + frame.samples])
                at += frame.samples
            if len(block) >= left:
                yield block[: int(left)]
                return
            left -= len(block)
            yield block


def _grouped(frames: Iterator[av.AudioFrame]) -> Iterator[list[av.AudioFrame]]:
    """Yields frames in lists of FRAMES."""
    while group := list(islice(frames, FRAMES)):
        yield group


def _packets(blocks: Iterable[Array], size: int) -> Iterator[Array]:
    """Yields sound in pieces of `size` samples, the last one maybe shorter."""
    rest: list[Array] = []
    for block in blocks:
        joined = np.concatenate([*rest, block]) if rest else block
        whole = len(joined) // size * size
        yield from (joined[first : first + size] for first in range(0, whole, size))
        rest = [joined[whole:]] if whole < len(joined) else []
    yield from rest


def peak_margin_db(plan: Mix) -> float:
    """Returns how far below the ceiling the first encode stays. AAC at 192 kb/s and more adds less to most mixes."""
    return 0.1 if SOUND_CODECS[plan.codec].lossy else 0.0


class CodecTrip:
    """Encodes a master and decodes it again, as a listener will. It keeps the last track that it encoded: that is
    mostly the one to deliver, and encoding 10 s of AAC takes 0.3 CPU seconds or more.

    Tracks are files without a name in `folder`: an hour of 24 bits has a gigabyte.
    """

    def __init__(self, plan: Mix, folder: Path) -> None:
        self._plan, self._folder = plan, folder
        self._master: Master | None = None
        self._track: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Removes its last track."""
        if self._track:
            self._track.close()

    def __call__(self, master: Master) -> Iterator[Array]:
        if self._track:
            self._track.close()
        self._master, self._track = master, cast(BinaryIO, TemporaryFile(dir=self._folder))  # noqa: SIM115  __exit__
        encode_sound(master.blocks(), self._plan, self._track)
        self._track.seek(0)
        return decode_blocks(self._track, len(master))

    def write(self, master: Master, part: Span, file: BinaryIO) -> None:
        """Writes the encoded track of a part of a master, which may be all of it."""
        if master is self._master and self._track and part == Span(0, len(master)):
            self._track.seek(0)
            shutil.copyfileobj(self._track, file)
            return
        with TemporaryFile(dir=self._folder) as track:
            encode_sound(master.blocks(part.first, part.stop), self._plan, cast(BinaryIO, track))
            track.seek(0)
            shutil.copyfileobj(track, file)


def _frame(pcm: Array, first: int, plan: Mix) -> av.AudioFrame:
    kind = SOUND_CODECS[plan.codec].samples
    channels = pcm.T if kind in FLOATS else np.clip(pcm, -1, 1).T
    if kind in FLOATS:
        samples = np.ascontiguousarray(channels if kind == PLANAR else pcm.reshape(1, -1), np.float32)
    else:
        # Interleaved integers. FFmpeg holds 24 bits in the upper part of 32, so they are rounded at bit 8.
        steps, shift = (2**23, 8) if kind == "s32" else (2**15, 0)
        whole = np.clip(np.rint(channels * steps), -steps, steps - 1).astype(np.int32) << shift
        samples = np.ascontiguousarray(whole.T.reshape(1, -1), np.int32 if kind == "s32" else np.int16)
    frame = av.AudioFrame.from_ndarray(samples, format=kind, layout=LAYOUT_NAMES[plan.channels])
    frame.sample_rate, frame.pts, frame.time_base = plan.rate_hz, first, Fraction(1, plan.rate_hz)
    return frame


def _write_floats(frame: av.AudioFrame, block: Array) -> None:
    """Writes a decoded frame to a block, (samples, channels) float32, full scale 1."""
    if frame.format.name == PLANAR:  # AAC and Opus: `to_ndarray` takes as long as their decoding
        for channel, plane in enumerate(frame.planes):
            block[:, channel] = np.frombuffer(memoryview(plane), np.float32, frame.samples)
        return
    samples = frame.to_ndarray()
    if samples.dtype.kind == "i":
        samples = samples.astype(np.float32) / np.float32(2 ** (8 * samples.itemsize - 1))
    block[:] = samples.T if frame.format.is_planar else samples.reshape(block.shape)
