"""What `verify --replay` adds: whether a film is one of an archive's, and whether the archive makes it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from post.cli.archive.text import replay_lines
from post.cli.stores import command_settings
from post.errors import ProvenanceError

ReplayFrom = typer.Option(
    None, "--replay", metavar="ARCHIVE", help="Make the film again from its archive, and compare every frame."
)


@dataclass(frozen=True, slots=True)
class ReplayedFilm:
    """A film, and the replay of the archive that is said to be its own. data: {"replay": ...}, the object of `replay`
    with `film`, the name of the archive's film that shows the same frames, or None; {} where nothing was replayed."""

    data: Mapping[str, Any]
    exit_code: int = 0

    def lines(self) -> list[str]:
        """Returns what is told of it."""
        if not self.data:
            return []
        name = self.data["replay"]["film"]
        said = (
            f"is {name} of the archive, frame for frame"
            if name
            else "IS NO FILM OF THE ARCHIVE: it shows others"
        )
        return ["", f"replay: the file {said}", *replay_lines(self.data["replay"])]


def replay_film(file: Path, archive: Path | None) -> ReplayedFilm:
    """Returns the replay of an archive, with which of its films a file is; nothing without an archive.

    Raises what `replay_archive` raises, and SourceError for a file that cannot be decoded.
    """
    if archive is None:
        return ReplayedFilm({})
    from post.api.archive.replaying import film_in_archive, replay_archive

    name = film_in_archive(file, archive)
    found = replay_archive(archive, None, command_settings())
    code = found.exit_code if name else ProvenanceError.exit_code
    return ReplayedFilm({"replay": {**found.data, "film": name}}, code)
