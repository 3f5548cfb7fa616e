"""What there is: every file a job names, probed, with its own credentials validated first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeVar

from post.atomic import checksum
from post.errors import AnswerprintError, Problems, ProvenanceError, SourceError
from post.job.model import AudioClip, Job, TakeRef
from post.measure.match import open_any
from post.plan import LaidSound
from post.plan.sound import setting
from post.stage import Stage
from post.takes.probe import probe, probe_sound_file
from post.values import File, Take
from post.values.media import Credential
from provenance.ingest import inspect, read_tag_claims
from provenance.trust.lists import Anchors

Relationship = Literal["componentOf", "inputTo"]
Made = TypeVar("Made")
Item = TypeVar("Item")
# Of these nothing can be believed; the others are kept as what they are.
REFUSED: tuple[Credential, ...] = ("tampered",)


@dataclass(frozen=True, slots=True)
class Brought:
    """A file other than a take that the film is made with: music, an effect, a brand element, what a shot is
    matched to. relationship: "componentOf", or "inputTo" where nothing of it is in the film."""

    file: File
    credential: Credential
    relationship: Relationship = "componentOf"


@dataclass(frozen=True, slots=True)
class Gathered:
    """A job with its files opened once. takes by name, in the job's order; laid: music, then effects."""

    job: Job
    takes: dict[str, Take]
    laid: tuple[LaidSound, ...]
    assets: tuple[Brought, ...]

    def files(self) -> dict[str, Path]:
        """Where each file lies here, by sha256."""
        takes = {take.file.sha256: take.file.here for take in self.takes.values()}
        return takes | {asset.file.sha256: asset.file.here for asset in self.assets} | _knob_files(self.job)


def gather(job: Job, anchors: Sequence[Anchors]) -> Gathered:
    """Open everything. Raises Problems naming every file that cannot be read, or whose credentials
    show that it was changed after it was signed and which the job does not accept all the same."""
    job = replace(job, music=_audible(job.music), effects=_audible(job.effects))
    faults: list[AnswerprintError] = []
    used = {cut.take for cut in job.cut}
    refs = [ref for ref in job.takes if ref.name in used]
    takes = _each(refs, lambda ref: _accepted(ref, anchors), faults)
    laid = _each([*job.music, *job.effects], _laid, faults)
    files = [*((each.file, each.laying.where) for each in laid), *_brand_files(job)]
    brought = _each(files, lambda row: _brought(*row, anchors), faults)
    references = [(cut.match.file, cut.match.where) for cut in job.cut if cut.match and cut.match.file]
    seen = _each(references, lambda row: _seen(*row, anchors), faults)
    if faults:
        raise Problems(faults)
    # Of a file that is both, it counts that it is in the film.
    assets = {asset.file: asset for asset in [*seen, *brought]}
    return Gathered(job, {take.name: take for take in takes}, tuple(laid), tuple(assets.values()))


def _audible(layings: Sequence[AudioClip]) -> tuple[AudioClip, ...]:
    """What is muted is not in the film: neither heard nor declared."""
    return tuple(laying for laying in layings if not setting(laying.stage, "mute"))


def take_of(ref: TakeRef, anchors: Sequence[Anchors]) -> Take:
    """One clip: its own credentials validated, then probed. Raises SourceError where it cannot be read."""
    try:
        found = inspect(ref.path, anchors)
    except SourceError:
        # No media file: probing says best what is wrong with it.
        probe(ref.path, ref.name)
        raise
    take = probe(ref.path, ref.name, colour=ref.colour, range=ref.range)
    return replace(
        take,
        credential=_as_seen(found.credential, ref),
        credential_detail=found.details,
        source_type=found.source_type,
        marks=tuple(mark for mark in found.marks if not mark.startswith("c2pa")),
        # A Matroska file's tags are read by FFmpeg alone.
        record=found.record or read_tag_claims(take.tags),
    )


def _as_seen(credential: Credential, ref: TakeRef) -> Credential:
    """A mark that somebody saw in the picture counts as one that was found in the tags."""
    seen = any(field == "visible_mark" for field, _, _ in ref.record)
    return "vendor-marked" if seen and credential == "unsigned" else credential


def _accepted(ref: TakeRef, anchors: Sequence[Anchors]) -> Take:
    try:
        take = take_of(ref, anchors)
    except AnswerprintError as fault:
        raise fault.at(ref.where) from fault
    if ref.sha256 not in ("", take.file.sha256):
        raise SourceError(
            "is not the clip that was taken in",
            where=f"{ref.where}: {ref.path}",
            expected=f"sha256 {ref.sha256}",
            got=take.file.sha256,
            fix="put the clip back, or correct its sha256 if the change was meant",
        )
    if take.credential in REFUSED and not ref.accept:
        accept = ', or take it as it is with `accept: "reason"`, which is declared'
        raise _changed(f"{ref.where}: {ref.path}", "; ".join(take.credential_detail), accept)
    return take


def _changed(where: str, got: str, otherwise: str = "") -> ProvenanceError:
    return ProvenanceError(
        "was changed after it was signed",
        where=where,
        expected="a file as its signer left it",
        got=got,
        fix=f"get the original{otherwise}",
    )


def _laid(laying: AudioClip) -> LaidSound:
    try:
        sound = probe_sound_file(laying.path)
    except AnswerprintError as fault:
        raise fault.at(laying.where) from fault
    return LaidSound(laying, File(checksum(laying.path).sha256, laying.path.name, laying.path), sound)


def _brought(file: File, where: str, anchors: Sequence[Anchors]) -> Brought:
    try:
        found = inspect(file.here, anchors)
    except AnswerprintError as fault:
        raise fault.at(where) from fault
    if found.credential in REFUSED:
        raise _changed(f"{where}: {file.name}", "; ".join(found.details))
    return Brought(file, found.credential)


def _seen(file: File, where: str, anchors: Sequence[Anchors]) -> Brought:
    """A reference: one that cannot be shown is found here, before anything is measured."""
    try:
        open_any(file.here)
    except AnswerprintError as fault:
        raise fault.at(where) from fault
    return replace(_brought(file, where, anchors), relationship="inputTo")


def _brand_files(job: Job) -> Iterator[tuple[File, str]]:
    """Pictures laid over the film, and where the job names them: they are seen in it, so they are
    ingredients."""
    for timed in [*job.titles, *job.marks]:
        if timed.layer.name == "bug":
            yield from ((file, timed.where) for file in _files(timed.layer))


def _knob_files(job: Job) -> dict[str, Path]:
    """Every file a stage reads: fonts, logos, look-up tables."""
    shots: list[Stage] = [
        stage for cut in job.cut for stage in (*cut.colour, *cut.doors, *(r.stage for r in cut.repairs))
    ]
    layers: list[Stage] = [timed.layer for timed in (*job.titles, *job.marks)]
    grain: list[Stage] = [job.grain] if job.grain else []
    marking = job.provenance.marking
    last: list[Stage] = [marking.stage] if marking else []
    return {file.sha256: file.here for stage in [*shots, *layers, *grain, *last] for file in _files(stage)}


def _files(stage: Stage) -> Iterator[File]:
    return (value for value in vars(stage).values() if isinstance(value, File))


def _each(items: Sequence[Item], work: Callable[[Item], Made], faults: list[AnswerprintError]) -> list[Made]:
    made: list[Made] = []
    for item in items:
        try:
            made.append(work(item))
        except AnswerprintError as fault:
            faults.append(fault)
    return made
