"""Where this user's things are. The environment is read here and nowhere else."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Surroundings:
    """config: keys and settings; store: results kept between runs; terminal: somebody is watching."""

    config: Path
    store: Path
    terminal: bool


def surroundings() -> Surroundings:
    """ANSWERPRINT_CONFIG and ANSWERPRINT_STORE, or the platform's own places."""
    home = Path.home()
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "answerprint"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "answerprint"
    return Surroundings(
        config=Path(os.environ.get("ANSWERPRINT_CONFIG") or config),
        store=Path(os.environ.get("ANSWERPRINT_STORE") or cache / "store"),
        terminal=sys.stderr.isatty(),
    )


def cores() -> int:
    """How many processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
