"""Reads XML of others into plain elements that know their lines, and writes elements as XML.

No entity is declared, nothing outside the file is read, and size, depth and the number of elements are bounded, so that
a hostile file costs no more than an honest one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from post.atomic import read_bounded
from post.errors import SourceError
from post.os_faults import retry_of
from post.printable import printable

MOST_BYTES, MOST_ELEMENTS, DEEPEST = 64_000_000, 1_000_000, 128
# What XML 1.0 (2.2) has no way to write.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class XmlElement:
    """One element. text: what stands in it itself, without its children's; line: from 1, 0 where it was made here."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[XmlElement] = field(default_factory=list)
    text: str = ""
    line: int = 0

    def get(self, name: str, default: str = "") -> str:
        """Returns an attribute."""
        return self.attributes.get(name, default)

    def child(self, tag: str) -> XmlElement | None:
        """Returns the first child of a name, or None."""
        return next((each for each in self.children if each.tag == tag), None)

    def all(self, *tags: str) -> list[XmlElement]:
        """Returns the children of some names, in order."""
        return [each for each in self.children if each.tag in tags]

    def word(self, tag: str, default: str = "") -> str:
        """Returns the text of the first child of a name, without spaces around it."""
        found = self.child(tag)
        return found.text.strip() if found is not None else default

    def walk(self) -> Iterator[XmlElement]:
        """Returns the element and all below it, in the order of the file."""
        waiting = [self]
        while waiting:
            each = waiting.pop()
            yield each
            waiting += reversed(each.children)

    @property
    def all_text(self) -> str:
        """Returns its text with that of all below it."""
        return "".join(each.text for each in self.walk())


class _Builder:
    def __init__(self, label: str) -> None:
        self.label, self.count = label, 0
        self.root: XmlElement | None = None
        self.open = list[XmlElement]()
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data
        self.parser.EntityDeclHandler = self.entity

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Opens an element."""
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.open) >= DEEPEST:
            bound = f"up to {MOST_ELEMENTS} elements, {DEEPEST} within each other"
            raise SourceError("too large", where=self.place(), expected=bound)
        element = XmlElement(tag, dict(attributes), line=self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(element)
        elif self.root is None:
            self.root = element
        self.open.append(element)

    def end(self, _: str) -> None:
        """Closes an element."""
        self.open.pop()

    def data(self, text: str) -> None:
        """Adds text to the open element."""
        if self.open:
            self.open[-1].text += text

    def entity(self, name: str, *_: object) -> None:
        """Refuses the declaration of an entity."""
        fix = "save it again without declarations of entities"
        raise SourceError("declares an entity", where=self.place(), got=printable(name), fix=fix)

    def place(self) -> str:
        """Returns the file and line that is read."""
        return f"{self.label}:{self.parser.CurrentLineNumber}"


def parse_xml(data: bytes, label: str) -> XmlElement:
    """Returns the root of an XML text. label: the file's name, for errors.

    Raises SourceError where it is not well-formed, declares entities, or is larger than any cut is.
    """
    builder = _Builder(label)
    try:
        builder.parser.Parse(data, True)
    except expat.ExpatError as fault:
        where = f"{label}:{fault.lineno}"
        raise SourceError("not well-formed XML", where=where, got=expat.ErrorString(fault.code)) from fault
    except (LookupError, ValueError) as fault:  # an encoding that Python does not know
        raise SourceError("not XML", where=label, got=printable(str(fault))) from fault
    if builder.root is None:
        raise SourceError("not XML", where=label, expected="an element")
    return builder.root


def read_xml(path: Path) -> XmlElement:
    """Returns the root of an XML file. Raises SourceError as `parse_xml` does, and where the file cannot be read."""
    try:
        data = read_bounded(path, MOST_BYTES)
    except OSError as fault:
        raise retry_of(fault, path) or SourceError(
            "cannot be read", where=str(path), got=fault.strerror
        ) from fault
    return parse_xml(data, str(path))


def element(tag: str, *children: XmlElement | None, text: str = "", **attributes: object) -> XmlElement:
    """Returns a new element. Attributes that are None or "" are left out, and so are children that are None."""
    kept = {name.rstrip("_"): str(value) for name, value in attributes.items() if value not in (None, "")}
    return XmlElement(tag, kept, [each for each in children if each is not None], text)


def xml_text(root: XmlElement, doctype: str) -> str:
    """Returns an XML 1.0 file in UTF-8. Characters that XML cannot hold become U+FFFD."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<!DOCTYPE {doctype}>", "", *_lines(root, "")]
    return "\n".join(lines) + "\n"


def _lines(each: XmlElement, indent: str) -> Iterator[str]:
    attributes = "".join(f' {name}="{_quoted(value)}"' for name, value in each.attributes.items())
    head = f"{indent}<{each.tag}{attributes}"
    if not each.children and not each.text:
        yield f"{head}/>"
    elif not each.children:
        yield f"{head}>{_escaped(each.text)}</{each.tag}>"
    else:
        yield f"{head}>"
        for child in each.children:
            yield from _lines(child, f"{indent}    ")
        yield f"{indent}</{each.tag}>"


def _escaped(text: str) -> str:
    plain = _NO_XML.sub("\ufffd", text)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _quoted(text: str) -> str:
    """Returns a text as an attribute's value. Line ends and tabs are kept, which a reader would else make spaces."""
    return _escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
