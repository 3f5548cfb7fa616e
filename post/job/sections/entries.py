"""Reads the id of an entry of a list: versions, conforms and people address it by that."""

from __future__ import annotations

import re

from post.job.reader import Section
from presets import Node

# What a name may be that files are called by.
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
NO_FILE_NAME, FILE_LETTERS = "not usable as a file name", "letters, digits, - _ ."


class EntryIds:
    """The ids of one list's entries, each of which is given once."""

    def __init__(self) -> None:
        self._taken: dict[str, str] = {}

    def read(self, section: Section) -> str:
        """Returns an entry's id, or "" where it has none. Reports one that another entry has."""
        node = section.node.mapping.get("id")
        found = section.text("id")
        if node is not None and found in self._taken:
            fix = f"rename one; the first is {self._taken[found]}"
            section.diagnostics.say(
                "two entries have the same id", node, section.spot("id"), got=found, fix=fix
            )
        elif found:
            self._taken[found] = section.place
        return found


def name_node(section: Section) -> tuple[str, Node | None]:
    """Returns the key that names an entry, `id` or `name`, and what it says, None where neither is given.

    They are one thing; reports two that differ.
    """
    own, named = section.node.mapping.get("id"), section.node.mapping.get("name")
    if own is not None and named is not None and own.text != named.text:
        fix = "keep `id`; `name` is the same thing"
        section.diagnostics.say(
            "id and name differ", named, section.spot("name"), expected=own.text, got=named.text, fix=fix
        )
    return ("id", own) if own is not None else ("name", named)
