"""Checks XML against a document type definition that the user points to.

Apple gives the DTD of each version of FCPXML on its support pages and within Final Cut Pro. Declarations are read by
expat; a content model becomes a regular expression over the names of children.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat
from xml.parsers.expat import model

from post.atomic import read_bounded
from post.errors import JobError
from post.handoff.markup.xml_tree import XmlElement

MOST_BYTES = 4_000_000
_REPEATED = {
    model.XML_CQUANT_NONE: "",
    model.XML_CQUANT_OPT: "?",
    model.XML_CQUANT_REP: "*",
    model.XML_CQUANT_PLUS: "+",
}


@dataclass(slots=True)
class Dtd:
    """What a DTD declares. models: the pattern of each element's children, each name followed by a comma; mixed: the
    elements that may hold text; values: what each attribute may say, None for any text; required: attributes."""

    models: dict[str, re.Pattern[str]] = field(default_factory=dict)
    mixed: set[str] = field(default_factory=set)
    values: dict[str, dict[str, frozenset[str] | None]] = field(default_factory=dict)
    required: dict[str, set[str]] = field(default_factory=dict)
    fixed: dict[tuple[str, str], str] = field(default_factory=dict)
    ids: set[tuple[str, str]] = field(default_factory=set)
    references: set[tuple[str, str]] = field(default_factory=set)

    def faults(self, root: XmlElement) -> list[str]:
        """Returns what of a document the DTD does not allow, in the order of the document; [] if it is valid."""
        found, named, referred = list[str](), set[str](), list[tuple[str, str]]()
        for each in root.walk():
            if each.tag not in self.models:
                found.append(f"<{each.tag}> is not declared")
                continue
            names = "".join(f"{child.tag}," for child in each.children)
            if not self.models[each.tag].fullmatch(names):
                found.append(f"<{each.tag}> does not allow its children: {names.rstrip(',') or 'none'}")
            if each.text.strip() and each.tag not in self.mixed:
                found.append(f"<{each.tag}> does not allow text")
            found += self._attributes(each)
            for name, value in each.attributes.items():
                if (each.tag, name) in self.ids:
                    found += [f"two elements have the id {value!r}"] * (value in named)
                    named.add(value)
                elif (each.tag, name) in self.references:
                    referred.append((each.tag, value))
        return found + [
            f"<{tag}> refers to no element: {name!r}" for tag, name in referred if name not in named
        ]

    def _attributes(self, each: XmlElement) -> list[str]:
        known = self.values.get(each.tag, {})
        found = [f"<{each.tag}> has no attribute {name}" for name in each.attributes if name not in known]
        for name, value in each.attributes.items():
            allowed = known.get(name)
            fixed = self.fixed.get((each.tag, name), value)
            if (allowed is not None and value not in allowed) or value != fixed:
                found.append(f"<{each.tag} {name}> does not allow {value!r}")
        missing = self.required.get(each.tag, set()) - set(each.attributes)
        return found + [f"<{each.tag}> lacks the attribute {name}" for name in sorted(missing)]


class _DtdReader:
    """Reads declarations with expat, which takes a DTD as what a document points to."""

    def __init__(self, data: bytes) -> None:
        self.data, self.dtd = data, Dtd()
        self.parser = expat.ParserCreate()
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
        self.parser.ExternalEntityRefHandler = self.outside
        self.parser.ElementDeclHandler = self.declared
        self.parser.AttlistDeclHandler = self.attribute

    def outside(self, context: str | None, *_: object) -> int:
        """Reads the DTD where the document asks for it."""
        self.parser.ExternalEntityParserCreate(context).Parse(self.data, True)
        return 1

    def declared(self, name: str, content: Any) -> None:
        """Keeps the declaration of an element."""
        if content[0] == model.XML_CTYPE_MIXED:
            self.dtd.mixed.add(name)
        self.dtd.models[name] = re.compile(_pattern(content))

    def attribute(self, tag: str, name: str, kind: str, default: str | None, required: int) -> None:
        """Keeps the declaration of an attribute."""
        choices = frozenset(kind.strip("()").split("|")) if kind.startswith("(") else None
        self.dtd.values.setdefault(tag, {})[name] = choices
        if required and default is None:
            self.dtd.required.setdefault(tag, set()).add(name)
        elif required and default is not None:
            self.dtd.fixed[tag, name] = default
        kinds = {"ID": self.dtd.ids, "IDREF": self.dtd.references}
        if kind in kinds:
            kinds[kind].add((tag, name))


def read_dtd(path: Path) -> Dtd:
    """Returns what a DTD file declares. Raises JobError if it cannot be read, or is no DTD."""
    try:
        reader = _DtdReader(read_bounded(path, MOST_BYTES))
        reader.parser.Parse(b'<!DOCTYPE x SYSTEM "x"><x/>', True)
    except OSError as fault:
        raise JobError("cannot be read", where=str(path), got=fault.strerror) from fault
    except expat.ExpatError as fault:
        where = f"{path}:{fault.lineno}"
        raise JobError("not a DTD", where=where, got=expat.ErrorString(fault.code)) from fault
    if not reader.dtd.models:
        raise JobError("not a DTD", where=str(path), expected="declarations of elements")
    return reader.dtd


def _pattern(content: Any) -> str:
    """Returns a content model as a pattern over names that are each followed by a comma."""
    kind, repeated, name, parts = content
    inner = [_pattern(part) for part in parts]
    if kind == model.XML_CTYPE_EMPTY:
        return ""
    if kind == model.XML_CTYPE_ANY:
        return "(?:[^,]+,)*"
    if kind == model.XML_CTYPE_NAME:
        whole = re.escape(name) + ","
    elif kind == model.XML_CTYPE_SEQ:
        whole = "".join(inner)
    else:
        whole = "|".join(inner)
    mixed = kind == model.XML_CTYPE_MIXED
    return f"(?:{whole}){'*' if mixed else _REPEATED[repeated]}"
