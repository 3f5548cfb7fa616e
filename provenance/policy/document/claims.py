"""Reads approved texts.

claims:
  - {id: price, text: From €19.99 a month, language: en, source: price list of November, approved_by: Ana Roth,
     valid: {from: 2026-11-01, to: 2026-12-31}}
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from post.atomic import real_path
from presets.yaml_nodes import Node, Written, read
from provenance.policy.document.fields import FieldReader

OWN_TEXT = "the job's own text"  # the source of a text that a job itself shows
NEEDED, MAY = ("id", "text"), ("language", "source", "approved_by", "valid")


@dataclass(frozen=True, slots=True)
class ApprovedText:
    """One approved text. first, last: the days on which it may be shown, ISO 8601, "" for any; source: where it was
    approved; where: "file:line"."""

    id: str
    text: str
    language: str = ""
    source: str = ""
    approved_by: str = ""
    first: str = ""
    last: str = ""
    where: str = ""

    def out_of_date(self, day: str) -> str:
        """Returns why it may not be shown on a day (ISO 8601, "" where none is known), or ""."""
        if (self.first or self.last) and not day:
            return "no day is known to judge its dates by"
        if self.first and day < self.first:
            return f"approved from {self.first}"
        if self.last and day > self.last:
            return f"approved until {self.last}"
        return ""


def load_claims(path: Path) -> tuple[ApprovedText, ...]:
    """Returns the approved texts in a YAML file.

    Raises Problems with every fault, JobError where it is no YAML file.
    """
    root = read(Written(real_path(path), str(path)))
    fields = FieldReader()
    keys = fields.keys(root, "", ("claims",), ())
    found = read_claims(fields, keys["claims"]) if "claims" in keys else ()
    fields.close()
    return found


def read_claims(fields: FieldReader, listed: Node) -> tuple[ApprovedText, ...]:
    """Returns the approved texts in a list. Faults are kept by the reader."""
    found = tuple(_claim(fields, node, place) for node, place in fields.items(listed, "claims"))
    _refuse_twins(fields, found, listed)
    return found


def _claim(fields: FieldReader, node: Node, place: str) -> ApprovedText:
    keys = fields.keys(node, place, NEEDED, MAY)
    texts = {key: fields.text(keys.get(key), f"{place}.{key}") for key in (*NEEDED, *MAY[:3])}
    valid = fields.keys(keys.get("valid"), f"{place}.valid", (), ("from", "to"))
    first, last = (fields.day(valid.get(key), f"{place}.valid.{key}") for key in ("from", "to"))
    return ApprovedText(**texts, first=first, last=last, where=node.where)


def _refuse_twins(fields: FieldReader, found: tuple[ApprovedText, ...], listed: Node) -> None:
    seen = dict[str, str]()
    for at, each in enumerate(found):
        if each.id in seen:
            fields.say(
                "two claims have the same id",
                listed.items[at],
                f"claims[{at}].id",
                got=f"{each.id}, as at {seen[each.id]}",
            )
        seen.setdefault(each.id, each.where)
