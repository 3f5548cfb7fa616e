"""Starts a PostgreSQL server of this machine's own for tests, as a user without privileges, in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pg8000

PATIENCE_S = 120


def server_programs() -> Path | None:
    """Returns the newest server's folder of programs; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return found[-1].parent if found else None


@contextmanager
def postgres_running(folder: Path) -> Iterator[str]:
    """Yields the URL of a fresh server, "postgresql://tests@127.0.0.1:PORT/". Ends it afterwards."""
    programs = server_programs()
    assert programs is not None
    # PostgreSQL refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    data = folder / "data"
    data.mkdir(parents=True)
    if user:
        owner = pwd.getpwnam(user)
        for path in (folder, data):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        for parent in folder.parents:
            if parent.stat().st_uid == 0 and str(parent).startswith("/tmp/"):
                parent.chmod(parent.stat().st_mode | 0o011)
    initdb = [
        str(programs / "initdb"),
        "-D",
        str(data),
        "-U",
        "tests",
        "-A",
        "trust",
        "--no-sync",
        "-E",
        "UTF8",
    ]
    subprocess.run([*initdb, "--locale=C"], user=user, check=True, capture_output=True, cwd=folder)
    port = _free_port()
    options = {"fsync": "off", "listen_addresses": "127.0.0.1", "unix_socket_directories": str(data)}
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port)]
    command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, user=user, stdout=log, stderr=log, cwd=folder)
    try:
        _wait_for(port, server)
        yield f"postgresql://tests@127.0.0.1:{port}/"
    finally:
        server.send_signal(signal.SIGINT)  # ends open connections too
        server.wait(PATIENCE_S)
        shutil.rmtree(data, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended"
        try:
            pg8000.connect("tests", "127.0.0.1", "postgres", port).close()
        except (pg8000.InterfaceError, pg8000.ProgrammingError):
            time.sleep(0.05)  # its socket answers before it takes anybody in
        else:
            return
    raise AssertionError("the server does not answer")
