"""A command that is started without standard streams does its work, and writes into nothing but its own files."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flow.bad import Room

MAIN = "from post.cli import main; main()"


def run_with(streams: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs a command in a shell that closes or replaces streams before."""
    command = shlex.join([sys.executable, "-c", MAIN, *map(str, words)])
    return subprocess.run(
        ["/bin/sh", "-c", f"{command} {streams}"], capture_output=True, text=True, timeout=600, check=False
    )


@pytest.mark.parametrize("streams", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize(("words", "code"), [(("stages",), 0), (("plan", "gone.yaml"), 2)])
def test_the_exit_code_is_the_same_without_a_stream(streams: str, words: tuple[str, ...], code: int) -> None:
    done = run_with(streams, *words)
    assert done.returncode == code, done.stderr
    assert "bug" not in done.stderr
    if ">&-" not in streams.split():
        assert bool(done.stdout) == (code == 0)


def test_a_note_that_nobody_can_take_does_not_change_the_exit_code() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as broken:
        command = [sys.executable, "-c", MAIN, "plan", "gone.yaml"]
        assert subprocess.run(command, stderr=broken, timeout=600, check=False).returncode == 2


def test_a_film_made_without_streams_is_the_film_made_with_them(room: Room) -> None:
    films = []
    for name, streams in (("with", ""), ("without", ">&- 2>&- <&-")):
        out = room.folder / name
        done = run_with(streams, "finish", room.job, "-o", out, "--store", room.store, "--verbose")
        assert done.returncode == 0, done.stderr
        assert run_with(">&-", "verify", out / "wide.mp4").returncode == 0
        films.append(sorted(path.name for path in out.iterdir()))
        for path in out.iterdir():
            assert b"started finish" not in path.read_bytes()
    assert films[0] == films[1]
