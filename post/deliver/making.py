"""Makes results of tasks in the store, and keeps none of a file that changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from post.engine import Store, Task, TaskEvent
from post.engine.content_store import refuse_changed
from post.engine.file_state import refuse_touched
from post.errors import SourceError
from post.prepare.sources import JobSources

T = TypeVar("T")


class Engine(Protocol):
    """Runs tasks: in processes of this machine, or elsewhere."""

    def run(self, tasks: Sequence[Task], store: Store) -> Iterator[TaskEvent]:
        """Yields an event for each task once its result is in the store."""

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Calls a module's function where foreign files may be read, and returns what it returns."""

    def rest(self) -> None:
        """Lets go of processes and memory until there is more to run."""


def make_results(
    tasks: Sequence[Task],
    missing: Collection[str],
    sources: JobSources,
    place: tuple[Engine, Store],
    told: Callable[[TaskEvent], None],
) -> None:
    """Makes every task's result that the store has not yet.

    missing: the keys of those; told: is called with each task whose result is there. Raises
    SourceError where a file of the job was changed meanwhile: then none of the missing results is kept.
    """
    engine, store = place
    for event in engine.run(tasks, store):
        told(event)
    with dropped_if_changed(store, missing):
        refuse_changed(sources.files())
        refuse_touched(sources.states)


@contextmanager
def dropped_if_changed(store: Store, made: Collection[str]) -> Iterator[None]:
    """Drops what was made of a source where the block finds that it changed. Raises what the block raises."""
    try:
        yield
    except SourceError:
        for key in made:
            store.drop(key)
        raise
