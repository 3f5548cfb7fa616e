"""Says where this user's keys, trust lists and results are. Nothing here reads the environment's own variables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import PlatformDirs

from post.errors import JobError


def usual_config(fix: str = "name `config` in Settings") -> Path:
    """Returns the platform's folder for settings: ~/.config/answerprint on Linux, below ~/Library on macOS.

    fix: what an error says to do. Raises JobError for a user without a home folder.
    """
    return _usual(lambda own: own.user_config_path, fix)


def usual_store(fix: str = "name `store` and `local` in Settings") -> Path:
    """Returns the platform's folder for results: ~/.cache/answerprint/store on Linux. Takes and raises as
    `usual_config`."""
    return _usual(lambda own: own.user_cache_path / "store", fix)


def no_pin(key: str) -> str | None:  # noqa: ARG001  as every source of PINs is called
    """Returns no PIN, for whatever key."""
    return None


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a user's things are.

    config: the folder of keys and trust lists; store: the folder of results, or the address of a store elsewhere
    (s3://...); local: this machine's folder for copies of sources, and in front of a store elsewhere; pin: returns
    the PIN of the token that holds a key, None where it has none. Without arguments, the folders are those that the
    command line uses. Raises JobError for a user without a home folder.
    """

    config: Path = field(default_factory=usual_config)
    store: Path | str = field(default_factory=usual_store)
    local: Path = field(default_factory=usual_store)
    pin: Callable[[str], str | None] = no_pin

    @property
    def registry(self) -> Path:
        """The folder of this user's registry, for jobs that name none."""
        return self.config / "registry"


def _usual(usual: Callable[[PlatformDirs], Path], fix: str) -> Path:
    """Returns the usual folder, which is never below the current folder."""
    try:
        found = usual(PlatformDirs("answerprint", appauthor=False))
    except RuntimeError:  # a user without HOME and without an entry in the system's list
        found = Path()
    if found.is_absolute():
        return found
    raise JobError(
        "this user has no home folder", where="HOME", expected="the path of a folder, from the root on",
        got="none", fix=fix,
    )  # fmt: skip
