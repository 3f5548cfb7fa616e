"""Collects the faults of a job while it is read, and the values that it resolves to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from post.atomic import checksum
from post.errors import AnswerprintError, JobError, Problems, SourceError, warn_of_old_name
from post.job.schema_table import NONE
from post.knob import Knob, knobs_of
from post.stage import Stage
from post.stage_knobs import build
from post.values.media import File
from post.values.short_text import short_text
from presets import Node, Shelves, merge

Asked = Mapping[str, tuple[Node, str]]
# A file knob's value where its file cannot be read.
LOST = object()
S = TypeVar("S", bound=Stage)
V = TypeVar("V", str, int, float, bool)


class UnreadableSources(Problems, SourceError):  # noqa: N818  as its base, Problems
    """A job that is right, but whose sources cannot be read."""

    exit_code = SourceError.exit_code

    def __reduce__(self) -> tuple[object, ...]:
        return UnreadableSources, (self.faults,)


class Diagnostics:
    """What a job is read on: its presets, every fault found so far, where each value came from."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shelves = Shelves(path.parent)
        self.origins: list[tuple[str, str, str]] = []
        self._faults: dict[tuple[str, ...], tuple[bool, str, int, AnswerprintError]] = {}
        self._files: dict[Path, File] = {}
        self._old_names: set[str] = set()

    def report(self, fault: AnswerprintError, node: Node, place: str) -> None:
        """Keep a fault. One value reached on two ways (a preset's, by each shot) is at fault once."""
        where = f"{node.where}: {place}" if place else node.where
        placed = type(fault)(fault.what, where=where, expected=fault.expected, got=fault.got, fix=fault.fix)
        preset = node.file.path != self.path
        key = (node.where, fault.what, str(fault.got), place.rpartition(".")[2])
        self._faults.setdefault(key, (preset, node.file.label, node.line, placed))

    def say(self, what: str, node: Node, place: str, **more: object) -> None:
        """Keep a fault of the job. more: expected, got and fix, as JobError takes them."""
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

    def close(self) -> None:
        """Raise everything that was found wrong, in the order of its lines, the job file's first."""
        found = [row[-1] for row in sorted(self._faults.values(), key=lambda row: row[:3])]
        if found and all(isinstance(fault, SourceError) for fault in found):
            raise UnreadableSources(found)
        if found:
            raise Problems(found)

    def preset(self, kind: str, node: Node, place: str) -> Node | None:
        """A preset, or keys over one, with the preset's merged in; None where that failed."""
        try:
            return self.shelves.resolve(kind, node)
        except Problems as many:
            for fault in many.faults:
                self._keep(fault)
        except JobError as fault:
            if fault.where and fault.where != node.where and ":" in fault.where:
                self._keep(fault)
            else:
                self.report(fault, node, place)
        return None

    def _keep(self, fault: AnswerprintError) -> None:
        """A fault that already names its file and line: one inside a preset."""
        self._faults.setdefault((fault.where, fault.what, str(fault.got)), (True, fault.where, 0, fault))

    def over(self, kind: str, base: Node | None, node: Node | None, place: str) -> Node | None:
        """`base` as `node` changes it: `none` and a preset's name replace it, keys are laid over it."""
        if node is None:
            return base
        if node.value == NONE:
            return None
        found = self.preset(kind, node, place)
        if found is None or base is None or isinstance(node.value, str) or "preset" in node.mapping:
            return found
        return merge(base, found)

    def file(self, node: Node, place: str) -> File | None:
        """The file a path names, relative to the file that wrote it, by its content."""
        path = self.source(node, place)
        if path is None:
            return None
        if path not in self._files:
            self._files[path] = File(checksum(path).sha256, path.name, path)
        return self._files[path]

    def source(self, node: Node, place: str) -> Path | None:
        """The path a value names, relative to the file that wrote it; None where no file is there."""
        if not isinstance(node.value, str) or not node.value:
            self.say("not a path", node, place, expected="a path", got=node.kind)
            return None
        path = (node.file.path.parent / node.value).resolve()
        if path.is_file():
            return path
        got = "a folder" if path.is_dir() else "no such file"
        fault = SourceError("cannot be read", expected=str(path), got=got, fix="check the path")
        self.report(fault, node, place)
        return None

    def stage(self, kind: type[S], asked: Asked, node: Node, place: str) -> S | None:
        """Returns a stage of that kind from what was asked of its knobs.

        asked: each knob's value and its dotted place; node, place: what is at fault where a knob is missing.
        None where something is wrong with it, which is then among the faults.
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
            else:
                self.credit(f"{place}.{key}", getattr(made, key), "default")
        return made

    def _refuse(
        self, faults: Sequence[AnswerprintError], asked: Asked, whole: tuple[Node, str], lost: set[str]
    ) -> None:
        """Reports each fault at the knob it is of, or at the whole stage.

        lost: knobs whose file could not be read, which is reported already.
        """
        node, place = whole
        for fault in faults:
            key = fault.where.rpartition(".")[2]
            if key not in lost:
                at, spot = asked.get(key, (node, f"{place}.{key}" if key else place))
                self.report(fault, at, spot)

    def _given(self, knob: Knob | None, node: Node, place: str) -> object:
        """A value as its knob's reader takes it: paths become files, numbers typed as text are text.

        LOST for a path to a file that cannot be read, which is reported.
        """
        if knob is not None and knob.kind == "file" and node.value is not None:
            return self.file(node, place) or LOST
        scalar = isinstance(node.value, int | float)
        if knob is not None and knob.kind in ("text", "choice", "duration") and scalar:
            return node.text
        return node.plain()

    def value(self, knob: Knob, node: Node, place: str) -> object:
        """One value that is no stage's; None where it is wrong."""
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
