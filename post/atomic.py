"""Writes files whole or not at all, and hashes them: the one home of both.

    write_whole(path, content)     a text or bytes; makes the folder; errors that a user can act on
    over=False                     of several processes that write it at once, one does; the others are told
    replacing(path)                a stream; raises OSError as it comes
    lasting=True                   what was written survives a power cut: the file is synced before it takes
                                   its name, the folder after it

Content is written to a hidden file beside `path`, which then takes its name (POSIX rename is atomic).
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from io import BufferedReader
from pathlib import Path
from typing import IO, NamedTuple
from uuid import uuid4

from post.errors import OutputError
from post.os_faults import writing

# What file systems without hard links answer (exFAT, many network shares).
NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)
READABLE_BY_ALL, PRIVATE = 0o666, 0o600  # modes of new files; the first is narrowed by the umask


class Checksum(NamedTuple):
    """The SHA-256 of a file, 64 hex digits, and its size in bytes."""

    sha256: str
    bytes: int


def checksum(path: Path) -> Checksum:
    """Reads a regular file and returns its checksum. Raises OSError where it cannot be read."""
    with open_regular(path) as file:
        return Checksum(hashlib.file_digest(file, "sha256").hexdigest(), file.tell())


def open_regular(path: Path, *, follow: bool = True) -> BufferedReader:
    """Opens a regular file for reading, and waits for nothing: opening a pipe would wait for its writer.

    follow: whether a link is followed. Raises OSError for anything else, IsADirectoryError for a folder.
    """
    flags = 0 if follow else getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(path, os.O_RDONLY | flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    about = os.fstat(handle)
    mode = about.st_mode
    if stat.S_ISREG(mode) and about.st_dev not in _kernel_devices():
        return open(path, "rb", opener=lambda *_: handle)  # os.fdopen would name it by its number
    os.close(handle)
    number, what = (errno.EISDIR, "a folder") if stat.S_ISDIR(mode) else (errno.EINVAL, "a device or a pipe")
    raise OSError(number, what, str(path))


def read_bounded(path: Path, most: int) -> bytes:
    """Returns what a regular file holds, waiting for nothing. Raises OSError where it cannot be read, or holds more."""
    with open_regular(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"more than {most} bytes", str(path))
    return content


def real_path(path: Path) -> Path:
    """Returns a path from the root on, without links. Never raises: links in a circle are left as they are."""
    return Path(os.path.realpath(path))


def refuse_special(path: Path) -> None:
    """Raises OSError where a new file would take the place of a device, a pipe, a socket or a file of the kernel.

    To rename a file onto /dev/null would end it for every program of this machine.
    """
    try:
        mode = path.stat().st_mode
    except OSError:  # nothing is there, or a link that leads nowhere
        mode = 0
    with suppress(OSError):
        if (mode and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)) or (
            path.parent.stat().st_dev in _kernel_devices(("/proc", "/sys", "/dev"))
        ):
            mode = stat.S_IFCHR
    if stat.S_ISCHR(mode):
        raise OSError(errno.ENXIO, "a device or a pipe", str(path))


@cache
def _kernel_devices(places: tuple[str, ...] = ("/proc", "/sys")) -> frozenset[int]:
    """Returns the devices of /proc and /sys: their files look regular, and may be of any size or never end."""
    return frozenset(os.stat(place).st_dev for place in places if os.path.ismount(place))  # noqa: PTH116


def write_whole(path: Path, content: str | bytes, *, lasting: bool = False, over: bool = True) -> Path:
    """Writes a text (in UTF-8) or bytes in place of the file at `path`, and returns `path`.

    Makes the folder where there is none. Where writing fails, what was at `path` stays.
    lasting: what was written survives a power cut; over: without it, a file that is there already is refused.
    Raises OutputError where it cannot be written or is there already, RetryError where the disk is full.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with replacing(path, lasting=lasting, over=over) as out:
                out.write(content.encode() if isinstance(content, str) else content)
        except FileExistsError as fault:
            raise there_already(path) from fault
    return path


def there_already(path: Path) -> OutputError:
    """Returns the error for a new file whose name is taken."""
    return OutputError("there is a file already", where=str(path), fix="choose another place")


def is_file(path: Path) -> bool:
    """Says whether there is a file of that name; a name that is too long for the file system is that of none."""
    try:
        return path.is_file()
    except OSError as fault:
        if fault.errno != errno.ENAMETOOLONG:
            raise
        return False


def is_one_of(path: Path, files: Iterable[Path]) -> bool:
    """Returns whether a path leads to one of those files, by whatever name. Those that do not exist are none."""
    return path.exists() and any(each.exists() and path.samefile(each) for each in files)


@contextmanager
def replacing(
    path: Path, *, lasting: bool = False, mode: int = READABLE_BY_ALL, over: bool = True, writer: str = ""
) -> Iterator[IO[bytes]]:
    """Opens a new hidden file (`name` says where) that takes the place of `path` once the block has ended well.

    lasting: what was written survives a power cut; mode: of the new file; over: without it, a file that
    is at `path` already stays, which raises FileExistsError; writer: part of the hidden name, by which others
    can clear up after a process that was killed. Raises OSError, after which `path` is as it was.
    """
    refuse_special(path)
    part = path.with_name(f".{path.name}.{writer}{uuid4().hex}.part")
    try:
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as out:
            yield out
            if lasting:
                sync_file(out)
        _take_place(part, path, over)
        if lasting:
            sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _take_place(part: Path, path: Path, over: bool) -> None:
    if over:
        part.replace(path)
        return
    # Of two processes that write it at once, the first one's file stands.
    try:
        path.hardlink_to(part)
    except OSError as fault:
        if fault.errno not in NO_LINKS:
            raise
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
        part.replace(path)


def sync_file(file: IO[bytes]) -> None:
    """Writes out to the disk what an open file holds, so that it survives a power cut."""
    file.flush()
    os.fsync(file.fileno())


def sync_path(path: Path) -> None:
    """As `sync_file`, of a file that something else has written and closed."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Writes out to the disk which files a folder holds, so that a rename survives a power cut."""
    if os.name != "posix":  # Windows opens no folders; NTFS logs renames by itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
