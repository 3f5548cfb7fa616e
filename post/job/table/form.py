"""Defines the parts of the table of a job's keys: Form (one mapping) and Part (a key that holds one)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from post.knob import Knob


@dataclass(frozen=True, slots=True)
class Part:
    """A key that holds a form. many: one of them, a list, one or a list, or a mapping from names; preset: the kind of
    preset that a name alone stands for; none: whether `none` leaves it out; short: what one value stands for."""

    form: str
    doc: str
    many: Literal["one", "list", "some", "map"] = "one"
    preset: str = ""
    none: bool = False
    short: Knob | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """The keys of one mapping. open: it takes any key; renamed: the new names of keys of earlier releases, which
    still work."""

    doc: str
    keys: Mapping[str, Knob | Part] = field(default_factory=dict)
    stages: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    open: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
