"""Opens every file that a job names, before anything is planned: holds it by its content, probes it and validates its
credentials."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from post.atomic import checksum
from post.engine import ContentStore, Store
from post.engine.file_state import FileState
from post.errors import AnswerprintError, JobError, Problems, SourceError
from post.job.model import AudioClip, Job, TakeRef
from post.naming import Shown, naming
from post.plan import AudioSource
from post.prepare.elements import (
    REFUSED,
    Element,
    brand_files,
    open_element,
    open_reference,
    size_of,
    tampered,
)
from post.prepare.held_files import hold_files
from post.prepare.kept_probe import kept_probe
from post.prepare.original_files import files_of, original_files, placed_files
from post.prepare.still_takes import (
    hold_take,
    inspect_frames,
    packed_aside,
    refuse_fill,
    still_take,
)
from post.takes.probe import look_for_sound, probe, probe_sound
from post.takes.stills.format import format_at
from post.takes.stills.sequence import is_pattern
from post.values import File, Take
from post.values.media import Credential
from post.values.time import Clock
from post.watchdog import watched
from provenance.ingest import IncomingClip, inspect, read_tag_claims
from provenance.manifest.sidecar import sidecar_path
from provenance.trust.lists import Anchors

Made = TypeVar("Made")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class JobSources:
    """A job with its files opened: each is an immutable copy of what it was then.

    takes: by name, in the job's order; sounds: beside the shots, in its order too; originals: where the files lay;
    shown: how errors show each copy; states: of the copies, as they were when they were hashed.
    """

    job: Job
    takes: dict[str, Take]
    sounds: tuple[AudioSource, ...]
    elements: tuple[Element, ...]
    originals: tuple[Path, ...] = ()
    shown: tuple[tuple[str, Shown], ...] = ()
    states: tuple[FileState, ...] = ()

    def files(self) -> dict[str, Path]:
        """Returns where the copy of each file is on this machine, by its sha256."""
        takes = {take.file.sha256: take.file.here for take in self.takes.values()}
        elements = {element.file.sha256: element.file.here for element in self.elements}
        return takes | elements | {file.sha256: file.here for file in files_of(self.job)}

    def naming(self) -> AbstractContextManager[None]:
        """Returns a context in whose errors the job's files have their own names, and their lines of the job."""
        return naming(dict(self.shown))


def open_sources(
    job: Job, anchors: Sequence[Anchors], content: ContentStore, keep: Store | None = None
) -> JobSources:
    """Probes every file of a job and validates its credentials.

    anchors: the trust lists to judge them by; content: where the files are held, so that what is judged here is
    what will be in the film, whatever happens to them meanwhile; keep: where what probing finds is looked up first, and
    kept.
    Raises Problems with one fault for each file that cannot be read, for each whose credentials show that it was
    changed after it was signed (unless the job accepts that take), and for each that is another one again with
    other credentials beside it.
    """
    job = replace(job, sounds=_unmuted(job.sounds))
    faults: list[AnswerprintError] = []
    originals = original_files(job)
    job = hold_files(job, content, faults)
    used = {cut.take for cut in (*job.cut, *(job.version.base if job.version else ()))}
    refs = [ref for ref in job.takes if ref.name in used]
    takes = _each(refs, lambda ref: _accepted_take(ref, anchors, (content, keep), job.clock), faults)
    sounds = _each(job.sounds, lambda clip: _probed_sound(clip, content), faults)
    brand = [row for row in brand_files(job) if content.is_copy(row[0])]  # the others are faults already
    files = [*((sound.file, sound.clip.where) for sound in sounds), *brand]
    parts = _each(files, lambda row: open_element(*row, anchors, content), faults)
    references = [(cut.match.file, cut.match.where) for cut in job.cut if cut.match and cut.match.file]
    references = [row for row in references if content.is_copy(row[0])]
    inputs = _each(references, lambda row: open_reference(*row, anchors, content), faults)
    wheres = {ref.name: ref.where for ref in refs}
    placed = [(take.file, wheres[take.name]) for take in takes] + files + [*placed_files(job)]
    placed = [row for row in placed if content.is_copy(row[0])]
    faults += _two_credentials(placed)
    if faults:
        raise Problems(faults)
    # A file that is a reference and in the film counts as in the film.
    elements = {element.file: element for element in [*inputs, *parts]}
    named = {take.name: take for take in takes}
    # Of a file that is named twice, the first place is shown.
    shown = {str(file.here): Shown(file.name, where) for file, where in reversed(placed)}
    made = JobSources(job, named, tuple(sounds), tuple(elements.values()), originals, tuple(shown.items()))
    return replace(made, states=content.states(made.files().values()))


def _unmuted(clips: Sequence[AudioClip]) -> tuple[AudioClip, ...]:
    """Returns the clips without muted ones: they are not in the film, so they are neither mixed nor declared."""
    return tuple(clip for clip in clips if not clip.stage.mute)


def take_of(
    ref: TakeRef,
    anchors: Sequence[Anchors],
    clock: Clock | None = None,
    sha256: str = "",
    keep: Store | None = None,
) -> Take:
    """Returns the take in one file, with its credentials and its marks.

    clock: of the film, for what has no rate of its own; None where there is no film yet; sha256: of the file, "" where
    it is not known; keep: where what probing finds is looked up first, and kept.
    Raises SourceError where it cannot be read, ProvenanceError where its credentials cannot be judged.
    """
    if is_pattern(ref.path):
        with packed_aside(ref.path) as pack:
            return take_of(replace(ref, path=pack), anchors, clock)
    take = None
    if format_at(ref.path) is not None:
        take = still_take(ref, sha256 or checksum(ref.path).sha256, keep, clock)
    found = _inspected(ref, take, anchors)
    if take is None:
        refuse_fill(ref)
        take = kept_probe(ref, sha256 or checksum(ref.path).sha256, keep)
    if found is None:
        return take
    return replace(
        take,
        credential=_credential(found.credential, ref),
        credential_detail=found.details,
        source_type=found.source_type,
        marks=tuple(mark for mark in found.marks if not mark.startswith("c2pa")),
        # Only FFmpeg reads a Matroska file's tags.
        record=found.record or read_tag_claims(take.tags),
    )


def _inspected(ref: TakeRef, still: Take | None, anchors: Sequence[Anchors]) -> IncomingClip | None:
    """Returns what a file says of itself; None for what cannot carry credentials: a made source, OpenEXR."""
    kind = still.picture.kind if still else "clip"
    if kind == "made":
        return None
    if kind == "sequence":
        return inspect_frames(ref.path, anchors)
    try:
        with watched(ref.path.name, size_of(ref.path)):
            return inspect(ref.path, anchors)
    except SourceError:
        if still is not None:
            return None
        # Not a media file: probing gives the best message about that.
        probe(ref.path, ref.name)
        raise


def _credential(credential: Credential, ref: TakeRef) -> Credential:
    """Returns the credential. A mark that a person saw in the picture counts like one found in the tags."""
    visible = any(field == "visible_mark" for field, _, _ in ref.record)
    return "vendor-marked" if visible and credential == "unsigned" else credential


def _accepted_take(
    ref: TakeRef, anchors: Sequence[Anchors], stores: tuple[ContentStore, Store | None], clock: Clock
) -> Take:
    content, keep = stores
    try:
        held = hold_take(ref, content)
        take = take_of(replace(ref, path=held.here), anchors, clock, held.sha256, keep)
    except AnswerprintError as fault:
        raise content.placed(fault, ref.where) from fault
    if ref.sha256 not in ("", take.file.sha256):
        raise SourceError(
            "is not the clip that was ingested",
            where=f"{ref.where}: {ref.path}",
            expected=f"sha256 {ref.sha256}",
            got=take.file.sha256,
            fix="put the clip back, or correct its sha256 if the change was meant",
        )
    if take.credential in REFUSED and not ref.accept:
        accept = ', or take it as it is with `accept: "reason"`, which is declared'
        raise tampered(f"{ref.where}: {ref.path}", "; ".join(take.credential_detail), accept)
    return take


def _probed_sound(clip: AudioClip, content: ContentStore) -> AudioSource:
    try:
        file = content.hold(clip.path, sidecar_path(clip.path), look_for_sound)
        return AudioSource(clip, file, *probe_sound(file.here))
    except AnswerprintError as fault:
        raise content.placed(fault, clip.where) from fault


def _two_credentials(placed: Iterable[tuple[File, str]]) -> Iterator[JobError]:
    """Yields a fault for each file that is one of the job's files again, with other credentials beside it.

    A film's manifest knows its ingredients by their content: one of the two credentials would be lost.
    placed: copies, each with its place in the job. The same content with other credentials is another copy.
    """
    first: dict[str, tuple[Path, str]] = {}
    for file, where in placed:
        copy, place = first.setdefault(file.sha256, (file.here.parent, where))
        if copy != file.here.parent:
            yield JobError(
                "has the same content as another file of the job, but not the same credentials beside it",
                where=f"{where}: {file.name}",
                expected=f"the file of {place}",
                fix="name one of the two files in both places",
            )


def _each(items: Sequence[Item], work: Callable[[Item], Made], faults: list[AnswerprintError]) -> list[Made]:
    """Does `work` on each item, adding every fault to `faults`, and returns what was made."""
    made: list[Made] = []
    for item in items:
        try:
            made.append(work(item))
        except AnswerprintError as fault:
            faults.append(fault)
    return made
