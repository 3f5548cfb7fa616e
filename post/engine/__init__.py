"""Runs tasks and keeps their results, and what they are made from: the engines, and the stores."""

from post.engine.content_store import ContentStore
from post.engine.pool import InProcess, TaskEvent, WorkerPool
from post.engine.store import Store
from post.engine.task import Task

__all__ = ["ContentStore", "InProcess", "Store", "Task", "TaskEvent", "WorkerPool"]
