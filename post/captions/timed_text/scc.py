"""Reads Scenarist SCC: CEA-608 captions of channel 1, pop-on, roll-up and paint-on, at 30000/1001 frames a second."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from ttconv import model
from ttconv.scc.line import SccLine
from ttconv.scc.reader import to_model

from post.captions.model import CaptionTrack
from post.captions.reading import refuse, track_of
from post.captions.timed_text.blocks import Said
from post.captions.timed_text.foreign import called
from post.captions.timed_text.scenes import Source, captions_of
from post.errors import JobError

SIGNATURE = "Scenarist_SCC V1.0"
_LINE = re.compile(r"\s*(\d\d:[0-5]\d:[0-5]\d[:;.,]\d\d)\s+((?:[0-9a-fA-F]{4}\s*)+)", re.ASCII)
MOST_LINES = 20_000


def read_scc(text: str, where: str, *, lenient: bool = False) -> CaptionTrack:
    """Returns the captions of an SCC file. where: its name. A ";" before the frames says that numbers are dropped.

    lenient: lines that cannot be read are left out and listed in `lost`. Without it, Problems names each.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MOST_LINES:
        raise JobError("too many lines", where=where, expected=f"{MOST_LINES} at most", got=len(lines))
    faults = list(_faults(lines, where))
    if not lenient:
        refuse(faults, where)
    good = [line for i, line in enumerate(lines) if not i or _LINE.fullmatch(line)]
    with called(where, "SCC") as words:
        document = to_model("\n".join(good))
        captions, more = captions_of(document, _sources(document, lines, where), where, Said(typeset=False))
    lost = [f"{where}: {word}" for word in (*words, *more)]
    return track_of(captions, where, lost, faults=faults, lenient=lenient)


def _faults(lines: list[str], where: str) -> Iterator[JobError]:
    if lines[0].strip() != SIGNATURE:
        yield JobError(
            "an SCC file begins with its name",
            where=f"{where}:1",
            expected=SIGNATURE,
            got=repr(lines[0][:40]),
        )
    for i, line in enumerate(lines[1:], 2):
        if line.strip() and not _LINE.fullmatch(line):
            yield JobError(
                "this line cannot be read",
                where=f"{where}:{i}",
                expected="a timecode and words of four hex digits",
                got=repr(line[:60]),
            )


def _sources(document: model.ContentDocument, lines: list[str], where: str) -> dict[str, Source]:
    """Gives each paragraph the line of the file whose timecode is the last before it is shown."""
    places = list[tuple[Fraction, int]]()
    for i, text in enumerate(lines, 1):
        read = SccLine.from_str(text) if _LINE.fullmatch(text) else None
        if read is not None:
            places.append((read.time_code.to_temporal_offset(), i))
    body = document.get_body()
    named: dict[str, Source] = {}
    paragraphs = [] if body is None else [each for each in body.dfs_iterator() if isinstance(each, model.P)]
    for i, paragraph in enumerate(paragraphs):
        begin = Fraction(paragraph.get_begin() or 0)
        line = max((number for time, number in places if time <= begin), default=1)
        paragraph.set_id(f"p{i}")
        named[f"p{i}"] = Source(f"{where}:{line}")
    return named
