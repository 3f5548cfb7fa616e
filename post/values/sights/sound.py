"""Defines what is heard in a film: loudness, silence, clipping, phase, gaps and clicks, channels."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from post.values.claim import Stretch

LEVEL_S = Fraction(1, 100)
DIGITAL_SILENCE = -999  # the level of samples that are all 0


@dataclass(frozen=True, slots=True)
class HeardLoudness:
    """Loudness as a meter of BS.1770-5 reads it; each None where it cannot be measured, and `unmeasured` says why, by
    its name. gate: what `integrated_lufs` is of: "programme" or "dialogue"."""

    integrated_lufs: float | None = None
    max_momentary_lufs: float | None = None
    max_short_term_lufs: float | None = None
    range_lu: float | None = None
    true_peak_dbtp: float | None = None
    unmeasured: tuple[tuple[str, str], ...] = ()
    gate: str = "programme"


@dataclass(frozen=True, slots=True)
class PhaseWindow:
    """Left and right over a few seconds. start: in seconds; correlation: -1..1; fold_down_db: how much weaker their
    mean is than they are, 0 for equal ones and 3 for unrelated ones."""

    start: Fraction
    stop: Fraction
    correlation: float
    fold_down_db: float


@dataclass(frozen=True, slots=True)
class SoundSight:
    """What was heard in a film. Times are seconds from its first picture.

    rate_hz, samples, speakers: of its sound; loudness: of the whole; levels: the peak of all channels in each LEVEL_S,
    in whole dBFS rounded up, DIGITAL_SILENCE for zeros; clipped: flat tops; overs: stretches whose waveform passes full
    scale between samples; phase: of windows that are loud enough; clicks: moments; gaps: stretches of zeros inside
    sound that goes on, dropouts; peaks_dbfs: of each channel, DIGITAL_SILENCE for zeros; fault: why nothing was
    measured, "" where it was; there: whether the film has sound at all.
    """

    rate_hz: int = 0
    samples: int = 0
    speakers: tuple[str, ...] = ()
    loudness: HeardLoudness = HeardLoudness()
    levels: tuple[int, ...] = ()
    clipped: tuple[Stretch, ...] = ()
    overs: tuple[Stretch, ...] = ()
    phase: tuple[PhaseWindow, ...] = ()
    clicks: tuple[Fraction, ...] = ()
    gaps: tuple[Stretch, ...] = ()
    peaks_dbfs: tuple[float, ...] = ()
    fault: str = ""
    there: bool = True

    def quiet(self, floor_dbfs: Fraction) -> tuple[Stretch, ...]:
        """Returns the stretches whose peak stays below a level."""
        runs, first = list[Stretch](), None
        for at, level in enumerate((*self.levels, 0)):
            if level < floor_dbfs and at < len(self.levels):
                first = at if first is None else first
            elif first is not None:
                runs.append((first * LEVEL_S, min(at * LEVEL_S, self.length)))
                first = None
        return tuple(runs)

    @property
    def length(self) -> Fraction:
        """The seconds of the sound."""
        return Fraction(self.samples, self.rate_hz) if self.rate_hz else Fraction(0)
