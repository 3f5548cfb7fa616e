"""Reads a brand's tokens, and puts their values where a style or a layer writes $NAME."""

from __future__ import annotations

from dataclasses import dataclass, replace

from post.errors import unknown
from post.job.diagnostics import Diagnostics
from post.job.reader import Section
from post.knob import Knob, knobs_of
from post.stage import Stage
from presets import Node, merge

MARK = "$"
BASE = "plain"  # the brand whose tokens stand where a job's own brand has none of that name
# What a group holds; files are read where they are used, by the limits of the knob there.
GROUPS = {
    "colours": Knob("a colour", "hex"),
    "files": Knob("a path", "text"),
    "numbers": Knob("a number", "number"),
}
TAKES = ("hex", "number", "whole", "file")  # kinds of knobs that a token may set: text may begin with $


@dataclass(frozen=True, slots=True)
class Tokens:
    """A brand's tokens, by name."""

    values: dict[str, Node]

    def fill(self, diagnostics: Diagnostics, node: Node, kind: type[Stage], place: str) -> Node:
        """Returns a layer's keys with the value of each token that it names; reports names that no token has.

        kind: the stage that the keys are knobs of; place: the layer's dotted place in the job.
        """
        knobs, keys = knobs_of(kind), dict(node.mapping)
        for key, item in keys.items():
            if key in knobs and knobs[key].kind in TAKES and _names_token(item):
                keys[key] = self._value(diagnostics, item, f"{place}.{key}")
        return Node(keys, node.line, node.file) if node.mapping else node

    def _value(self, diagnostics: Diagnostics, item: Node, place: str) -> Node:
        name = str(item.value).removeprefix(MARK)
        found = self.values.get(name)
        if found is None:
            known = {MARK + each: "" for each in self.values}
            diagnostics.report(unknown(MARK + name, known, "", "token of the brand"), item, place)
            return item
        said = f"{found.origin} (${name}, in {item.origin})"
        return replace(found, file=replace(found.file, said=said))


def read_tokens(diagnostics: Diagnostics, job: Section, house: Node | None) -> Tokens:
    """Returns the tokens of the job's brand, else of its house's; each that it lacks is that of the plain brand.

    house: what the house says of it, None where it says nothing.
    """
    base = found = diagnostics.shelves.find("brand", BASE)
    for node, place in ((house, "house.tokens"), (job.part("tokens"), "tokens")):
        own = diagnostics.preset("brand", node, place) if node is not None else None
        found = merge(found, own) if own is not None else found
    values: dict[str, Node] = {}
    section = Section(diagnostics, "tokens", found, "tokens")
    for group, knob in GROUPS.items():
        part = section.part(group)
        if part is None:
            continue
        for name, item in Section(diagnostics, group, part, section.spot(group)).node.mapping.items():
            place = f"{section.spot(group)}.{name}"
            if name in values:
                fix = f"rename one; the other is at {values[name].where}"
                diagnostics.say("two tokens have the same name", item, place, got=name, fix=fix)
            elif item.file == base.file or (item.value is None and group == "files"):
                values[name] = item
            elif item.value is None:
                diagnostics.say("nothing given", item, place, expected=knob.expected)
            elif diagnostics.value(knob, item, place) is not None:
                values[name] = item
    return Tokens(values)


def _names_token(node: Node) -> bool:
    return isinstance(node.value, str) and node.value.startswith(MARK)
