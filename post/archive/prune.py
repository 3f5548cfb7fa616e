"""Removes an archive, or puts a legal hold on it. An archive whose date is to come, or that somebody holds, stays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

from post.archive.opened import checked_bag
from post.atomic import open_regular, sync_folder
from post.errors import GuardrailError, ProvenanceError
from post.os_faults import writing
from provenance.archive.bag import Bag
from provenance.archive.bag_files import find_files
from provenance.archive.retention import MOST_BYTES, NAME, Retention, read_retention
from provenance.archive.write_bag import write_tag_file
from provenance.record.strict_json import read_bytes

_SHARED_DIGITS = 64


@dataclass(frozen=True, slots=True)
class PrunedArchive:
    """What was removed, or would be. files, bytes: of the archive; shared: contents of a shared folder that no archive
    has any more; kept: why it stays, in words, () where it may go; removed: whether it is gone."""

    files: int
    bytes: int
    shared: tuple[str, ...]
    kept: tuple[str, ...]
    removed: bool


def retention_of(bag: Bag) -> Retention:
    """Returns how long an archive is kept. Raises ProvenanceError where its file is missing or was altered: then
    nobody knows."""
    if NAME not in bag.tags or any(each.path == NAME for each in bag.faults):
        raise ProvenanceError(
            "does not say how long it is kept, or was altered there", where=str(bag.folder / NAME),
            fix="restore it from a copy",
        )  # fmt: skip
    with open_regular(bag.folder / NAME, follow=False) as source:
        return read_retention(read_bytes(source.read(MOST_BYTES), NAME), str(bag.folder / NAME))


def hold_archive(archive: Path, by: str, why: str, *, lift: bool = False) -> Retention:
    """Puts a legal hold on an archive, or lifts those of a person, and returns how long it is kept now.

    Raises JobError where it is not said who or why, or there is no such hold; ProvenanceError where the bag is refused
    or its retention cannot be read.
    """
    bag = checked_bag(archive)
    now = retention_of(bag)
    made = now.lifted(by, why) if lift else now.held(by, why)
    with writing(archive):
        write_tag_file(archive, NAME, made.text(), bag.tags)
    return made


def prune_archive(archive: Path, today: date, *, remove: bool, share: Path | None = None) -> PrunedArchive:
    """Removes an archive, if it may go, and returns what was removed, or would be.

    remove: False only looks; share: a folder that archives share, whose contents go with the last archive that has
    them. Raises GuardrailError where it is to be removed and must stay, ProvenanceError where it is not known whether
    it may go.
    """
    bag = checked_bag(archive)
    kept = tuple(retention_of(bag).why_kept(today))
    files = list(find_files(archive))
    shared = tuple(_left_alone(bag, share)) if share else ()
    if not remove or kept:
        if remove:
            raise GuardrailError(
                "is to be kept", where=str(archive), expected="no legal hold, and a date that has passed",
                got="; ".join(kept), fix="lift the hold with `answerprint hold --lift`, or wait for the date",
            )  # fmt: skip
        return PrunedArchive(len(files), sum(each.bytes for each in files), shared, kept, removed=False)
    with writing(archive):
        # Renamed first: a run that is killed leaves no archive that lacks some of its files.
        aside = archive.with_name(f".{archive.name}.{uuid4().hex}.part")
        archive.rename(aside)
        sync_folder(archive.parent)
        shutil.rmtree(aside)
        for name in shared:
            assert share
            (share / name[:2] / name).unlink(missing_ok=True)
    return PrunedArchive(len(files), sum(each.bytes for each in files), shared, kept, removed=True)


def _left_alone(bag: Bag, share: Path) -> Iterator[str]:
    """Yields the contents of a shared folder that this archive alone has: those with two links, this one's and its
    own."""
    for name in sorted({own["sha256"] for own in bag.payload.values() if "sha256" in own}):
        place = share / name[:2] / name
        mine = sum(own.get("sha256") == name for own in bag.payload.values())
        if len(name) == _SHARED_DIGITS and place.is_file() and place.stat().st_nlink <= mine + 1:
            yield name
