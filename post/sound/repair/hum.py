"""Takes the hum of the mains out of sound: steady lines at 50 or 60 Hz and their multiples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.values.array import Array

MAINS_HZ, DRIFT_HZ = (50.0, 60.0), 0.3
HARMONICS = 12
FOLDED_HZ = 4000  # the rate at which lines are looked for
SHORTEST_S = 3.0
SEGMENT_S = 0.7
MOST_SEGMENTS = 40
FINE = 4  # how many times finer than its segment a spectrum is read
NEIGHBOUR_HZ = (3.0, 9.0)  # what a line is compared with, at each side
STANDS_OUT_DB = 8.0
STEADY_DB = 2.5  # four in five of the quiet segments lie this near to the line's own level
QUIET_PART, FEWEST_SEGMENTS = 0.35, 4  # of the segments: those in which the least is heard beside a line
QUIETEST_DB = -90.0  # of a line; below, it is nothing that anybody hears
FEWEST = 3  # lines: one alone is a tone that somebody meant
FALLS_DB = 9.0  # of its lines, where the rest of the sound is quiet; hum that falls by less is left as it was
BELOW_DB = 6.0  # the hum below the sound as a whole; louder hum is what the clip is of
WINDOW_S = 1.0  # in which a line is fitted
REACH = (
    5  # windows at each side over which its amplitude and phase are taken together: it is as narrow as 0.2 Hz
)
ROOM = 1.1
NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class HumLines:
    """Hum in a channel. mains_hz: its fundamental; lines: which multiples of it are heard; powers: of each, where the
    rest of the sound is quiet."""

    mains_hz: float
    lines: tuple[int, ...]
    powers: tuple[float, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the lowest line is heard, that of a rectifier too, which has even multiples alone: three notes above
        it are a chord, or what is heard of a hum that could not be taken out as a whole."""
        return self.lines[0] == 1 or (self.lines[0] == 2 and not any(number % 2 for number in self.lines))

    @property
    def power(self) -> float:
        """All lines together."""
        return sum(self.powers)

    @property
    def level_dbfs(self) -> float:
        """The same in dB."""
        return 10 * float(np.log10(self.power + NOTHING))


def without_hum(pcm: Array, rate_hz: int) -> tuple[Array, str]:
    """Returns sound without mains hum, and what was done; the same array and "" if it has none.

    pcm: (samples, channels) float. Hum is three or more lines at multiples of 50 or 60 Hz, each 8 dB above what is
    beside it and of one level all through the clip. Each line is fitted in windows of 1 s and subtracted. A channel in
    which that lowers them by less than 9 dB is left as it was.
    """
    mended, hums = pcm, list[HumLines]()
    for channel in range(pcm.shape[1]):
        hum = find_hum(pcm[:, channel], rate_hz)
        if hum is None:
            continue
        sound = pcm[:, channel].copy()
        _subtract(sound, hum, rate_hz)
        if 10 * np.log10(_left(sound, hum, rate_hz) / hum.power + NOTHING) <= -FALLS_DB:
            mended = pcm.copy() if mended is pcm else mended
            mended[:, channel] = sound
            hums.append(hum)
    if not hums:
        return pcm, ""
    loudest = max(hums, key=lambda hum: hum.level_dbfs)
    lines = max(len(hum.lines) for hum in hums)
    return (
        mended,
        f"hum of {loudest.mains_hz:.1f} Hz, {lines} lines, {loudest.level_dbfs:.0f} dBFS, taken out",
    )


def find_hum(sound: Array, rate_hz: int) -> HumLines | None:
    """Returns the hum of one channel, (samples,) float; None if it has none."""
    if len(sound) < SHORTEST_S * rate_hz:
        return None
    spectra, step_hz = _spectra(sound, rate_hz)
    for mains in MAINS_HZ:
        if _standing_out(spectra, step_hz, mains) < FEWEST:
            continue
        near = mains + np.arange(-DRIFT_HZ, DRIFT_HZ + 1e-9, 0.05)
        tried = [_lines(spectra, step_hz, float(hz)) for hz in near]
        found = max(tried, key=lambda hum: (len(hum.lines), hum.power))
        whole = float(np.mean(np.square(sound, dtype=np.float64)))
        if len(found.lines) >= FEWEST and found.is_whole and found.power * 10 ** (BELOW_DB / 10) <= whole:
            return found
    return None


def _spectra(sound: Array, rate_hz: int) -> tuple[Array, float]:
    """Returns spectra of segments up to the highest line, in dB of a sine's power, and their step in Hz."""
    fold = max(1, rate_hz // FOLDED_HZ)
    size = round(SEGMENT_S * rate_hz / fold) * fold
    starts = np.linspace(0, len(sound) - size, min(MOST_SEGMENTS, 2 * len(sound) // size - 1)).astype(np.intp)
    window = np.hanning(size + 2)[1:-1].astype(np.float32)
    # Sums over short blocks, twice: what would fold onto the lines is lowered by 20 dB and more, near 50 Hz by 70.
    summed = np.stack([(sound[at : at + size] * window).reshape(-1, fold).sum(axis=1) for at in starts])
    summed[:, 1:] += summed[:, :-1].copy()
    points = FINE * summed.shape[1]
    step_hz = rate_hz / fold / points
    high = round((HARMONICS * (MAINS_HZ[-1] + DRIFT_HZ) + NEIGHBOUR_HZ[1]) / step_hz) + 1
    spectra = np.abs(np.fft.rfft(summed, points, axis=1)[:, :high])
    return 20 * np.log10(spectra / (np.sqrt(2) * float(window.sum())) + NOTHING), step_hz


def _beside(spectra: Array, at: int, step_hz: float) -> Array:
    """Returns the level beside a line in each segment, (segments,)."""
    low, high = (round(hz / step_hz) for hz in NEIGHBOUR_HZ)
    both = np.concatenate([spectra[:, at - high : at - low], spectra[:, at + low : at + high]], axis=1)
    # The median of an even number of values. `np.median` takes three times as long for so few.
    upper = both.shape[1] // 2
    return np.asarray(np.partition(both, (upper - 1, upper), axis=1)[:, upper - 1 : upper + 1].mean(axis=1))


def _quietest(beside: Array) -> Array:
    """Returns the segments in which the least is heard beside a line: there hum is found and measured."""
    return np.argsort(beside, kind="stable")[: max(FEWEST_SEGMENTS, round(QUIET_PART * len(beside)))]


def _standing_out(spectra: Array, step_hz: float, mains_hz: float) -> int:
    """Returns how many multiples of a mains frequency, or of one near to it, may be lines."""
    count = 0
    for number in range(1, HARMONICS + 1):
        at, drift = round(number * mains_hz / step_hz), round(number * DRIFT_HZ / step_hz)
        beside = _beside(spectra, at, step_hz)
        quiet = _quietest(beside)
        own = spectra[quiet, at - drift : at + drift + 1].mean(axis=0).max()
        count += float(own - beside[quiet].mean()) >= STANDS_OUT_DB
    return count


def _lines(spectra: Array, step_hz: float, mains_hz: float) -> HumLines:
    """Returns which multiples of a frequency are steady lines."""
    found, powers = list[int](), list[float]()
    for number in range(1, HARMONICS + 1):
        at = round(number * mains_hz / step_hz)
        beside = _beside(spectra, at, step_hz)
        quiet = _quietest(beside)
        own = spectra[quiet, at]
        level = float(np.median(own))
        if level < QUIETEST_DB or not _peaks(spectra[quiet], at, step_hz):
            continue
        over = float(np.percentile(own - beside[quiet], 20))
        if over >= STANDS_OUT_DB and np.percentile(np.abs(own - level), 80) <= STEADY_DB:
            found.append(number)
            powers.append(10 ** (level / 10))
    return HumLines(mains_hz, tuple(found), tuple(powers))


def _left(sound: Array, hum: HumLines, rate_hz: int) -> float:
    """Returns the power at the places of hum's lines, where the rest of a channel is quiet."""
    spectra, step_hz = _spectra(sound, rate_hz)
    left = 0.0
    for number in hum.lines:
        at = round(number * hum.mains_hz / step_hz)
        quiet = _quietest(_beside(spectra, at, step_hz))
        left += 10 ** (float(np.median(spectra[quiet, at])) / 10)
    return left


def _peaks(spectra: Array, at: int, step_hz: float) -> bool:
    """Returns whether a line is at its place, and does not leak from a note beside it."""
    reach = round(NEIGHBOUR_HZ[0] / 2 / step_hz)
    usual = spectra[:, at - reach : at + reach + 1].mean(axis=0)
    return bool(abs(int(usual.argmax()) - reach) <= 1)


def _subtract(sound: Array, hum: HumLines, rate_hz: int) -> None:
    """Takes the lines out of one channel, in place: each is fitted in windows that overlap by half."""
    size = 2 * round(WINDOW_S * rate_hz / 2)
    hop, window = size // 2, np.hanning(size + 1)[:-1]
    padded = np.pad(sound.astype(np.float64), (hop, size))
    starts = range(0, hop + len(sound), hop)
    # In a window that is not full, a line has less of the window to be fitted in.
    full = np.pad(np.ones(len(sound)), (hop, size))
    share = np.array([full[at : at + size] @ window for at in starts])
    loud = np.array([np.square(padded[at : at + size]) @ window for at in starts]) / share + NOTHING
    hz = _refined(padded, hum, rate_hz, (window, list(starts)))
    turns = 2j * np.pi * hz / rate_hz * np.arange(size)
    made = np.zeros(len(padded))
    for number, power in zip(hum.lines, hum.powers, strict=True):
        wave = np.exp(number * turns)
        step = np.exp(2j * np.pi * number * hz * hop / rate_hz)
        fitted = np.array([(padded[at : at + size] * window) @ wave.conj() for at in starts]) * 2 / share
        kept = _smoothed(fitted * step ** -np.arange(len(fitted)), (share / loud) ** 2) * step ** np.arange(
            len(fitted)
        )
        # Where the sound has a tone there too, no more is taken than was heard of the line alone.
        kept *= np.minimum(1, np.sqrt(2 * power) * ROOM / (np.abs(kept) + NOTHING))
        for at, weight in zip(starts, kept, strict=True):
            made[at : at + size] += window * (weight * wave).real
    sound -= made[hop : hop + len(sound)].astype(sound.dtype)


def _smoothed(fitted: Array, weights: Array) -> Array:
    """Returns a line's amplitude and phase in each window, as its quieter neighbours have it."""
    near = np.concatenate([np.arange(1, REACH), np.arange(REACH, 0, -1)])
    inside = slice(REACH - 1, REACH - 1 + len(fitted))
    return np.asarray(np.convolve(fitted * weights, near)[inside] / np.convolve(weights, near)[inside])


def _refined(padded: Array, hum: HumLines, rate_hz: int, windows: tuple[Array, list[int]]) -> float:
    """Returns the fundamental by how the phases of the lines advance from window to window."""
    window, starts = windows
    size, hop = len(window), len(window) // 2
    turns = 2j * np.pi * hum.mains_hz / rate_hz * np.arange(size)
    advance = 0j
    for number in hum.lines[:2]:  # those that a step of the search cannot turn by more than half a round
        step = np.exp(2j * np.pi * number * hum.mains_hz * hop / rate_hz)
        wave = np.exp(-number * turns) * window
        fitted = np.array([padded[at : at + size] @ wave for at in starts])
        turned = np.sum(fitted[1:] * fitted[:-1].conj() / (np.abs(fitted[:-1]) + NOTHING)) / step
        advance += np.abs(turned) * np.exp(1j * np.angle(turned) / number)
    return hum.mains_hz + float(np.angle(advance)) * rate_hz / (2 * np.pi * hop)
