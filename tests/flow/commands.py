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


@dataclass(frozen=True, slots=True)
class Measured:
    """How a command ended, what it said on stderr, and the most memory that it took."""

    code: int
    said: str
    most_mb: float


# In a process of its own: the highest memory of a child starts at that of its parent.
_MEASURING = """
import resource, subprocess, sys
seconds, memory, *command = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
code = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def measured(folder: Path, *arguments: str, most_cpu_s: int, most_bytes: int = 8 << 30) -> Measured:
    """Runs a command in a folder, which is its home too, and ends it where it takes more than that."""
    limits = (str(most_cpu_s), str(most_bytes))
    command = [sys.executable, "-c", _MEASURING, *limits, COMMAND, *arguments]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env=environment(folder), check=True
    )
    code, most = done.stdout.split()
    return Measured(int(code), done.stderr, float(most))


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
