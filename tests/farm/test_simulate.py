"""The simulator keeps to arithmetic: bounds that no farm beats, work that is neither lost nor gained."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.engine import Task
from post.engine.pool import split_runs
from post.farm.expected import JobCost, TaskCost
from post.farm.limits import limits_of, workers_fed
from post.farm.simulate import FarmModel, deal, simulate

NEAR = 1e-6
sources = st.lists(
    st.sampled_from([("a", 10**6), ("b", 5 * 10**7), ("c", 3 * 10**8)]), max_size=3, unique=True
)
costs = st.lists(
    st.builds(
        TaskCost,
        st.text("0123456789abcdef", min_size=8, max_size=8),
        st.floats(0.1, 60),
        sources.map(tuple),
        st.integers(0, 10**8),
        weight=st.integers(1, 200),
    ),
    min_size=1,
    max_size=40,
).map(lambda tasks: JobCost(tuple(tasks), 1.0, (2.0,)))
workers = st.integers(1, 60)
farms = st.builds(
    FarmModel,
    workers,
    start_s=st.floats(0, 20),
    dispatch_s=st.floats(0, 0.5),
    store_mbps=st.sampled_from([20.0, 200.0, inf]),
    request_s=st.floats(0, 0.2),
    dealt=st.booleans(),
)
troubled = st.builds(
    replace,
    farms,
    spread=st.floats(0, 0.8),
    mtbf_s=st.sampled_from([120.0, 1000.0, inf]),
    speculate=st.booleans(),
    seed=st.integers(0, 9),
)
some = settings(max_examples=60, deadline=None)


def graham_s(cost: JobCost, farm: FarmModel) -> float:
    """What making takes at most, where neither scheduler, store nor failures cost time (Graham, 1969)."""
    limits = limits_of(cost, farm)
    return limits.start + limits.work + (1 - 1 / farm.workers) * limits.longest


def total(cost: JobCost) -> float:
    return sum(task.seconds for task in cost.tasks)


@some
@given(costs, farms)
def test_no_farm_beats_its_limits(cost: JobCost, farm: FarmModel) -> None:
    limits = limits_of(cost, farm)
    assert simulate(cost, farm).making_s >= limits.making - NEAR


@some
@given(costs, workers, st.booleans())
def test_giving_tasks_to_the_idle_keeps_to_grahams_bound(cost: JobCost, count: int, dealt: bool) -> None:
    farm = FarmModel(count, start_s=3.0, dealt=dealt)
    assert simulate(cost, farm).making_s <= graham_s(cost, farm) + NEAR


@some
@given(costs, farms)
def test_no_work_is_lost_or_gained_where_nothing_fails(cost: JobCost, farm: FarmModel) -> None:
    made = simulate(cost, farm)
    assert made.busy_s == pytest.approx(total(cost))
    assert (made.lost_s, made.twice_s, made.failures, made.speculated) == (0, 0, 0, 0)
    assert made.bytes_up == sum(task.result_bytes for task in cost.tasks)


@some
@given(costs, troubled)
def test_what_is_spent_is_what_was_kept_lost_or_made_twice(cost: JobCost, farm: FarmModel) -> None:
    made = simulate(cost, replace(farm, spread=0.0))
    assert made.busy_s - made.lost_s - made.twice_s == pytest.approx(total(cost))
    assert made.busy_s + made.waited_s <= farm.workers * made.making_s * (1 + NEAR) + NEAR


@some
@given(costs, troubled)
def test_the_same_seed_gives_the_same_answer(cost: JobCost, farm: FarmModel) -> None:
    assert simulate(cost, farm) == simulate(cost, farm)


@some
@given(costs, workers, st.integers(1, 30), st.floats(0, 0.5))
def test_more_workers_of_one_queue_are_never_slower_where_the_store_is_fast(
    cost: JobCost, count: int, more: int, dispatch_s: float
) -> None:
    farm = FarmModel(count, start_s=2.0, dispatch_s=dispatch_s, dealt=False)
    assert (
        simulate(cost, replace(farm, workers=count + more)).making_s <= simulate(cost, farm).making_s + NEAR
    )


@some
@given(costs, farms, st.integers(1, 30))
def test_more_workers_cost_at_most_what_they_fetch(cost: JobCost, farm: FarmModel, more: int) -> None:
    fewer, larger = simulate(cost, farm), simulate(cost, replace(farm, workers=farm.workers + more))
    moved = (larger.bytes_down + larger.bytes_up) / (farm.store_mbps * 1e6)
    waits = (farm.dispatch_s + 2 * farm.request_s) * len(cost.tasks)
    assert larger.making_s <= fewer.making_s + moved + waits + limits_of(cost, farm).longest + NEAR


@some
@given(costs, farms)
def test_a_source_is_fetched_once_by_each_worker_at_most(cost: JobCost, farm: FarmModel) -> None:
    each = sum(dict(pair for task in cost.tasks for pair in task.sources).values())
    assert each <= simulate(cost, farm).bytes_down <= each * min(farm.workers, len(cost.tasks))


@some
@given(st.lists(st.integers(1, 99), min_size=1, max_size=60), workers)
def test_tasks_are_dealt_as_the_pool_deals_them(weights: list[int], count: int) -> None:
    tasks = [Task(f"{n}", "a:b", None, cost=weight) for n, weight in enumerate(weights)]
    assert [[int(task.key) for task in run] for run in split_runs(tasks, count)] == [
        *map(list, deal(weights, count))
    ]


def equal(count: int, seconds: float, size: int = 0) -> JobCost:
    return JobCost(tuple(TaskCost(f"{n}", seconds, (), size) for n in range(count)))


def test_arithmetic_of_small_farms() -> None:
    assert simulate(equal(10, 3.0), FarmModel(4, start_s=1.0)).making_s == 1.0 + 3 * 3.0
    assert (
        simulate(equal(8, 1.0), FarmModel(8, dispatch_s=0.5)).making_s == 8 * 0.5 + 1.0
    )  # the last one's turn
    assert simulate(equal(4, 1.0, 10**7), FarmModel(4, store_mbps=10)).making_s == 1.0 + 4 * 1.0
    assert workers_fed(equal(8, 5.0), FarmModel(1, dispatch_s=0.002)) == 2500


def test_a_farm_that_one_scheduler_cannot_feed_is_limited_by_it() -> None:
    cost, farm = equal(4000, 2.0), FarmModel(1000, dispatch_s=0.01)
    assert workers_fed(cost, farm) == 200
    assert limits_of(cost, farm).binding == "scheduler"
    assert simulate(cost, farm).making_s == pytest.approx(4000 * 0.01 + 2.0)


def test_speculation_helps_against_stragglers_and_costs_work() -> None:
    cost, farm = equal(200, 10.0), FarmModel(200, spread=1.0)
    alone, helped = (simulate(cost, replace(farm, speculate=each)) for each in (False, True))
    assert helped.making_s < 0.7 * alone.making_s
    assert helped.speculated > 0
    assert helped.twice_s > 0


def test_failures_cost_time_and_what_was_lost() -> None:
    cost, farm = equal(400, 10.0), FarmModel(20, start_s=5.0, seed=3)
    calm, rough = simulate(cost, farm), simulate(cost, replace(farm, mtbf_s=60.0))
    # A try of 10 s at a failure each 60 s ends well with exp(-1/6): 1 in 6.5 fails.
    assert rough.failures == pytest.approx(400 * (1.1814 - 1), rel=0.35)
    assert rough.making_s > calm.making_s * 1.1
    assert rough.lost_s > 0


def test_a_farm_that_fails_faster_than_a_task_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="never ends"):
        simulate(equal(1, 1000.0), FarmModel(1, mtbf_s=1.0))
    with pytest.raises(ValueError, match="at least one worker"):
        simulate(equal(1, 1.0), FarmModel(0))
