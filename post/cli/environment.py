"""Where this user's things are. The environment is read here and nowhere else."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Environment:
    """config: keys and settings; store: results kept between runs; terminal: somebody is watching."""

    config: Path
    store: Path
    terminal: bool


def read_environment() -> Environment:
    """ANSWERPRINT_CONFIG and ANSWERPRINT_STORE, or the platform's own places."""
    home = Path.home()
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "answerprint"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "answerprint"
    return Environment(
        config=Path(os.environ.get("ANSWERPRINT_CONFIG") or config),
        store=Path(os.environ.get("ANSWERPRINT_STORE") or cache / "store"),
        terminal=sys.stderr.isatty(),
    )


def cores() -> int:
    """How many processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def pin(key: str) -> str | None:
    """The PIN of the token that holds a key: ANSWERPRINT_PIN_<KEY>, or ANSWERPRINT_PIN for any; never an
    argument, which every process of the machine can read."""
    own = "".join(letter if letter.isalnum() else "_" for letter in key.upper())
    return os.environ.get(f"ANSWERPRINT_PIN_{own}") or os.environ.get("ANSWERPRINT_PIN")
