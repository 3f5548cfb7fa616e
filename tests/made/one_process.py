"""Makes the program do all its work in the process that it runs in: no worker, and no process that has the keys."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, TypeVar

import post.engine
import provenance.signing.key_process
from post.engine import InProcess
from provenance.signing.keyring import KeysHere

T = TypeVar("T")


class KeysWithin(KeysHere):
    """As the key process, in this one."""

    def __enter__(self) -> KeysWithin:
        return self

    def __exit__(self, *_: object) -> None:
        return None


class PickledCalls(InProcess):
    """As a pool of workers, in this process: what a call is given, and what it returns, is pickled as between two."""

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Calls a module's function, and returns what it returns."""
        sent, given = pickle.loads(pickle.dumps((function, arguments)))
        made: T = pickle.loads(pickle.dumps(sent(*given)))
        return made


def work_in_one_process() -> None:
    """Replaces the pool of workers and the key process, from now on."""
    post.engine.__dict__["WorkerPool"] = lambda *_: PickledCalls()
    provenance.signing.key_process.__dict__["KeyProcess"] = KeysWithin
