"""Reads a motion brief: strictly, with every fault at its file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from post.atomic import checksum
from post.errors import unknown
from post.job.brief.edit_checks import FormatsCheck
from post.job.brief.model import (
    Beat,
    BriefFormat,
    BriefReference,
    BriefRule,
    MotionBrief,
    RuleKind,
)
from post.job.brief.read_check import read_check
from post.job.brief.word_checks import TextCheck
from post.job.diagnostics import Diagnostics
from post.job.reader import Section
from presets import Node

KINDS: tuple[RuleKind, ...] = ("rules", "non_negotiables", "visual_rules")
_SIZE = re.compile(r"\s*(\d{1,5})\s*[x:×]\s*(\d{1,5})\s*", re.ASCII)
_ID = re.compile(r"[\w.-]{1,80}")


def read_motion_brief(diagnostics: Diagnostics, root: Node) -> MotionBrief:
    """Returns the brief in a file; what is wrong is left out, its faults kept by `diagnostics`."""
    section = Section(diagnostics, "motion-brief", root, "")
    for key in ("schema", "title", "client"):
        section.text(key)
    beats = tuple(_beats(diagnostics, section))
    formats = tuple(_formats(diagnostics, section))
    texts = tuple(_texts(diagnostics, section, "copy"))
    rules = _rules(diagnostics, section, {each.id for each in beats})
    path = root.file.path
    return MotionBrief(
        path,
        checksum(path).sha256,
        section.text("objective"),
        formats,
        beats,
        (*rules, *_implied(section.node, rules, formats, texts)),
        tuple(_references(diagnostics, section)),
        texts,
    )


def _implied(
    root: Node, rules: list[BriefRule], formats: tuple[BriefFormat, ...], texts: tuple[str, ...]
) -> Iterator[BriefRule]:
    """Yields the rules that a brief has without saying so, where it has none of that type."""
    known, ids = {type(each.check) for each in rules}, {each.id for each in rules}
    if formats and FormatsCheck not in known and "formats" not in ids:
        yield BriefRule(
            "formats", "every format of the brief is made", formats[0].where, check=FormatsCheck()
        )
    if texts and TextCheck not in known and "copy" not in ids:
        where = root.mapping["copy"].where
        yield BriefRule("copy", "titles say what the brief's copy says", where, check=TextCheck())


def _beats(diagnostics: Diagnostics, brief: Section) -> Iterator[Beat]:
    seen = dict[str, str]()
    for node, place in brief.items("beats"):
        section = Section(diagnostics, "beat", node, place)
        name = _id(diagnostics, section, seen, "beats")
        if name:
            wanted = tuple(_coverage(diagnostics, section))
            yield Beat(name, section.text("says").strip(), node.where, wanted)


def _coverage(diagnostics: Diagnostics, beat: Section) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yields each tag that a beat wants takes of, with its values."""
    node = beat.part("coverage")
    if node is None:
        return
    section = Section(diagnostics, "beat-coverage", node, beat.spot("coverage"))
    for key, item in section.node.mapping.items():
        values = item.items if isinstance(item.value, tuple) else (item,)
        told = tuple(text for each in values if (text := each.text.strip()))
        if len(told) == len(values) and told:
            yield key, tuple(dict.fromkeys(told))
        else:
            expected = "values such as [wide, close]"
            diagnostics.say("no values", item, section.spot(key), expected=expected, got=item.kind)


def _formats(diagnostics: Diagnostics, brief: Section) -> Iterator[BriefFormat]:
    for node, place in brief.items("formats"):
        if isinstance(node.value, dict):
            section = Section(diagnostics, "brief-format", node, place)
            size, spot = section.node.mapping.get("size"), section.spot("size")
            length = section.text("length")
        else:
            size, spot, length = node, place, ""
        if size is None:
            continue
        found = _SIZE.fullmatch(size.text)
        if found is None or not int(found[1]) or not int(found[2]):
            expected = "pixels such as 1920x1080, or a shape such as 16x9"
            diagnostics.say("not a format", size, spot, expected=expected, got=size.kind)
            continue
        said = f"{found[1]}x{found[2]}{f', {length}' if length else ''}"
        yield BriefFormat(said, node.where, int(found[1]), int(found[2]), length)


def _rules(diagnostics: Diagnostics, brief: Section, beats: set[str]) -> list[BriefRule]:
    seen, found = dict[str, str](), list[BriefRule]()
    for kind in KINDS:
        for node, place in brief.items(kind):
            section = Section(diagnostics, "rule", node, place)
            name = _id(diagnostics, section, seen, "rules")
            says = section.text("says").strip()
            asked = section.part("check")
            check = read_check(diagnostics, asked, section.spot("check")) if asked else None
            if asked is None and not says and name:
                expected = "says: a question for a person, or check: what measures it"
                diagnostics.say("a rule that says nothing", node, place, expected=expected)
            elif name and (check or asked is None):
                about = tuple(_known_beats(diagnostics, section, beats))
                if check and not check.of_takes and "beats" in section.node.mapping:
                    expected, fix = "no beats: this check is about the whole film", "leave `beats` out"
                    spot = section.spot("beats")
                    diagnostics.say(
                        "a check of no takes", node, spot, expected=expected, got=check.type, fix=fix
                    )
                    continue
                found.append(BriefRule(name, says, node.where, kind, check, about))
    return found


def _known_beats(diagnostics: Diagnostics, rule: Section, beats: set[str]) -> Iterator[str]:
    for node, place in rule.items("beats"):
        if node.text in beats:
            yield node.text
        else:
            diagnostics.report(unknown(node.text or node.kind, beats, "", "beat"), node, place)


def _references(diagnostics: Diagnostics, brief: Section) -> Iterator[BriefReference]:
    for node, place in brief.items("references"):
        section = Section(diagnostics, "brief-reference", node, place)
        named = section.node.mapping.get("file")
        path = diagnostics.source(named, section.spot("file")) if named else None
        if path is not None:
            yield BriefReference(section.text("id") or path.stem, path, section.text("says"), node.where)


def _texts(diagnostics: Diagnostics, section: Section, key: str) -> Iterator[str]:
    for node, place in section.items(key):
        if text := node.text.strip():
            yield text
        else:
            diagnostics.say("not a text", node, place, got=node.kind)


def _id(diagnostics: Diagnostics, section: Section, seen: dict[str, str], of: str) -> str:
    """Returns the id of an entry; "", with a fault, where it has none or another has the same."""
    name = section.text("id").strip()
    node = section.node.mapping.get("id")
    if not name or node is None:
        if node is not None:
            diagnostics.say("empty", node, section.spot("id"), expected="a name")
        return ""
    if not _ID.fullmatch(name):
        expected = "letters, digits, - . and _, at most 80"
        diagnostics.say("not an id", node, section.spot("id"), expected=expected, got=name[:100])
        return ""
    if name in seen:
        one = {"beats": "two beats", "rules": "two rules"}[of]
        fix = f"rename one; the first is {seen[name]}"
        diagnostics.say(f"{one} have the same id", section.node, section.place, got=name, fix=fix)
        return ""
    seen[name] = section.node.where
    return name
