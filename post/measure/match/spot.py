"""Balances all shots of a spot, which share one reference: what brings one nearer to it may part it from the others.

Every shot is balanced on its own first. Then each part goes so far in each shot as brings the whole spot together, and
what still drives it apart, because parts and guards bear upon each other, is weakened, and at last left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from post.measure.match.balance import JUDGED, SOLVED_ON, WHOLE, Balance, BalanceTrial, seen_figures
from post.measure.match.balance_confidence import Part
from post.measure.match.balance_curve import NOTHING
from post.measure.match.figures import MeasuredFigures, grey_weights
from post.measure.match.guards import Colour
from post.values.array import Array

# Where each part is, among the figures that are seen (`seen_figures`).
SEEN: Mapping[Part, tuple[int, ...]] = {
    "exposure": (0,), "contrast": (1,), "neutral": (2, 3), "saturation": (4,),
}  # fmt: skip
# How much a shot's distance to the reference counts, beside the spread: a shot stays away from a reference that the
# others cannot reach only where that is worth it.
TO_REFERENCE = 0.3
# Where several balances bring a spot together alike, as without a reference: rather the whole of each.
TO_WHOLE = 1e-3
SWEEPS, STILL = 200, 1e-4
WEAKENED = 0.97  # a smaller share is worth another search
WEAKENINGS, LEAST_SHARE = 6, 0.25
# A spread that falls by less than this share may be one that rises, as others measure it. A spread that is smaller than
# UNSEEN, or that a side effect makes larger by less, is not seen (Oklab: a third of a unit of L*, a unit of C*).
FALLS, UNSEEN = 0.01, 3e-3
LEAST_MOVE = 1e-4


@dataclass(frozen=True, eq=False)
class MovedShot:
    """A shot of a spot that is not balanced: `seen_figures` of it, (5,) each, as it was and as it is in the film."""

    before: Array
    after: Array


def shared_goal(reference: MeasuredFigures, shots: Sequence[MeasuredFigures]) -> MeasuredFigures:
    """Returns the figures that all shots of a spot go to: the reference's; and, where it is in colour and shows no
    greys, the mean neutral axis of the shots that do, if there are two."""
    axes = [
        (each.figures.red, each.figures.blue, each.greys) for each in shots if each.figures.red is not None
    ]
    if reference.figures.red is not None or reference.figures.saturation is None or len(axes) < 2:
        return reference
    red, blue, _ = np.mean(np.array(axes, float), axis=0)
    goal = replace(reference.figures, red=float(red), blue=float(blue))
    return MeasuredFigures(goal, min(greys for *_, greys in axes))


def seen_of(pixels: Array, figures: MeasuredFigures, colour: Colour = np.asarray) -> Array:
    """Returns the `seen_figures` of a shot after a change of colour. pixels, figures: of the shot before it."""
    few = pixels[:: max(1, len(pixels) // SOLVED_ON)]
    return seen_figures(colour(few), None if figures.figures.red is None else grey_weights(few))


def balance_spot(
    trials: Sequence[BalanceTrial], others: Sequence[MovedShot], reference: Array | None
) -> list[Balance]:
    """Returns the balance of each shot, by which the spread of no part of the spot grows.

    others: the shots of the spot that have a transfer; reference: `seen_figures` of the shot that all go to, (5,); None
    where that is no picture. The order of shots changes no balance.
    """
    order = sorted(range(len(trials)), key=lambda n: trials[n].seen(NOTHING).tobytes())
    others = sorted(others, key=lambda each: (each.before.tobytes(), each.after.tobytes()))
    found = _Spot([trials[n] for n in order], others, reference).settled()
    return [balance for _, balance in sorted(zip(order, found, strict=True), key=lambda each: each[0])]


def spreads(before: Array, after: Array) -> tuple[Array, Array]:
    """Returns the standard deviation of each of JUDGED over shots, (4,) each, of figures (n, 5) before and after.

    Greys are compared over the shots that have some on both sides; 0 where no two can be compared.
    """
    axes = np.where(np.isnan(before + after), np.nan, 0)
    first, second = (
        np.array([_deviation((rows + axes)[:, SEEN[part]]) for part in JUDGED]) for rows in (before, after)
    )
    return first, second


def _deviation(rows: Array) -> float:
    known = rows[np.isfinite(rows).all(1)]
    return float(np.hypot.reduce(known.std(0))) if len(known) > 1 else 0.0


def shares_together(began: Array, ends: Array, others: Array, reference: Array | None) -> Array:
    """Returns (n,) shares, 0..1, of n moves from `began` to `ends`, (n, k) each, after which all lie nearest together.

    others: (m, k) where what does not move is, the reference among it; reference: (k,) to stay near to, too.
    Source: coordinate descent on a convex quadratic function within a box, P. Tseng, "Convergence of a Block Coordinate
    Descent Method for Nondifferentiable Minimization", J. Optim. Theory Appl. 109, 2001.
    """
    moves, shares = ends - began, np.ones(len(began))
    lengths, count = (moves**2).sum(1), len(began) + len(others)
    own = 1 - 1 / count
    total = ends.sum(0) + others.sum(0)
    for _ in range(SWEEPS):
        last = shares.copy()
        for n in np.flatnonzero(lengths > LEAST_MOVE**2):
            rest = total - began[n] - shares[n] * moves[n]
            pull = moves[n] @ (rest / count - own * began[n]) + TO_WHOLE * lengths[n]
            weight = own + TO_WHOLE
            if reference is not None:
                pull += TO_REFERENCE * moves[n] @ (reference - began[n])
                weight += TO_REFERENCE
            shares[n] = np.clip(pull / (weight * lengths[n]), 0, 1)
            total = rest + began[n] + shares[n] * moves[n]
        if np.abs(shares - last).max(initial=0) < STILL:
            break
    return shares


class _Spot:
    def __init__(
        self, trials: Sequence[BalanceTrial], others: Sequence[MovedShot], reference: Array | None
    ) -> None:
        self._trials, self._reference = trials, reference
        held = [] if reference is None else [MovedShot(reference, reference)]
        self._others = [*others, *held]
        self._began = [trial.seen(NOTHING) for trial in trials]
        self._shares = [dict(WHOLE) for _ in trials]
        self._together: list[set[Part]] = [set() for _ in trials]
        self._balances = [trial.balance() for trial in trials]
        self._ends = [self._seen(n) for n in range(len(trials))]

    def _seen(self, n: int) -> Array:
        return self._trials[n].seen(self._balances[n].parameters)

    def settled(self) -> list[Balance]:
        for part in JUDGED:
            self._bring_together(part)
        for n, shares in enumerate(self._shares):
            if min(shares.values()) < WEAKENED:
                self._balance_again(n)
        for _ in range(WEAKENINGS):
            for part in self._rising(1 - FALLS):
                self._weaken(part)
        for _ in self._trials:
            for part in self._rising(1):
                self._weaken(part, wholly=True)
        return self._balances

    def _balance_again(self, n: int) -> None:
        self._balances[n] = self._trials[n].balance(self._shares[n], self._together[n])
        self._ends[n] = self._seen(n)

    def _bring_together(self, part: Part) -> None:
        """Changes the share of a part in each shot that moves it."""
        at = list(SEEN[part])
        known = [
            n
            for n, (a, b) in enumerate(zip(self._began, self._ends, strict=True))
            if np.isfinite((a + b)[at]).all()
        ]
        moved = [n for n in known if part in {each.part for each in self._balances[n].parts}]
        still = [self._ends[n][at] for n in known if n not in moved]
        still += [
            each.after[at] for each in self._others if np.isfinite((each.before + each.after)[at]).all()
        ]
        if not moved or len(moved) + len(still) < 2:
            return
        goal = self._reference[at] if self._reference is not None else None
        shares = shares_together(
            np.array([self._began[n][at] for n in moved]),
            np.array([self._ends[n][at] for n in moved]),
            np.reshape(still, (-1, len(at))),
            goal if goal is not None and np.isfinite(goal).all() else None,
        )
        for n, share in zip(moved, shares, strict=True):
            self._shares[n][part] = float(share)

    def _spreads(self, ends: Sequence[Array]) -> tuple[Array, Array]:
        before = np.array([*self._began, *(each.before for each in self._others)])
        return spreads(before, np.array([*ends, *(each.after for each in self._others)]))

    def _rising(self, most: float) -> list[Part]:
        """Returns the parts of which the spread is more than a share of what it was."""
        before, after = self._spreads(self._ends)
        found = zip(JUDGED, before, after, strict=True)
        return [part for part, was, now in found if now > most * was + LEAST_MOVE]

    def _weaken(self, part: Part, *, wholly: bool = False) -> None:
        """Weakens the move of that shot without which the spread of a part would be least, if there is one.

        Where the shot does not move this part, all its other moves do: then the part is moved too, although it alone
        gives too little reason for it. wholly: leaves the part out, or else all the others.
        """
        at = JUDGED.index(part)
        without = [
            self._spreads([*self._ends[:n], self._began[n], *self._ends[n + 1 :]])[1][at]
            for n in range(len(self._trials))
        ]
        if not without or min(without) > self._spreads(self._ends)[1][at] - LEAST_MOVE:
            return
        n = int(np.argmin(without))
        shares, moved = self._shares[n], [each.part for each in self._balances[n].parts]
        was, now = (each[at] for each in self._spreads(self._ends))
        if part in moved and part not in self._together[n]:
            gone = wholly or shares[part] / 2 < LEAST_SHARE
            shares[part] = 0.0 if gone else shares[part] / 2
        elif now < UNSEEN:
            return
        elif not wholly and part in dict(self._balances[n].unsure):
            self._together[n].add(part)
        elif wholly and now > was + UNSEEN:
            shares.update(dict.fromkeys(moved, 0.0))
        else:
            return
        self._balance_again(n)
