"""Runs the command as a script does: in a process of its own, with a home of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = str(Path(sys.executable).parent / "answerprint")


@dataclass(frozen=True, slots=True)
class Answer:
    """The exit code and the output of a command."""

    code: int
    out: str
    said: str

    @property
    def data(self) -> Any:
        assert self.code == 0, self.said
        return json.loads(self.out)


def environment(home: Path) -> dict[str, str]:
    """Returns the environment of a user without any settings."""
    return {"HOME": str(home), "PATH": str(Path(sys.executable).parent)}


def answerprint(home: Path, *arguments: str | Path, **more: str) -> Answer:
    """Runs a command to its end. more: environment variables."""
    command = [COMMAND, *map(str, arguments)]
    there = environment(home) | more
    done = subprocess.run(command, capture_output=True, text=True, env=there, check=False)
    return Answer(done.returncode, done.stdout, done.stderr)


def start(home: Path, *arguments: str | Path) -> subprocess.Popen[bytes]:
    """Starts a command without waiting, in a process group of its own, so that all of it can be killed."""
    command = [COMMAND, *map(str, arguments)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        command, stdout=quiet, stderr=quiet, env=environment(home), start_new_session=True
    )
