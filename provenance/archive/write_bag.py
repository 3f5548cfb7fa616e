"""Writes a bag (BagIt 1.0), whole or not at all: aside, hashed as it lies there, then renamed.

The same files and labels give the same bytes, on every machine. A folder can be shared by several bags: it keeps each
content once, by its SHA-256, and their files are hard links into it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from post.atomic import NO_LINKS, sync_folder, sync_path
from post.errors import OutputError, SourceError
from post.os_faults import writing
from provenance.archive.bag import DECLARATION, INFO
from provenance.archive.bag_files import hash_file
from provenance.archive.bag_path import PAYLOAD, encode_path, folded, is_payload, tidy_path, why_unsafe
from provenance.archive.tag_file import Labels

ALGORITHMS = ("sha256", "sha512")
READ_ONLY = 0o444
_DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_EXDEV = 18  # a link to another file system, POSIX


@dataclass(frozen=True, slots=True)
class BagFile:
    """One file to put into a bag. path: in the bag, below data/ for the payload; content: its bytes, or the file that
    holds them; sha256: of that file when it was looked at, "" where that is not known."""

    path: str
    content: bytes | Path
    sha256: str = ""


def write_bag(folder: Path, files: Iterable[BagFile], info: Labels, share: Path | None = None) -> None:
    """Writes a new bag at `folder`.

    files: the payload, and tag files of one's own; info: labels for bag-info.txt, to which the count of bytes is added;
    share: the folder that keeps each content once, None for copies. Raises OutputError where something is there already
    or it cannot be written, RetryError where the disk is full, SourceError where a file changed meanwhile.
    """
    refuse_taken(folder)
    part = folder.with_name(f".{folder.name}.{uuid4().hex}.part")
    with writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.mkdir()
            _fill(part, list(files), info, share)
            for below, _, names in os.walk(part):
                for name in names:
                    _sync(Path(below, name))
                sync_folder(Path(below))
            if folder.is_dir():
                folder.rmdir()  # it is empty
            part.rename(folder)
            sync_folder(folder.parent)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def refuse_taken(folder: Path) -> None:
    """Raises OutputError where a bag would take the place of something: only an empty folder may be there."""
    if os.path.lexists(folder) and not (folder.is_dir() and not any(folder.iterdir())):
        raise OutputError(
            "there is something already", where=str(folder), expected="a new folder for the archive",
            fix="choose another folder: an archive is never written over",
        )  # fmt: skip


def _fill(bag: Path, files: list[BagFile], info: Labels, share: Path | None) -> None:
    refuse_paths([each.path for each in files])
    digests = {each.path: _place(bag, each, share) for each in sorted(files, key=lambda each: each.path)}
    (bag / PAYLOAD).mkdir(exist_ok=True)
    payload = {path: own for path, own in digests.items() if is_payload(path)}
    total = sum((bag / path).stat().st_size for path in payload)
    rows = [*info, ("Payload-Oxum", f"{total}.{len(payload)}")]
    told = "".join(f"{label}: {' '.join(value.split())}\n" for label, value in rows)
    tags = {path: own for path, own in digests.items() if path not in payload}
    for name, content in ((DECLARATION, _DECLARED), (INFO, told.encode()), *_manifests("", payload)):
        (bag / name).write_bytes(content)
        tags[name] = hash_file(bag / name, ALGORITHMS)
    for name, content in _manifests("tag", tags):
        (bag / name).write_bytes(content)


def write_tag_file(bag: Path, name: str, content: bytes, tags: Mapping[str, Mapping[str, str]]) -> None:
    """Replaces one tag file of a bag, and the tag manifests that list it. tags: what they list, with their digests.

    Each file is replaced as a whole. Between them the bag is not valid: a run that is killed there is repaired by
    running it again. Raises OSError.
    """
    part = bag / f".{name}.part"
    part.write_bytes(content)
    new = hash_file(part, ALGORITHMS)
    listed = {path: {key: own[key] for key in ALGORITHMS} for path, own in tags.items()} | {name: new}
    part.replace(bag / name)
    for manifest, text in _manifests("tag", listed):
        aside = bag / f".{manifest}.part"
        aside.write_bytes(text)
        aside.replace(bag / manifest)
    sync_folder(bag)


def refuse_paths(paths: Iterable[str]) -> None:
    """Raises OutputError for a path that a bag cannot have, or that some file system takes for another of them."""
    first: dict[str, str] = {}
    for path in paths:
        why = why_unsafe(path) or ("" if tidy_path(path) == path else "it has steps that lead nowhere")
        other = first.setdefault(folded(path), path)
        if why or other != path:
            raise OutputError("no path for an archive", where=path, got=why or f"the same as {other}")


def _place(bag: Path, file: BagFile, share: Path | None) -> Mapping[str, str]:
    """Puts a file into a bag, and returns the digests of what lies there then."""
    place = bag / file.path
    place.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(file.content, bytes):
        place.write_bytes(file.content)
        return hash_file(place, ALGORITHMS)
    if share is not None and file.sha256:
        _link(file.content, place, share / file.sha256[:2] / file.sha256)
    else:
        shutil.copyfile(file.content, place)
    digests = hash_file(place, ALGORITHMS)
    if file.sha256 not in ("", digests["sha256"]):
        raise SourceError(
            "was changed while it was archived", where=str(file.content), expected=f"sha256 {file.sha256}",
            got=digests["sha256"], fix="run again once nothing writes to it; if it is shared, restore it",
        )  # fmt: skip
    return digests


def _link(source: Path, place: Path, kept: Path) -> None:
    """Links a file to the one copy of its content, which is made where there is none; copies where links cannot be."""
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_name(f".{kept.name}.{uuid4().hex}.part")
        try:
            shutil.copyfile(source, part)
            part.chmod(READ_ONLY)
            part.replace(kept)
        finally:
            part.unlink(missing_ok=True)
    try:
        os.link(kept, place, follow_symlinks=False)
    except OSError as fault:
        if fault.errno not in (*NO_LINKS, _EXDEV):
            raise
        shutil.copyfile(kept, place)


def _sync(path: Path) -> None:
    with suppress(PermissionError):  # a link to a file that is read-only: it was synced when it was copied
        sync_path(path)


def _manifests(kind: str, digests: Mapping[str, Mapping[str, str]]) -> list[tuple[str, bytes]]:
    """Returns the manifests of some files: (name, content). kind: "" or "tag"."""
    return [
        (
            f"{kind}manifest-{algorithm}.txt",
            "".join(
                f"{digests[path][algorithm]}  {encode_path(path)}\n" for path in sorted(digests)
            ).encode(),
        )
        for algorithm in ALGORITHMS
    ]
