"""Opens the files of a job that are not takes (logos, sounds, references) with their credentials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from post.engine import ContentStore
from post.errors import AnswerprintError, ProvenanceError
from post.job.model import Job
from post.measure.match import open_any
from post.picture.brand.graphic import Graphic
from post.prepare.still_takes import inspect_frames
from post.takes.stills.sequence import is_pack
from post.values import File
from post.values.media import Credential
from post.watchdog import watched
from provenance.ingest import IncomingClip, inspect
from provenance.trust.lists import Anchors

Relationship = Literal["componentOf", "inputTo"]
# Files in these states are refused; all others are used, and their state is declared.
REFUSED: tuple[Credential, ...] = ("tampered",)


@dataclass(frozen=True, slots=True)
class Element:
    """A file, other than a take, that a film is made with: music, an effect, a logo, a reference for matching.

    relationship: C2PA's term: "componentOf", or "inputTo" where nothing of it is in the film.
    """

    file: File
    credential: Credential
    relationship: Relationship = "componentOf"


def open_element(file: File, where: str, anchors: Sequence[Anchors], content: ContentStore) -> Element:
    """Returns a file with its credentials. where: its place in the job.

    Raises SourceError where it cannot be read, ProvenanceError where it was changed after it was signed.
    """
    try:
        found = _inspected_element(file, anchors)
    except AnswerprintError as fault:
        raise content.placed(fault, where) from fault
    if found is None:
        return Element(file, "unsigned")
    if found.credential in REFUSED:
        raise tampered(f"{where}: {file.name}", "; ".join(found.details))
    return Element(file, found.credential)


def _inspected_element(file: File, anchors: Sequence[Anchors]) -> IncomingClip | None:
    """Returns what an element says of itself; None for what cannot carry credentials: Lottie, frames of OpenEXR."""
    if is_pack(file.here):
        return inspect_frames(file.here, anchors)
    if file.here.suffix.casefold() in (".json", ".lottie"):
        return None
    with watched(file.name, size_of(file.here)):
        return inspect(file.here, anchors)


def open_reference(file: File, where: str, anchors: Sequence[Anchors], content: ContentStore) -> Element:
    """Returns a reference for matching. Raises SourceError, before anything is measured, if it cannot be decoded."""
    try:
        open_any(file.here)
    except AnswerprintError as fault:
        raise content.placed(fault, where) from fault
    return replace(open_element(file, where, anchors, content), relationship="inputTo")


def brand_files(job: Job) -> Iterator[tuple[File, str]]:
    """Yields brand elements, each with its place in the job: they are seen in the film, so they are ingredients."""
    for timed in job.layers:
        if isinstance(timed.layer, Graphic) and timed.layer.file is not None:
            yield timed.layer.file, timed.where


def tampered(where: str, got: str, otherwise: str = "") -> ProvenanceError:
    """Returns the error for a file that was changed after it was signed. otherwise: what else its user may do."""
    return ProvenanceError(
        "was changed after it was signed",
        where=where,
        expected="a file as its signer left it",
        got=got,
        fix=f"get the original{otherwise}",
    )


def size_of(path: Path) -> int:
    """Returns the bytes of a file; 0 where there is none."""
    return path.stat().st_size if path.is_file() else 0
