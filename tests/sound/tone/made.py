"""Makes films of arrays: shots with a given sound, laid without fades, and their room tone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from post.sound.tone.fill import FilmTone
from post.values import File, Mix, Sound, SoundEvent
from post.values.array import Array
from post.values.plan import RoomTone

RATE = 16000
AS_FOUND = RoomTone()


@dataclass(frozen=True)
class Laid:
    """A shot: its source, where it starts in the film, how long it is and where it starts in the source, in seconds."""

    source: Array
    at: float
    length: float
    offset: float = 0.0


def event_of(shot: Laid) -> SoundEvent:
    sha = hashlib.sha256(shot.source.tobytes()).hexdigest()
    sound = Sound(0, "pcm_s16le", RATE, shot.source.shape[1], len(shot.source), Fraction(0))
    at, length = round(shot.at * RATE), round(shot.length * RATE)
    return SoundEvent(
        File(sha, f"{sha[:4]}.wav"), "clip", sound, at, length, Fraction(shot.offset), gain_db=0
    )


def film_of(
    shots: Sequence[Laid], seconds: float, tone: RoomTone | None = AS_FOUND
) -> tuple[Array, Array, FilmTone]:
    """Returns a film's sound without and with its room tone, (samples, channels) each, and the tone."""
    events = [event_of(shot) for shot in shots]
    length, channels = round(seconds * RATE), shots[0].source.shape[1]
    filler = FilmTone(Mix(tuple(events), RATE, channels, length, None, -1, "pcm_s24le", 0, (), tone=tone))
    bus = np.zeros((length, channels), np.float32)
    for shot, event in zip(shots, events, strict=True):
        source = np.concatenate([shot.source, np.zeros((event.length, channels), np.float32)])
        start = round(shot.offset * RATE)

        def read(first: int, stop: int, source: Array = source, start: int = start) -> Array:
            return source[start + first : start + stop]

        bus[event.at : event.at + event.length] += filler.watched(event, read, lambda fetch: fetch)(
            0, event.length
        )
        filler.learn(event.file, shot.source)
    with_tone = bus.copy()
    for _, first, noise in filler.fill():
        with_tone[first : first + len(noise)] += noise
    return bus, with_tone, filler


def room(
    seconds: float, level_db: float, seed: int, *, low_hz: float = 0, high_hz: float = RATE / 2
) -> Array:
    """Returns noise of two unlike channels in a band, at an RMS level: (samples, 2) float32."""
    white = np.random.default_rng(seed).standard_normal((round(seconds * RATE), 2))
    hz = np.fft.rfftfreq(len(white), 1 / RATE)
    spectrum = np.fft.rfft(white, axis=0) * ((hz >= low_hz) & (hz < high_hz))[:, None]
    made = np.fft.irfft(spectrum, len(white), axis=0)
    level: Array = made * 10 ** (level_db / 20) / made.std()
    return level.astype(np.float32)


def spoken(sound: Array, level_db: float, *, every_s: float = 1.2, long_s: float = 0.5) -> Array:
    """Returns sound with bursts of a voice-like buzz in it: harmonics of 150 Hz that swell and fall."""
    at = np.arange(len(sound)) / RATE
    buzz = sum(np.sin(2 * np.pi * 150 * k * at + k) / k for k in range(1, 20))
    turn = (at % every_s) / long_s
    swell = np.where(turn < 1, np.sin(np.pi * np.clip(turn, 0, 1)), 0)
    return (sound + (10 ** (level_db / 20) * buzz * swell)[:, None]).astype(np.float32)


def power_db(sound: Array) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-30))


def band_db(sound: Array, low_hz: float, high_hz: float) -> float:
    """Returns the power in a band in dB, of all channels."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))[:, None], axis=0)) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / RATE)
    inside = spectrum[(hz >= low_hz) & (hz < high_hz)].sum() / sound.shape[1]
    return float(10 * np.log10(2 * inside / (len(sound) * np.sum(np.hanning(len(sound)) ** 2)) + 1e-30))
