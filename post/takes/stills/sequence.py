"""Finds the frames of an image sequence, and packs them into one file, whose content says what the sequence is.

A pattern has one number: `frame_%04d.png` is frame_0001.png, frame_0002.png and so on, from the lowest that is there.
The pack is a ZIP without compression: first a list of the frames, then each as it is. So a sequence is held, hashed
and handed to workers as any other file is.
"""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from itertools import islice, pairwise
from pathlib import Path
from typing import BinaryIO

from post.atomic import open_regular
from post.errors import SourceError
from post.os_faults import retry_of
from post.takes.stills.format import PACK, PACK_MARK, format_at
from post.values.files.file_limits import MB, STILL_MB

MOST_FRAMES = 10_000  # seven minutes at 24 a second
_NUMBER = re.compile(r"%(?:0(\d))?d")
_DATED = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can hold: one sequence, one pack
UNIX = 3  # ZIP, 4.4.2
SUFFIX = ".zip"


def is_pattern(path: Path) -> bool:
    """Returns whether a path names an image sequence: one `%d` or `%04d` in its name, and no file of that very name."""
    return len(_NUMBER.findall(path.name)) == 1 and not os.path.isfile(path)  # noqa: PTH113  never raises


def is_pack(path: Path) -> bool:
    """Returns whether a file is a packed sequence."""
    with suppress(SourceError):  # of a format of pictures that is not read
        found = format_at(path)
        return found is not None and found.use == PACK
    return False


def find_frames(pattern: Path) -> tuple[Path, ...]:
    """Returns the files of a sequence in order.

    Raises SourceError where there is none, where numbers between the first and the last are missing, or where there
    are too many.
    """
    if pattern.name.encode("utf-8", "replace").decode() != pattern.name:
        raise SourceError(
            "has a name that is not UTF-8",
            where=pattern.name,
            expected="a name in UTF-8",
            fix="rename its frames",
        )
    named = _expression(pattern.name)
    try:
        there = sorted(os.listdir(pattern.parent))  # noqa: PTH208  names alone
    except OSError as fault:
        raise retry_of(fault, str(pattern)) or _none_there(pattern) from fault
    found = {int(match[1]): pattern.with_name(name) for name in there if (match := named.fullmatch(name))}
    if not found:
        raise _none_there(pattern)
    numbers = sorted(found)
    if len(numbers) > MOST_FRAMES:
        raise SourceError(
            "has too many frames", where=pattern.name, expected=f"up to {MOST_FRAMES}", got=len(numbers),
            fix="make it a clip, in ProRes or FFV1",
        )  # fmt: skip
    if numbers[-1] - numbers[0] >= len(numbers):
        raise _gap(pattern, numbers)
    return tuple(found[number] for number in numbers)


def write_pack(pattern: Path, out: BinaryIO) -> None:
    """Writes a sequence as one file. The same frames under the same names give the same bytes.

    Raises SourceError where a frame cannot be read or is too large.
    """
    frames = find_frames(pattern)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as pack:
        listed = json.dumps({"schema": "Sequence.1", "frames": [frame.name for frame in frames]})
        pack.writestr(_entry(PACK_MARK), listed)
        for frame in frames:
            pack.writestr(_entry(frame.name), _read(frame))


@contextmanager
def open_pack(path: Path) -> Iterator[tuple[zipfile.ZipFile, tuple[str, ...]]]:
    """Opens a packed sequence, and gives it with the names of its frames in order. Raises SourceError for another."""
    try:
        with zipfile.ZipFile(path) as pack:
            names = tuple(pack.namelist()[1 : MOST_FRAMES + 1])
            if not names:
                raise _broken(path, "no frames")
            yield pack, names
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as fault:
        raise retry_of(fault, path.name) or _broken(path, str(fault)) from fault


def read_frame(pack: zipfile.ZipFile, name: str) -> BinaryIO:
    """Returns one frame's file, in memory. Raises SourceError where it is too large, and what reading a ZIP raises."""
    about = pack.getinfo(name)
    if about.file_size > STILL_MB * MB or about.compress_type != zipfile.ZIP_STORED:
        raise _too_large(name, about.file_size)
    return BytesIO(pack.read(about))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATED)
    entry.create_system = UNIX  # the same bytes on every system
    return entry


def _expression(name: str) -> re.Pattern[str]:
    """Returns the expression of a pattern, whose one group is the number, as C's printf writes it."""
    match = _NUMBER.search(name)
    assert match is not None
    width = int(match[1] or 1)
    digits = rf"(\d{{{width}}}|[1-9]\d{{{width},{width + 8}}})"
    return re.compile(re.escape(name[: match.start()]) + digits + re.escape(name[match.end() :]), re.ASCII)


def _read(frame: Path) -> bytes:
    try:
        with open_regular(frame) as file:
            data = file.read(STILL_MB * MB + 1)
    except OSError as fault:
        raise (
            retry_of(fault, frame.name)
            or SourceError(
                "cannot be read", where=frame.name, expected="a frame of the sequence", got=fault.strerror,
                fix=f"check {frame}",
            )
        ) from fault  # fmt: skip
    if len(data) > STILL_MB * MB:
        raise _too_large(frame.name, len(data))
    return data


def _too_large(name: str, size: int) -> SourceError:
    return SourceError(
        "is too large for a frame", where=name, expected=f"at most {STILL_MB} MB", got=f"{size // MB} MB",
        fix="export it smaller",
    )  # fmt: skip


def _none_there(pattern: Path) -> SourceError:
    return SourceError(
        "has no frames", where=pattern.name, expected=f"files such as {_example(pattern)}", got="none",
        fix=f"check {pattern.parent}",
    )  # fmt: skip


def _example(pattern: Path) -> str:
    return _NUMBER.sub(lambda match: "1".rjust(int(match[1] or 1), "0"), pattern.name)


def _gap(pattern: Path, numbers: Sequence[int]) -> SourceError:
    between = (n for a, b in pairwise(numbers) for n in range(a + 1, b))
    shown = ", ".join(map(str, islice(between, 5)))
    count = numbers[-1] - numbers[0] + 1 - len(numbers)
    return SourceError(
        "has a gap",
        where=pattern.name,
        expected=f"every number from {numbers[0]} to {numbers[-1]}",
        got=f"{count} missing: {shown}{' and more' if count > 5 else ''}",
        fix="render the missing frames, or number them anew",
    )


def _broken(path: Path, got: str) -> SourceError:
    return SourceError(
        "is no packed sequence", where=path.name, expected="what `file: frame_%04d.png` was packed into", got=got,
        fix="name the frames themselves",
    )  # fmt: skip
