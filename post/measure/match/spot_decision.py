"""Decides how the shots of a spot, which share a reference, are matched to it: a transfer where it is sure, else a
balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from post.measure.match.balance import BalanceTrial
from post.measure.match.balance_confidence import LEAST, When
from post.measure.match.decision import (
    Decision,
    abstained,
    by_balance,
    find_transfer,
    look_at,
    nothing_to_see,
)
from post.measure.match.figures import MeasuredFigures, measure_figures
from post.measure.match.guards import Colour, Scene
from post.measure.match.sampling import without_bars
from post.measure.match.spot import MovedShot, balance_spot, seen_of, shared_goal
from post.values.array import Array


def decide_spot(
    targets: Sequence[Sequence[Array]],
    reference: Sequence[Array],
    whens: Sequence[When],
    transfers: Sequence[Decision] | None = None,
) -> list[Decision]:
    """Returns the decision for each shot of a spot.

    targets, reference: frames of a shot, (height, width, 3) float32 R'G'B', 0..1, each; whens: for each shot. "sure"
    transfers what is surely right, or does nothing; "likely" balances the shot where no transfer is sure; "always"
    makes a transfer, then, that was refused as unsure; transfers: what `find_transfer` returns for each shot, None to
    find them here. One transform for a whole shot. The same shots have the same decisions, whatever their order.
    """
    targets, reference = [_bare(each) for each in targets], _bare(reference)
    if transfers is None:
        transfers = [find_transfer(each, reference, when) for each, when in zip(targets, whens, strict=True)]
    there = look_at(reference)
    scenes = [Scene(look_at(each), there) for each in targets]
    figures, goal = [measure_figures(each) for each in targets], measure_figures(reference)
    seen = [n for n, scene in enumerate(scenes) if not nothing_to_see(scene)]
    waiting = [n for n in seen if transfers[n].method == "abstain" and whens[n] != "sure"]
    others = [
        MovedShot(
            *(seen_of(scenes[n].target, figures[n], each) for each in (np.asarray, transfers[n].stage.colour))
        )
        for n in seen
        if n not in waiting
    ]
    shared = shared_goal(goal, [figures[n] for n in waiting])
    trials = [BalanceTrial(scenes[n], figures[n], shared, LEAST[whens[n]]) for n in waiting]
    found = list(transfers)
    for n, balance in zip(waiting, balance_spot(trials, others, seen_of(there, goal)), strict=True):
        made = by_balance(balance)
        why = f"{transfers[n].why}; {made.why}" if made.method == "abstain" else made.why
        found[n] = replace(made, why=why)
    return found


def decide_spot_by_figures(
    targets: Sequence[Sequence[Array]],
    goal: MeasuredFigures,
    whens: Sequence[When],
    after: Sequence[Colour] | None = None,
) -> list[Decision]:
    """Returns the decision for each shot of a spot that is brought to figures, as those of a house.

    targets, whens: as in `decide_spot`; after: what the film does to each shot's colour after the match: the figures
    are those of the finished picture.
    """
    found, trials = dict[int, Decision](), dict[int, BalanceTrial]()
    for n, (target, when) in enumerate(zip(targets, whens, strict=True)):
        frames = _bare(target)
        pixels = look_at(frames)
        scene = Scene(pixels, pixels)
        if refusal := nothing_to_see(scene):
            found[n] = abstained(refusal)
        elif when == "sure":
            found[n] = abstained("a balance to figures is likely to help, and never sure")
        else:
            later: Colour = after[n] if after else np.asarray
            finished = [later(rgb.reshape(-1, 3).astype(np.float64)).reshape(rgb.shape) for rgb in frames]
            trials[n] = BalanceTrial(scene, measure_figures(finished), goal, LEAST[when], later)
    for n, balance in zip(trials, balance_spot(list(trials.values()), (), None), strict=True):
        found[n] = by_balance(balance)
    return [found[n] for n in range(len(targets))]


def _bare(frames: Sequence[Array]) -> list[Array]:
    return [without_bars(rgb) for rgb in frames]
