"""Puts a clip into a template: a job that is finished with one clip after another, each as its take `clip`.

title: "{clip}"                      the clip's name; wherever a text holds {clip}
takes: {clip: sample.mp4}            its file is the clip, with its sha256 and how it was generated; a template with
                                     one take alone may call it anything
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from post.errors import JobError
from post.job.sections.generator import Row, as_written
from post.job.write import relative
from presets import Node

TAKE, NAME = "clip", "{clip}"


@dataclass(frozen=True, slots=True)
class TemplateClip:
    """A clip for a template. name: what {clip} says; record: how it was generated, as a take's record is."""

    path: Path
    name: str
    sha256: str = ""
    record: tuple[Row, ...] = ()

    def placed_in(self, template: Node) -> Node:
        """Returns the job that a template is with this clip. Places in errors are the template's own.

        Raises JobError where the template has no take for it, and for a clip that a job cannot name.
        """
        takes = template.mapping.get("takes", template)
        known = takes.mapping if takes is not template else {}
        name = TAKE if TAKE in known else next(iter(known), "") if len(known) == 1 else ""
        if not name:
            raise JobError(
                "no take for the clip", where=f"{takes.where}: takes", expected=f"a take named {TAKE}, or one alone",
                got=", ".join(known) or "none",
            )  # fmt: skip
        root = self._named(template)
        takes = root.mapping["takes"]
        take = self._take(takes.mapping[name], relative(self.path, template.file.path.parent))
        return replace(
            root, value={**root.mapping, "takes": replace(takes, value={**takes.mapping, name: take})}
        )

    def _take(self, take: Node, path: str) -> Node:
        told: dict[str, Any] = {"file": path, **({"sha256": self.sha256} if self.sha256 else {})}
        if self.record:
            before = take.mapping["generator"].plain() if "generator" in take.mapping else {}
            told["generator"] = {**before, **as_written(self.record)}
        return replace(take, value={**take.mapping, **_node(told, take).mapping}, text="")

    def _named(self, node: Node) -> Node:
        """Returns a node with the clip's name in its texts."""
        if isinstance(node.value, dict):
            return replace(node, value={key: self._named(item) for key, item in node.mapping.items()})
        if isinstance(node.value, tuple):
            return replace(node, value=tuple(map(self._named, node.items)))
        if isinstance(node.value, str) and NAME in node.value:
            said = node.value.replace(NAME, self.name)
            return replace(node, value=said, text=said)
        return node


def _node(plain: Any, at: Node) -> Node:
    """Returns plain values as nodes that were written where `at` was."""
    if isinstance(plain, Mapping):
        return Node({key: _node(item, at) for key, item in plain.items()}, at.line, at.file)
    if isinstance(plain, Sequence) and not isinstance(plain, str):
        return Node(tuple(_node(item, at) for item in plain), at.line, at.file)
    return Node(plain, at.line, at.file, str(plain))
