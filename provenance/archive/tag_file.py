"""Reads the tag files of a bag: its declaration, its metadata, its manifests and its list of files to fetch.

Everything here comes from strangers: sizes are bounded, and a fault is told in place of raised. Source: RFC 8493, 2.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from provenance.archive.bag_path import FIRST_STANDARD, Version, decode_path

Labels = tuple[tuple[str, str], ...]
_BOM = codecs.BOM_UTF8
_VERSION = re.compile(r"BagIt-Version:[ \t]*(\d{1,4})\.(\d{1,4})([ \t]*)")
_ENCODING = re.compile(r"Tag-File-Character-Encoding:[ \t]*([A-Za-z0-9_.:+-]{1,40})[ \t]*")
# Encodings of text alone: Python has others, which unpack or run through a table without end.
_TEXT = re.compile(r"utf-8|utf-16(-[lb]e)?|utf-32(-[lb]e)?|ascii|iso8859-\d+|cp125\d")
_LINE = re.compile(r"([0-9A-Fa-f]{8,128})[ \t]+(\*?)(.+)")
_FETCH = re.compile(r"(\S+)[ \t]+(\d+|-)[ \t]+(.+)")
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
DIGITS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}


class TagFileError(Exception):
    """Raised where a tag file cannot be read. code: of the fault; args: why, in words."""

    def __init__(self, code: str, why: str) -> None:
        self.code, self.why = code, why
        super().__init__(code, why)


@dataclass(frozen=True, slots=True)
class BagDeclaration:
    """What bagit.txt says. warnings: (code, why) of what is not as the standard has it."""

    version: Version
    encoding: str
    warnings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ManifestLine:
    """One line of a manifest: a digest in small hex digits, and the path as it is decoded."""

    digest: str
    path: str


def read_declaration(data: bytes) -> BagDeclaration:
    """Returns what bagit.txt says. Raises TagFileError where it is none."""
    if data.startswith(_BOM):
        raise TagFileError("bom", "bagit.txt starts with a byte-order mark, which the standard forbids")
    try:
        lines = [line for line in _LINE_ENDS.split(data.decode("utf-8")) if line.strip()]
    except UnicodeDecodeError as fault:
        raise TagFileError("declaration", f"bagit.txt is not UTF-8 at byte {fault.start}") from fault
    version = _VERSION.fullmatch(lines[0]) if lines else None
    encoding = _ENCODING.fullmatch(lines[1]) if len(lines) > 1 else None
    if version is None or encoding is None:
        raise TagFileError("declaration", "bagit.txt does not give a version, then an encoding")
    number = int(version[1]), int(version[2])
    if number > FIRST_STANDARD:
        raise TagFileError("version", f"version {number[0]}.{number[1]} is not known here")
    warnings = [("declaration", "the version is followed by blanks")] * bool(version[3])
    if len(lines) > 2:
        if number >= FIRST_STANDARD:
            raise TagFileError("declaration", "bagit.txt has more than its two lines")
        warnings.append(("declaration", "bagit.txt has more than its two lines"))
    return BagDeclaration(number, _text_encoding(encoding[1]), tuple(warnings))


def _text_encoding(name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except LookupError:
        found = ""
    if not _TEXT.fullmatch(found):
        raise TagFileError("encoding", f"the encoding {name!r} is not one of text")
    return found


def decode_lines(data: bytes, encoding: str, name: str) -> list[str]:
    """Returns the lines of a tag file. name: the file's. Raises TagFileError where it is in another encoding."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as fault:
        raise TagFileError("encoding", f"{name} is not {encoding} at byte {fault.start}") from fault
    return _LINE_ENDS.split(text.removeprefix("\ufeff"))


def read_info(lines: list[str], name: str) -> Labels:
    """Returns the labels of bag-info.txt with their values, in order. Raises TagFileError at a line that is neither."""
    found: list[list[str]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if line[0] in " \t" and found:
            found[-1][1] += " " + line.strip()
            continue
        label, colon, value = line.partition(":")
        if not colon or not label.strip() or line[0] in " \t":
            raise TagFileError("malformed", f"{name}:{number} is no label with a value")
        found.append([label.strip(), value.strip()])
    return tuple((label, value) for label, value in found)


def read_manifest(lines: list[str], name: str, algorithm: str, version: Version) -> Iterator[ManifestLine]:
    """Yields the lines of a manifest. Raises TagFileError at one that is no digest with a path."""
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        match = _LINE.fullmatch(line)
        if match is None or len(match[1]) != DIGITS[algorithm]:
            raise TagFileError("malformed", f"{name}:{number} is no {algorithm} digest with a path")
        yield ManifestLine(match[1].lower(), decode_path(match[3], version))


def read_fetch(lines: list[str], version: Version) -> Iterator[tuple[str, str]]:
    """Yields the address and the path of each line of fetch.txt. Raises TagFileError at one that is neither."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        match = _FETCH.fullmatch(line)
        if match is None:
            raise TagFileError("malformed", f"fetch.txt:{number} is no address with a length and a path")
        yield match[1], decode_path(match[3], version)
