"""Level: sets a mix's loudness and true peak, as the listener will decode them.

A codec changes both: AAC at 96 kb/s raised noise of -1.00 dBTP to +1.16 and lowered loudness by up to
0.47 LU. So loudness is measured after encoding and decoding, and the gain is adjusted by it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from post.errors import IncompleteError
from post.sound.dynamics.cells import CELLS_A_SECOND, PeakCells, cell_samples, peak_dbtp
from post.sound.dynamics.heard import MeasuredSound
from post.sound.dynamics.master import Master, pcm_blocks
from post.sound.limiter import Limited, hold_peaks, over
from post.sound.meter import Loudness
from post.sound.pcm import gain_factor
from post.values.array import Array
from post.values.time import Span

WITHIN_LU = 0.05  # the loop aims to be this close
ACCEPTED_LU = 0.2  # EBU R 128 (2020): the tolerance for finished programmes
# More is heard, and nobody asked for it: people are told. Up to the most, the target is reached all the same.
NOTED_REDUCTION_DB, MOST_REDUCTION_DB = 20.0, 40.0
NOTED_GAIN_DB = 24.0  # sound raised by more may be noise
TRIPS, SEARCHES = 6, 12
SEARCHED_LU = 0.005
MOST_STEP_DB = 6.0
LEAST_SLOPE = 0.05  # LU of loudness for a dB of gain: below it, the most gain shows whether more is of use
NEAR_LU = 0.1
AHEAD_DB = 3.0  # peaks are measured this far below what the first gain needs
BACK_OFF_DB = 0.05  # an encode: below the ceiling that the last overshoot asks for
# A place is 10 ms. Once the sound has changed, a codec raises other places: as much as it did these, and a little more.
OUTLIERS, PLACE_CELLS, SPREAD_DB = 6, CELLS_A_SECOND // 100, 0.2

# A master -> blocks of its sound encoded by the deliverable's codec and decoded again, at the same rate.
Trip = Callable[[Master], Iterable[Array]]


@dataclass(frozen=True, slots=True)
class Levelled:
    """Sound ready for its encoder. loudness: measured on `master` after encoding and decoding.

    gain_db: the static gain; reduction_db: the limiter's largest reduction, of which its slow stage takes slow_db;
    passes: how often it was encoded; shortfall_lu: how far below its target it stays, 0 within 0.2 LU; note: what to
    tell people, or "".
    """

    master: Master
    gain_db: float
    reduction_db: float
    slow_db: float
    passes: int
    loudness: Loudness
    shortfall_lu: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Goal:
    """The loudness to reach (None: as it is) and the highest true peak."""

    lufs: float | None
    peak_dbtp: float

    def over_db(self, heard: Loudness) -> float:
        peak = heard.true_peak_dbtp
        return 0.0 if peak is None else max(0.0, peak - self.peak_dbtp)

    def short_lu(self, heard: Loudness) -> float:
        if self.lufs is None:
            return 0.0
        if heard.integrated_lufs is None:
            raise IncompleteError(
                "the encoder gave back sound without a loudness", where="mix",
                expected=f"about {self.lufs:g} LUFS", got=dict(heard.unmeasured)["integrated_lufs"],
                fix="try another sound codec or bitrate",
            )  # fmt: skip
        return self.lufs - heard.integrated_lufs


@dataclass(frozen=True, slots=True)
class _Setting:
    """A gain and its limiter. spent: more gain adds no loudness, or the limiter would take more than it may."""

    gain_db: float
    limited: Limited
    spent: bool = False


class _Source:
    """The mix, and what was measured of it. speech: where loudness is that of speech."""

    def __init__(self, mix: Array, rate_hz: int, speech: tuple[Span, ...] | None) -> None:
        self.mix, self.rate_hz, self.speech = mix, rate_hz, speech
        self.heard = MeasuredSound(pcm_blocks(mix), rate_hz, mix.shape[1], above=None, speech=speech)
        self._cells, self._exact_dbtp = np.zeros(0, np.float32), math.inf
        # What the codec was found to add to the peaks of each cell.
        self._codec_db = np.zeros(-(-len(mix) // cell_samples(rate_hz)), np.float32)

    def setting(self, gain_db: float, ceiling_dbtp: float) -> _Setting:
        """Returns a gain, and the limiter that it needs to stay below a ceiling."""
        lowest = ceiling_dbtp - gain_db - float(self._codec_db.max(initial=0))
        excess = over(self._cells_above(lowest), ceiling_dbtp - gain_db, self._codec_db)
        return _Setting(gain_db, hold_peaks(excess, self.rate_hz, gain_db))

    def peak_dbtp(self) -> float:
        """Returns the true peak of the mix; that of digital silence as 0."""
        return peak_dbtp(self._cells_above(math.inf)) or 0.0

    def _cells_above(self, dbtp: float) -> Array:
        """Returns the peaks of the cells, exact where they are above a level, and so is the largest."""
        if not len(self._cells) or dbtp < self._exact_dbtp:
            self._exact_dbtp = min(dbtp, 0.0) - AHEAD_DB
            cells = PeakCells(self.rate_hz, self.mix.shape[1], gain_factor(self._exact_dbtp))
            for block in pcm_blocks(self.mix):
                cells.add(block)
            self._cells = cells.read()
        return self._cells

    def outliers(self, over_db: Array, passes: int) -> float:
        """Returns how far to lower the ceiling everywhere, in dB, and lowers it further in the places that need more.

        over_db: (cells,), how far each is above the ceiling after decoding; passes: encodes so far: with each, more is
        taken off. A codec raises most peaks by little, and a few by a lot: if the whole were lowered for these, the
        limiter would work everywhere for them.
        """
        spread_db, back_off_db = passes * SPREAD_DB, passes * BACK_OFF_DB
        places = np.pad(over_db, (0, -len(over_db) % PLACE_CELLS)).reshape(-1, PLACE_CELLS)
        highest = np.sort(places.max(axis=1))
        usual = float(highest[-1 - OUTLIERS]) if len(highest) > OUTLIERS else 0.0
        everywhere = min(float(highest[-1]), usual + spread_db)
        rest = np.maximum(over_db - everywhere, 0)
        self._codec_db += rest + np.where(rest > 0, back_off_db, 0)
        return everywhere + back_off_db


@dataclass(frozen=True, slots=True)
class Listening:
    """How a mix is heard. margin_db: how far below the ceiling the first encode stays, for what a codec adds to peaks;
    speech: where there is speech, in samples, if the target is the loudness of speech; None for the programme's."""

    margin_db: float = 0.0
    speech: tuple[Span, ...] | None = None


def level(
    mix: Array,
    rate_hz: int,
    target_lufs: float | None,
    ceiling_dbtp: float,
    trip: Trip,
    listening: Listening = Listening(),
) -> Levelled:
    """Returns the mix after a static gain and a true-peak limiter, adjusted by what the codec gives back.

    mix: (samples, channels) float, in memory or in a file (np.memmap). trip: encodes and decodes as the deliverable
    will be. target_lufs None leaves the level as it is. So does sound without a loudness (too short, too quiet), with
    a note. The ceiling is applied in any case. Raises SourceError for PCM that is not finite, IncompleteError where
    the decoded sound cannot be measured.
    """
    source, note, start_db = _Source(mix, rate_hz, listening.speech), "", 0.0
    given = source.heard.loudness
    if target_lufs is not None and given.integrated_lufs is None:
        target_lufs, note = None, f"level left alone: {dict(given.unmeasured)['integrated_lufs']}"
    if target_lufs is not None and given.integrated_lufs is not None:
        start_db = target_lufs - given.integrated_lufs
    goal = _Goal(target_lufs, ceiling_dbtp)
    aim = replace(goal, peak_dbtp=ceiling_dbtp - listening.margin_db)
    return _reported(_closed_loop(source, goal, aim, start_db, trip), goal, note)


def _closed_loop(source: _Source, goal: _Goal, aim: _Goal, gain_db: float, trip: Trip) -> Levelled:
    """Returns the attempt, of up to TRIPS, that is nearest to the goal after decoding. aim: that of the first."""
    attempts = list[Levelled]()
    for passes in range(1, TRIPS + 1):
        setting = _towards(source, aim, gain_db)
        made, heard = _encoded(source, setting, passes, goal, trip)
        attempts.append(made)
        over_db, short = goal.over_db(heard.loudness), goal.short_lu(heard.loudness)
        if not over_db and (abs(short) <= WITHIN_LU or (setting.spent and short > 0)):
            break
        lower_db = source.outliers(over(heard.cells, goal.peak_dbtp), passes) if over_db else 0.0
        reached = setting.spent and short > 0
        raised = aim.lufs if aim.lufs is None or reached else aim.lufs + short
        aim = _Goal(raised, aim.peak_dbtp - lower_db)
        gain_db = setting.gain_db + (-lower_db if reached else short)
    best = min(attempts, key=lambda made: (goal.over_db(made.loudness), abs(goal.short_lu(made.loudness))))
    return replace(best, passes=len(attempts))


def _encoded(
    source: _Source, setting: _Setting, passes: int, goal: _Goal, trip: Trip
) -> tuple[Levelled, MeasuredSound]:
    """Returns the sound of a setting, and what is heard of it after its codec."""
    limited = setting.limited
    master = Master(source.mix, limited.curve)
    above = gain_factor(goal.peak_dbtp)
    heard = MeasuredSound(
        trip(master), source.rate_hz, source.mix.shape[1], above=above, speech=source.speech
    )
    reductions = (limited.reduction_db, limited.slow_db)
    return Levelled(master, setting.gain_db, *reductions, passes, heard.loudness), heard


def _towards(source: _Source, aim: _Goal, gain_db: float) -> _Setting:
    """Returns the gain that meets an aim before encoding, from a first gain.

    Without limiting the first gain is exact; the more is limited, the less loudness a dB of gain adds. What the
    limiter does to loudness is computed from its gain, and no sample is changed.
    """
    if aim.lufs is None:
        return source.setting(0.0, aim.peak_dbtp)
    tried, most_db = list[tuple[float, float]](), gain_db
    for _ in range(SEARCHES):
        setting = source.setting(gain_db, aim.peak_dbtp)
        most_db = max(most_db, aim.peak_dbtp + MOST_REDUCTION_DB - source.peak_dbtp())
        reached = source.heard.loudness_with(setting.limited.curve)
        short = 0.0 if reached is None else aim.lufs - reached
        if abs(short) <= SEARCHED_LU:
            break
        if short > 0 and gain_db >= most_db and reached is not None:
            # Out of reach: the least gain that is hardly quieter than the most.
            near = _towards(source, replace(aim, lufs=reached - NEAR_LU), tried[0][0] if tried else gain_db)
            return replace(near, spent=True)
        tried.append((gain_db, short))
        gain_db = _next_gain(tried, most_db)
    return setting


def _next_gain(tried: list[tuple[float, float]], most_db: float) -> float:
    """Returns the gain to try next, by the secant method within the bounds that are known.

    tried: (gain in dB, how much loudness is short then). Loudness rises with gain, but not evenly: where peaks alone
    are heard it hardly does, until the sound between them is as loud.
    """
    gain_db, short = tried[-1]
    slope = 1.0
    if len(tried) > 1 and gain_db != tried[-2][0]:
        slope = min(1.0, (tried[-2][1] - short) / (gain_db - tried[-2][0]))
    too_low = max((gain for gain, short in tried if short > 0), default=None)
    too_high = min((gain for gain, short in tried if short < 0), default=None)
    wanted = gain_db + short / slope if slope > LEAST_SLOPE else most_db
    if too_low is not None and too_high is not None:
        inside = too_low < wanted < too_high
        return wanted if inside and len(tried) % 4 else (too_low + too_high) / 2
    return min(most_db, max(gain_db - MOST_STEP_DB, wanted))


def _reported(made: Levelled, goal: _Goal, note: str) -> Levelled:
    """Returns the result with its shortfall and its note."""
    short, over_db = goal.short_lu(made.loudness), goal.over_db(made.loudness)
    said = [note] if note else []
    if short > ACCEPTED_LU:
        said.append(
            f"{short:.1f} LU below {goal.lufs:g} LUFS: the limiter already takes {made.reduction_db:.1f} dB"
            " off its peaks; lower the target, or compress the mix"
        )
    if short < -ACCEPTED_LU:
        said.append(f"{-short:.1f} LU above {goal.lufs:g} LUFS after {made.passes} encodes")
    if over_db:
        said.append(
            f"true peak {over_db:.2f} dB above the ceiling after {made.passes} encodes; raise the bitrate"
        )
    if made.reduction_db > NOTED_REDUCTION_DB:
        said.append(f"the limiter takes {made.reduction_db:.0f} dB off the highest peaks: listen to them")
    if made.gain_db > NOTED_GAIN_DB:
        said.append(f"raised by {made.gain_db:.0f} dB: listen for noise")
    return replace(made, shortfall_lu=short if short > ACCEPTED_LU else 0.0, note="; ".join(said))
