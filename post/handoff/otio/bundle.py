"""Reads and writes .otioz: a ZIP of `content.otio`, its media, and `version.txt`. Members are stored, not packed."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO

from post.atomic import replacing
from post.errors import JobError, SourceError
from post.handoff.losses import Loss
from post.handoff.media import TakesFolder, file_name
from post.handoff.otio.library import MOST_BYTES
from post.handoff.otio.write import write_timeline
from post.handoff.timeline import Timeline, TimelineMedia
from post.os_faults import reading, writing
from post.printable import printable

CONTENT, VERSION, MEDIA = "content.otio", "version.txt", "media"
VERSION_TEXT = "1.0.0\n"
MOST_MEMBERS = 10_000
# A ZIP counts time from 1980; the same timeline makes the same bytes.
THEN = (1980, 1, 1, 0, 0, 0)


def write_bundle(timeline: Timeline, path: Path) -> tuple[Loss, ...]:
    """Writes a timeline and its media, and returns what editors do not see of it.

    The file is written as a whole or not at all. Raises JobError naming every media file that is missing, OutputError
    where it cannot be written.
    """
    places = _members(timeline)
    moved = {media: replace(media, path=f"{MEDIA}/{name}") for media, name in places.items()}
    inside = replace(
        timeline,
        clips=tuple(replace(clip, media=moved.get(clip.media, clip.media)) for clip in timeline.clips),
        sounds=tuple(replace(sound, media=moved.get(sound.media, sound.media)) for sound in timeline.sounds),
    )
    text, lost = write_timeline(inside)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as bundle:
            bundle.writestr(_member(CONTENT), text)
            bundle.writestr(_member(VERSION), VERSION_TEXT)
            for media, name in places.items():
                with (
                    Path(media.path).open("rb") as source,
                    bundle.open(_member(f"{MEDIA}/{name}"), "w", force_zip64=True) as member,
                ):
                    shutil.copyfileobj(source, member, 1 << 20)
    return lost


def _members(timeline: Timeline) -> Mapping[TimelineMedia, str]:
    """Returns the name of each media file inside the bundle. Two of one name are told apart."""
    names: dict[TimelineMedia, str] = {}
    missing = []
    used = [*(clip.media for clip in timeline.clips), *(sound.media for sound in timeline.sounds)]
    for media in dict.fromkeys(each for each in used if not each.make):
        if not Path(media.path).is_file():
            missing.append(media.path or media.name)
            continue
        name, count = file_name(media), 1
        taken = {each.casefold() for each in names.values()}
        while name.casefold() in taken:
            count += 1
            name = f"{Path(file_name(media)).stem}-{count}{Path(file_name(media)).suffix}"
        names[media] = name
    if missing:
        raise JobError(
            "media that cannot be bundled", where="--to otioz", expected="files", got=", ".join(missing),
            fix="image sequences go with --to otio" if any("%" in each for each in missing) else "",
        )  # fmt: skip
    return names


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, THEN)
    info.external_attr = 0o644 << 16
    return info


def read_content(path: Path) -> bytes:
    """Returns the timeline in a bundle. Raises SourceError where it is none, or too large."""
    with _opened(path) as bundle:
        try:
            size = bundle.getinfo(CONTENT).file_size
        except KeyError as fault:
            raise SourceError(
                "not an OTIO bundle", where=str(path), expected=f"a file {CONTENT} in it"
            ) from fault
        if size > MOST_BYTES:
            raise SourceError(
                "too large", where=f"{path}: {CONTENT}", expected=f"at most {MOST_BYTES} bytes", got=size
            )
        try:
            return bundle.read(CONTENT)
        except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as fault:
            raise SourceError("cannot be read", where=f"{path}: {CONTENT}", got=str(fault)) from fault


def unpack_media(path: Path, folder: Path) -> Iterator[Path]:
    """Writes a bundle's media into a folder, under their own names, and yields each new file. What is there already
    under a name stays where it has the same content.

    Raises SourceError for a member that would lie elsewhere, that is a link, that is packed or locked, or that is
    broken; OutputError where one cannot be written or another file has its name.
    """
    with _opened(path) as bundle:
        members = [
            info for info in bundle.infolist() if info.filename.startswith(f"{MEDIA}/") and not info.is_dir()
        ]
        for info in members:
            _refuse_unsafe(info, path)
        for info in members:
            place = folder / PurePosixPath(info.filename).name
            if _is_there(place, info):
                continue
            with writing(place):
                folder.mkdir(parents=True, exist_ok=True)
                with replacing(place, over=False) as out, _member_of(bundle, info, path) as member:
                    shutil.copyfileobj(member, out, 1 << 20)
            yield place


def _is_there(place: Path, info: zipfile.ZipInfo) -> bool:
    """Returns whether a file has the content of a member, by its size and its CRC-32."""
    if not (place.is_file() and place.stat().st_size == info.file_size):
        return False
    check = 0
    with reading(place), place.open("rb") as file:
        while part := file.read(1 << 20):
            check = zlib.crc32(part, check)
    return check == info.CRC


@contextmanager
def _member_of(bundle: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> Iterator[IO[bytes]]:
    """Opens a member. Raises SourceError where it is locked with a password, or its bytes are not what they were."""
    try:
        with bundle.open(info) as member:
            yield member
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as fault:
        where = f"{path}: {printable(info.filename)}"
        raise SourceError("cannot be read", where=where, got=printable(str(fault)[:200])) from fault


@contextmanager
def bundled_takes(timeline: Path, takes: Path | None, folder: Path) -> Iterator[TakesFolder]:
    """Opens the folder of a timeline's takes: the given one, else a bundle's media, unpacked into `folder`.

    Where that or the block fails, the files and folders that were made are removed. Raises JobError where neither is
    there, and what `unpack_media` does.
    """
    if takes is not None:
        yield TakesFolder(takes)
        return
    if timeline.suffix.lower() != ".otioz":
        raise JobError("no folder of takes", where="--takes", expected="the folder that the media are in")
    absent = [each for each in (folder, *folder.parents) if not each.exists()]
    made = list[Path]()
    try:
        for place in unpack_media(timeline, folder):
            made.append(place)
        yield TakesFolder(folder)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        for each in absent:
            if each.is_dir() and not any(each.iterdir()):
                each.rmdir()
        raise


def _refuse_unsafe(info: zipfile.ZipInfo, path: Path) -> None:
    where = f"{path}: {printable(info.filename)}"
    parts = PurePosixPath(info.filename).parts
    if (
        len(parts) != 2
        or ".." in parts
        or "\\" in info.filename
        or ":" in info.filename
        or parts[1].startswith(".")
    ):
        raise SourceError("media that would lie elsewhere", where=where, expected=f"{MEDIA}/NAME")
    if info.external_attr >> 28 not in (0, 0o10):  # no type, or a regular file
        raise SourceError("not a regular file", where=where)
    if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
        raise SourceError(
            "media that is packed", where=where, expected="members stored as they are, as OTIO has them"
        )


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        bundle = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as fault:
        raise SourceError("not an OTIO bundle", where=str(path), expected="a ZIP", got=str(fault)) from fault
    if len(bundle.infolist()) > MOST_MEMBERS:
        bundle.close()
        raise SourceError("too many files", where=str(path), expected=f"at most {MOST_MEMBERS}")
    return bundle
