"""Fits the numbers of post/measure/match/confidence.py, on the fit half and on further scenes.

    ANSWERPRINT_MEDIA=FOLDER python -m tests.bench.match.calibrate

By palette: each pair is matched at full strength, and counts as 1 if it then is at most .3 dE2000 worse. By
correspondence: how many of the overlapping views were matched in this way, and how many of them became no worse.
By balance: each part is moved by what the left (right) halves of two scenes measure, and counts as 1 if the other
halves then are nearer to each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from post.measure.match import match
from post.measure.match.balance import FURTHEST, NO_FURTHER, PLACES, vector
from post.measure.match.balance_confidence import PARTS, part_marks
from post.measure.match.confidence import FULL, PARTIAL, MatchEvidence, evidence, marks, strength_for
from post.measure.match.figures import measure_figures
from post.measure.match.fit import apply
from post.measure.match.palette import move_palette, palette
from post.values.array import Array
from tests.bench.match.scenes import (
    Half,
    Pair,
    View,
    further_disjoint,
    further_scenes,
    further_unrelated,
    pairs,
    scenes,
)
from tests.bench.match.trials import WORSE, Trial, difference, trials

HALF: Half = "fit"
RIDGE = 1.0  # of standardised inputs; the constant is not penalised
STRENGTHS = (0.0, 0.5, 1.0)
NEWTON_STEPS = 50


@dataclass(frozen=True)
class Row:
    """One pair. scenes: what it shows, the target's first; proof: what the matcher measured; apart: mean dE2000 after
    each of STRENGTHS."""

    view: View
    scenes: tuple[str, ...]
    graded: bool
    proof: MatchEvidence
    apart: tuple[float, ...]

    @property
    def teaches(self) -> bool:
        """Returns whether the pair is used for the fit.

        Two views of one scene with nothing wrong are not: any match makes them a little worse.
        """
        return self.graded or self.view == "unrelated"

    def harmed_at(self, strength: float) -> bool:
        return self.apart[STRENGTHS.index(strength)] > self.apart[0] + WORSE


def asked() -> Iterator[Trial]:
    """Yields the trials of disjoint and unrelated views."""
    yield from trials(pair for pair in pairs(HALF) if pair.view in ("disjoint", "unrelated"))
    yield from trials(further_disjoint())
    yield from trials(further_unrelated(), grades=1)


def row(trial: Trial) -> Row:
    pair = trial.pair
    here, there = palette([trial.target]), palette([pair.reference])
    ten = move_palette(here, there)
    pixels = trial.target.reshape(-1, 3).astype(np.float64)
    outs = [apply(strength * ten, pixels).reshape(trial.target.shape) for strength in STRENGTHS]
    apart = tuple(float(difference(out, pair.clean).mean()) for out in outs)
    return Row(pair.view, _scenes(pair), trial.grade is not None, evidence(ten, here, there), apart)


def _scenes(pair: Pair) -> tuple[str, ...]:
    """Returns the scenes of a pair; shots of one clip count as one scene."""
    names = pair.name.split(" to ") if pair.view == "unrelated" else pair.name.split()[:1]
    return tuple(name.partition("@")[0] for name in names)


def logistic(x: Array, y: Array, ridge: float = RIDGE) -> Array:
    """Returns (k + 1,) weights, the constant last, that make y, (n,) of 0 or 1, most likely given x, (n, k).

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
    """Returns the confidence in each pair, (n,), fitted on the pairs without its target's scene."""
    sure = np.zeros(len(rows))
    for name in {each.scenes[0] for each in rows}:
        own = np.array([each.scenes[0] == name for each in rows])
        others = np.array([name not in each.scenes for each in rows])
        weights = logistic(x[others], y[others])
        sure[own] = 1 / (1 + np.exp(-(x[own] @ weights[:-1] + weights[-1])))
    return sure


def by_palette() -> None:
    rows = [each for each in map(row, asked()) if each.teaches]
    x = np.array([marks(each.proof) for each in rows])
    y = np.array([not each.harmed_at(1.0) for each in rows], float)
    names = "PER_ALIKE, PER_LOG_TRIP, PER_LOG_FAR, CONSTANT"
    print(names, "= {:.3f}, {:.3f}, {:.3f}, {:.3f}".format(*logistic(x, y)))
    sure, scenes = left_out(rows, x, y), {each.scenes[0] for each in rows}
    print(f"# {len(rows)} pairs of {len(scenes)} scenes, {y.mean():.1%} left no worse")
    print(f"# scene left out in turn: Brier score {np.mean((sure - y) ** 2):.3f}")
    print(f"# done by half from {PARTIAL}, whole from {FULL}:")
    done = [(each, strength_for(s)) for each, s in zip(rows, sure, strict=True)]
    print("# disjoint:", _told([each for each in done if each[0].view == "disjoint"]))
    unrelated = [each for each in done if each[0].view == "unrelated"]
    print("# unrelated:", _told([each for each in unrelated if each[0].graded]))
    print("# unrelated, nothing wrong:", _told([each for each in unrelated if not each[0].graded]))


def _told(rows: Sequence[tuple[Row, float]]) -> str:
    ends = [each.apart[STRENGTHS.index(strength)] for each, strength in rows]
    done = np.mean([strength > 0 for _, strength in rows])
    harm = np.mean([each.harmed_at(strength) for each, strength in rows])
    return f"{done:.0%} done, {harm:.1%} worse, dE2000 {np.mean(ends):.2f}, at worst {max(ends):.1f}"


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


def by_balance() -> None:
    """Fits the confidence of each part of a balance, on every two scenes of the fit half."""
    rows = list(_balance_rows())
    weights, constants = {}, {}
    for part in PARTS:
        own = [row for row in rows if row[0] == part]
        x, y = np.array([row[1] for row in own]), np.array([row[2] for row in own], float)
        *weights[part], constants[part] = logistic(x, y)
        sure = 1 / (1 + np.exp(-(x @ np.array(weights[part]) + constants[part])))
        print(
            f"# {part}: {len(own)} pairs, {y.mean():.0%} nearer, Brier score {np.mean((sure - y) ** 2):.3f}"
        )
    print("PER_LOG_APART =", {part: round(float(weights[part][0]), 2) for part in PARTS})
    print(f"PER_GREYS = {weights['neutral'][1]:.2f}")
    print("CONSTANT =", {part: round(float(constants[part]), 2) for part in PARTS})


def _balance_rows() -> Iterator[tuple[str, Sequence[float], bool]]:
    """Yields for each part of each pair: its name, its marks, and whether what was not measured became nearer."""
    seen = [scene.first for scene in (*scenes(), *further_scenes()) if scene.half == HALF]
    halves = [(rgb[:, : rgb.shape[1] // 2], rgb[:, rgb.shape[1] // 2 :]) for rgb in seen]
    measured = [[measure_figures([each]) for each in both] for both in halves]
    for here, there in permutations(measured, 2):
        for side in (0, 1):
            a, b, c, d = here[side], there[side], here[1 - side], there[1 - side]
            apart, other = vector(b.figures) - vector(a.figures), vector(d.figures) - vector(c.figures)
            for part in PARTS:
                places, most = list(PLACES[part]), FURTHEST[part]
                way = float(np.linalg.norm(apart[places])) / most
                if np.isnan(way) or way < NO_FURTHER or np.isnan(other[places]).any():
                    continue
                left = other[places] - apart[places] * min(1, 1 / way)
                nearer = np.linalg.norm(left) < np.linalg.norm(other[places])
                yield part, part_marks(part, way, min(a.greys, b.greys)), bool(nearer)


if __name__ == "__main__":
    by_balance()
    by_palette()
    by_correspondence()
