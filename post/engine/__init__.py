"""Where work is done: the store that keeps it and the engines that make it."""

from post.engine.pool import InProcess, TaskEvent, WorkerPool
from post.engine.store import Store
from post.engine.task import Task

__all__ = ["InProcess", "Store", "Task", "TaskEvent", "WorkerPool"]
