"""Answers how a farm would do a job: time, use, traffic and price, with what limits it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from typing import Any

from post.farm.expected import JobCost
from post.farm.limits import limits_of, workers_fed
from post.farm.simulate import FarmModel, Simulated, simulate

HOUR = 3600.0


def simulated_rows(
    cost: JobCost, model: FarmModel, workers: Sequence[int], price: float
) -> list[dict[str, Any]]:
    """Returns a row for each number of workers. price: of one worker for an hour, from its start to the last result."""
    return [_row(cost, replace(model, workers=each), price) for each in workers]


def _row(cost: JobCost, model: FarmModel, price: float) -> dict[str, Any]:
    made, limits = simulate(cost, model), limits_of(cost, model)
    whole = cost.before_s + made.making_s + cost.after_s
    held = model.workers * made.making_s
    alone = sum(task.seconds for task in cost.tasks) + limits.alone
    return {
        "workers": model.workers,
        "seconds": round(whole, 2),
        "making_seconds": round(made.making_s, 2),
        "least_making_seconds": round(limits.making, 2),
        "limited_by": _limited(limits.binding, made, limits.alone),
        "speedup": round(alone / whole, 2),
        "use": round((made.busy_s - made.lost_s - made.twice_s) / held, 4) if held else 0.0,
        "bytes_down": made.bytes_down,
        "bytes_up": made.bytes_up,
        "requests_per_second": round(made.requests / made.making_s, 2) if made.making_s else 0.0,
        "failures": made.failures,
        "lost_seconds": round(made.lost_s, 2),
        "speculated": made.speculated,
        "waited_seconds": round(made.waited_s, 2),
        "price": round(held / HOUR * price, 4),
        "limits": {name: round(getattr(limits, name), 3) for name in
                   ("work", "longest", "scheduler", "store", "start", "alone")},
    }  # fmt: skip


def _limited(binding: str, made: Simulated, alone: float) -> str:
    return "alone" if alone > made.making_s else binding


def simulated_data(cost: JobCost, model: FarmModel, workers: Sequence[int], price: float) -> dict[str, Any]:
    """Returns the whole answer, with what it stands on."""
    measured = sum(task.measured for task in cost.tasks)
    fed = workers_fed(cost, model)
    return {
        "tasks": len(cost.tasks),
        "measured": measured,
        "basis": _basis(measured, len(cost.tasks)),
        "task_seconds": round(sum(task.seconds for task in cost.tasks), 2),
        "before_seconds": round(cost.before_s, 2),
        "after_seconds": round(cost.after_s, 2),
        "workers_fed": round(fed) if isfinite(fed) else None,
        "seed": model.seed,
        "farms": simulated_rows(cost, model, workers, price),
    }


def _basis(measured: int, count: int) -> str:
    if measured == count:
        return "Every task's seconds are measured."
    if measured:
        return f"{measured} of {count} tasks are measured; the others are counted, at the speed that those showed."
    return "No task is measured: seconds are counted, at the speed that runs on this machine showed, or of rates."
