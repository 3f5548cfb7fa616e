"""Reads the locks that `make update` writes: requirements files with a version and hashes on every line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = Path(__file__).parents[1]
USERS = FOLDER / "lock.txt"
DEVELOPERS = FOLDER / "lock-dev.txt"
_HASH = re.compile(r"\s--hash=sha256:([0-9a-f]{64})(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of a lock.

    name: normalised (PEP 503); sha256: of every file that may be installed for it, as hex digits, in order.
    """

    name: str
    version: str
    marker: Marker | None
    sha256: tuple[str, ...]

    def is_for_here(self) -> bool:
        """Tells whether this Python on this platform installs it."""
        return self.marker is None or self.marker.evaluate()


def read(lock: Path) -> tuple[Pin, ...]:
    """Returns what a lock names, in its order.

    Raises ValueError, with file and package, if an entry has no exact version or no hash, or holds anything else.
    """
    text = lock.read_text().replace("\\\n", "")
    lines = (line.strip() for line in text.splitlines())
    return tuple(_pin(line, lock) for line in lines if line and not line.startswith("#"))


def _pin(line: str, lock: Path) -> Pin:
    requirement = Requirement(_HASH.sub("", line).strip())
    exact = re.fullmatch(r"==([^,*]+)", str(requirement.specifier))
    hashes = tuple(_HASH.findall(line))
    if exact is None or not hashes or requirement.url:
        raise ValueError(
            f"{lock}: {requirement.name}: expected one exact version and its hashes; run `make update`"
        )
    return Pin(canonicalize_name(requirement.name), exact[1], requirement.marker, hashes)
