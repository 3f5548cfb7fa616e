"""The folders that an agent may name files in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from post.atomic import real_path
from post.errors import JobError

LONGEST = 4096  # characters of a path


@dataclass(frozen=True, slots=True)
class ServedFolders:
    """Folders, with links followed. Nothing outside of them is opened for an agent."""

    roots: tuple[Path, ...]

    @classmethod
    def of(cls, named: Iterable[Path]) -> ServedFolders:
        """Returns the folders of these names. Raises JobError where one is no folder, or none is named."""
        roots = tuple(real_path(each) for each in named)
        for each in roots:
            if not each.is_dir():
                raise JobError("no folder", where=str(each), fix="name folders that are there")
        if not roots:
            raise JobError("no folder is served", where="mcp", fix="name one")
        return cls(roots)

    def find(self, named: str, what: str) -> Path:
        """Returns the path that a name stands for, with links followed: a relative one is of the first folder.

        what: of the tool's argument, for errors. Raises JobError where it leads outside, or is no path.
        """
        if not named or len(named) > LONGEST or "\0" in named:
            raise JobError("no path", where=what, expected=f"1 to {LONGEST} characters", got=f"{len(named)}")
        return self.inside(self.roots[0] / named, what)

    def inside(self, path: Path, what: str) -> Path:
        """Returns a path with links followed. Raises JobError where it leads outside."""
        found = real_path(path)
        if not any(found.is_relative_to(root) for root in self.roots):
            raise JobError(
                "outside of the folders that are served", where=what, expected=" | ".join(map(str, self.roots)),
                got=str(path), fix="ask for a file in them, or start the server with another --folder",
            )  # fmt: skip
        return found
