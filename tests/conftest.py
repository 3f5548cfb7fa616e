"""Shared by all tests: real clips by name; a test that logs an error or uses the network fails."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# A test is slow on a busy machine, or as the first that imports something: no reason to fail.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts slow tests first: at the end, one process would be busy with them for minutes while the other has none."""
    items.sort(key=lambda item: "slow" not in item.keywords)


@pytest.fixture(scope="session")
def media() -> Callable[[str], Path]:
    """Returns a function from a name in the media folder to its path; it skips the test where there is none."""

    def find(name: str) -> Path:
        root = os.environ.get("ANSWERPRINT_MEDIA")
        if not root:
            pytest.skip(f"ANSWERPRINT_MEDIA is unset: {name}")
        return Path(root) / name

    return find


@pytest.fixture(scope="session")
def end_of_workers() -> Iterator[None]:
    """Ends the workers that were kept, after the last test."""
    from tests.made.kept_workers import end_workers

    yield
    end_workers()


@pytest.fixture(scope="module")
def kept_workers(end_of_workers: None) -> Iterator[None]:
    """Gives each command of a module's tests the workers that an earlier command left, and so spares their start."""
    from tests.made.kept_workers import keep_workers

    with keep_workers():
        yield


@pytest.fixture(autouse=True)
def no_error_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    errors = [
        r.getMessage()
        for when in ("setup", "call")
        for r in caplog.get_records(when)
        if r.levelno >= logging.ERROR
    ]
    assert not errors, errors


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def loopback_only(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test used the network: {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", loopback_only)
