"""Runs tasks and keeps their results: the engines, and the store."""

from post.engine.pool import InProcess, TaskEvent, WorkerPool
from post.engine.store import Store
from post.engine.task import Task

__all__ = ["InProcess", "Store", "Task", "TaskEvent", "WorkerPool"]
