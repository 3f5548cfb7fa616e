"""Reads and writes how a take was generated, as a job says it.

generator:
  prompt: a dog in the snow                              # recorded by whoever made it
  model: {value: gen4_turbo, how: provider-asserted}
  seed: [{value: 1, how: recorded}, {value: 2, how: provider-asserted}]    # they contradict; both are kept
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from post.job.diagnostics import Diagnostics
from post.job.reader import Section
from presets import Node
from provenance.record import HOW

RECORDED = HOW[0]
# Whether a signature is verified is checked each time, so a job cannot say it.
SAYABLE = tuple(how for how in HOW if how != "signature-verified")
_KEYS = {"value", "how"}
Row = tuple[str, str, str]


def read_record(diagnostics: Diagnostics, section: Section) -> tuple[Row, ...]:
    """Returns a take's generator record as rows of (field, value, how it is known). Reports what is wrong."""
    node = section.part("generator")
    if node is None:
        return ()
    place = section.spot("generator")
    Section(diagnostics, "generator", node, place)
    named = ((key, item, f"{place}.{key}") for key, item in node.mapping.items())
    return tuple(row for key, item, spot in named for row in _rows(diagnostics, key, item, spot))


def as_written(rows: Sequence[Row]) -> dict[str, Any]:
    """Returns a record as plain YAML values, which `read_record` can read."""
    said: dict[str, list[Row]] = {}
    for row in dict.fromkeys(rows):
        said.setdefault(row[0], []).append(row)
    return {field: _as_written(found) for field, found in said.items()}


def _as_written(rows: Sequence[Row]) -> str | dict[str, str] | list[dict[str, str]]:
    labelled = [{"value": value, "how": how} for _, value, how in rows]
    if len(rows) > 1:
        return labelled
    return rows[0][1] if rows[0][2] == RECORDED else labelled[0]


def rows_of(field: str, node: Node) -> tuple[Row, ...]:
    """Returns one field's rows. If it is not written as it should be, returns what can be read of it."""
    items = node.items if isinstance(node.value, tuple) else (node,)
    pairs = ((item.mapping.get("value", item), item.mapping.get("how")) for item in items)
    return tuple((field, value.text, how.text if how else RECORDED) for value, how in pairs)


def _rows(diagnostics: Diagnostics, field: str, node: Node, place: str) -> Iterator[Row]:
    """Yields the rows of a field: a value, a value with how it is known, or several of these. Reports faults."""
    several = isinstance(node.value, tuple)
    for item in node.items if several else (node,):
        labelled = isinstance(item.value, dict)
        value = item.mapping.get("value") if labelled else item
        how = item.mapping["how"].text if "how" in item.mapping else RECORDED
        whole = set(item.mapping) == _KEYS if labelled else not several
        if value is None or isinstance(value.value, dict | tuple) or not whole:
            expected = "text or a number, or {value: ..., how: ...}, or several of these"
            diagnostics.say("not one value", node, place, expected=expected, got=node.kind)
        elif how not in SAYABLE:
            diagnostics.say(
                "not how a thing is known", item, f"{place}.how", expected=" | ".join(SAYABLE), got=how
            )
        elif value.value is not None:
            yield field, value.text, how
