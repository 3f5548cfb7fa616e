"""Says what no farm of a kind can beat, and by how much any order of the tasks can miss it.

work        all tasks over all workers: Amdahl's parallel part
longest     the costliest task: it is not divided
scheduler   every task once through the scheduler
store       every source once, and every result, through the store
alone       what one host does before the tasks and after: Amdahl's serial part

Graham (1969): whoever gives the next task to whoever is idle takes at most work + (1 - 1/workers) longest.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from post.farm.expected import JobCost
from post.farm.simulate import MB, FarmModel


@dataclass(frozen=True, slots=True)
class FarmLimits:
    """What making takes at least, by what limits it, and what one host does alone; in seconds."""

    work: float
    longest: float
    scheduler: float
    store: float
    start: float
    alone: float

    @property
    def making(self) -> float:
        """Returns the least time until the last result is in the store."""
        return self.start + max(self.work, self.longest, self.scheduler, self.store)

    @property
    def binding(self) -> str:
        """Returns the name of the limit of making that is the highest."""
        each = {name: getattr(self, name) for name in ("work", "longest", "scheduler", "store")}
        return max(each, key=lambda name: each[name])


def limits_of(cost: JobCost, model: FarmModel) -> FarmLimits:
    """Returns what limits a farm, where all tasks take what is expected."""
    seconds = [task.seconds for task in cost.tasks]
    sources = {name: size for task in cost.tasks for name, size in task.sources}
    moved = sum(sources.values()) + sum(task.result_bytes for task in cost.tasks)
    return FarmLimits(
        sum(seconds) / model.workers,
        max(seconds, default=0.0),
        model.dispatch_s * len(seconds),
        moved / (model.store_mbps * MB),
        model.start_s,
        cost.before_s + cost.after_s,
    )


def workers_fed(cost: JobCost, model: FarmModel) -> float:
    """Returns how many workers one scheduler keeps busy: a task's mean time over that of its dispatch (at M/G/1's load
    of 1; the queue before it is long from about .8 of that)."""
    mean = sum(task.seconds for task in cost.tasks) / max(1, len(cost.tasks))
    return mean / model.dispatch_s if model.dispatch_s else inf
