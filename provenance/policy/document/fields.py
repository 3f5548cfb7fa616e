"""Reads the fields of policies and facts: checks the type of each, and collects every fault with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from post.errors import AnswerprintError, JobError, Problems, unknown
from presets.yaml_nodes import Node
from provenance.policy.document.conditions import Scalar
from provenance.policy.document.dates import is_day

Word = TypeVar("Word", bound=str)
_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")


class FieldReader:
    """Reads YAML values of expected types. Faults are kept until `close`; a faulty value reads as empty.

    A node of None is a missing key; `keys` has reported it if it is required.
    """

    def __init__(self) -> None:
        self._faults: list[AnswerprintError] = []

    def say(self, what: str, node: Node, place: str, *, expected: str = "", got: object = None) -> None:
        """Keeps a fault of the value at a dotted place."""
        where = f"{node.where}: {place}" if place else node.where
        self._faults.append(JobError(what, where=where, expected=expected, got=got))

    def close(self) -> None:
        """Raises Problems with every fault, in the order in which they were found."""
        if self._faults:
            raise Problems(self._faults)

    def keys(
        self, node: Node | None, place: str, needed: Sequence[str] = (), others: Sequence[str] | None = None
    ) -> Mapping[str, Node]:
        """Returns the keys of a mapping. needed: required keys; others: optional keys, None for any."""
        if node is None:
            return {}
        if not isinstance(node.value, dict):
            expected = ", ".join(needed) or "keys and values"
            self.say("not keys and values", node, place, expected=expected, got=node.kind)
            return {}
        missing = [key for key in needed if key not in node.value]
        if missing:
            self.say("lacks keys", node, place, expected=", ".join(needed), got=f"no {', no '.join(missing)}")
        if others is not None:
            known = (*needed, *others)
            for key, item in node.value.items():
                if key not in known:
                    self._faults.append(
                        unknown(key, known, f"{item.where}: {f'{place}.{key}'.lstrip('.')}", "key")
                    )
        return node.value

    def items(self, node: Node | None, place: str) -> list[tuple[Node, str]]:
        """Returns the items of a list, each with its dotted place."""
        if node is None:
            return []
        if not isinstance(node.value, tuple):
            self.say("not a list", node, place, got=node.kind)
        return [(item, f"{place}[{index}]") for index, item in enumerate(node.items)]

    def text(self, node: Node | None, place: str, default: str = "") -> str:
        """Returns one value as it is written: a version such as 1.10 and a date are text."""
        if node is None:
            return default
        if isinstance(node.value, dict | tuple | None) or not node.text.strip():
            self.say("not text", node, place, got=node.kind)
            return default
        return node.text

    def choice(self, node: Node | None, place: str, choices: Sequence[Word], default: Word) -> Word:
        """Returns one of several texts."""
        given = self.text(node, place)
        if node is None or not given:
            return default
        if given not in choices:
            self._faults.append(unknown(given, choices, f"{node.where}: {place}", "choice"))
            return default
        return next(each for each in choices if each == given)

    def whole(self, node: Node, place: str) -> int:
        """Returns a whole number of at least 0."""
        if isinstance(node.value, bool) or not isinstance(node.value, int) or node.value < 0:
            self.say("not a whole number", node, place, expected="0 or more", got=node.kind)
            return 0
        return node.value

    def number(self, node: Node, place: str, *, signed: bool = False) -> Fraction:
        """Returns a number, exactly as its decimals say: of at least 0, where it is not signed."""
        written = node.text.strip()
        digits = written.removeprefix("-") if signed else written
        if isinstance(node.value, bool) or not _DECIMAL.fullmatch(digits):
            expected = "a number, as in -23.5" if signed else "0 or more, as in 24.9"
            self.say("not a number", node, place, expected=expected, got=written or node.kind)
            return Fraction(0)
        return Fraction(written)

    def switch(self, node: Node | None, place: str) -> bool:
        """Returns true or false; false for a missing key."""
        if node is not None and not isinstance(node.value, bool):
            self.say("neither true nor false", node, place, got=node.kind)
        return node is not None and node.value is True

    def day(self, node: Node | None, place: str) -> str:
        """Returns a day in ISO 8601; "" for a missing key, and for null."""
        if node is None or node.value is None:
            return ""
        if not is_day(node.text):
            self.say(
                "not a day", node, place, expected="year, month and day, such as 2026-08-02", got=node.kind
            )
            return ""
        return node.text

    def texts(self, node: Node | None, place: str) -> tuple[str, ...]:
        """Returns a list of texts."""
        return tuple(self.text(item, spot) for item, spot in self.items(node, place))

    def scalar(self, node: Node, place: str) -> Scalar:
        """Returns a text, a number, true or false."""
        if isinstance(node.value, dict | tuple | None):
            expected = "a text, a number, true or false"
            self.say("not one value", node, place, expected=expected, got=node.kind)
            return ""
        return node.value
