"""Facts: results of measuring a file, stored so that nothing is measured twice.

A measure has a name and a version; the version rises when the same file would give another value. It
sees every frame of a clip once, in order, and then says what it found, or why it found nothing. So a fact
depends on the file alone, not on who read it or how; of what is no clip, also on how the job shows it.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, TypeVar

from post.engine.store import Store
from post.measure.frames import Step
from post.values.canonical import digest, from_plain, plain
from post.values.media import Fact, Picture

Known = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A measurement that is not possible. why: the reason, for people."""

    why: str


@dataclass(frozen=True, slots=True)
class ClipLength:
    """What a measure knows before the first frame. length: in frames; rate: frames a second."""

    length: int
    rate: Fraction


class Measure(ABC):
    """One measurement of one clip, in progress.

    gives: the frozen value it finds; after: the measures whose values it wants to know when it ends.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    gives: ClassVar[type]
    after: ClassVar[tuple[str, ...]]

    @abstractmethod
    def __init__(self, footage: ClipLength) -> None: ...

    @abstractmethod
    def see(self, step: Step) -> None:
        """Takes the next frame. The memory used must not grow with frame size times clip length."""

    @abstractmethod
    def found(self, known: Known) -> Any:
        """Returns a value of type `gives`, or Unmeasured. known: the values of the measures in `after`, by name."""


MEASURES: dict[str, type[Measure]] = {}
M = TypeVar("M", bound=Measure)


def measure(
    name: str, *, version: int, gives: type, after: tuple[str, ...] = ()
) -> Callable[[type[M]], type[M]]:
    """Registers a measure under a name. Raises ValueError if the name is taken, or `after` names no measure."""

    def declare(kind: type[M]) -> type[M]:
        unknown = [each for each in after if each not in MEASURES]
        if name in MEASURES or unknown:
            raise ValueError(f"measure {name!r}: already declared, or after unknown {unknown}")
        kind.name, kind.version, kind.gives, kind.after = name, version, gives, after
        MEASURES[name] = kind
        return kind

    return declare


@dataclass(frozen=True, slots=True)
class FactQuestion:
    """What a fact answers: it is kept under this value's digest. shown: how a job shows the asset, "" for a clip."""

    asset: str
    measure: str
    version: int
    shown: str = ""


def shown_by_job(picture: Picture) -> str:
    """Returns what the facts of a picture depend on besides its file: a clip has a rate and a ground of its own, and
    the others take them from the job."""
    return "" if picture.kind == "clip" else digest(picture)


def load_fact(keep: Store, asset: str, name: str, shown: str = "") -> Fact | None:
    """Returns the stored fact of an asset (a sha256), or None if there is none that can be read.

    shown: as `shown_by_job` has it.
    """
    kind = MEASURES[name]
    kept = keep.load(digest(FactQuestion(asset, name, kind.version, shown)))
    if kept is None:
        return None
    try:
        data = json.loads(kept)
        value = Unmeasured(data["why"]) if "why" in data else from_plain(kind.gives, data["value"])
    except (ValueError, TypeError, KeyError):
        return None
    return Fact(asset, name, kind.version, value)


def store_fact(keep: Store, fact: Fact, shown: str = "") -> None:
    """Stores a fact, whole or not at all. Raises OutputError or RetryError if it cannot be written."""
    question = FactQuestion(fact.asset, fact.measure, fact.version, shown)
    keep.save(digest(question), json.dumps(_data(fact.value)).encode())


def _data(value: object) -> dict[str, Any]:
    return {"why": value.why} if isinstance(value, Unmeasured) else {"value": plain(value)}
