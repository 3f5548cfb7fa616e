"""Finds what two axes say differently of the same thing: which of the two holds would depend on their order."""

from __future__ import annotations

from collections.abc import Iterator

from post.job.diagnostics import Diagnostics
from post.job.versions.entry_ids import ADD, WITHOUT
from post.job.versions.matrix import VersionMatrix, pairs_made
from presets import Node

Steps = tuple[str, ...]


def report_contradictions(diagnostics: Diagnostics, matrix: VersionMatrix) -> None:
    """Reports each thing that the values of two axes, which some version has together, say differently."""
    leaves = {
        value.place: dict(_leaves(value.node.without("preset"), ()))
        for combination in matrix.combinations
        for value in combination
    }
    for first, second in pairs_made(matrix):
        mine, others = leaves[first.place], leaves[second.place]
        for steps, node in others.items():
            for known in _meeting(steps, mine):
                if known == steps and mine[known].plain() == node.plain():
                    continue
                diagnostics.say(
                    "two axes say this differently", node, ".".join((second.place, *steps)),
                    expected=f"what {first.place} says at {mine[known].where}",
                    got=_shown(node), fix="say it on one axis, or leave out the combination under `except`",
                )  # fmt: skip


def _leaves(node: Node, steps: Steps) -> Iterator[tuple[Steps, Node]]:
    """Yields everything that an overlay says, by the keys that lead to it."""
    for key, item in node.mapping.items():
        if key in (ADD, WITHOUT):  # two axes may both do that
            continue
        if isinstance(item.value, dict):
            yield from _leaves(item, (*steps, key))
        else:
            yield (*steps, key), item


def _meeting(steps: Steps, others: dict[Steps, Node]) -> list[Steps]:
    """Returns the steps of others that lead to the same thing, or to one that it is part of, or that is part of it."""
    return [each for each in others if each[: len(steps)] == steps or steps[: len(each)] == each]


def _shown(node: Node) -> str:
    return node.text or node.kind
