"""Tries one pair with one grade, and scores how near to the ungraded picture its match comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from post.values.array import Array
from tests.bench.match.grades import graded
from tests.bench.match.scenes import Pair

GRADES = 2
WORSE = 0.3  # a match that adds more than this mean dE2000 has made a picture worse
EVERY = 5  # one pixel in so many of a row is judged: dE2000 is the slowest part


@dataclass(frozen=True)
class Trial:
    """One pair under one grade (None: nothing wrong). target: the pair's clean picture under it."""

    pair: Pair
    grade: int | None
    target: Array


@dataclass(frozen=True)
class Score:
    """before, after, p95: dE2000; step: codes; abstained: of ours."""

    before: float
    after: float
    p95: float
    step: float
    abstained: bool = False

    @property
    def harmed(self) -> bool:
        return self.after > self.before + WORSE


def trials(pairs: Iterable[Pair], grades: int = GRADES) -> Iterator[Trial]:
    """Yields each pair with nothing wrong, then with `grades` grades, whose seeds come from its name."""
    for pair in pairs:
        seed = sum(map(ord, pair.name)) * 131
        yield Trial(pair, None, (np.rint(pair.clean * 255) / 255).astype(np.float32))
        yield from (Trial(pair, grade, graded(pair.clean, seed + grade)) for grade in range(grades))


def score(trial: Trial, out: Array, abstained: bool = False) -> Score:
    before = difference(trial.target, trial.pair.clean)
    after = difference(out, trial.pair.clean)
    step = _step(trial.target, np.clip(out, 0, 1))
    return Score(float(before.mean()), float(after.mean()), float(np.percentile(after, 95)), step, abstained)


def difference(rgb: Array, clean: Array) -> Array:
    """Returns dE2000 of the judged pixels."""
    from skimage.color import deltaE_ciede2000, rgb2lab

    lab = [rgb2lab(np.clip(each[:, ::EVERY], 0, 1).astype(np.float64)) for each in (rgb, clean)]
    return np.asarray(deltaE_ciede2000(*lab))  # type: ignore[no-untyped-call]  # scikit-image has no types


def _step(target: Array, out: Array) -> float:
    """Returns the 99th percentile of the codes between neighbours of `out` that are one code apart in `target`."""
    here, there = (np.abs(np.diff(each, axis=1)).max(2) * 255 for each in (target, out))
    one = (here > 0.5) & (here < 1.5)
    return float(np.percentile(there[one], 99)) if one.sum() > 50 else float("nan")
