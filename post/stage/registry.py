"""Finds stages by name, makes them from plan data, and turns their knobs into what a manifest says.

Built-in and third-party stages are found in the same way: by name in the entry point group
`answerprint.stages`. The module of a stage is imported when its name is first used.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from threading import RLock
from typing import ClassVar, Literal, Self, TypeVar, dataclass_transform

from post.errors import RetryError, unknown
from post.knob import check, knob, knobs_of
from post.values.claim import Action, Plain
from post.values.media import File
from post.values.plan import Knob, StageCall
from post.values.time import Span

# The longest value of a knob that a manifest holds in full; of a longer one it holds the digest.
MOST_NUMBERS, MOST_LETTERS = 64, 2000
# Names of stages in jobs, locks and plans of earlier releases, and their names now.
RENAMED = {"mark": "label", "durable": "watermark", "bug": "graphic"}
Does = Literal[
    "repair", "colour", "field", "time", "frame", "transition", "layer", "sound", "frames", "finish", "encode"
]


class Stage(ABC):
    """The base of all stages. `version` rises when the same knobs give other pixels or samples."""

    name: ClassVar[str]
    version: ClassVar[int]
    does: ClassVar[Does]

    @classmethod
    def require(cls, stage: Stage) -> Self:
        """Returns the stage, which must be of this kind. Raises RetryError if it is of another."""
        if isinstance(stage, cls):
            return stage
        raise RetryError(
            "this worker has another kind of stage under this name",
            where=stage.name,
            expected=cls.__name__,
            got=type(stage).__name__,
            fix="install one release of Answerprint everywhere",
        )

    @classmethod
    def from_call(cls, call: StageCall) -> Self:
        """Returns the stage of this kind that plan data names. Raises RetryError, as `open_call` does."""
        return cls.require(open_call(call))

    @abstractmethod
    def declare(self, where: Span) -> Action | None:
        """Returns what this stage does to the film's frames `where`, in C2PA's terms.

        None if its knobs leave the film as it was.
        """


REGISTRY: dict[str, type[Stage]] = {}
_LOADING = RLock()
S = TypeVar("S", bound=Stage)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(knob,))
def stage(name: str, *, version: int) -> Callable[[type[S]], type[S]]:
    """Returns the decorator that declares a stage: a frozen class that checks its knobs, and that `find` finds.

    Raises ValueError for the old name of a stage, or for a name that another module uses.
    """

    if name in RENAMED:
        raise ValueError(f"{name!r} is the old name of the stage {RENAMED[name]!r}")

    def declare(kind: type[S]) -> type[S]:
        def checked(self: S) -> None:
            check(self, name)
            extra = getattr(kind, "agree", None)
            if extra is not None:
                extra(self)

        # A dataclass calls __post_init__ by that name only.
        kind.name, kind.version, kind.__post_init__ = name, version, checked  # type: ignore[attr-defined]
        made = dataclass(frozen=True, kw_only=True)(kind)
        other = REGISTRY.get(name)
        if other is not None and other.__module__ != made.__module__:
            raise ValueError(f"two stages named {name!r}: {other.__module__}, {made.__module__}")
        REGISTRY[name] = made
        return made

    return declare


@cache
def _offered() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group="answerprint.stages")}


def stage_names() -> list[str]:
    """Returns the name of every stage that is installed or declared in this process."""
    return sorted((set(_offered()) | set(REGISTRY)) - set(RENAMED))


@cache
def release_of(name: str) -> tuple[tuple[str, str], ...]:
    """Returns the package and the release that a stage comes from; nothing for this program's own."""
    entry = _offered().get(name)
    package = entry.dist if entry else None
    if package is None or package.name == "answerprint":
        return ()
    return ((package.name, package.version),)


def find(name: str, where: str = "stage") -> type[Stage]:
    """Returns the stage of that name, or of that old name.

    Raises JobError, with the nearest name, if there is none.
    """
    name = RENAMED.get(name, name)
    # A module declares its stages before its import ends: another thread must wait for the end.
    with _LOADING:
        if name not in REGISTRY and name in _offered():
            _offered()[name].load()
        if name not in REGISTRY:
            raise unknown(name, stage_names(), where, "stage")
        return REGISTRY[name]


def call_of(made: Stage) -> StageCall:
    """Returns a stage as plan data."""
    knobs: list[tuple[str, Knob]] = [(key, getattr(made, key)) for key in knobs_of(type(made))]
    return StageCall(made.name, made.version, tuple(knobs))


def open_call(call: StageCall) -> Stage:
    """Returns the stage that plan data names. Raises RetryError if this install has another version of it."""
    kind = find(call.stage)
    if kind.version != call.version:
        raise RetryError(
            "this worker has another version of a stage",
            where=call.stage,
            expected=f"version {call.version}",
            got=kind.version,
            fix="install one release of Answerprint everywhere",
        )
    return kind(**dict(call.knobs))


def parameters(made: Stage) -> tuple[tuple[str, Plain], ...]:
    """Returns a stage's version and knobs as C2PA action parameters, in this tool's own namespace."""
    head = f"org.answerprint.{made.name}"
    knobs = [(f"{head}.{key}", _plain(getattr(made, key))) for key in knobs_of(type(made))]
    return ((f"{head}.version", made.version), *knobs)


def _plain(value: Knob) -> Plain:
    if isinstance(value, File):
        return f"sha256:{value.sha256}"
    if isinstance(value, tuple) and len(value) > MOST_NUMBERS:
        return f"{len(value)} numbers, sha256:{hashlib.sha256(repr(value).encode()).hexdigest()}"
    if isinstance(value, str) and len(value) > MOST_LETTERS:
        return f"{len(value)} characters, sha256:{hashlib.sha256(value.encode()).hexdigest()}"
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return "" if value is None else value
