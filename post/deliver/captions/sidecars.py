"""Writes the caption files that lie beside a film."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from post.atomic import write_whole
from post.deliver.output_set import refuse_folder, refuse_source
from post.errors import OutputError
from post.values import Rendition
from post.values.plan import Sidecar


@dataclass(frozen=True, slots=True)
class MadeSidecar:
    """A caption file beside a film. path: where it lies once its set is published."""

    sidecar: Sidecar
    path: Path
    sha256: str


def write_sidecars(rendition: Rendition, work: Path, out: Path) -> tuple[MadeSidecar, ...]:
    """Writes the caption files of a film into the folder `work`, from where they are published to `out`.

    Raises OutputError or RetryError where they cannot be written.
    """
    made = []
    for each in rendition.sidecars:
        write_whole(work / each.name, each.text)
        made.append(MadeSidecar(each, out / each.name, sidecar_digest(each)))
    return tuple(made)


def sidecar_digest(sidecar: Sidecar) -> str:
    """Returns the SHA-256 of a caption file."""
    return hashlib.sha256(sidecar.text.encode()).hexdigest()


def refuse_places(renditions: Iterable[Rendition], out: Path, inputs: Iterable[Path]) -> None:
    """Raises OutputError where a caption file would lie over a folder, one of `inputs`, or another caption file."""
    taken, kept = set[str](), list(inputs)
    for each in (sidecar for rendition in renditions for sidecar in rendition.sidecars):
        place = out / each.name
        refuse_folder(place, "a caption file")
        refuse_source(place, kept)
        if each.name.casefold() in taken:
            raise OutputError(
                "two caption files have this name", where=str(place), fix="give the deliverables other names"
            )
        taken.add(each.name.casefold())
