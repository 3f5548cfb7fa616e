"""Level: sets a mix's loudness and true peak, as the listener will decode them.

A codec changes both: AAC at 96 kb/s raised noise of -1.00 dBTP to +1.16 and lowered loudness by up to
0.47 LU. So loudness is measured after encoding and decoding, and the gain is adjusted by it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from post.errors import IncompleteError
from post.sound.limiter import limit
from post.sound.meter import Loudness, integrated, measure
from post.sound.pcm import gain_factor
from post.values.array import Array

WITHIN_LU = 0.05  # the loop aims to be this close
ACCEPTED_LU = 0.2  # EBU R 128 (2020): the tolerance for finished programmes
MOST_REDUCTION_DB = 12.0  # a limiter that reduces more is an audible effect, which nobody asked for
NOTED_GAIN_DB = 24.0  # sound raised by more may be noise
TRIPS, SEARCHES = 6, 6
SEARCHED_LU = 0.01
BACK_OFF_DB = 0.02  # below the ceiling that the last overshoot asks for

# PCM -> that PCM encoded by the deliverable's codec and decoded again, at the same rate.
Trip = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Levelled:
    """Sound ready for its encoder. loudness: measured on `pcm` after encoding and decoding.

    gain_db: the static gain; reduction_db: the limiter's largest reduction; passes: how often it was encoded;
    shortfall_lu: how far below its target it stays, 0 within 0.2 LU; note: what to tell people, or "".
    """

    pcm: Array
    gain_db: float
    reduction_db: float
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
class _Master:
    """Sound for the encoder. spent: the limiter may not reduce more."""

    pcm: Array
    gain_db: float = 0.0
    reduction_db: float = 0.0
    spent: bool = False


@dataclass(frozen=True, slots=True)
class _Source:
    """The mix and its measured loudness."""

    pcm: Array
    rate_hz: int
    peak_dbtp: float

    def master(self, gain_db: float, ceiling_dbtp: float) -> _Master:
        raised = self.pcm if gain_db == 0 else self.pcm * gain_factor(gain_db)
        held, reduction_db = limit(raised, self.rate_hz, ceiling_dbtp)
        return _Master(held, gain_db, reduction_db)


def level(pcm: Array, rate_hz: int, target_lufs: float | None, ceiling_dbtp: float, trip: Trip) -> Levelled:
    """Returns the mix after a static gain and a true-peak limiter, adjusted by what the codec gives back.

    pcm: (samples, channels) float. trip: encodes and decodes as the deliverable will be. target_lufs
    None leaves the level as it is. So does sound without a loudness (too short, too quiet), with a note. The
    ceiling is applied in any case. Raises SourceError for PCM that is not finite, IncompleteError
    where the decoded sound cannot be measured.
    """
    given, note, start_db = measure(pcm, rate_hz), "", 0.0
    if target_lufs is not None and given.integrated_lufs is None:
        target_lufs, note = None, f"level left alone: {dict(given.unmeasured)['integrated_lufs']}"
    if target_lufs is not None and given.integrated_lufs is not None:
        start_db = target_lufs - given.integrated_lufs
    goal = _Goal(target_lufs, ceiling_dbtp)
    source = _Source(pcm, rate_hz, given.true_peak_dbtp or 0.0)
    return _reported(_closed_loop(source, goal, start_db, trip), goal, note)


def _closed_loop(source: _Source, goal: _Goal, gain_db: float, trip: Trip) -> Levelled:
    """Returns the attempt, of up to TRIPS, that is nearest to the goal after decoding."""
    aim, attempts = goal, list[Levelled]()
    for passes in range(1, TRIPS + 1):
        master = _towards(source, aim, gain_db)
        heard = measure(trip(master.pcm), source.rate_hz)
        attempts.append(Levelled(master.pcm, master.gain_db, master.reduction_db, passes, heard))
        over, short = goal.over_db(heard), goal.short_lu(heard)
        if not over and (abs(short) <= WITHIN_LU or (master.spent and short > 0)):
            break
        lower = over + BACK_OFF_DB if over else 0.0
        aim = _Goal(None if aim.lufs is None else aim.lufs + short, aim.peak_dbtp - lower)
        gain_db = master.gain_db + short
    best = min(attempts, key=lambda made: (goal.over_db(made.loudness), abs(goal.short_lu(made.loudness))))
    return replace(best, passes=len(attempts))


def _towards(source: _Source, aim: _Goal, gain_db: float) -> _Master:
    """Returns sound that meets an aim before encoding, by the secant method from a first gain.

    Without limiting the first gain is exact; the more is limited, the less loudness a dB of gain adds.
    """
    if aim.lufs is None:
        return source.master(0.0, aim.peak_dbtp)
    most_db = aim.peak_dbtp + MOST_REDUCTION_DB - source.peak_dbtp
    slope, before = 1.0, (0.0, 0.0)
    for search in range(SEARCHES):
        gain_db = min(gain_db, most_db)
        master = source.master(gain_db, aim.peak_dbtp)
        reached = integrated(master.pcm, source.rate_hz)
        short = 0.0 if reached is None else aim.lufs - reached
        if abs(short) <= SEARCHED_LU or (gain_db >= most_db and short > 0):
            break
        if search and gain_db != before[0]:
            slope = min(1.0, max(0.1, (before[1] - short) / (gain_db - before[0])))
        before, gain_db = (gain_db, short), gain_db + short / slope
    return replace(master, spent=gain_db >= most_db and short > 0)


def _reported(made: Levelled, goal: _Goal, note: str) -> Levelled:
    """Returns the result with its shortfall and its note."""
    short, over = goal.short_lu(made.loudness), goal.over_db(made.loudness)
    said = [note] if note else []
    if short > ACCEPTED_LU:
        said.append(
            f"{short:.1f} LU below {goal.lufs:g} LUFS: the limiter already takes {made.reduction_db:.1f} dB"
            " off its peaks; lower the target, or compress the mix"
        )
    if short < -ACCEPTED_LU:
        said.append(f"{-short:.1f} LU above {goal.lufs:g} LUFS after {made.passes} encodes")
    if over:
        said.append(
            f"true peak {over:.2f} dB above the ceiling after {made.passes} encodes; raise the bitrate"
        )
    if made.gain_db > NOTED_GAIN_DB:
        said.append(f"raised by {made.gain_db:.0f} dB: listen for noise")
    return replace(made, shortfall_lu=short if short > ACCEPTED_LU else 0.0, note="; ".join(said))
