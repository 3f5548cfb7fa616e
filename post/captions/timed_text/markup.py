"""Reads XML into ElementTree, with the line of every element, and within bounds: no entities, no million levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from post.errors import JobError

DEEPEST, MOST_ELEMENTS = 100, 50_000
# Earlier drafts of TTML (DFXP), whose elements mean the same.
OLD = ("http://www.w3.org/2006/10/ttaf1", "http://www.w3.org/2006/04/ttaf1")
TTML = "http://www.w3.org/ns/ttml"


@dataclass(slots=True)
class Markup:
    """A document. lines: that of each element, in the order of `root.iter()`."""

    root: Element
    lines: list[int]

    def walk(self) -> Iterator[tuple[Element, int]]:
        """Each element with its line."""
        return zip(self.root.iter(), self.lines, strict=True)


def read_markup(data: bytes | str, where: str) -> Markup:
    """Returns the elements of an XML file. Raises JobError, with its line, where it is none or goes beyond the bounds.

    data: text, or bytes whose encoding the file declares itself.
    """
    reader = _MarkupReader(where)
    parser = expat.ParserCreate(
        encoding=None if isinstance(data, bytes) else "utf-8", namespace_separator="}"
    )
    parser.buffer_text = True
    reader.parser = parser
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.builder.data
    parser.EntityDeclHandler = reader.refuse
    try:
        parser.Parse(data if isinstance(data, bytes) else data.encode(), True)
        return Markup(reader.builder.close(), reader.lines)
    except expat.ExpatError as fault:
        place = f"{where}:{fault.lineno}"
        raise JobError("this is not XML", where=place, got=expat.ErrorString(fault.code)) from fault
    except (LookupError, ValueError) as fault:
        raise JobError(
            "the encoding that this XML declares is not known", where=where, got=str(fault)
        ) from fault


@dataclass(slots=True)
class _MarkupReader:
    where: str
    builder: TreeBuilder = field(default_factory=TreeBuilder)
    lines: list[int] = field(default_factory=list)
    depth: int = 0
    parser: expat.XMLParserType | None = None

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber if self.parser else 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.lines.append(self.line)
        if self.depth > DEEPEST:
            raise self._beyond("elements are nested too deep", f"{DEEPEST} levels at most")
        if len(self.lines) > MOST_ELEMENTS:
            raise self._beyond("too many elements", f"{MOST_ELEMENTS} at most")
        self.builder.start(_named(tag), {_named(name): value for name, value in attributes.items()})

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.builder.end(_named(tag))

    def refuse(self, name: str, *_: object) -> None:
        raise self._beyond("entities are not read", "text without <!ENTITY", repr(name))

    def _beyond(self, what: str, expected: str, got: str | None = None) -> JobError:
        return JobError(what, where=f"{self.where}:{self.line}", expected=expected, got=got)


def _named(name: str) -> str:
    """Returns an element's or attribute's name as ElementTree has it, {namespace}name."""
    space, brace, local = name.rpartition("}")
    for old in OLD:
        if space.startswith(old):
            space = TTML + space.removeprefix(old)
    return f"{{{space}}}{local}" if brace else local
