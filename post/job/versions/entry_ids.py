"""Finds the entries of a job's lists by their ids, which is how versions address them."""

from __future__ import annotations

from collections.abc import Callable

from post.errors import unknown
from post.job.diagnostics import Diagnostics
from post.unused_name import unused_name
from presets import Node

# What a version may write beside ids, in the place of a list.
ALL, ONLY, WITHOUT, ADD, TRANSITIONS = "all", "only", "without", "add", "transitions"
WORDS = (ALL, ONLY, WITHOUT, ADD)
# How an entry that is one word is written as keys.
WORD_MEANS = {"deliver": "preset", "take": "file", "transition": "length", "match": "to", "allow": "warning"}


def as_keys(node: Node, form: str) -> Node:
    """Returns an entry as keys where it is one word that stands for one of them."""
    if isinstance(node.value, dict) or node.value is None or form not in WORD_MEANS:
        return node
    return Node({WORD_MEANS[form]: node}, node.line, node.file)


def shot_names(items: tuple[Node, ...]) -> list[str]:
    """Returns the names of shots: the id of each, or the name of its take, numbered from its second use on."""
    names: list[str] = []
    for item in items:
        given = item.mapping.get("id") or item.mapping.get("name")
        names.append(unused_name((given or item.mapping.get("take", item)).text, names))
    return names


def named_shots(items: tuple[Node, ...]) -> list[Node]:
    """Returns shots that each say their name: one called by its take keeps it where a version changes the take."""
    return [
        item if not item.mapping or {"id", "name"} & item.mapping.keys()
        else Node({**item.mapping, "id": Node(name, item.line, item.file, name)}, item.line, item.file)
        for item, name in zip(items, shot_names(items), strict=True)
    ]  # fmt: skip


def deliver_name(item: Node) -> str:
    """Returns a deliverable's name: its own, or its preset's."""
    given = item.mapping.get("id") or item.mapping.get("name")
    return (
        given.text
        if given
        else item.mapping.get("preset", item).text.rpartition("/")[2].removesuffix(".yaml")
    )


def _id(key: str) -> Callable[[Node], str]:
    def read(item: Node) -> str:
        return item.mapping[key].text if key in item.mapping else ""

    return read


def ids_of(form: str, items: tuple[Node, ...]) -> list[str]:
    """Returns what addresses each entry of a list, "" where nothing does. form: of the entries."""
    if form == "cut":
        return shot_names(items)
    if form == "deliver":
        return [deliver_name(item) for item in items]
    if form == "allow":
        return [as_keys(item, form).mapping.get("warning", item).text for item in items]
    return [_id("id")(item) for item in items]


def find_entry(form: str, items: tuple[Node, ...], wanted: str) -> list[int]:
    """Returns the numbers of the entries that a word addresses: one of that id; of captions, those of that language
    where none has it for an id."""
    ids = ids_of(form, items)
    found = [number for number, each in enumerate(ids) if each == wanted]
    if not found and form == "caption":
        found = [number for number, item in enumerate(items) if _id("language")(item) == wanted]
    return found


def known_ids(form: str, items: tuple[Node, ...]) -> list[str]:
    """Returns every word that addresses an entry of a list."""
    words = [each for each in ids_of(form, items) if each]
    if form == "caption":
        words += [each for each in map(_id("language"), items) if each]
    return list(dict.fromkeys(words))


def report_unknown(diagnostics: Diagnostics, wanted: str, known: list[str], node: Node, place: str) -> None:
    """Reports a word that addresses no entry."""
    otherwise = "no entry of the list has an id: give it one"
    diagnostics.report(unknown(wanted, known, "", "id", otherwise=otherwise), node, place)
