"""Reads EBU STL (Tech 3264): open subtitles and teletext, 25 and 30 frames a second, in the file's code table."""

from __future__ import annotations

import io
from collections.abc import Iterator

from ttconv import model
from ttconv.stl.config import STLReaderConfiguration
from ttconv.stl.reader import to_model

from post.captions.model import CaptionTrack
from post.captions.reading import refuse, track_of
from post.captions.timed_text.blocks import Said
from post.captions.timed_text.foreign import called
from post.captions.timed_text.scenes import Source, captions_of
from post.errors import JobError

HEAD, BLOCK = 1024, 128  # bytes
RATES = {b"STL25.01": 25, b"STL30.01": 30}
TABLES = {b"00": "Latin", b"01": "Cyrillic", b"02": "Arabic", b"03": "Greek", b"04": "Hebrew"}
COMMENT, USER_DATA = 1, 0xFE


def is_stl(data: bytes) -> bool:
    """Says whether a file is EBU STL, by its disk format code."""
    return data[3:6] == b"STL" and data[8:11].isascii() and len(data) >= HEAD


def read_stl(data: bytes, where: str, *, lenient: bool = False) -> CaptionTrack:
    """Returns the captions of an STL file, with times from its programme's start. where: its name.

    Places are named "file:block", counted from 1. lenient: blocks that cannot be read are left out and listed in
    `lost`. Without it, Problems names each.
    """
    faults = list(_faults(data, where))
    if not lenient:
        refuse(faults, where)
    size = len(data) - (len(data) - HEAD) % BLOCK
    bad = {fault.where for fault in faults}
    kept = data[:HEAD] + b"".join(
        data[at : at + BLOCK] for at in range(HEAD, size, BLOCK) if _place(where, at) not in bad
    )
    asked = STLReaderConfiguration(
        disable_fill_line_gap=True,
        disable_line_padding=True,
        program_start_tc="TCP" if _start(data) else None,
    )
    with called(where, "EBU STL") as words:
        document = to_model(io.BytesIO(kept), asked)
        captions, more = captions_of(document, _sources(document, kept, where), where, Said(typeset=False))
    lost = [f"{where}: {word}" for word in (*words, *more)]
    return track_of(captions, where, lost, faults=faults, lenient=lenient)


def _place(where: str, at: int) -> str:
    return f"{where}:{(at - HEAD) // BLOCK + 1}"


def _start(data: bytes) -> bytes:
    """Returns the timecode at which the programme starts, as four bytes; none where the file does not say."""
    digits = data[256:264]
    if not digits.isdigit():
        return b""
    return bytes(int(digits[i : i + 2]) for i in (0, 2, 4, 6))


def _faults(data: bytes, where: str) -> Iterator[JobError]:
    if data[3:11] not in RATES:
        raise JobError(
            "frames a second not known",
            where=where,
            expected=" or ".join(sorted(each.decode() for each in RATES)),
            got=repr(data[3:11].decode("latin-1")),
        )
    if data[12:14] not in TABLES:
        raise JobError(
            "code table not known",
            where=where,
            expected=", ".join(f"{key.decode()} ({name})" for key, name in TABLES.items()),
            got=repr(data[12:14].decode("latin-1")),
        )
    rest = (len(data) - HEAD) % BLOCK
    if rest:
        yield JobError(
            "the last block is cut off",
            where=_place(where, len(data) - rest),
            expected=f"{BLOCK} bytes",
            got=rest,
        )
    for at in range(HEAD, len(data) - rest, BLOCK):
        if not _hidden(data, at):
            yield from _wrong_times(data, at, where)


def _hidden(data: bytes, at: int) -> bool:
    """Says whether a block holds a comment or data of the user's, and no subtitle."""
    return data[at + 3] == USER_DATA or data[at + 15] == COMMENT


def _wrong_times(data: bytes, at: int, where: str) -> Iterator[JobError]:
    rate = RATES[data[3:11]]
    first, last = data[at + 5 : at + 9], data[at + 9 : at + 13]
    for code in (first, last):
        if code[0] > 23 or code[1] > 59 or code[2] > 59 or code[3] >= rate:
            yield JobError(
                "this timecode cannot be read",
                where=_place(where, at),
                expected=f"up to 23:59:59:{rate - 1}",
                got=":".join(f"{each:02}" for each in code),
            )
            return
    if last <= first:
        yield JobError("this subtitle lasts no time", where=_place(where, at))
    elif first < _start(data):
        yield JobError("this subtitle begins before its programme", where=_place(where, at))


def _sources(document: model.ContentDocument, data: bytes, where: str) -> dict[str, Source]:
    """Gives each paragraph its name; its place is the file's, since cumulative blocks share one."""
    body = document.get_body()
    paragraphs = [] if body is None else [each for each in body.dfs_iterator() if isinstance(each, model.P)]
    named: dict[str, Source] = {}
    blocks = _shown_blocks(data)
    for i, paragraph in enumerate(paragraphs):
        paragraph.set_id(f"p{i}")
        at = blocks[i] if i < len(blocks) and len(blocks) == len(paragraphs) else None
        named[f"p{i}"] = Source(where if at is None else _place(where, at))
    return named


def _shown_blocks(data: bytes) -> list[int]:
    """Returns the first block of each subtitle that holds text to show."""
    found: list[int] = []
    last: bytes | None = None
    for at in range(HEAD, len(data), BLOCK):
        if _hidden(data, at):
            continue
        number = data[at + 1 : at + 3]
        if number != last:
            found.append(at)
        last = number
    return found
