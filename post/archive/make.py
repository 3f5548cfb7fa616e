"""Writes the archive of a job: everything that its films were made from, and what was done, decided and checked.

the job, its presets, takes (those that no film shows too), sounds, fonts     layout
archive.json, plan/plan.json, frames/NAME.json                                told, frames
films/, receipts/, approvals/                                                 as they lie
ro-crate-metadata.json                                                        provenance.archive.crate
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from post import __version__
from post.archive.films import FILMS_FOLDER
from post.archive.frames import ArchivedFrames
from post.archive.layout import JOB, ArchiveLayout, KeptFile, lay_out, tree_files
from post.archive.located import LocatedJob
from post.archive.readme import README, readme_text
from post.archive.redact import Redaction
from post.archive.told import (
    ARCHIVE,
    FRAMES,
    PLAN,
    ArchiveAbout,
    ArchivedTake,
    ArchivedTrust,
    Maker,
    plan_text,
)
from post.atomic import checksum
from post.errors import SourceError
from post.values import Plan
from post.versions.planned import PlannedVersion, whole_plan
from provenance.approval.folder import FOLDER
from provenance.archive import crate
from provenance.archive.bag_path import PAYLOAD
from provenance.archive.retention import NAME as RETENTION
from provenance.archive.retention import Retention
from provenance.archive.write_bag import BagFile, write_bag
from provenance.trust.lists import Anchors

RECEIPTS, TRUST = "receipts", "trust"
TOOL = "Answerprint"
# Media types by suffix (IANA), the same on every machine.
_TYPES = {
    **dict.fromkeys((".yaml", ".yml"), "application/yaml"),
    **dict.fromkeys((".json", ".lock"), "application/json"),
    ".jsonl": "application/jsonl", ".html": "text/html", ".md": "text/markdown", ".pem": "application/x-pem-file",
    ".mp4": "video/mp4", ".mov": "video/quicktime", ".mkv": "video/matroska", ".webm": "video/webm",
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml", ".exr": "image/x-exr",
    ".wav": "audio/wav", ".flac": "audio/flac", ".mp3": "audio/mpeg", ".m4a": "audio/mp4",
    ".ttf": "font/ttf", ".otf": "font/otf", ".cube": "text/plain", ".srt": "application/x-subrip", ".vtt": "text/vtt",
    ".c2pa": "application/c2pa",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArchiveParts:
    """Everything that an archive is made of.

    located: the job and where its files lie; planned: its versions; frames: of every film; films: files of finished
    films to keep, by name; receipts: files of what was told of them, by name; anchors: the trust lists in use; maker:
    as of `read_maker`; dated: the archive's date.
    """

    located: LocatedJob
    planned: Sequence[PlannedVersion]
    frames: Sequence[ArchivedFrames]
    films: Mapping[str, Path]
    receipts: Mapping[str, bytes]
    anchors: Sequence[Anchors]
    maker: Maker
    dated: str


@dataclass(frozen=True, slots=True)
class WrittenArchive:
    """An archive that was written. files, bytes: of its payload; told_by: films whose manifests hold plain digests of
    prompts that were taken out."""

    folder: Path
    files: int
    bytes: int
    about: ArchiveAbout
    told_by: tuple[str, ...] = ()


def write_archive(
    folder: Path,
    parts: ArchiveParts,
    retention: Retention,
    redaction: Redaction | None = None,
    share: Path | None = None,
) -> WrittenArchive:
    """Writes an archive as a new bag, whole or not at all, and returns what was written.

    redaction: takes the prompts out, None leaves them; share: the folder that keeps each content once for many
    archives. The same parts give the same bytes. Raises SourceError for a file that changed meanwhile, JobError for a
    prompt that cannot be taken out, OutputError or RetryError where it cannot be written.
    """
    layout = lay_out(parts.located)
    _refuse_changed(layout, parts)
    kept = {each.path: each for each in (*layout.files.values(), *_beside(parts))}
    files = [BagFile(f"{PAYLOAD}/{each.path}", each.source, each.sha256) for each in kept.values()]
    about = _about(parts, layout)
    plan = whole_plan(parts.planned)
    files += _made(parts, plan, prompts=redaction is None)
    if redaction is not None:
        files = list(redaction.files(files))
        about = replace(
            about,
            redacted=tuple(each.commitment for each in redaction.openings),
            left_out=tuple(redaction.left_out),
        )
    files.append(_file(ARCHIVE, about.text()))
    files.append(_file(README, readme_text(about)))
    files.append(_file(crate.NAME, _crate(parts, layout, files, redaction, kept)))
    info = (
        ("Bag-Software-Agent", about.tool), ("Bagging-Date", parts.dated), ("External-Description", plan.title),
    )  # fmt: skip
    write_bag(folder, [*files, BagFile(RETENTION, retention.text())], info, share)
    sizes = [_size(each) for each in files]
    told_by = tuple(redaction.told_by) if redaction else ()
    return WrittenArchive(folder, len(sizes), sum(sizes), about, told_by)


def _file(path: str, content: bytes) -> BagFile:
    return BagFile(f"{PAYLOAD}/{path}", content)


def _size(file: BagFile) -> int:
    return len(file.content) if isinstance(file.content, bytes) else file.content.stat().st_size


def _refuse_changed(layout: ArchiveLayout, parts: ArchiveParts) -> None:
    """Raises SourceError where a take is another file than the films were planned with."""
    for version in parts.planned:
        for name, take in version.sources.takes.items():
            kept = layout.files.get(layout.takes.get(name, ""))
            if kept is not None and kept.sha256 != take.file.sha256:
                raise SourceError(
                    "was changed while it was archived", where=str(kept.source),
                    expected=f"sha256 {take.file.sha256}", got=kept.sha256, fix="run again once nothing writes to it",
                )  # fmt: skip


def _beside(parts: ArchiveParts) -> Iterator[KeptFile]:
    """Yields what lies beside the job and is not named in it, and the finished films."""
    folder = parts.located.jobs[0].path.parent / FOLDER
    if folder.is_dir():
        yield from tree_files(folder, f"{JOB}/{FOLDER}", "a record of who approved what")
    for name, path in parts.films.items():
        yield KeptFile(
            f"{FILMS_FOLDER}/{name}", path, checksum(path).sha256, "a finished film, or what lies beside it"
        )


def _about(parts: ArchiveParts, layout: ArchiveLayout) -> ArchiveAbout:
    jobs = parts.located.jobs
    used = {cut.take for job in jobs for cut in job.cut}
    policies = {(each.name, each.version) for job in jobs for each in job.disclosure.policies}
    trust = [
        ArchivedTrust(each.name, each.role, _trust_path(number, each))
        for number, each in enumerate(parts.anchors)
    ]
    return ArchiveAbout(
        jobs[0].title,
        parts.dated,
        layout.job,
        layout.leads,
        tuple(_frames_path(each) for each in parts.frames),
        tuple(ArchivedTake(name, path, name in used) for name, path in sorted(layout.takes.items())),
        tuple(trust),
        tuple(sorted(policies)),
        parts.maker,
    )


def _frames_path(frames: ArchivedFrames) -> str:
    return f"{FRAMES}/{frames.name}.json"


def _trust_path(number: int, anchors: Anchors) -> str:
    return f"{TRUST}/{number + 1}-{anchors.role}.pem"


def _made(parts: ArchiveParts, plan: Plan, *, prompts: bool) -> list[BagFile]:
    """Returns the files that are written for the archive."""
    return [
        _file(PLAN, plan_text(plan, prompts=prompts)),
        *(_file(_frames_path(each), each.text()) for each in parts.frames),
        *(_file(f"{RECEIPTS}/{name}", content) for name, content in parts.receipts.items()),
        *(_file(_trust_path(number, each), each.pem.encode()) for number, each in enumerate(parts.anchors)),
    ]


def _crate(
    parts: ArchiveParts,
    layout: ArchiveLayout,
    files: Sequence[BagFile],
    redaction: Redaction | None,
    kept: Mapping[str, KeptFile],
) -> bytes:
    listed = [_listed(each, kept) for each in sorted(files, key=lambda each: each.path)]
    records: dict[str, list[tuple[str, str]]] = {}
    for job in parts.located.jobs:
        for ref in job.takes:
            records.setdefault(ref.name, []).extend((name, value) for name, value, _ in ref.record)
    words = redaction.by_text if redaction else {}
    used = {cut.take for job in parts.located.jobs for cut in job.cut}
    takes = [
        crate.CrateTake(
            name, path if path in kept else _first_frame(path, kept), name in used,
            tuple((key, words.get(value.strip(), value)) for key, value in records.get(name, ())),
        )
        for name, path in sorted(layout.takes.items())
    ]  # fmt: skip
    sources = tuple(sorted(path for path in layout.files if path in {each.path for each in listed}))
    films = [
        crate.CrateFilm(each.name, f"{FILMS_FOLDER}/{each.file}" if each.file else "", sources, each.unsigned)
        for each in parts.frames
    ]
    about = crate.CrateAbout(parts.located.jobs[0].title, parts.dated, (TOOL, __version__))
    return crate.write_crate(about, listed, takes, films)


def _first_frame(pattern: str, kept: Mapping[str, KeptFile]) -> str:
    """Returns the first frame of an image sequence: a pattern is no file."""
    folder = pattern.rpartition("/")[0]
    return min(path for path in kept if path.startswith(f"{folder}/"))


def _listed(file: BagFile, kept: Mapping[str, KeptFile]) -> crate.CrateFile:
    path = file.path.removeprefix(f"{PAYLOAD}/")
    kind = _TYPES.get(Path(path).suffix.lower(), "application/octet-stream")
    if isinstance(file.content, bytes):
        sha256 = hashlib.sha256(file.content).hexdigest()
    else:
        sha256 = file.sha256 or checksum(file.content).sha256
    about = (
        kept[path].about
        if path in kept
        else _ABOUT.get(path.partition("/")[0], "what the archive tells of itself")
    )
    return crate.CrateFile(path, kind, _size(file), sha256, about)


_ABOUT = {
    FRAMES: "the digest of every frame of a film, segment by segment",
    "plan": "what was planned: every value of every segment",
    RECEIPTS: "what was done to the films",
    TRUST: "a list of certificates that credentials were judged by",
}


def archive_json(
    written: WrittenArchive, retention: Retention, frames: Sequence[ArchivedFrames]
) -> dict[str, Any]:
    """Returns the `archive` object of the command line."""
    return {
        "path": str(written.folder),
        "title": written.about.title,
        "files": written.files,
        "bytes": written.bytes,
        "films": [
            {
                "name": each.name,
                "frames": len(each.shown.picture),
                "segments": len(each.places),
                "kept": bool(each.file),
            }
            for each in frames
        ],
        "takes": [{"name": each.name, "path": each.path, "used": each.used} for each in written.about.takes],
        "redacted": len(written.about.redacted),
        "left_out": list(written.about.left_out),
        "told_by_films": list(written.told_by),
        "retain_until": retention.retain_until or None,
        "holds": [{"by": each.by, "why": each.why} for each in retention.holds if each.stands],
    }
