"""Runs the resolver in a thread, on a real socket of this machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from provenance.durable.resolver import LookUp, make_application
from provenance.durable.server import make_config, open_listener
from provenance.durable.uploads import DEFAULT_LIMITS, Limits

# Longer than any busy machine takes: a test that waits so long has failed.
PATIENCE_S = 600


def wait_until(holds: Callable[[], bool]) -> None:
    """Returns once a condition holds. Fails after a minute without it."""
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


@contextmanager
def running(folder: Path, look_up: LookUp, limits: Limits = DEFAULT_LIMITS, token: str = "") -> Iterator[int]:
    """Yields the port at which the resolver of a registry answers."""
    listener = open_listener("127.0.0.1", 0)
    server = uvicorn.Server(make_config(make_application(folder, look_up, limits), token))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
