"""The cases of EBU Tech 3341 (2023) and Tech 3342 (2023) that can be computed, and the channels of BS.1770-5.

Left out are cases 7 and 8 of Tech 3341: they are programmes, and the EBU's files may not be given on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from post.measure.meter_kit.signals import sequence, spliced, tapered, tone
from post.values.array import Array
from post.values.speakers import BY_COUNT, Speakers

RATES_HZ = (44100, 48000, 96000)
LU = 0.1  # Tech 3341, Table 1: the tolerance of all loudness
PEAK_ABOVE, PEAK_BELOW = 0.2, 0.4  # Tech 3341, Table 1: of true peaks
RANGE_LU = 1.0  # Tech 3342, 3

# Of a case's signal: (dBFS or None for silence, seconds).
Parts = tuple[tuple[float | None, float], ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a meter has to read. figure: its name in `answerprint measure`, or `min_momentary_lufs` or
    `min_short_term_lufs`, the lowest of the windows that are full; it may be `below` under or `above` over `value`."""

    figure: str
    value: float
    below: float
    above: float

    def holds(self, read: float | None) -> bool:
        """Returns whether a reading is within the tolerance. Readings are compared to four decimals."""
        return read is not None and -self.below - 1e-4 <= read - self.value <= self.above + 1e-4


@dataclass(frozen=True, slots=True)
class KitCase:
    """One signal. make: rate -> (samples, channels) float64; says: what the text calls it."""

    name: str
    says: str
    make: Callable[[int], Array]
    expected: tuple[Expectation, ...]
    speakers: Speakers = BY_COUNT[2]

    @property
    def peaks(self) -> bool:
        """Returns whether a true peak is expected."""
        return any(each.figure == "true_peak_dbtp" for each in self.expected)


def kit_cases() -> Iterator[KitCase]:
    """Yields every case, in the order of the texts."""
    yield from _programme()
    yield from _windows()
    yield from _peaks()
    yield from _ranges()
    yield from _channels()


def _near(value: float, *figures: str, within: float = LU) -> tuple[Expectation, ...]:
    return tuple(Expectation(figure, value, within, within) for figure in figures)


def _tones(
    name: str, says: str, expected: tuple[Expectation, ...], *parts: tuple[float | None, float]
) -> KitCase:
    return KitCase(name, says, lambda rate: sequence(*parts, rate=rate), expected)


def _programme() -> Iterator[KitCase]:
    """Yields cases 1 to 6: integrated loudness."""
    steady = ("integrated_lufs", "max_momentary_lufs", "max_short_term_lufs")
    quiet = ((-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0))
    one = _near(-23, "integrated_lufs")
    yield _tones("3341-01", "a steady tone at -23", _near(-23, *steady), (-23, 20))
    yield _tones("3341-02", "a steady tone at -33", _near(-33, *steady), (-33, 20))
    yield _tones("3341-03", "the relative gate", one, *quiet)
    yield _tones("3341-04", "both gates", one, (-72, 10), *quiet, (-72, 10))
    yield _tones("3341-05", "three levels, none gated", one, (-26, 20), (-20, 20.1), (-26, 20))
    yield KitCase("3341-06", "five channels", _five, one, BY_COUNT[5])


def _five(rate: int) -> Array:
    return np.hstack([tone(level, 20, rate=rate) for level in (-28, -28, -24, -30, -30)])


def _windows() -> Iterator[KitCase]:
    """Yields cases 9 to 14: short-term and momentary loudness."""
    short = _near(-23, "min_short_term_lufs", "max_short_term_lufs")
    yield _tones("3341-09", "short-term is steady", short, *((-20, 1.34), (-30, 1.66)) * 5)
    for i in range(20):
        late, found = i * 0.15, _near(-23, "max_short_term_lufs")
        yield _tones(
            f"3341-10-{i + 1:02}", "3 s, after any silence", found, (None, late), (-23, 3), (None, 1)
        )
    for i in range(20):
        late, found = i * 0.15, _near(-38 + i, "max_short_term_lufs")
        parts = ((None, late), (-38.0 + i, 3.0), (None, 3 - late))
        yield _tones(f"3341-11-{i + 1:02}", "3 s, louder each time", found, *parts)
    brief = _near(-23, "min_momentary_lufs", "max_momentary_lufs")
    yield _tones("3341-12", "momentary is steady", brief, *((-20, 0.18), (-30, 0.22)) * 25)
    for i in range(20):
        late, found = i * 0.02, _near(-23, "max_momentary_lufs")
        yield _tones(
            f"3341-13-{i + 1:02}", "0.4 s, after any silence", found, (None, late), (-23, 0.4), (None, 1)
        )
    for i in range(20):
        late, found = i * 0.02, _near(-38 + i, "max_momentary_lufs")
        parts = ((None, late), (-38.0 + i, 0.4), (None, 0.4 - late))
        yield _tones(f"3341-14-{i + 1:02}", "0.4 s, louder each time", found, *parts)


# Case: rate over frequency, peak of the waveform, phase in degrees, dBTP.
BETWEEN = {
    15: (4, 0.5, 0.0, -6),
    16: (4, 0.5, 45.0, -6),
    17: (6, 0.5, 60.0, -6),
    18: (8, 0.5, 67.5, -6),
    19: (4, 1.41, 45.0, 3),
}


def _peaks() -> Iterator[KitCase]:
    """Yields cases 15 to 23: true peaks."""
    for number, (divisor, height, degrees, dbtp) in BETWEEN.items():
        made = partial(_between, divisor, height, degrees)
        yield KitCase(f"3341-{number}", f"fs/{divisor} at {degrees:g} degrees", made, _true_peak(dbtp))
    for offset in range(4):
        yield KitCase(
            f"3341-{20 + offset}",
            f"a burst, {offset}/4 sample later",
            partial(spliced, offset),
            _true_peak(0),
        )


def _between(divisor: int, height: float, degrees: float, rate: int) -> Array:
    made = tone(20 * math.log10(height), 1, hz=rate / divisor, rate=rate, degrees=degrees)
    return tapered(np.repeat(made, 2, axis=1), rate)


def _true_peak(dbtp: float) -> tuple[Expectation, ...]:
    return (Expectation("true_peak_dbtp", dbtp, PEAK_BELOW, PEAK_ABOVE),)


def _ranges() -> Iterator[KitCase]:
    """Yields Tech 3342, cases 1 to 4: loudness range."""
    levels = (((-20, -30), 10), ((-20, -15), 5), ((-40, -20), 20), ((-50, -35, -20, -35, -50), 15))
    for number, (steps, wide) in enumerate(levels, 1):
        found = _near(wide, "range_lu", within=RANGE_LU)
        says = "steps of 20 s: " + ", ".join(map(str, steps))
        yield _tones(f"3342-{number}", says, found, *((float(step), 20.0) for step in steps))


def _channels() -> Iterator[KitCase]:
    """Yields BS.1770-5 Annex 1: 997 Hz at full scale is -3.01 LKFS; a surround counts 1.41, the LFE nothing."""
    speakers = BY_COUNT[6]
    for at, name in enumerate(speakers):
        if name != "LFE":
            value = -3.01 + (10 * math.log10(1.41) if name.startswith("S") else 0)
            says = f"997 Hz at full scale in {name} of 5.1"
            yield KitCase(
                f"1770-{name}", says, partial(_alone, at), _near(round(value, 2), "integrated_lufs"), speakers
            )


def _alone(channel: int, rate: int) -> Array:
    made = np.zeros((4 * rate, 6))
    made[:, channel : channel + 1] = tone(0, 4, hz=997, rate=rate)
    made[:, 3:4] += tone(-6, 4, hz=60, rate=rate)  # an LFE that a meter must not hear
    return made
