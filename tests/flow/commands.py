"""The command, as a script drives it: in a process of its own, with a home of its own."""

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
    """What a command ended with."""

    code: int
    out: str
    said: str

    @property
    def data(self) -> Any:
        assert self.code == 0, self.said
        return json.loads(self.out)


def environment(home: Path) -> dict[str, str]:
    """A user who has nothing yet."""
    return {"HOME": str(home), "PATH": str(Path(sys.executable).parent)}


def answerprint(home: Path, *arguments: str | Path, **more: str) -> Answer:
    """Run it to its end. more: environment variables."""
    command = [COMMAND, *map(str, arguments)]
    there = environment(home) | more
    done = subprocess.run(command, capture_output=True, text=True, env=there, check=False)
    return Answer(done.returncode, done.stdout, done.stderr)


def start(home: Path, *arguments: str | Path) -> subprocess.Popen[bytes]:
    """The same, not waited for; in a process group of its own, so that it can be killed whole."""
    command = [COMMAND, *map(str, arguments)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        command, stdout=quiet, stderr=quiet, env=environment(home), start_new_session=True
    )
