"""Keeps signing keys in a process of their own, as agents of other tools do.

    this process                          key process
    load_signer(name)          ------>    opens the key by `keyring`
    signer                     <------    its certificates, algorithm and number; never the key
    signer.sign(data)          ------>    signs
    the signature              <------

That process reads a user's key files and nothing else: no media, and no manifest that somebody else made.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any

from post.errors import AnswerprintError, RetryError
from post.spawned import LAST_S, Answers, bury, log_level, pass_on, spawn
from provenance.signing import keyring
from provenance.signing.keyring import Pins
from provenance.signing.signer import Signer, SignerWithIdentity


@dataclass(frozen=True, slots=True)
class _Known:
    """What is told of a signer. number: by which it is asked to sign; organisation: of a signer that has one."""

    number: int
    algorithm: str
    chain_pem: str
    tsa_url: str | None
    organisation: _Known | None = None
    roles: tuple[str, ...] = ()


# Asks the key process, and returns its answer.
Ask = Callable[..., Any]


@dataclass(frozen=True)
class SignerElsewhere:
    """A signer whose key is in the key process. Implements Signer."""

    chain_pem: str = field(repr=False)
    algorithm: str
    tsa_url: str | None
    _number: int = field(repr=False)
    _ask: Ask = field(repr=False, compare=False)

    def sign(self, data: bytes) -> bytes:
        """See Signer. Raises RetryError too where the key process has ended."""
        signature: bytes = self._ask("sign", self._number, data)
        return signature


class KeyProcess:
    """One process that has a user's keys. A context manager: leaving it ends the process. Implements Keys."""

    def __init__(self, config: Path, pins: Pins = keyring.no_pins) -> None:
        """config: the folder of this user's keys; pins: a module's function, called in that process."""
        self._lock = Lock()
        self._process, self._pipe = spawn(_serve, config, pins, log_level())

    def __enter__(self) -> KeyProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        bury(self._process, self._pipe)

    @property
    def process_id(self) -> int:
        """Returns the number of that process."""
        return self._process.pid or 0

    def load_signer(self, name: str) -> Signer:
        """Returns the signer of that name, as `keyring.load_signer` does."""
        return self._signer(self._ask("load_signer", name))

    def load_identity(self, name: str) -> Signer:
        """Returns the signer of an organisation, as `keyring.load_identity` does."""
        return self._signer(self._ask("load_identity", name))

    def _signer(self, known: _Known) -> Signer:
        alone = SignerElsewhere(known.chain_pem, known.algorithm, known.tsa_url, known.number, self._ask)
        if known.organisation is None:
            return alone
        return SignerWithIdentity(alone, self._signer(known.organisation), known.roles)

    def _ask(self, *asked: Any) -> Any:
        """Raises what was raised there, and RetryError where that process has ended."""
        heard = None
        try:
            # As in a pool of workers: the error below must not keep the frames of a failed send.
            with self._lock, suppress(EOFError, OSError):
                self._pipe.send(asked)
                while pass_on(heard := self._pipe.recv()):
                    heard = None
        except KeyboardInterrupt:
            self._pipe.close()  # an answer that nobody has read must not be taken for the next one
            raise
        if heard is None:
            self._process.join(timeout=LAST_S)
            raise RetryError(
                "the process that has the keys has ended",
                where="signing",
                got=f"exit code {self._process.exitcode}",
                fix="run again",
            )
        answer, fault = heard
        if fault is not None:
            raise fault
        return answer


def _serve(pipe: Connection, config: Path, pins: Pins, level: int) -> None:
    """Answers until the pipe closes."""
    answers = Answers(pipe)
    answers.forward(level)
    if os.name == "posix":
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asks ends this one
    own: list[Signer] = []
    with suppress(EOFError, OSError):
        while True:
            verb, *rest = pipe.recv()
            answers.send(_answered(verb, rest, own, (config, pins)))


def _answered(
    verb: str, rest: list[Any], own: list[Signer], keys: tuple[Path, Pins]
) -> tuple[Any, Exception | None]:
    """Returns the answer to a question, and the error that it ended with, or None."""
    config, pins = keys
    try:
        if verb == "sign":
            number, data = rest
            return own[number].sign(data), None
        load = keyring.load_signer if verb == "load_signer" else keyring.load_identity
        return _known(load(config, rest[0], pins), own), None
    except AnswerprintError as fault:
        return None, fault
    except Exception as exc:  # noqa: BLE001  a bug: told as text, for not every error pickles, and it may quote a key
        bug = RuntimeError(f"in the key process: {type(exc).__name__}")
        bug.add_note("".join(traceback.format_tb(exc.__traceback__)))
        return None, bug


def _known(signer: Signer, own: list[Signer]) -> _Known:
    """Returns what is told of a signer, and keeps it among our own."""
    identity = _known(signer.identity, own) if isinstance(signer, SignerWithIdentity) else None
    roles = signer.roles if isinstance(signer, SignerWithIdentity) else ()
    own.append(signer)
    return _Known(len(own) - 1, signer.algorithm, signer.chain_pem, signer.tsa_url, identity, roles)
