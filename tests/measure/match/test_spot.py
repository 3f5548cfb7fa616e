"""Shots that are balanced together: the spread of the spot, the order of shots, an axis that the reference lacks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import cast

import numpy as np
import pytest

from post.measure.match import decide_spot
from post.measure.match.balance import JUDGED, WHOLE, Balance, BalanceTrial, MovedPart
from post.measure.match.balance_confidence import Part
from post.measure.match.decision import abstained
from post.measure.match.figures import MeasuredFigures
from post.measure.match.spot import SEEN, balance_spot, shared_goal, shares_together, spreads
from post.values.array import Array
from post.values.shot_figures import ShotFigures
from tests.measure.match.pictures import forest, picture, street

REFERENCE = np.zeros(5)


class LinearTrial:
    """A shot whose parts, `able`, go straight to where they should, and may take another figure with them.

    parameters of its balances: the share of each of JUDGED.
    """

    def __init__(
        self, began: float, able: Collection[Part], unsure: Collection[Part] = (), drags: float = 0.0
    ) -> None:
        self.began, self.able, self.unsure, self.drags = np.full(5, began), able, unsure, drags

    def seen(self, parameters: Array) -> Array:
        out = self.began.copy()
        for part, share in zip(JUDGED, parameters, strict=False):
            out[list(SEEN[part])] *= 1 - share
        out[4] += self.drags * parameters[0]  # exposure takes saturation with it
        return out

    def balance(self, shares: Mapping[Part, float] = WHOLE, together: Collection[Part] = ()) -> Balance:
        able = [*self.able, *together]
        done = np.array([shares[part] if part in able else 0.0 for part in JUDGED])
        parts = tuple(MovedPart(part, 0.6, share) for part, share in zip(JUDGED, done, strict=True) if share)
        unsure = tuple((part, 0.4) for part in self.unsure if part not in together)
        return Balance(done, parts, unsure, ())


def settled(*trials: LinearTrial) -> list[Array]:
    found = balance_spot(cast("list[BalanceTrial]", list(trials)), (), REFERENCE)
    return [trial.seen(balance.parameters) for trial, balance in zip(trials, found, strict=True)]


def spread(trials: tuple[LinearTrial, ...], ends: list[Array]) -> tuple[Array, Array]:
    before = np.array([*(trial.began for trial in trials), REFERENCE])
    return spreads(before, np.array([*ends, REFERENCE]))


def test_a_shot_does_not_leave_others_that_cannot_come_with_it() -> None:
    """One of four can reach the reference: alone there, it would be further from the other three."""
    trials = (LinearTrial(0.5, ["exposure"]), *(LinearTrial(0.5 + n / 100, []) for n in (1, 2, 3)))
    alone = trials[0].seen(trials[0].balance().parameters)
    before, after = spread(trials, [alone, *(trial.began for trial in trials[1:])])
    assert after[0] > 1.15 * before[0]
    ends = settled(*trials)
    assert 0.1 < ends[0][0] < 0.4
    assert spread(trials, ends)[1][0] < before[0]


def test_shots_that_can_all_reach_the_reference_do() -> None:
    assert (
        settled(*(LinearTrial(place, JUDGED) for place in (0.2, 0.3, 0.4)))
        == [pytest.approx(REFERENCE, abs=1e-3)] * 3
    )


def test_what_a_move_drives_apart_is_held_by_moving_it_too_or_the_move_is_left_out() -> None:
    cases: tuple[tuple[tuple[Part, ...], float], ...] = ((("saturation",), 0.0), ((), 0.3))
    for unsure, exposure in cases:
        trials = (LinearTrial(0.3, ["exposure"], unsure, drags=0.4), LinearTrial(0.31, []))
        ends = settled(*trials)
        before, after = spread(trials, ends)
        assert (after <= before + 3.1e-3).all()
        assert (ends[0][0] > 0.2) == (exposure > 0.2)


def test_the_order_of_shots_changes_nothing() -> None:
    shots = [street()[::2, ::2], forest()[::2, ::2], picture("coffee")[::8, ::8]]
    found = [
        decide_spot(
            [[rgb] for rgb in order], [picture("rocket")[::8, ::8]], ["likely"] * 3, [abstained("")] * 3
        )
        for order in (shots, shots[::-1])
    ]
    assert found[0] == found[1][::-1]
    assert {each.method for each in found[0]} == {"balance"}


def test_shares_bring_points_as_near_together_as_moves_allow() -> None:
    draw = np.random.default_rng(5)
    began, ends, others = draw.normal(size=(4, 2)), draw.normal(size=(4, 2)), draw.normal(size=(2, 2))

    def apart(shares: Array) -> float:
        at = np.concatenate([began + shares[:, None] * (ends - began), others])
        return float(at.var(0).sum())

    best = apart(shares_together(began, ends, others, None))
    assert best <= min(apart(draw.random(4)) for _ in range(2000)) + 1e-3


def test_where_the_reference_has_no_greys_shots_share_their_mean_axis() -> None:
    plain = MeasuredFigures(ShotFigures(mid=0.5, saturation=0.1), 0.0)
    shots = [MeasuredFigures(ShotFigures(red=red, blue=-red), 0.5) for red in (0.02, 0.06)]
    found = shared_goal(plain, [*shots, plain])
    assert (found.figures.red, found.figures.blue, found.greys) == pytest.approx((0.04, -0.04, 0.5))
    assert shared_goal(plain, [shots[0], plain]) == plain
    assert shared_goal(shots[0], shots) == shots[0]
    grey = MeasuredFigures(ShotFigures(mid=0.5), 0.0)
    assert shared_goal(grey, shots) == grey
