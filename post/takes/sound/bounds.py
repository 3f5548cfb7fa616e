"""Bounds the sound of a file by what its head says, before any of it is decoded: all of it is kept in memory."""

from __future__ import annotations

import numpy as np
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from post.errors import SourceError
from post.values.array import first_not_finite, is_finite

SLOWEST_HZ, FASTEST_HZ = 1_000, 768_000  # telephones have 8,000, the fastest recorders 768,000
MOST_CHANNELS = 64  # Ambisonics of the seventh order
# Samples of all channels together: two hours of stereo at 48 kHz. As float32 they take 2.8 GB.
MOST_VALUES = 2 * 3600 * 48_000 * 2


def refuse_absurd_sound(stream: AudioStream, where: str) -> None:
    """Raises SourceError for a rate, a number of channels or a length that no sound for a film has."""
    rate, channels = stream.codec_context.sample_rate, stream.codec_context.channels
    refuse_absurd_rate(rate, where)
    if channels > MOST_CHANNELS:
        raise SourceError(
            "has too many channels", where=where, expected=f"up to {MOST_CHANNELS}", got=channels,
            fix="export it again in stereo",
        )  # fmt: skip
    if (
        stream.duration
        and stream.time_base
        and stream.duration * stream.time_base * rate * channels > MOST_VALUES
    ):
        raise too_long(where)


def refuse_absurd_rate(rate_hz: int, where: str) -> None:
    """Raises SourceError for a sample rate that no sound for a film has."""
    if not rate_hz:
        raise SourceError(
            "holds no sound that decodes", where=where, expected="sound with a sample rate", got="none",
            fix="fetch or export it again",
        )  # fmt: skip
    if not SLOWEST_HZ <= rate_hz <= FASTEST_HZ:
        raise SourceError(
            "has an impossible sample rate", where=where, expected=f"{SLOWEST_HZ} to {FASTEST_HZ} Hz",
            got=f"{rate_hz} Hz", fix="export it again at 48000 Hz",
        )  # fmt: skip


def refuse_non_numbers(samples: NDArray[np.float32], where: str) -> None:
    """Raises SourceError for sound, (samples, channels), that holds a value that is not a finite number."""
    place = None if is_finite(samples) else first_not_finite(samples)
    if place is not None:
        raise SourceError(
            "holds sound that is not a number", where=where, expected="finite samples",
            got=f"{samples[place]} at sample {place[0]}, channel {place[1] + 1}", fix="export it again",
        )  # fmt: skip


def too_long(where: str) -> SourceError:
    """Returns the error for sound that does not fit into memory."""
    return SourceError(
        "has too much sound", where=where, expected="up to two hours of stereo at 48000 Hz, or as much otherwise",
        fix="cut out the part that is used",
    )  # fmt: skip
