"""Reads the environment, here and nowhere else: where this user's files are, and what this machine has."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from platformdirs import PlatformDirs


@dataclass(frozen=True, slots=True)
class Environment:
    """config: the folder of keys and settings; store: of results kept between runs; terminal: stderr is a terminal."""

    config: Path
    store: Path
    terminal: bool


def read_environment() -> Environment:
    """Returns the folders that ANSWERPRINT_CONFIG and ANSWERPRINT_STORE name, or else the platform's own.

    Linux: ~/.config/answerprint and ~/.cache/answerprint/store, or below XDG_CONFIG_HOME and XDG_CACHE_HOME;
    macOS: below ~/Library; Windows: below %LOCALAPPDATA%.
    """
    own = PlatformDirs("answerprint", appauthor=False)
    return Environment(
        config=Path(os.environ.get("ANSWERPRINT_CONFIG") or own.user_config_path),
        store=Path(os.environ.get("ANSWERPRINT_STORE") or own.user_cache_path / "store"),
        terminal=sys.stderr.isatty(),
    )


def cores() -> int:
    """Returns how many processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def pin(key: str) -> str | None:
    """Returns the PIN of the token that holds a key: ANSWERPRINT_PIN_<KEY>, or ANSWERPRINT_PIN for any key.

    It is never an argument: every process of the machine can read those.
    """
    own = "".join(letter if letter.isalnum() else "_" for letter in key.upper())
    return os.environ.get(f"ANSWERPRINT_PIN_{own}") or os.environ.get("ANSWERPRINT_PIN")
