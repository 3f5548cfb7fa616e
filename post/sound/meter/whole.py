"""Measures sound that is there whole. It goes through the same meter as sound that comes in blocks."""

from __future__ import annotations

from post.sound.channels import speakers_of
from post.sound.meter.loudness import Loudness
from post.sound.meter.meter import Meter
from post.sound.pcm import check_pcm
from post.values.array import Array
from post.values.speakers import Speakers
from post.values.time import Span


def measure(
    pcm: Array, rate_hz: int, speakers: Speakers = (), speech: tuple[Span, ...] | None = None
) -> Loudness:
    """Returns every figure of a loudness report.

    pcm: (samples, channels) float, full scale 1; speakers: of its channels; without them, those of
    `post.values.speakers.BY_COUNT`. Ambisonic sound is measured as it is mixed to stereo. speech: where there is
    speech, in samples, for loudness that is gated on dialogue; None measures the programme.
    Raises SourceError for anything else, NaN and infinities included.
    Source: ITU-R BS.1770-5; EBU Tech 3341 (2023); EBU Tech 3342 (2023).
    """
    return _metered(pcm, rate_hz, speakers).read(speech)


def integrated(pcm: Array, rate_hz: int) -> float | None:
    """Returns gated loudness in LUFS; None where no block passes the gate. pcm: as `measure` takes it."""
    return _metered(pcm, rate_hz, (), peaks=False).integrated()


def curve(pcm: Array, rate_hz: int) -> tuple[Array, Array, Array]:
    """Returns (times, momentary, short_term), float64, every 10 ms: seconds at the end of the window, LUFS.

    NaN where a window does not fit yet or has nothing above -120 LUFS. pcm: as `measure` takes it.
    """
    return _metered(pcm, rate_hz, (), peaks=False).curve()


def _metered(pcm: Array, rate_hz: int, speakers: Speakers, *, peaks: bool = True) -> Meter:
    check_pcm(pcm, "sound")
    meter = Meter(rate_hz, speakers or speakers_of(pcm.shape[1]), peaks=peaks)
    meter.add(pcm)
    return meter
