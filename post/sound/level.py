"""Level: a version's sound brought to its loudness and under its peak, as the listener will decode it.

A codec moves both: AAC at 96 kb/s raised noise of -1.00 dBTP to +1.16 and lowered loudness by up to
0.47 LU. So what is measured is what comes back from the encoder, and what is changed is a gain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from post.errors import IncompleteError
from post.sound.limiter import limit
from post.sound.meter import Loudness, integrated, measure
from post.sound.pcm import gain_factor
from post.values.array import Array

WITHIN_LU = 0.05  # what is aimed for
ACCEPTED_LU = 0.2  # EBU R 128 (2020): the tolerance for finished programmes
MOST_REDUCTION_DB = 12.0  # beyond it a limiter is an effect, and nobody asked for one
NOTED_GAIN_DB = 24.0  # what is raised further may be noise
TRIPS, SEARCHES = 6, 6
SEARCHED_LU = 0.01
BACK_OFF_DB = 0.02  # below what the last overshoot asks for

# PCM -> the same PCM as the deliverable's codec gives it back, at the same rate.
Trip = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Levelled:
    """Sound ready for its encoder. loudness: of `pcm` once decoded again, measured on exactly that.

    gain_db: the static gain; reduction_db: the most the limiter took; passes: encodes it cost;
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
    """Loudness (None: as it is) and the highest true peak."""

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
    """Sound on its way to the encoder. spent: the limiter has no more to give."""

    pcm: Array
    gain_db: float = 0.0
    reduction_db: float = 0.0
    spent: bool = False


@dataclass(frozen=True, slots=True)
class _Source:
    """The mix and what was measured of it."""

    pcm: Array
    rate_hz: int
    peak_dbtp: float

    def master(self, gain_db: float, ceiling_dbtp: float) -> _Master:
        raised = self.pcm if gain_db == 0 else self.pcm * gain_factor(gain_db)
        held, reduction_db = limit(raised, self.rate_hz, ceiling_dbtp)
        return _Master(held, gain_db, reduction_db)


def level(pcm: Array, rate_hz: int, target_lufs: float | None, ceiling_dbtp: float, trip: Trip) -> Levelled:
    """Static gain and a true-peak limiter, closed over the codec; nothing else touches the dynamics.

    pcm: (samples, channels) float. trip: encodes and decodes as the deliverable will be. target_lufs
    None leaves the level alone, and so does sound without a loudness (too short, too quiet), with a
    note; the ceiling holds all the same. Raises SourceError for PCM that is not finite, IncompleteError
    where nothing can be measured of what the codec gives back.
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
    """Of up to TRIPS attempts, the one that is nearest to the goal once decoded."""
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
    """Sound that meets an aim before its codec, by secant from a first guess at the gain.

    Where nothing is limited the first guess is right; the more is limited, the less a dB of gain gives.
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
    """The same, with what people must be told."""
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
