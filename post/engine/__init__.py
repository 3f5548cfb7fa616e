"""Where work is done: the store that keeps it and the engines that make it."""

from post.engine.pool import Event, Here, Pool
from post.engine.store import Store
from post.engine.task import Task

__all__ = ["Event", "Here", "Pool", "Store", "Task"]
