"""Keeps immutable copies of the files that films are made from, by their content.

A file is opened once, and hashed as it is copied. Everything that reads it afterwards reads the copy: a file that
is replaced or written over meanwhile changes no film, and no film is signed as made from something else.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from io import BufferedReader
from pathlib import Path
from typing import IO, BinaryIO
from uuid import uuid4

from post.atomic import checksum, open_regular, replacing
from post.engine.file_state import FileState, changed_meanwhile, state_of
from post.errors import AnswerprintError, OutputError, SourceError
from post.os_faults import retry_of, writing
from post.owned import SHORT_WORK_S, owned
from post.values import File

KEPT_S = 14 * 24 * 3600  # a copy that no run has asked for as long is swept
ABANDONED_S = 24 * 3600
PIECE = 1 << 20
LARGE = 64 << 20  # bytes: a smaller file is hashed in the time that a look takes
READ_ONLY = 0o400
COPY = re.compile(r"[0-9a-f]{64}(-[0-9a-f]{16})?")
PART = re.compile(r"[0-9a-f]{32}\.part")
# Linux's request to share the blocks of another file until one of the two changes (ioctl_ficlonerange(2)).
FICLONE = 0x40049409


class ContentStore:
    """A folder of copies: `<first two digits>/<sha256>/<name>`. Many processes may use it at once.

    A file with a companion (its credentials in a sidecar, say) has a folder of its own with it, so that the same
    file without one stays without.
    """

    def __init__(self, root: Path) -> None:
        """Makes the folder, which only this user can read.

        Raises OutputError where it cannot be made, RetryError where the disk is full.
        """
        self.root = root
        self._states: dict[Path, FileState] = {}
        with writing(root):
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_private(root):
                raise OutputError(
                    "others can write to the copies of sources, or own them",
                    where=str(root),
                    expected="a folder of this user, mode 700",
                    fix="remove it, or name another store",
                )

    def hold(
        self, path: Path, companion: Path | None = None, look: Callable[[BinaryIO, str], None] | None = None
    ) -> File:
        """Returns a file by its content, as it is now: `here` is an immutable copy that has its name.

        companion: a file that is copied too and lies beside the copy, if it is there. Copies share the file's
        blocks where the file system can do that.
        look: is called with the open file and its name before a large file is read; it raises for one that cannot
        be used.
        Raises SourceError where there is no file, it is empty, or it cannot be read; OutputError or
        RetryError where no copy can be written.
        """
        beside = self.hold(companion) if companion and os.path.isfile(companion) else None  # noqa: PTH113  never raises
        with _open_source(path) as source:
            if look is not None and os.fstat(source.fileno()).st_size >= LARGE:
                look(source, path.name)
                source.seek(0)
            sha256 = hashlib.file_digest(source, "sha256").hexdigest()
            found = self.find(sha256, path.name, beside)
            if found is None:
                source.seek(0)
                with writing(self.root):
                    sha256 = self._copied(source, path.name, beside)
                found = self.find(sha256, path.name, beside)
        if found is None:
            raise changed_meanwhile(
                self._folder(sha256, beside) / path.name, f"sha256 {sha256}", "other bytes"
            )
        if beside is not None:
            place = found.here.with_name(beside.name)
            if not self.note(place, beside.sha256):
                with writing(self.root):
                    self._copy_beside(beside.here, place, beside.sha256)
                self.note(place, beside.sha256)
        return found

    def hold_written(self, name: str, write: Callable[[BinaryIO], None]) -> File:
        """Returns a file that is written here, by its content, as `hold` does.

        name: the file's; write: writes it, and raises SourceError where it cannot.
        """
        folder = self.root / f"{uuid4().hex}.part"
        with writing(self.root):
            folder.mkdir(mode=0o700)
        try:
            with writing(self.root), (folder / name).open("xb") as out:
                write(out)
            return self.hold(folder / name)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def states(self, files: Iterable[Path]) -> tuple[FileState, ...]:
        """Returns the states of copies, and of what lies beside them, as they were when they were hashed last."""
        folders = {path.parent for path in files}
        return tuple(state for path, state in self._states.items() if path.parent in folders)

    def placed(self, fault: AnswerprintError, where: str) -> AnswerprintError:
        """Returns a fault of a copy at its place in the job; it names the file, not where the copy lies."""
        inside = re.compile(f"{re.escape(str(self.root))}/[0-9a-f]{{2}}/[0-9a-f-]+/")
        what, name, expected, fix = (
            inside.sub("", text) for text in (fault.what, fault.where, fault.expected, fault.fix)
        )
        got = inside.sub("", fault.got) if isinstance(fault.got, str) else fault.got
        return type(fault)(
            what, where=f"{where}: {name}" if name else where, expected=expected, got=got, fix=fix
        )

    def is_copy(self, file: File) -> bool:
        """Says whether a file is one of the copies here."""
        return file.here.is_relative_to(self.root)

    def sweep(self) -> None:
        """Removes copies that no run has asked for lately, and what killed runs left half-written."""
        now = time.time()
        # Nothing but what `hold` wrote, whatever folder a user named.
        for folder in self.root.glob("[0-9a-f][0-9a-f]/*"):
            if COPY.fullmatch(folder.name) and not folder.parent.is_symlink():
                _remove_older(folder, now - KEPT_S)
        for part in self.root.glob("*.part"):
            if PART.fullmatch(part.name):
                _remove_older(part, now - ABANDONED_S)

    def find(self, sha256: str, name: str, beside: File | None = None) -> File | None:
        """Returns a whole copy that is there already, under this name; None if there is none."""
        folder = self._folder(sha256, beside)
        place = folder / name
        with suppress(OSError):  # nothing is there, or what is there cannot be used: the file is copied
            if not self.note(place, sha256):
                whole = next(
                    (
                        each
                        for each in sorted(folder.iterdir())
                        if each != place and has_content(each, sha256)
                    ),
                    None,
                )
                if whole is None:
                    return None
                self._copy_beside(whole, place, sha256)
                if not self.note(place, sha256):
                    return None
            os.utime(folder)  # the time of its last use
            return File(sha256, name, place)
        return None

    def note(self, place: Path, sha256: str) -> bool:
        """Says whether a file holds what it should and, if so, notes its state for `states`."""
        with suppress(OSError):
            before = state_of(place)
            if has_content(place, sha256) and state_of(place) == before:
                self._states[place] = before
                return True
        return False

    def _copied(self, source: BufferedReader, name: str, beside: File | None) -> str:
        """Makes a copy, and returns its SHA-256."""
        part = self.root / f"{uuid4().hex}.part"
        try:
            with open(part, "xb+", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
                sha256 = _copy(source, out)
                with suppress(OSError):  # a file system without modes
                    os.fchmod(out.fileno(), READ_ONLY)
            folder = self._folder(sha256, beside)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._alone(sha256):
                if not has_content(folder / name, sha256):
                    part.replace(folder / name)
        finally:
            part.unlink(missing_ok=True)
        return sha256

    def _copy_beside(self, copy: Path, place: Path, sha256: str) -> None:
        """Copies a copy to another name. A link would change the state of the first."""
        with self._alone(sha256):
            if has_content(place, sha256):
                return
            with replacing(place, mode=READ_ONLY) as out, copy.open("rb") as source:
                if not _shares_blocks(source, out):
                    shutil.copyfileobj(source, out)

    def _alone(self, sha256: str) -> AbstractContextManager[None]:
        """Returns a context in which no other run places this content: what one has noted is not replaced."""
        return owned(self.root / f".{sha256}.lock", str(self.root), wait_s=SHORT_WORK_S)

    def _folder(self, sha256: str, beside: File | None) -> Path:
        own = f"{sha256}-{beside.sha256[:16]}" if beside else sha256
        return self.root / sha256[:2] / own


def _is_private(folder: Path) -> bool:
    """Says whether a folder is this user's alone: who can write to a copy could have a film made of something else."""
    about = folder.lstat()
    if not stat.S_ISDIR(about.st_mode):
        return False
    return os.name != "posix" or (about.st_uid == os.geteuid() and not about.st_mode & 0o077)


def refuse_changed(files: Mapping[str, Path]) -> None:
    """Hashes files again. files: by their sha256. Raises SourceError for one that is not what it was."""
    for sha256, path in files.items():
        if not has_content(path, sha256):
            got = "other bytes" if os.path.lexists(path) else ""
            raise changed_meanwhile(path, f"sha256 {sha256}", got)


def _open_source(path: Path) -> BufferedReader:
    """Opens a regular file that holds something."""
    try:
        file = open_regular(path)
    except (OSError, ValueError) as fault:
        raise (
            retry_of(fault, path) or _unreadable(path, getattr(fault, "strerror", None) or str(fault))
        ) from fault
    if os.fstat(file.fileno()).st_size:
        return file
    file.close()
    raise SourceError(
        "is empty", where=path.name, expected="a file that holds something", got="0 bytes",
        fix="fetch or export it again",
    )  # fmt: skip


def _unreadable(path: Path, got: str) -> SourceError:
    return SourceError(
        "cannot be read", where=path.name, expected="a file that holds something", got=got,
        fix=f"check {path}",
    )  # fmt: skip


def _copy(source: BufferedReader, out: IO[bytes]) -> str:
    """Copies a file and returns the SHA-256 of what the copy holds."""
    if _shares_blocks(source, out):
        return checksum(Path(out.name)).sha256
    told = hashlib.sha256()
    while piece := source.read(PIECE):
        told.update(piece)
        out.write(piece)
    return told.hexdigest()


def _shares_blocks(source: BufferedReader, out: IO[bytes]) -> bool:
    """Makes `out` share the blocks of `source` until either is written to; False where that cannot be done."""
    if sys.platform != "linux":
        return False
    from fcntl import ioctl

    try:
        ioctl(out.fileno(), FICLONE, source.fileno())
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise
        return False
    return True


def has_content(path: Path, sha256: str) -> bool:
    """Says whether a path is a regular file of that content, and no link."""
    try:
        return not path.is_symlink() and path.is_file() and checksum(path).sha256 == sha256
    except OSError:
        return False


def _remove_older(path: Path, time_s: float) -> None:
    with suppress(OSError):  # another run has just removed it, or uses it
        if path.lstat().st_mtime >= time_s:
            return
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
