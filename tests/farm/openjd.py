"""Runs the command line of Open Job Description, as a farm's owner does on one machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.flow.commands import environment


def openjd(home: Path, *arguments: str | Path) -> tuple[int, str]:
    """Returns the exit code of a command, and all that it said."""
    words = [sys.executable, "-m", "openjd", *map(str, arguments)]
    # It makes its session's folder below that of temporary files.
    there = environment(home) | {"TMPDIR": str(home)}
    there["PATH"] += ":/usr/bin:/bin"
    done = subprocess.run(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=there, check=False
    )
    return done.returncode, done.stdout
