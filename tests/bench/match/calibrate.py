"""Where the numbers of post/measure/match/confidence.py come from, fitted on the fit half of the scenes.

    ANSWERPRINT_MEDIA=FOLDER python -m tests.bench.match.calibrate

By palette: each pair is matched whole, and is a 1 where that left it no more than .3 dE2000 worse. By
correspondence: how many of the overlapping views were matched so, and how many of them came out no worse.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from post.measure.match import match
from post.measure.match.confidence import FULL, PARTIAL, Evidence, evidence, marks, strength_for
from post.measure.match.fit import apply
from post.measure.match.palette import lay, palette
from post.stage import Array
from tests.bench.match.scenes import Half, View, further_unrelated, pairs
from tests.bench.match.trials import WORSE, Trial, difference, trials

HALF: Half = "fit"
RIDGE = 0.1  # of standardised marks; the constant is free
STRENGTHS = (0.0, 0.5, 1.0)
NEWTON_STEPS = 50


@dataclass(frozen=True)
class Row:
    """One pair. proof: what the matcher knows of it; apart: mean dE2000 after each of STRENGTHS."""

    scene: str
    view: View
    proof: Evidence
    apart: tuple[float, ...]

    @property
    def no_worse(self) -> bool:
        return self.apart[-1] <= self.apart[0] + WORSE

    def harmed_at(self, strength: float) -> bool:
        return self.apart[STRENGTHS.index(strength)] > self.apart[0] + WORSE


def asked() -> Iterator[Trial]:
    """Graded views of a scene; unrelated scenes graded and as they are, where any change does harm."""
    for trial in trials(pairs(HALF)):
        if trial.pair.view == "unrelated" or (trial.grade is not None and trial.pair.view != "same"):
            yield trial
    yield from trials(further_unrelated(HALF), grades=1)


def row(trial: Trial) -> Row:
    here, there = palette([trial.target]), palette([trial.pair.reference])
    ten = lay(here, there)
    pixels = trial.target.reshape(-1, 3).astype(np.float64)
    outs = [apply(strength * ten, pixels).reshape(trial.target.shape) for strength in STRENGTHS]
    apart = tuple(float(difference(out, trial.pair.clean).mean()) for out in outs)
    return Row(trial.pair.name.split()[0], trial.pair.view, evidence(ten, here, there), apart)


def logistic(x: Array, y: Array, ridge: float = RIDGE) -> Array:
    """(k + 1,) weights, the constant last, under which y, (n,) of 0 or 1, is likeliest given x, (n, k).

    Source: McCullagh and Nelder, "Generalized Linear Models", 1989, 4.4: Newton's method.
    """
    mean, spread = x.mean(0), x.std(0)
    design = np.c_[(x - mean) / spread, np.ones(len(x))]
    held = ridge * np.diag([1.0] * x.shape[1] + [0.0])
    at = np.zeros(design.shape[1])
    for _ in range(NEWTON_STEPS):
        sure = 1 / (1 + np.exp(-design @ at))
        curve = (design.T * (sure * (1 - sure))) @ design + held
        at -= np.linalg.solve(curve, design.T @ (sure - y) + held @ at)
    own = at[:-1] / spread
    return np.append(own, at[-1] - own @ mean)


def left_out(rows: Sequence[Row], x: Array, y: Array) -> Array:
    """(n,) confidence in each pair by what all the other scenes teach."""
    scene, sure = np.array([each.scene for each in rows]), np.zeros(len(rows))
    for name in np.unique(scene):
        own = scene == name
        weights = logistic(x[~own], y[~own])
        sure[own] = 1 / (1 + np.exp(-(x[own] @ weights[:-1] + weights[-1])))
    return sure


def by_palette() -> None:
    rows = [row(trial) for trial in asked()]
    x, y = np.array([marks(each.proof) for each in rows]), np.array([each.no_worse for each in rows], float)
    print("PER_MASS, PER_LOG_TRIP, CONSTANT = {:.3f}, {:.3f}, {:.3f}".format(*logistic(x, y)))
    sure = left_out(rows, x, y)
    print(f"# {len(rows)} pairs of {len({each.scene for each in rows})} scenes, {y.mean():.1%} left no worse")
    print(f"# scene left out in turn: Brier score {np.mean((sure - y) ** 2):.3f}")
    for view in ("overlap", "disjoint", "unrelated"):
        own = [(each, strength_for(s)) for each, s in zip(rows, sure, strict=True) if each.view == view]
        harm = np.mean([each.harmed_at(strength) for each, strength in own])
        done = np.mean([strength > 0 for _, strength in own])
        print(f"# done by half from {PARTIAL}, whole from {FULL}: {view}, {done:.0%} done, {harm:.1%} worse")


def by_correspondence() -> None:
    matched = better = 0
    views = [pair for pair in pairs(HALF) if pair.view == "overlap"]
    for trial in (each for each in trials(views) if each.grade is not None):
        decision = match([trial.target], [trial.pair.reference])
        if decision.method != "correspondence":
            continue
        out = decision.stage.colour(trial.target.reshape(-1, 3).astype(np.float64))
        before, after = (
            difference(rgb, trial.pair.clean).mean()
            for rgb in (trial.target, out.reshape(trial.target.shape))
        )
        matched, better = matched + 1, better + (after <= before + WORSE)
    print(f"CORRESPONDING, NO_WORSE = {matched}, {better}")


if __name__ == "__main__":
    by_palette()
    by_correspondence()
