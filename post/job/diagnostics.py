"""Collects the faults of a job while it is read, and the values that it resolves to."""

from __future__ import annotations

import hashlib
import math
import os
import tempfile
from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import TypeVar

from post.atomic import checksum
from post.errors import AnswerprintError, JobError, Problems, SourceError, warn_of_old_name
from post.job.table.schema_table import NONE
from post.knob import Knob, knobs_of
from post.stage import Stage
from post.stage_knobs import build
from post.takes.stills.sequence import SUFFIX, is_pattern, write_pack
from post.values.files.file_limits import MB
from post.values.media import File
from post.values.short_text import short_text
from presets import Node, Shelves, merge
from presets.places import path_in

Asked = Mapping[str, tuple[Node, str]]
# Faults that are collected before reading stops: a file with more is not a job, and nobody reads on.
MOST_FAULTS = 100
# A file knob's value where its file cannot be read.
LOST = object()
S = TypeVar("S", bound=Stage)
V = TypeVar("V", str, int, float, bool)


class UnreadableSources(Problems, SourceError):  # noqa: N818  as its base, Problems
    """Raised for a job that is right, but whose sources cannot be read."""

    exit_code = SourceError.exit_code

    def __reduce__(self) -> tuple[object, ...]:
        return UnreadableSources, (self.faults,)


class Diagnostics:
    """Holds what is found while a job is read: its presets, its faults, and where each value came from."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shelves = Shelves(path.parent)
        self.origins: list[tuple[str, str, str]] = []
        self._faults: dict[tuple[str, ...], tuple[bool, str, int, AnswerprintError]] = {}
        self._files: dict[Path, File] = {}
        self._old_names: set[str] = set()

    def of_version(self) -> Diagnostics:
        """Returns one that keeps its faults with these, and reads no file or preset twice; its values are its own."""
        other = copy(self)
        other.origins = []
        return other

    def report(self, fault: AnswerprintError, node: Node, place: str) -> None:
        """Keeps a fault. A value that is read several times (a preset's, by each shot) is reported once."""
        where = f"{node.where}: {place}" if place else node.where
        placed = type(fault)(fault.what, where=where, expected=fault.expected, got=fault.got, fix=fault.fix)
        preset = node.file.path != self.path
        key = (node.where, fault.what, str(fault.got), place.rpartition(".")[2])
        self._faults.setdefault(key, (preset, node.file.label, node.line, placed))
        self._stop_at_many()

    def say(self, what: str, node: Node, place: str, **more: object) -> None:
        """Keeps a fault of the job. more: expected, got and fix, as JobError takes them."""
        expected, fix = str(more.get("expected", "")), str(more.get("fix", ""))
        self.report(JobError(what, expected=expected, got=more.get("got"), fix=fix), node, place)

    def old_name(self, old: str, new: str, node: Node) -> None:
        """Warns that a job or preset uses an old name, once for each."""
        if old not in self._old_names:
            self._old_names.add(old)
            warn_of_old_name(old, new, node.where)

    def credit(self, place: str, value: object, origin: str) -> None:
        """Records a resolved value and what wrote it."""
        self.origins.append((place, short_text(value), origin))

    @property
    def faults(self) -> int:
        """How many faults were found so far."""
        return len(self._faults)

    def close(self) -> None:
        """Raises all faults together, in the order of their lines, the job file's first. Does nothing if there is none.

        UnreadableSources if sources that cannot be read are all that is wrong, else Problems.
        """
        found = [row[-1] for row in sorted(self._faults.values(), key=lambda row: row[:3])]
        if found and all(isinstance(fault, SourceError) for fault in found):
            raise UnreadableSources(found)
        if found:
            raise Problems(found)

    def preset(self, kind: str, node: Node, place: str) -> Node | None:
        """Returns the keys of a preset, or keys that change one merged with it; None, with a fault, if that fails."""
        try:
            return self.shelves.resolve(kind, node)
        except Problems as many:
            for fault in many.faults:
                self.keep(fault)
        except JobError as fault:
            if fault.where and fault.where != node.where and ":" in fault.where:
                self.keep(fault)
            else:
                self.report(fault, node, place)
        return None

    def keep(self, fault: AnswerprintError) -> None:
        """Keeps a fault that names its own file and line, because it is inside a preset or the brief."""
        self._faults.setdefault((fault.where, fault.what, str(fault.got)), (True, fault.where, 0, fault))
        self._stop_at_many()

    def _stop_at_many(self) -> None:
        if len(self._faults) < MOST_FAULTS:
            return
        more = JobError(
            "reading stopped here", where=str(self.path), got=f"{MOST_FAULTS} faults", fix="mend these first"
        )
        self._faults["", "", ""] = (True, "\U0010ffff", 0, more)
        self.close()

    def over(self, kind: str, base: Node | None, node: Node | None, place: str) -> Node | None:
        """Returns `base` as `node` changes it: `none` or a preset's name replaces it, keys are merged over it."""
        if node is None:
            return base
        if node.value == NONE:
            return None
        found = self.preset(kind, node, place)
        if found is None or base is None or isinstance(node.value, str) or "preset" in node.mapping:
            return found
        return merge(base, found)

    def file(self, node: Node, place: str, most_mb: float = math.inf) -> File | None:
        """Returns the file that a path names, with its digest; None, with a fault, if no file is there.

        The path is relative to the file that it is written in. A file of more than `most_mb` is not read.
        """
        pattern = self._pattern(node)
        if pattern is not None:
            return self._sequence(pattern, node, place)
        path = self.source(node, place)
        if path is None:
            return None
        size, fix = path.stat().st_size, "check that this is the file you mean"
        if size > most_mb * MB:
            got = f"{size // MB} MB"
            self.say("is too large", node, place, expected=f"at most {most_mb:g} MB", got=got, fix=fix)
            return None
        if not size:  # as the kernel's own files are, which may never end
            self.report(SourceError("is empty", got="0 bytes", fix=fix), node, place)
            return None
        if path not in self._files:
            try:
                self._files[path] = File(checksum(path).sha256, path.name, path)
            except OSError as fault:
                lost = SourceError(
                    "cannot be read", expected=str(path), got=fault.strerror, fix="check the path"
                )
                self.report(lost, node, place)
                return None
        return self._files[path]

    def _pattern(self, node: Node) -> Path | None:
        """Returns the path of an image sequence that a value names; None for any other value."""
        if not isinstance(node.value, str) or not node.value:
            return None
        path = Path(os.path.realpath(path_in(node.file.path.parent, node.value)))
        return path if is_pattern(path) else None

    def _sequence(self, pattern: Path, node: Node, place: str) -> File | None:
        """Returns an image sequence by the digest of its pack; None, with a fault, if it cannot be read."""
        try:
            with tempfile.TemporaryFile() as pack:
                write_pack(pattern, pack)
                pack.seek(0)
                return File(hashlib.file_digest(pack, "sha256").hexdigest(), pattern.name + SUFFIX, pattern)
        except SourceError as fault:
            self.report(fault, node, place)
        return None

    def source(self, node: Node, place: str) -> Path | None:
        """Returns the path that a value names; None, with a fault, if no file is there.

        It is relative to the file that it is written in.
        """
        if not isinstance(node.value, str) or not node.value:
            self.say("not a path", node, place, expected="a path", got=node.kind)
            return None
        # None of these raises, whatever a job names: a name of 300 letters, links in a circle, a folder
        # that may not be entered.
        path = Path(os.path.realpath(path_in(node.file.path.parent, node.value)))
        if os.path.isfile(path):  # noqa: PTH113
            return path
        other = "a device or a pipe" if os.path.exists(path) else "no such file"  # noqa: PTH110
        got = "a folder" if os.path.isdir(path) else other  # noqa: PTH112
        fault = SourceError("cannot be read", expected=str(path), got=got, fix="check the path")
        self.report(fault, node, place)
        return None

    def stage(self, kind: type[S], asked: Asked, node: Node, place: str) -> S | None:
        """Returns a stage of that kind with the knobs as asked; None, with its faults, if something is wrong.

        asked: each knob's value and its dotted place; node, place: where a missing knob is reported.
        """
        knobs = knobs_of(kind)
        given = {key: self._given(knobs.get(key), *where) for key, where in asked.items()}
        lost = {key for key, value in given.items() if value is LOST}
        try:
            made = build(kind, {key: value for key, value in given.items() if key not in lost}, place)
        except JobError as fault:
            faults = fault.faults if isinstance(fault, Problems) else (fault,)
            self._refuse(
                faults, {key: at for key, at in asked.items() if key not in lost}, (node, place), lost
            )
            return None
        if lost:
            return None
        for key in knobs:
            if key in asked:
                self.credit(asked[key][1], getattr(made, key), asked[key][0].origin)
            elif not knobs[key].internal:
                self.credit(f"{place}.{key}", getattr(made, key), "default")
        return made

    def _refuse(
        self, faults: Sequence[AnswerprintError], asked: Asked, whole: tuple[Node, str], lost: set[str]
    ) -> None:
        """Reports each fault at its knob, or at the whole stage if the stage does not write that knob.

        lost: knobs whose file could not be read, which is reported already.
        """
        node, place = whole
        for fault in faults:
            key = fault.where.rpartition(".")[2]
            if key not in lost:
                at, spot = asked.get(key, (node, f"{place}.{key}" if key else place))
                self.report(fault, at, spot)

    def _given(self, knob: Knob | None, node: Node, place: str) -> object:
        """Returns a value as its knob's reader takes it: a path as a file, a number as text where text is wanted.

        LOST, with a fault, for a path to a file that cannot be read.
        """
        if knob is not None and knob.kind == "file" and node.value is not None:
            return self.file(node, place, knob.hi) or LOST
        scalar = isinstance(node.value, int | float)
        if knob is not None and knob.kind in ("text", "choice", "duration") and scalar:
            return node.text
        return node.plain()

    def value(self, knob: Knob, node: Node, place: str) -> object:
        """Reads one value that is not a stage's, and returns it; None, with a fault, if it is wrong."""
        given = self._given(knob, node, place)
        if given is LOST:
            return None
        try:
            read = knob.read(given, place)
        except JobError as fault:
            self.report(fault, node, place)
            return None
        self.credit(place, read, node.origin)
        return read
