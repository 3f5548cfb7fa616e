"""Reads the text of a WebVTT cue into a tree, by the rules of the W3C (6.4 and 6.5)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from post.captions.webvtt.settings import read_timestamp

# Tags are not nested deeper: a file of a million must not end the process.
DEEPEST = 100
_PIECE = re.compile(r"<([^>]*)>?|[^<]+")
_NAME = re.compile(r"[^\t\n\f .]*")
_CLASSES = re.compile(r"(?:\.[^\t\n\f .]*)*")
_KINDS = frozenset(("c", "i", "b", "u", "ruby", "v", "lang"))


@dataclass(slots=True)
class CueNode:
    """A tag and what it holds: texts, times (seconds of the file) and further tags.

    kind: "" for the cue itself; annotation: the name of a voice, the tag of a language.
    """

    kind: str = ""
    classes: tuple[str, ...] = ()
    annotation: str = ""
    children: list[CueNode | str | Fraction] = field(default_factory=list)


def parse_cue_text(text: str) -> CueNode:
    """Returns the tree of a cue's text. Unknown tags are passed over, and what they hold is kept, as in a browser."""
    root = CueNode()
    path = [root]
    for piece in _pieces(text):
        if isinstance(piece, str):
            path[-1].children.append(piece)
        elif piece.kind == "time":
            if (at := read_timestamp(piece.annotation)) is not None:
                path[-1].children.append(at)
        elif piece.kind.startswith("/"):
            _close(path, piece.kind[1:])
        elif _opens(piece.kind, path) and len(path) < DEEPEST:
            path[-1].children.append(piece)
            path.append(piece)
    return root


def _opens(kind: str, path: list[CueNode]) -> bool:
    return kind in _KINDS or (kind == "rt" and path[-1].kind == "ruby")


def _close(path: list[CueNode], kind: str) -> None:
    if len(path) > 1 and path[-1].kind == kind:
        path.pop()
    elif kind == "ruby" and path[-1].kind == "rt":
        del path[-2:]


def _pieces(text: str) -> Iterator[CueNode | str]:
    """Texts, and tags as nodes without children; an end tag's kind begins with "/"; that of a time is "time"."""
    for found in _PIECE.finditer(text):
        tag = found[1]
        if tag is None:
            yield html.unescape(found[0])
        elif tag.startswith("/"):
            yield CueNode(tag)
        elif tag[:1].isascii() and tag[:1].isdigit():
            yield CueNode("time", annotation=tag)
        else:
            name = _NAME.match(tag)
            classes = _CLASSES.match(tag, name.end() if name else 0)
            rest = tag[classes.end() if classes else 0 :]
            names = tuple(each for each in (classes[0] if classes else "").split(".") if each)
            kind = name[0] if name else ""
            note = html.unescape(rest) if kind in ("v", "lang") else ""
            yield CueNode(kind, names, " ".join(note.split()))
