"""Finds presets by kind and name: those that ship, and those in a folder beside the job."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from post.errors import JobError, unknown, warn_of_old_name
from presets.places import SHIPPED, note, path_in, shipped
from presets.yaml_nodes import Node, Written, merge, read

KINDS = {
    "house": "a house style: look, optics, grain, type, label and sound together",
    "look": "a grade: knobs of the stage look",
    "optics": "bloom, softening, vignette and halation: knobs of those stages",
    "grain": "a film grain: knobs of the stage grain",
    "brand": "a brand's tokens: colours, fonts and numbers that styles name as $NAME",
    "type": "a title style: knobs of the stage title, card or countdown",
    "motion": "how a title comes, stays and goes: moves of the knob motion",
    "caption": "a style of captions: knobs of the stage caption",
    "label": "an AI label: knobs of the stage label",
    "sound": "a loudness profile: knobs of the stage loudness",
    "deliver": "a deliverable: size, encoder, sound",
    "overlay": "what a version lays over a job: keys of a job, lists by id",
    "platform": "what a platform's own controls cover of a film, dated",
    "policy": "what is required of a film, by whom and since when: rules with sources and dates",
}
# Folders of presets of earlier releases, and their kind now.
RENAMED = {"label": "mark"}
# Keys that a preset file may have beside its knobs: they describe it and change nothing.
ABOUT = ("doc", "source", "valid_from", "confidence")


@dataclass(frozen=True, slots=True)
class Shelves:
    """Searches for presets: `presets/KIND/NAME.yaml` beside the job, then those that ship.

    folder: the job's folder, or None for the shipped ones alone; opened: every file read so far.
    """

    folder: Path | None = None
    opened: dict[Path, Written] = field(default_factory=dict, compare=False)

    def names(self, kind: str) -> list[str]:
        """Returns the names of every preset of a kind. Raises JobError where there is no such kind."""
        return sorted({path.stem for shelf in self._shelves(kind) for path in shelf.glob("*.yaml")})

    def find(self, kind: str, name: str, by: Node | None = None) -> Node:
        """Returns a preset, merged with everything it extends.

        A name with a `/` or `.yaml` is a path, relative to the file that wrote it (`by`), or else to the job's
        folder. Raises JobError for an unknown kind or name, a file that is no preset, and presets that extend each
        other in a circle.
        """
        return self._find(kind, name, by, ())

    def resolve(self, kind: str, node: Node) -> Node:
        """Returns what a job or preset wrote in the place of a preset: a name, or keys.

        Keys are merged over the preset that `preset:` names; its own keys win.
        """
        if isinstance(node.value, str):
            return self.find(kind, node.value, node)
        named = node.mapping.get("preset")
        if named is None:
            return node
        return merge(self.find(kind, _word(named, "preset"), named), node.without("preset"))

    def _find(self, kind: str, name: str, by: Node | None, chain: tuple[Path, ...]) -> Node:
        path = self.path(kind, name, by)
        if path in chain:
            ring = " -> ".join(step.stem for step in (*chain[chain.index(path) :], path))
            raise JobError("extends in a circle", where=by.where if by else kind, got=ring)
        note(path)
        ships = shipped()
        label = str(path.relative_to(ships.parent)) if path.is_relative_to(ships) else str(path)
        file = self.opened.setdefault(path, Written(path, label, f"{kind} {path.stem}"))
        found = _read_shipped(file) if path.is_relative_to(SHIPPED) else read(file)
        base = found.mapping.get("extends")
        found = found.without("extends", *ABOUT)
        if base is None:
            return found
        return merge(self._find(kind, _word(base, "extends"), base, (*chain, path)), found)

    def path(self, kind: str, name: str, by: Node | None = None) -> Path:
        """Returns the file of a preset's name or path. A path need not exist."""
        shelves = self._shelves(kind)
        if "/" in name or name.endswith((".yaml", ".yml")):
            folder = by.file.path.parent if by else self.folder or Path()
            return Path(os.path.realpath(path_in(folder, name)))
        for shelf in shelves:
            if os.path.isfile(shelf / f"{name}.yaml"):  # noqa: PTH113  never raises: a name of 300 letters
                if shelf.name != kind:
                    warn_of_old_name(f"presets/{shelf.name}", f"presets/{kind}", f"{shelf / name}.yaml:1")
                return shelf / f"{name}.yaml"
        where = by.where if by else ""
        raise unknown(name, self.names(kind), where, f"{kind} preset", otherwise="a path (none ship)")

    def _shelves(self, kind: str) -> tuple[Path, ...]:
        if kind not in KINDS:
            raise unknown(kind, KINDS, "", "kind of preset")
        if self.folder is None:
            return (shipped() / kind,)
        own = Path(os.path.realpath(self.folder), "presets")
        old = (own / RENAMED[kind],) if kind in RENAMED else ()
        return (own / kind, *old, shipped() / kind)


@cache
def _read_shipped(file: Written) -> Node:
    """Returns a preset that ships. It is parsed once in a process: jobs name most of them several times."""
    return read(file)


def find(kind: str, name: str, folder: Path | None = None) -> Node:
    """Returns a preset by kind and name (or path), merged with everything it extends."""
    return Shelves(folder).find(kind, name)


def names(kind: str, folder: Path | None = None) -> list[str]:
    """Returns the names of a kind's presets: those that ship, and those in `folder`/presets."""
    return Shelves(folder).names(kind)


def about(kind: str, name: str, folder: Path | None = None) -> str:
    """Returns a preset's own description, one line."""
    path = Shelves(folder).path(kind, name)
    doc = read(Written(path, path.name)).mapping.get("doc")
    return doc.text if doc is not None else ""


def _word(node: Node, key: str) -> str:
    if not isinstance(node.value, str):
        raise JobError(f"{key} is not a name", where=node.where, expected="one preset", got=node.kind)
    return node.value
