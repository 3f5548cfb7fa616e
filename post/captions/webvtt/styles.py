"""Reads the STYLE blocks of WebVTT: the part of CSS that colours captions and sets them bold, italic or underlined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from post.captions.colours import CLASSES, read_colour
from post.captions.webvtt.cue_text import CueNode

_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_CUE = re.compile(r"::cue(?:\((.*)\))?", re.DOTALL)
_COMPOUND = re.compile(
    r"""(?P<kind>[a-z*]+)?(?P<rest>(?:[.#](?:[\w-]|\\.)+|\[(?:voice|lang)="?[^\]"]*"?\]|:lang\([^()]*\))*)""",
    re.ASCII,
)
_PART = re.compile(
    r"""\.(?P<class>(?:[\w-]|\\.)+)|\#(?P<id>(?:[\w-]|\\.)+)"""
    r"""|\[(?P<key>voice|lang)="?(?P<value>[^\]"]*)"?\]|:lang\("?(?P<lang>[^()"]*)"?\)"""
)
_BOLD = {"bold", "bolder", "600", "700", "800", "900"}
MOST_RULES, LONGEST_SELECTOR = 100, 1000


@dataclass(frozen=True, slots=True)
class CueStyle:
    """How text is set. colours: #rrggbb or #rrggbbaa, "" where nothing says it."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = ""
    background: str = ""


@dataclass(frozen=True, slots=True)
class _Compound:
    """A tag's name, classes, id and attributes that all have to fit one node."""

    kind: str = ""
    classes: frozenset[str] = frozenset()
    id: str = ""
    attributes: tuple[tuple[str, str], ...] = ()

    def fits(self, node: CueNode, name: str) -> bool:
        if self.kind not in ("", "*", node.kind) or not self.classes <= set(node.classes):
            return False
        if self.id and (node.kind or self.id != name):
            return False
        kinds = {"voice": "v", "lang": "lang"}
        return all(
            node.kind == kinds[key] and _same(key, value, node.annotation) for key, value in self.attributes
        )


@dataclass(frozen=True, slots=True)
class CueRule:
    """A rule: compounds from the outermost in, and what it declares. None of them: the whole cue."""

    path: tuple[_Compound, ...]
    declared: tuple[tuple[str, str | bool], ...]

    @property
    def weight(self) -> tuple[int, int, int]:
        """Returns how specific it is, as CSS counts."""
        return (
            sum(bool(each.id) for each in self.path),
            sum(len(each.classes) + len(each.attributes) for each in self.path),
            sum(each.kind not in ("", "*") for each in self.path),
        )

    def fits(self, nodes: Sequence[CueNode], name: str) -> bool:
        """Says whether it is for the last of these nodes, each of which lies in the one before. name: the cue's id."""
        if not self.path:
            return len(nodes) == 1
        if not self.path[-1].fits(nodes[-1], name):
            return False
        outer = iter(reversed(nodes[:-1]))
        return all(any(each.fits(node, name) for node in outer) for each in reversed(self.path[:-1]))


def parse_styles(blocks: Iterable[tuple[str, int]], where: str) -> tuple[tuple[CueRule, ...], list[str]]:
    """Returns the rules of all STYLE blocks, weakest first, and what of them is not read, as "file:line: what"."""
    rules, lost = _class_rules(), list[str]()
    for text, first in blocks:
        plain = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
        line = first
        for part in plain.split("}")[:-1]:
            head, _, body = part.partition("{")
            place = f"{where}:{line + head.count(chr(10))}"
            line += part.count("\n")
            declared = _declared(body, place, lost)
            for selector in _selectors(head.rpartition(";")[2][:LONGEST_SELECTOR]):
                path = _path(selector)
                if path is None:
                    lost.append(f"{place}: STYLE selector {selector.strip()}")
                elif declared and len(rules) < MOST_RULES:
                    rules.append(CueRule(path, declared))
        rest = plain.rpartition("}")[2].strip()
        if rest and not rest.startswith("@"):
            lost.append(f"{where}:{first}: STYLE {rest[:60]}")
        lost.extend(f"{where}:{first}: STYLE {each[0][:60]}" for each in re.finditer(r"@\w+[^;{}]*", plain))
    own = len(CLASSES) * 2
    return (*rules[:own], *sorted(rules[own:], key=lambda rule: rule.weight)), lost


def styled(style: CueStyle, nodes: Sequence[CueNode], name: str, rules: Iterable[CueRule]) -> CueStyle:
    """Returns the style of the last of these nodes. style: that of the node it lies in; name: the cue's id."""
    kind = nodes[-1].kind
    style = replace(
        style,
        bold=style.bold or kind == "b",
        italic=style.italic or kind == "i",
        underline=style.underline or kind == "u",
    )
    for rule in rules:
        if rule.fits(nodes, name):
            changes = dict(rule.declared)
            style = CueStyle(
                bool(changes.get("bold", style.bold)),
                bool(changes.get("italic", style.italic)),
                bool(changes.get("underline", style.underline)),
                str(changes.get("colour", style.colour)),
                str(changes.get("background", style.background)),
            )
    return style


def _same(key: str, wanted: str, found: str) -> bool:
    if key == "voice":
        return wanted == found
    return found.lower() == wanted.lower() or found.lower().startswith(wanted.lower() + "-")


def _class_rules() -> list[CueRule]:
    """The classes every browser knows (W3C WebVTT 5.1 and 5.2)."""
    text = [CueRule((_Compound(classes=frozenset((n,))),), (("colour", c),)) for n, c in CLASSES.items()]
    plate = [
        CueRule((_Compound(classes=frozenset((f"bg_{n}",))),), (("background", c),))
        for n, c in CLASSES.items()
    ]
    return text + plate


def _selectors(head: str) -> list[str]:
    return [each.strip() for each in re.split(r",(?![^(]*\))", head) if each.strip()]


def _path(selector: str) -> tuple[_Compound, ...] | None:
    """Returns the compounds of a selector; None for one that is not read here."""
    found = _CUE.fullmatch(selector)
    if found is None:
        return None
    path = [_compound(part) for part in (found[1] or "").split()]
    return None if None in path else tuple(each for each in path if each)


def _compound(text: str) -> _Compound | None:
    found = _COMPOUND.fullmatch(text)
    if found is None:
        return None
    parts = list(_PART.finditer(found["rest"]))
    plain = {key: [_unescaped(part[key]) for part in parts if part[key]] for key in ("class", "id", "lang")}
    pairs = [(part["key"], part["value"]) for part in parts if part["key"]]
    return _Compound(
        found["kind"] or "",
        frozenset(plain["class"]),
        plain["id"][0] if plain["id"] else "",
        (*pairs, *(("lang", each) for each in plain["lang"])),
    )


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _declared(text: str, place: str, lost: list[str]) -> tuple[tuple[str, str | bool], ...]:
    declared: list[tuple[str, str | bool]] = []
    for part in text.split(";"):
        name, colon, value = (each.strip().lower() for each in part.partition(":"))
        value = value.removesuffix("!important").strip()
        read = _declaration(name, value) if colon else None
        if read is not None:
            declared.append(read)
        elif name:
            lost.append(f"{place}: STYLE {name}{': ' + value if value else ''}")
    return tuple(declared)


def _declaration(name: str, value: str) -> tuple[str, str | bool] | None:
    """Returns what a declaration sets; None where nothing here holds it."""
    colour = read_colour(value)
    if name == "color":
        return ("colour", colour) if colour else None
    if name in ("background", "background-color"):
        return ("background", colour) if colour else None
    if name == "font-weight" and (value in _BOLD or value in ("normal", "400")):
        return "bold", value in _BOLD
    if name == "font-style" and value in ("italic", "oblique", "normal"):
        return "italic", value != "normal"
    if name in ("text-decoration", "text-decoration-line") and value in ("underline", "none"):
        return "underline", value == "underline"
    return None
