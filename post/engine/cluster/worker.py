"""Joins a scheduler as a worker, and joins it again after it was away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import dask
from distributed import Worker as DaskWorker

from post.engine.cluster.doing import Site, open_site
from post.engine.cluster.refusals import quieten
from post.errors import RetryError

# Tasks run in processes of their own, which have their own limits; and no copy of anything lies in this one.
SETTINGS = {
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.worker.profile.enabled": False,
    "distributed.scheduler.work-stealing": False,
}


def serve(
    address: str, site: Site, mark: str, threads: int, wait_s: float, joined: Callable[[str], None]
) -> None:
    """Does what a scheduler sends until this process is ended.

    mark: by which senders know that this worker makes the same pixels; threads: tasks at once; wait_s: how long
    a scheduler may be away; joined: is called with this worker's address each time it has joined. Raises RetryError
    where the scheduler is away for longer.
    """
    open_site(site)
    quieten()
    with dask.config.set(SETTINGS):
        while True:
            try:
                asyncio.run(_serve_once(address, mark, threads, wait_s, joined))
            except (OSError, TimeoutError, asyncio.CancelledError) as fault:
                raise RetryError(
                    "the scheduler does not answer", where=address, expected=f"an answer within {wait_s:g} s",
                    got=f"{type(fault).__name__}: {fault}", fix="check that it runs, and start the worker again",
                ) from fault  # fmt: skip


async def _serve_once(
    address: str, mark: str, threads: int, wait_s: float, joined: Callable[[str], None]
) -> None:
    """Does what a scheduler sends until it goes away."""
    worker = DaskWorker(
        address, nthreads=threads, resources={mark: threads}, memory_limit=0, death_timeout=wait_s,
        dashboard=False, silence_logs=logging.CRITICAL,
    )  # fmt: skip
    async with worker:
        joined(worker.address)
        await worker.finished()
