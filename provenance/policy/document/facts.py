"""Reads what a named person declares about a film, as policies ask for it.

facts:
  is_deepfake: {value: true, by: Ana Roth, at: 2026-11-01}
  published_at: 2026-12-01              # a plain value: it counts, and nobody stands by it
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from post.atomic import real_path
from post.errors import JobError
from presets.yaml_nodes import Node, Written, read
from provenance.policy.document.conditions import Scalar
from provenance.policy.document.dates import is_day
from provenance.policy.document.fields import FieldReader
from provenance.policy.document.given import KEYS, read_references
from provenance.policy.document.references import NO_REFERENCES, References

# The day on which the film is or will be published: rules are judged as of it.
PUBLISHED_AT = "published_at"


@dataclass(frozen=True, slots=True)
class DeclaredFact:
    """One fact. by: the name of who declares it; at: when, ISO 8601; both "" for a plain value; where: "file:line"."""

    name: str
    value: Scalar
    by: str = ""
    at: str = ""
    where: str = ""

    def __str__(self) -> str:
        value = str(self.value).lower() if isinstance(self.value, bool) else str(self.value)
        who = f"declared by {self.by}" if self.by else "declared by nobody named"
        return f"{self.name} is {value}, {who}{f' on {self.at}' if self.at else ''}"


@dataclass(frozen=True, slots=True)
class Facts(Mapping[str, Scalar]):
    """Declared facts: a mapping from names to values, which also says who declared each. references: what the film is
    compared with."""

    declared: tuple[DeclaredFact, ...] = ()
    references: References = NO_REFERENCES

    def __getitem__(self, name: str) -> Scalar:
        found = self.fact(name)
        if found is None:
            raise KeyError(name)
        return found.value

    def __iter__(self) -> Iterator[str]:
        return iter([each.name for each in self.declared])

    def __len__(self) -> int:
        return len(self.declared)

    def fact(self, name: str) -> DeclaredFact | None:
        """Returns a fact with who declared it; None where nobody did."""
        return next((each for each in self.declared if each.name == name), None)

    def unsigned(self) -> tuple[str, ...]:
        """Returns the names of the facts that nobody named stands by."""
        return tuple(each.name for each in self.declared if not each.by)

    def day(self, otherwise: str = "") -> str:
        """Returns the day to judge as of: the declared `published_at`, or else another one (ISO 8601, "" for none).

        Raises JobError where the declared one is no day.
        """
        found = self.fact(PUBLISHED_AT)
        if found is None:
            return otherwise
        day = str(found.value)
        if not is_day(day):
            raise JobError(
                "not a day", where=f"{found.where}: {PUBLISHED_AT}".removeprefix(": "), expected="2026-12-01",
                got=repr(found.value),
            )  # fmt: skip
        return day


def as_facts(given: Mapping[str, Scalar]) -> Facts:
    """Returns facts from plain values: nobody named stands by those."""
    if isinstance(given, Facts):
        return given
    return Facts(tuple(DeclaredFact(name, value) for name, value in given.items()))


def load_facts(path: Path) -> Facts:
    """Returns the declared facts in a YAML file: what is under `facts`, or else all of it but `waivers`
    and what the film is compared with (see `given.py`).

    Raises Problems where one is neither one value nor {value, by, at}; JobError where it is no YAML file.
    """
    fields = FieldReader()
    facts = facts_of_file(fields, read(Written(real_path(path), str(path))))
    fields.close()
    return facts


def facts_of_file(fields: FieldReader, root: Node) -> Facts:
    """Returns the declared facts that a file's keys hold, and what the film is compared with. Faults are kept by the
    reader. Raises JobError and Problems for a file that they name."""
    if "facts" in root.mapping:
        held = fields.keys(root, "", ("facts",), ("waivers", *KEYS))["facts"]
        facts = read_facts(fields, held, "facts")
    else:
        facts = read_facts(fields, root.without("waivers", *KEYS), "")
    return replace(facts, references=read_references(fields, root))


def read_facts(fields: FieldReader, node: Node, place: str) -> Facts:
    """Returns the facts in a mapping. Faults are kept by the reader; a faulty fact is left out."""
    found = list[DeclaredFact]()
    for name, item in fields.keys(node, place).items():
        spot = f"{place}.{name}".lstrip(".")
        if not isinstance(item.value, dict):
            found.append(DeclaredFact(name, fields.scalar(item, spot), where=item.where))
            continue
        keys = fields.keys(item, spot, ("value", "by", "at"), ())
        value, by = keys.get("value"), fields.text(keys.get("by"), f"{spot}.by")
        at = fields.day(keys.get("at"), f"{spot}.at")
        if value is not None:
            found.append(DeclaredFact(name, fields.scalar(value, f"{spot}.value"), by, at, item.where))
    return Facts(tuple(found))
