"""The resolver with many clients at once, with slow ones, with ones that leave, and with strangers: real sockets."""

from __future__ import annotations

import json
import logging
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest

from post.errors import JobError, ProvenanceError, SourceError
from provenance.durable.registry import open_registry
from provenance.durable.server import REQUESTS, check_token, read_token
from provenance.durable.slow_clients import GuardedProtocol
from provenance.durable.uploads import MAX_HELD, Limits
from tests.provenance.durable.serving import PATIENCE_S, running, wait_until

HEAD = b"POST /matches/byContent HTTP/1.1\r\nHost: x\r\nContent-Type: video/mp4\r\nContent-Length: 100000\r\n\r\n"
QUERY = b"POST /matches/byBinding HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
# Nobody is cut off while a test runs.
PATIENT = Limits(pause_s=PATIENCE_S, headers_s=PATIENCE_S, slow_after_s=PATIENCE_S)
TOKEN = "0123456789abcdef"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("registry")
    with open_registry(made):
        return made


@pytest.fixture
def lines() -> Iterator[ExitStack]:
    """Yields a stack that closes connections at the end."""
    with ExitStack() as opened:
        yield opened


def connect(port: int, lines: ExitStack, *said: bytes) -> socket.socket:
    line = lines.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S))
    for part in said:
        line.sendall(part)
    return line


def ask(port: int, **headers: str) -> httpx.Response:
    url = f"http://127.0.0.1:{port}/services/supportedAlgorithms"
    return httpx.get(url, headers=headers, timeout=PATIENCE_S, trust_env=False)


def send(port: int, data: bytes) -> httpx.Response:
    url, headers = f"http://127.0.0.1:{port}/matches/byContent", {"content-type": "video/mp4"}
    return httpx.post(url, content=data, headers=headers, timeout=PATIENCE_S, trust_env=False)


def test_slow_uploads_and_idle_connections_hold_up_nobody_else(folder: Path, lines: ExitStack) -> None:
    with running(folder, lambda _: [], PATIENT) as port:
        for _ in range(MAX_HELD):
            connect(port, lines, HEAD, b"film")
        for _ in range(100):
            connect(port, lines)
        assert ask(port).status_code == 200
        assert [send(port, bytes(size)).status_code for size in (4, 1 << 20)] == [200, 200]
        lines.close()


def test_a_client_gets_its_503_while_every_place_is_taken(folder: Path, lines: ExitStack) -> None:
    with running(folder, lambda _: [], PATIENT) as port:
        for _ in range(REQUESTS):
            connect(port, lines, QUERY)
        wait_until(lambda: ask(port).status_code == 503)
        answers = [send(port, bytes(size)) for size in (4, 1 << 20, 8 << 20)]
        assert [(each.status_code, each.headers["retry-after"]) for each in answers] == [(503, "10")] * 3
        lines.close()
        wait_until(lambda: ask(port).status_code == 200)


def test_a_body_that_comes_too_slowly_is_answered_with_408(folder: Path, lines: ExitStack) -> None:
    limits = Limits(pause_s=PATIENCE_S, headers_s=PATIENCE_S, slow_after_s=0.5)
    with running(folder, lambda _: [], limits) as port:
        line = connect(port, lines, HEAD)
        line.settimeout(0.1)
        until, got = time.monotonic() + PATIENCE_S, b""
        while not got and time.monotonic() < until:
            with suppress(TimeoutError):
                line.sendall(b"x")
                got = line.recv(4096)
        assert got.startswith(b"HTTP/1.1 408")
        lines.close()


def test_uploads_hold_no_more_bytes_than_allowed_together(folder: Path) -> None:
    gate, seen = threading.Event(), list[Path]()

    def look_up(path: Path) -> list[object]:
        seen.append(path)
        assert gate.wait(PATIENCE_S)
        return []

    limits = Limits(pause_s=PATIENCE_S, headers_s=PATIENCE_S, held_bytes=1000)
    with running(folder, look_up, limits) as port, ThreadPoolExecutor(1) as sender:  # type: ignore[arg-type]  # none is found
        first = sender.submit(send, port, bytes(800))
        wait_until(lambda: bool(seen))
        assert send(port, bytes(800)).status_code == 503
        gate.set()
        assert first.result().status_code == 200
        assert send(port, bytes(800)).status_code == 200


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_a_client_that_leaves_is_one_line_of_the_log(
    reset: bool, folder: Path, lines: ExitStack, caplog: pytest.LogCaptureFixture
) -> None:
    with running(folder, lambda _: [], PATIENT) as port, caplog.at_level(logging.INFO):
        line = connect(port, lines, HEAD, b"film")
        assert ask(port).status_code == 200
        if reset:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()
        wait_until(lambda: any(row.name == "provenance.durable.server" for row in caplog.records))
        assert send(port, b"film").status_code == 200
    ours = [row for row in caplog.records if row.name.startswith(("provenance", "uvicorn", "asyncio"))]
    said = [row.getMessage() for row in ours if row.levelno >= logging.WARNING]
    assert said == ["a client at 127.0.0.1 left before its request was whole"]
    assert not any(row.exc_info for row in ours)


def test_a_connection_too_many_closes_the_one_that_was_idle_longest(
    folder: Path, lines: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GuardedProtocol, "most", 10)
    with running(folder, lambda _: [], PATIENT) as port:
        upload = connect(port, lines, HEAD, b"film")
        assert ask(port).status_code == 200  # by now its head has come
        idle = [connect(port, lines) for _ in range(30)]
        assert ask(port).status_code == 200
        assert [line.recv(1) for line in idle[:15]] == [b""] * 15
        upload.sendall(bytes(100_000 - 4))
        assert upload.recv(4096).startswith(b"HTTP/1.1 200")
        lines.close()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("", 401), ("Bearer", 401), ("Bearer other", 401), (f"Basic {TOKEN}", 401), (f"Bearer {TOKEN}x", 401),
        (f"Bearer {TOKEN}", 200), (f"bearer {TOKEN}", 200),
    ],
)  # fmt: skip
def test_only_a_client_with_the_token_is_answered(said: str, status: int, folder: Path) -> None:
    with running(folder, lambda _: [], PATIENT, TOKEN) as port:
        answer = ask(port, **({"authorization": said} if said else {}))
        assert answer.status_code == status
        if status == 401:
            assert answer.headers["www-authenticate"] == "Bearer"
            assert send(port, bytes(1 << 20)).status_code == 401


def test_a_token_is_long_and_private(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n")
    path.chmod(0o644)
    with pytest.raises(ProvenanceError, match="others can read"):
        read_token(path)
    path.chmod(0o600)
    assert read_token(path) == TOKEN
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(SourceError, match="got a device or a pipe"):
        read_token(tmp_path / "pipe")
    for bad in ("short", "with spaces in its middle", "0123456789abcdé0123", ""):
        with pytest.raises(JobError, match="no token for clients") as caught:
            check_token(bad, "here")
        assert not bad or bad not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "token", "note"),
    [
        ("127.0.0.1", "", ""),
        ("0.0.0.0", "", "nobody is asked for a token"),
        ("0.0.0.0", TOKEN, "travels unencrypted"),
    ],
)
def test_the_verb_says_who_can_reach_it(
    host: str, token: str, note: str, folder: Path, tmp_path: Path
) -> None:
    words = ["resolver", "--registry", str(folder), "--host", host, "--port", "0", "--json"]
    if token:
        path = tmp_path / "token"
        path.touch(0o600)
        path.write_text(token)
        words += ["--token-file", str(path)]
    run = "import sys; from post.cli.app import run; sys.exit(run(sys.argv[1:]))"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", run, *words], stdout=pipe, stderr=pipe) as ran:
        assert ran.stdout is not None
        assert ran.stderr is not None
        said = json.loads(ran.stdout.readline())
        port = int(said["address"].rpartition(":")[2])
        assert ask(port).status_code == (401 if token else 200)
        ran.terminate()
        errors = ran.stderr.read().decode()
    assert note in errors
    assert bool(errors) == bool(note)
