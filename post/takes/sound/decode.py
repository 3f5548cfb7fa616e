"""Decodes sound: of a take from its first picture on, and of music and effect files from their start."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from post.takes.sound.choose import choose_sound, decode_together
from post.takes.sound.frames import Samples
from post.takes.sound.join import resampled
from post.values.media import Sound
from post.values.time import round_half_up


def read_sound(path: Path, sound: Sound, rate_hz: int) -> Samples:
    """Returns the whole sound of a clip, (samples, channels) float32, full scale 1, at `rate_hz`.

    Sample 0 is heard with the first picture: zeros precede sound that starts later, and sound that starts earlier
    is cut. Encoder delay is removed if the container states it. Channels stay as they are. Raises SourceError.
    """
    track = decode_together(path, (sound.stream, *sound.beside), sound.speakers)
    return resampled(_from_the_start(track.samples, sound.start, track.rate_hz), track.rate_hz, rate_hz)


def read_sound_file(path: Path, rate_hz: int) -> Samples:
    """Returns the sound of a file from its first sample: (samples, channels) float32, full scale 1, at `rate_hz`.

    Raises SourceError if none decodes.
    """
    track = choose_sound(path).decoded
    return resampled(track.samples, track.rate_hz, rate_hz)


def _from_the_start(samples: Samples, start: Fraction, rate_hz: int) -> Samples:
    """Pads or cuts the front so that sample 0 is at time 0, to the nearest sample."""
    shift = round_half_up(start * rate_hz)
    if shift < 0:
        return samples[-shift:]
    return np.concatenate([np.zeros((shift, samples.shape[1]), np.float32), samples])
