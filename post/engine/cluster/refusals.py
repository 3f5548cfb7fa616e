"""Says why workers of a cluster cannot be used."""

from __future__ import annotations

import logging
from typing import Any

from post.engine.store import Store
from post.errors import RetryError

# Those of `distributed` that say what is told by this program's own errors and records.
CHATTY = ("distributed", "distributed.client", "distributed.core", "distributed.comm", "distributed.worker")
MARK = "answerprint "  # what the name of a resource begins with, by which our workers are known


def quieten() -> None:
    """Keeps what Dask logs to itself. Call it once `distributed` is loaded: that sets levels of its own."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def why_not(worker: dict[str, Any], mark: str) -> str:
    """Says why a worker is not used. worker: what its scheduler says of it; mark: what it should have."""
    marks = [each for each in worker.get("resources", {}) if each.startswith(MARK)]
    if marks:
        return f"runs {marks[0]}, and this is {mark}"
    return "was not started with `answerprint worker`"


def nobody(address: str, mark: str, found: dict[str, Any]) -> RetryError:
    """Returns the error for a scheduler without a worker that can be used. found: what it says of those it has."""
    others = "; ".join(f"{at} {why_not(each, mark)}" for at, each in sorted(found.items())[:3])
    return RetryError(
        "no worker of this scheduler can be used",
        where=f"dask:{address}",
        expected=f"one started with `answerprint worker`, of the same release and libraries ({mark})",
        got=others or "no worker",
        fix="start workers, or install the same releases there, and run again",
    )


def no_store(address: str, store: Store) -> RetryError:
    """Returns the error for a worker that does not find in its store what the sender has put into its own."""
    return RetryError(
        "this worker has another store, or another store.key",
        where=address,
        expected=f"the store {store.place.url or store.root}, and the same store.key",
        fix="start it with the same --store, and copy store.key to its settings",
    )
