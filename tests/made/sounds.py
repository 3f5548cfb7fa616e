"""Sound files as they are found: odd layouts, several tracks, joined files. Each channel is a tone of its own."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from post.values.array import Array

LOWEST_HZ, STEP_HZ = 300, 100
LEVEL = 0.1
BLOCK = 960


@dataclass(frozen=True, slots=True)
class TrackRecipe:
    """A sound track: its channels are tones of `first_hz`, 100 Hz more, ..., each of peak LEVEL."""

    codec: str = "pcm_s16le"
    layout: str = "stereo"
    rate_hz: int = 48000
    seconds: float = 1.0
    first_hz: int = LOWEST_HZ
    language: str = ""
    silent: bool = False
    start_s: Fraction = Fraction(0)
    options: tuple[tuple[str, str], ...] = ()

    def samples(self) -> Array:
        """Returns its sound, (samples, channels) float32."""
        channels = av.AudioLayout(self.layout).nb_channels
        at = np.arange(round(self.seconds * self.rate_hz)) / self.rate_hz
        tones = self.first_hz + STEP_HZ * np.arange(channels)
        level = 0.0 if self.silent else LEVEL
        return (level * np.sin(2 * np.pi * at[:, None] * tones)).astype(np.float32)


def make_sound(path: Path, *tracks: TrackRecipe) -> Path:
    """Writes a file of these tracks and returns `path`. The ending of its name chooses its container."""
    with av.open(str(path), "w") as container:
        streams = []
        for track in tracks:
            stream = container.add_stream(track.codec, rate=track.rate_hz, options=dict(track.options))
            assert isinstance(stream, av.AudioStream)
            stream.layout = track.layout
            if track.language:
                stream.metadata["language"] = track.language
            streams.append(stream)
        for stream, track in zip(streams, tracks, strict=True):
            for frame in _frames(stream, track):
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return path


def joined(path: Path, *parts: Path) -> Path:
    """Writes the bytes of several files, one after the other."""
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def level_of(pcm: Array, hz: float, rate_hz: int = 48000) -> Array:
    """Returns the level of a tone in each channel, relative to LEVEL: (channels,)."""
    middle = pcm[len(pcm) // 4 : len(pcm) * 3 // 4]
    turn = np.exp(-2j * np.pi * hz * (np.arange(len(middle)) + len(pcm) // 4) / rate_hz)
    window = np.hanning(len(middle))
    found = 2 * (middle.T * window) @ turn / window.sum() / LEVEL
    return np.asarray(np.abs(found))


def pitch_of(pcm: Array, rate_hz: int = 48000) -> float:
    """Returns the loudest frequency of a lone channel, in Hz, to a tenth of a bin."""
    window = np.hanning(len(pcm))
    power = np.abs(np.fft.rfft(pcm * window, 8 * len(pcm)))
    return float(power.argmax() * rate_hz / (8 * len(pcm)))


def _frames(stream: av.AudioStream, track: TrackRecipe) -> list[av.AudioFrame]:
    """Returns its frames as its encoder takes them."""
    samples = track.samples()
    whole = av.AudioFrame.from_ndarray(samples.reshape(1, -1), "flt", track.layout)
    whole.sample_rate, whole.pts = track.rate_hz, round(track.start_s * track.rate_hz)
    whole.time_base = Fraction(1, track.rate_hz)
    size = stream.codec_context.frame_size or BLOCK
    packer = av.AudioResampler(stream.codec_context.format, track.layout, track.rate_hz, size)
    return [*packer.resample(whole), *packer.resample(None)]
