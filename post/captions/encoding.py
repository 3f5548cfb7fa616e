"""Reads the text of a caption file: its encoding is known for sure, or has to be named.

Sure are: a byte order mark (Unicode 16, 23.8), valid UTF-8, and UTF-16 without a mark whose Latin letters show it. An
eight-bit encoding is never guessed: the same bytes are text in several of them.
"""

from __future__ import annotations

import codecs

from post.errors import JobError
from post.printable import printable

# The longest mark first: that of UTF-32 begins as that of UTF-16 does.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What captions are found in, by how often. Of GB 2312, GBK and GB 18030 the last reads all.
LIKELY = ("cp1252", "gb18030", "shift_jis", "big5", "euc_kr", "cp1251", "cp1250", "cp1256", "mac_roman")
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "ascii": "utf-8"}
UTF_16_SHARE, SHOWN_LETTERS = 0.3, 24  # zeros among the high bytes of a text with Latin letters


def decode_text(data: bytes, where: str, encoding: str = "") -> str:
    """Returns the text of a file, without a byte order mark. where: the file's name, for errors.

    encoding: a name that Python knows ("gb18030", "windows-1252"); "" where the bytes have to show it.
    Raises JobError where they do not show it, or are not in it.
    """
    if encoding:
        return _decoded(data, _named(encoding, where), where)
    for mark, name in MARKS:
        if data.startswith(mark):
            return _decoded(data, name, where)
    if wide := _utf_16(data):
        return _decoded(data, wide, where)
    if any(escape in data for escape in (b"\x1b$", b"\x1b(J")):
        raise _unsure(data, where, data.index(b"\x1b"), ("iso2022_jp",))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise _unsure(data, where, fault.start, LIKELY) from fault


def line_of(data: bytes | str, at: int) -> int:
    """Returns the number of the line, from 1, that an offset of bytes or characters lies in."""
    head = data[:at]
    text = head.decode("latin-1") if isinstance(head, bytes) else head
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1


def _named(encoding: str, where: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except (LookupError, ValueError, UnicodeError) as fault:
        raise JobError(
            "unknown encoding",
            where=where,
            expected="a text encoding such as utf-8, utf-16, gb18030, windows-1252 or mac-roman",
            got=repr(encoding),
        ) from fault
    return {**WIDER, "utf-8": "utf-8-sig"}.get(name, name)


def _decoded(data: bytes, name: str, where: str) -> str:
    try:
        return data.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as fault:
        raise JobError(
            f"these bytes are not {name.removesuffix('-sig').upper()}",
            where=f"{where}:{line_of(data, fault.start)}",
            got=data[fault.start : fault.start + 4].hex(" "),
            fix="name the file's encoding with `encoding:`",
        ) from fault


def _utf_16(data: bytes) -> str:
    """Returns the byte order of UTF-16 whose high bytes are often zero and whose low bytes never are; else ""."""
    if len(data) < 4 or len(data) % 2:
        return ""
    even, odd = data[::2].count(0), data[1::2].count(0)
    most = len(data) / 2 * UTF_16_SHARE
    if odd > most and not even:
        return "utf-16-le"
    return "utf-16-be" if even > most and not odd else ""


def _unsure(data: bytes, where: str, at: int, names: tuple[str, ...]) -> JobError:
    """Returns the error for bytes of an unknown encoding, with how the line would read in several."""
    start = max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at)) + 1
    line = data[start : start + 200].splitlines()[0]
    readings = [f"{_shown(text)!r} as {name}" for name in names if (text := _readable(line, name))]
    return JobError(
        "the encoding of this text is not known",
        where=f"{where}:{line_of(data, at)}",
        expected="UTF-8, UTF-16 or a byte order mark",
        got=f"bytes {data[at : at + 4].hex(' ')}",
        fix="name it with `encoding:`" + (f"; this line reads {', '.join(readings[:4])}" if readings else ""),
    )


def _readable(line: bytes, name: str) -> str:
    """Returns a line in an encoding; "" where it is none of it, or holds controls."""
    try:
        text = line.decode(name)
    except UnicodeDecodeError:
        return ""
    return "" if any(0x7F <= ord(letter) < 0xA0 for letter in text) else text


def _shown(text: str) -> str:
    first = next((i for i, letter in enumerate(text) if ord(letter) > 0x7F), 0)
    begin = max(0, first - 4)
    return printable(text[begin : begin + SHOWN_LETTERS])
