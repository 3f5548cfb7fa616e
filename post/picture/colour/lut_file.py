"""Look-up table files and ASC CDLs as functions of colour, by OpenColorIO."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from post.errors import JobError
from post.knob import RGB
from post.picture.colour.ocio_function import colour_function
from post.values.array import Array
from post.values.files.file_limits import LUT_MB, MB
from post.values.media import File
from post.watchdog import watched

KINDS = "a .cube, .3dl, .clf or .cdl file"
MOST_LINES = 2_500_000  # 129 nodes a side are 2.1 million
LONGEST_LINE, LONGEST_XML_LINE = 1 << 16, 1 << 20  # XML may have a whole array in one
LONGEST_SAID = 4_000  # letters of OpenColorIO's message, which quotes the line; a cause has a hundred
LONGEST_QUOTED = 60  # letters of a row that an error shows
MOST_ELEMENTS = 100_000  # of XML: a collection of 10,000 CDLs
PROBED = 65  # nodes a side
SLOWNESS = 10  # a table is read so many times more slowly than a file: one of 58 MB takes 5 s
_TOO_LONG, _TOO_LONG_XML = (
    # From the start of a line: from any other place, the search would take the square of a line's length.
    re.compile(rb"(?:\A|[\r\n])[^\r\n]{%d}" % (most + 1))
    for most in (LONGEST_LINE, LONGEST_XML_LINE)
)
_TITLE = re.compile(rb"^[ \t]*TITLE\b.*\n", re.MULTILINE)
_LINE_END = re.compile(rb"[\r\n]")
_WORD = re.compile(rb"nan|inf", re.IGNORECASE)
_CAUSE = re.compile(
    r"failed with: (?:Error parsing [^(]*\([^)]*\)\.\s*)?(.+?)(?=\s{2,}'\w+' failed|\Z)", re.DOTALL
)
# A row of numbers, one of them `nan` or `inf`: comments, titles and descriptions have words that begin so.
_NOT_FINITE = re.compile(
    rb"\s*(?:[-+.\de]+\s+)*[-+]?(?:nan|inf(?:inity)?)(?:\s+[-+.\dainefty]+)*\s*(?:[#<].*)?", re.IGNORECASE
)
# Numbers written with a comma, or with one between them: in a row of a table, behind its keyword, or in XML.
_COMMAS = re.compile(
    rb"(?:\A|[\r\n])[ \t]*(?:(?:DOMAIN|LUT)_\w+[ \t]+)?([-+.\deE \t]*[,;][-+.,;\deE \t]*)(?=[\r\n#]|\Z)"
)
_COMMAS_XML = re.compile(
    rb"<(?:\w+:)?(?:Array|Slope|Offset|Power|Saturation)\b[^>]*>([-+.\deE\s]*[,;][-+.,;\deE \t]*)"
)


def cdl(slope: RGB, offset: RGB, power: RGB, saturation: float) -> Callable[[Array], Array]:
    """Returns an ASC CDL as a function of (n, 3) R'G'B' that does not clamp: below 0 it applies no power.

    Source: ASC CDL 1.2, sections 3 and 4; OpenColorIO's CDL_NO_CLAMP style.
    """
    import PyOpenColorIO as ocio  # noqa: N813  workers without a look need none of it

    transform = ocio.CDLTransform(slope=slope, offset=offset, power=power, sat=saturation)
    transform.setStyle(ocio.CDL_NO_CLAMP)
    return _function(transform)


def open_lut(file: File) -> Callable[[Array], Array]:
    """Returns the function of colour in a file. Raises JobError, with file and line, where it cannot be read."""
    return _lut(file, str(file.here))


@lru_cache(maxsize=16)
def _lut(file: File, path: str) -> Callable[[Array], Array]:
    # The path is part of the key: File's own value leaves it out.
    import PyOpenColorIO as ocio  # noqa: N813  workers without a look need none of it

    # OpenColorIO writes notes on elements it ignores to stderr. A fault that matters is an exception.
    ocio.SetLoggingLevel(ocio.LOGGING_LEVEL_NONE)
    _guard_size(file, Path(path))
    with watched(file.name or path, SLOWNESS * Path(path).stat().st_size):
        _guard_text(file, path)
        found = _finite(_read(file, path), file, path)
        # At or next to every node of the largest cubes in use: errors come before anything is rendered.
        axis = np.linspace(0.0, 1.0, PROBED)
        found(np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(-1, 3))
    return found


def _read(file: File, path: str) -> Callable[[Array], Array]:
    import PyOpenColorIO as ocio  # noqa: N813  workers without a look need none of it

    try:
        return _opened(path)
    except (
        ocio.Exception,
        UnicodeDecodeError,
    ) as fault:  # which it raises where its message quotes other bytes
        if plain := _read_without_title(Path(path)):
            return plain
        raise _fault(file, path, str(fault)) from fault


def _opened(path: str) -> Callable[[Array], Array]:
    import PyOpenColorIO as ocio  # noqa: N813  workers without a look need none of it

    return _function(ocio.FileTransform(path, interpolation=ocio.INTERP_BEST))


def _function(transform: Any) -> Callable[[Array], Array]:
    import PyOpenColorIO as ocio  # noqa: N813  workers without a look need none of it

    return colour_function(ocio.Config.CreateRaw(), transform)


def _read_without_title(path: Path) -> Callable[[Array], Array] | None:
    """Returns the function in a file with a TITLE, read without it; None where it has none, or cannot be read so.

    Resolve writes one, and OpenColorIO's reader of its cubes refuses it.
    """
    import PyOpenColorIO as ocio  # noqa: N813  workers without a look need none of it

    text = path.read_bytes()
    plain = _TITLE.sub(b"", text, count=1)
    if len(plain) == len(text):
        return None
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(plain)
        try:
            return _opened(str(copy))
        except (ocio.Exception, UnicodeDecodeError):
            return None


def _guard_size(file: File, path: Path) -> None:
    """Raises JobError for a file too large for a table, before any of it is read."""
    size = path.stat().st_size
    if size > LUT_MB * MB:
        raise JobError(
            "is too large for a look-up table",
            where=file.name or str(path),
            expected=f"at most {LUT_MB} MB",
            got=f"{size >> 20} MB",
            fix="export a table of at most 129 nodes a side",
        )


def _guard_text(file: File, path: str) -> None:
    """Raises JobError for a text that is no table: lines or elements without end, a row with `nan` or `inf`, or commas.

    OpenColorIO takes memory and minutes for the first. It reads a row of the others as far as it can, and then renders
    black: 0,25 is 0 to it.
    """
    text = Path(path).read_bytes()
    is_xml = text.lstrip()[:1] == b"<"
    longest, pattern = (LONGEST_XML_LINE, _TOO_LONG_XML) if is_xml else (LONGEST_LINE, _TOO_LONG)
    if text.count(b"\n") > MOST_LINES:
        raise _fault(file, path, f"failed with: more than {MOST_LINES} lines")
    if pattern.search(text):
        raise _fault(file, path, f"failed with: a line of more than {longest} bytes")
    if is_xml and text.count(b"<") > MOST_ELEMENTS:
        raise _fault(file, path, f"failed with: more than {MOST_ELEMENTS} elements")
    for number, line in _lines_with_words(text):
        if _NOT_FINITE.fullmatch(line):
            said = line.decode("utf-8", "replace").strip()
            raise _fault(file, path, f"failed with: At line ({number}): {said!r}")
    if found := (_COMMAS_XML if is_xml else _COMMAS).search(text):
        number = len((text[: found.start(1)] + b".").splitlines())
        said = found[1].decode().strip()[:LONGEST_QUOTED]
        raise _fault(
            file,
            path,
            f"failed with: At line ({number}): {said!r}",
            "export it with a point in its decimals, and no comma",
        )


def _lines_with_words(text: bytes) -> Iterator[tuple[int, bytes]]:
    """Yields each line with `nan` or `inf` in it, and its number."""
    at, number = 0, 1
    while found := _WORD.search(text, at):
        first = max(text.rfind(end, at, found.start()) for end in (b"\n", b"\r")) + 1
        stop = _LINE_END.search(text, found.end())
        last = stop.start() if stop else len(text)
        number += len(text[at:first].splitlines())
        yield number, text[first:last]
        at = last


def _finite(found: Callable[[Array], Array], file: File, path: str) -> Callable[[Array], Array]:
    """Returns the function, which raises JobError where it would give a value that is not finite.

    OpenColorIO reads an infinite value in a line of CLF, and interpolates NaN next to it; a CDL with a power of 255
    is infinite above white. Values outside 0..1 are accepted: graders' tables have them.
    """

    def checked(rgb: Array) -> Array:
        made = found(rgb)
        if not np.isfinite(made).all():
            raise _fault(file, path, "failed with: values that are not finite")
        return made

    return checked


def _fault(file: File, path: str, said: str, fix: str = "export it again from the grading tool") -> JobError:
    found = _CAUSE.search(said[:LONGEST_SAID])
    cause = " ".join(found[1].split()).rstrip(". ") if found else "unknown format"
    return JobError(
        "cannot be read as a look-up table",
        where=file.name or path,
        expected=KINDS,
        got=cause,
        fix=fix,
    )
