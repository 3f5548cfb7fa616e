"""Reads one mapping of a job: its keys, their values, and the stages they describe."""

from __future__ import annotations

from copy import copy
from typing import TypeVar

from post.errors import unknown
from post.job.diagnostics import Asked, Diagnostics
from post.job.table.form import Form
from post.job.table.schema_table import FORMS
from post.knob import Knob, public_knobs
from post.stage import Stage, find
from presets import Node

MOST_ITEMS = 2_000  # shots, titles, takes: a feature film has 2,000 shots
S = TypeVar("S", bound=Stage)
V = TypeVar("V", str, int, float, bool)


class Section:
    """Reads one mapping by its form. Reports unknown and missing keys when it is opened."""

    def __init__(self, diagnostics: Diagnostics, form: str, node: Node, place: str) -> None:
        self.diagnostics, self.place, self.form = diagnostics, place, FORMS[form]
        self.node = self._renamed(node)
        if not isinstance(node.value, dict):
            expected = " | ".join(sorted(known_keys(self.form))) or "keys"
            diagnostics.say("not keys and values", node, place, expected=expected, got=node.kind)
            return
        known = known_keys(self.form)
        for key, item in self.node.mapping.items():
            if key not in known and not self.form.open:
                diagnostics.report(unknown(key, known, "", "key"), item, self.spot(key))
        for key in self.form.required:
            if key not in self.node.mapping:
                self.missing(key)

    def _renamed(self, node: Node) -> Node:
        """Returns the mapping with old names of keys replaced by the new ones, and warns of each."""
        old = [key for key in self.form.renamed if key in node.mapping]
        if not old:
            return node
        keys = dict(node.mapping)
        for key in old:
            new, item = self.form.renamed[key], keys.pop(key)
            self.diagnostics.old_name(self.spot(key), self.spot(new), item)
            if new in keys:
                fix = f"keep one; `{key}` is the old name of `{new}`"
                self.diagnostics.say("given under two names", item, self.spot(key), fix=fix)
            keys.setdefault(new, item)
        return Node(keys, node.line, node.file)

    def without(self, key: str) -> Section:
        """Returns the section as if that key were not given."""
        made = copy(self)
        keys = {each: item for each, item in self.node.mapping.items() if each != key}
        made.node = Node(keys, self.node.line, self.node.file)
        return made

    def missing(self, key: str) -> None:
        """Reports a key that must be there."""
        item = self.form.keys[key]
        plain_text = isinstance(item, Knob) and item.kind == "text"
        about = item.expected if isinstance(item, Knob) and not plain_text else item.doc
        self.diagnostics.say("missing", self.node, self.spot(key), expected=about)

    def spot(self, key: str) -> str:
        """Returns the dotted place of a key, as in `cut[2].speed`."""
        return f"{self.place}.{key}" if self.place else key

    def part(self, key: str) -> Node | None:
        """Returns the value of a key, or None. Reports a key that has nothing after it."""
        node = self.node.mapping.get(key)
        if node is None or node.value is not None:
            return node
        self.diagnostics.say(
            "nothing given", node, self.spot(key), fix="give it a value, or leave the key out"
        )
        return None

    def text(self, key: str, default: str = "") -> str:
        """Returns a text, a choice or a duration; the default if it is not given, or wrong."""
        return self._value(key, str, default, credit=bool(default))

    def number(self, key: str, default: float) -> float:
        """Returns a number, in its knob's unit; the default if it is not given, or wrong."""
        return self._value(key, float, default)

    def whole(self, key: str, default: int) -> int:
        """Returns a whole number, in its knob's unit; the default if it is not given, or wrong."""
        return self._value(key, int, default)

    def switch(self, key: str, default: bool = False) -> bool:
        """Returns whether a switch is on; the default if it is not given, or wrong."""
        return self._value(key, bool, default, credit=default)

    def _value(self, key: str, kind: type[V], default: V, credit: bool = True) -> V:
        """Returns the value of the knob under a key. credit: a default is recorded among the job's resolved values."""
        knob, node = self.form.keys[key], self.node.mapping.get(key)
        if not isinstance(knob, Knob):
            raise TypeError(f"{self.spot(key)} has keys of its own")
        if node is None:
            if credit:
                self.diagnostics.credit(self.spot(key), default, "default")
            return default
        read = self.diagnostics.value(knob, node, self.spot(key))
        if read is None:
            return default
        if not isinstance(read, kind):
            raise TypeError(f"{self.spot(key)} is a knob of the kind {knob.kind}, not {kind.__name__}")
        return read

    def items(self, key: str) -> tuple[tuple[Node, str], ...]:
        """Returns the items of the list under a key, each with its dotted place. Reports what is not a list."""
        node = self.part(key)
        if node is None:
            return ()
        if not isinstance(node.value, tuple):
            fix = f"write [{node.text}]" if node.text else "put - in front of each"
            self.diagnostics.say("not a list", node, self.spot(key), got=node.kind, fix=fix)
            return ()
        if len(node.items) > MOST_ITEMS:
            self.diagnostics.say(
                "too many", node, self.spot(key), expected=f"up to {MOST_ITEMS}", got=len(node.items)
            )
            return ()
        return tuple((item, f"{self.spot(key)}[{index}]") for index, item in enumerate(node.items))

    def stage(self, kind: type[S], also: Asked | None = None) -> S | None:
        """Returns the stage of that kind, from the keys here that are its knobs and from `also`."""
        return self.diagnostics.stage(kind, {**self.asked(kind), **(also or {})}, self.node, self.place)

    def asked(self, kind: type[Stage]) -> Asked:
        """Returns the keys here that are knobs of a stage: each with its value and its dotted place."""
        knobs = [key for key in public_knobs(kind) if key not in self.form.keys and key in self.node.mapping]
        return {key: (self.node.mapping[key], self.spot(key)) for key in knobs}


def known_keys(form: Form) -> dict[str, str]:
    """Returns every key that a form takes, with what to write there."""
    knobs = {key: about.expected for name in form.stages for key, about in public_knobs(find(name)).items()}
    own = {key: item.expected if isinstance(item, Knob) else item.doc for key, item in form.keys.items()}
    return {**knobs, **own}
