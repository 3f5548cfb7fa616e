"""Reads jobs of earlier forms: the upgrade of a form says the same thing in the words of the next form.

    Job.1 -> Job.2    the ease of a speed key is how that key is reached; it was how the speed went on to the next key

A job file is upgraded each time it is read, so it keeps its meaning; `rewrite` writes the upgraded text.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from post.errors import warn_of_old_form
from post.job.table.schema_table import SCHEMA
from post.picture.retime import EASES
from presets import Node

Steps = tuple[str | int, ...]  # the keys and indexes that lead from the top of a file to a value


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A value that is written in other words. place: its dotted place, as in `cut[2].speed`."""

    steps: Steps
    before: str
    after: str

    @property
    def place(self) -> str:
        """Returns where the value is, as errors name it."""
        parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.steps)
        return "".join(parts).removeprefix(".")


def upgrade(root: Node) -> Node:
    """Returns a job as the present form says it; the same node where it is in that form, or in none that is known.

    Warns of an old form once for a file, and of each word in it that does nothing.
    """
    form = form_of(root)
    if form not in UPGRADES:
        return root
    warn_of_old_form(form, SCHEMA, root.mapping["schema"].where, root.file.label)
    for node, place, word in _idle_eases(root):
        warnings.warn(
            f"{node.where}: {place}: `{word}` on the last key does nothing in {form}, where an ease leads to "
            f"the next key; in {SCHEMA} it leads to its own key",
            stacklevel=2,
        )
    for rewrite in rewrites_of(root):
        root = rewritten(root, rewrite.steps, rewrite.after)
    return root


def form_of(root: Node) -> str:
    """Returns the form that a job says it is in, or ""."""
    return root.mapping["schema"].text if "schema" in root.mapping else ""


def rewrites_of(root: Node) -> Iterator[Rewrite]:
    """Yields what the upgrades from a job's form to the present one write in other words."""
    form = form_of(root)
    if form in UPGRADES:
        yield Rewrite(("schema",), form, SCHEMA)
        yield from UPGRADES[form](root)


def _speeds(root: Node) -> Iterator[tuple[Steps, Node]]:
    """Yields the speed of each shot that has one written as text."""
    shots = root.mapping["cut"].items if "cut" in root.mapping else ()
    for index, shot in enumerate(shots):
        if "speed" in shot.mapping and isinstance(shot.mapping["speed"].value, str):
            yield ("cut", index, "speed"), shot.mapping["speed"]


def _eases_at_the_keys_they_lead_to(root: Node) -> Iterator[Rewrite]:
    """Yields the speeds of Job.1 whose eases move to the next key."""
    for steps, node in _speeds(root):
        after = _moved_eases(node.text)
        if after != node.text:
            yield Rewrite(steps, node.text, after)


def _moved_eases(speed: str) -> str:
    """Returns a speed of Job.1 in the words of Job.2; as it is where it is not keys, for loading says what is wrong."""
    keys = _parsed_keys(speed)
    if not any(ease for _, ease in keys):
        return speed
    eases = ("", *(ease for _, ease in keys[:-1]))
    return ", ".join(f"{key}:{ease}" if ease else key for (key, _), ease in zip(keys, eases, strict=True))


def _idle_eases(root: Node) -> Iterator[tuple[Node, str, str]]:
    """Yields each ease that did nothing in Job.1, that of a last key: its node, its place, and itself."""
    for steps, node in _speeds(root):
        keys = _parsed_keys(node.text)
        if len(keys) > 1 and keys[-1][1] in EASES[1:]:  # a linear one is what there is without it
            yield node, Rewrite(steps, "", "").place, keys[-1][1]


def _parsed_keys(speed: str) -> list[tuple[str, str]]:
    """Returns the keys of a speed as (time and speed, ease or ""); none where one is not a key."""
    parts = [[word.strip() for word in part.split(":")] for part in speed.split(",") if part.strip()]
    if any(len(part) > 3 or (part[2:] and part[2] not in EASES) for part in parts):
        return []
    return [(":".join(part[:2]), "".join(part[2:])) for part in parts]


UPGRADES: Mapping[str, Callable[[Node], Iterator[Rewrite]]] = {"Job.1": _eases_at_the_keys_they_lead_to}


def rewritten(node: Node, steps: Steps, text: str) -> Node:
    """Returns a node with another text at the end of some steps."""
    if not steps:
        return replace(node, value=text, text=text)
    first, rest = steps[0], steps[1:]
    if isinstance(first, int):
        items = list(node.items)
        items[first] = rewritten(items[first], rest, text)
        return replace(node, value=tuple(items))
    return replace(node, value={**node.mapping, first: rewritten(node.mapping[first], rest, text)})
