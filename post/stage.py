"""Stages: what can be done to a film. A stage is a frozen value that does one thing and declares it.

Built-in and third-party stages are found in the same way: by name in the entry point group
`answerprint.stages`. The module behind a name is imported when the name is first used.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from threading import RLock
from typing import ClassVar, Literal, Self, TypeVar, dataclass_transform

from post.errors import RetryError, unknown
from post.knob import check, knob, knobs_of
from post.values.array import Array
from post.values.claim import Action, Plain
from post.values.colour import Format
from post.values.media import File
from post.values.plan import Knob, StageCall
from post.values.plan import Pose as Pose  # where layers look for it
from post.values.time import Clock, Span

# What a manifest spells out of one knob; of what is longer it gives the digest: the plan has it all.
MOST_NUMBERS, MOST_LETTERS = 64, 2000
# Names of stages in jobs, locks and plans of earlier releases, and their names now.
RENAMED = {"mark": "label", "durable": "watermark"}
Does = Literal[
    "repair", "colour", "field", "time", "frame", "transition", "layer", "sound", "frames", "finish", "encode"
]


class Stage(ABC):
    """What every stage has. `version` rises when the same knobs give other pixels or samples."""

    name: ClassVar[str]
    version: ClassVar[int]
    does: ClassVar[Does]

    @classmethod
    def require(cls, stage: Stage) -> Self:
        """Returns the stage, which must be of this kind. Raises RetryError where it is of another."""
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
        """What this stage does to the film's frames `where`, in C2PA's terms.

        None where the knobs leave the film as it was.
        """


Planes16 = tuple[Array, Array, Array]


class RepairStage(Stage):
    """Mends a clip's own frames before anything else is done to them.

    Frames are planes of Y', Cb and Cr, uint16, as the clip has them: not cropped, not scaled, chroma
    subsampled as it was. Codes are 10-bit limited-range codes times 64, whatever the file's own are.
    """

    does = "repair"

    @property
    def reach(self) -> int:
        """How many frames on either side it reads to mend one."""
        return 0

    @abstractmethod
    def repair(self, frame: int, near: Mapping[int, Planes16]) -> Planes16:
        """The frame mended. Must not change what is in `near`.

        frame: its number on the clip's grid; near: by number, that frame and those up to `reach` from it
        that the clip has.
        """


class ColourStage(Stage):
    """A function of colour alone. All of a shot's colour stages become one table."""

    does = "colour"

    @abstractmethod
    def colour(self, rgb: Array) -> Array:
        """(n, 3) float64 display-encoded R'G'B', 0..1, in and out; may leave the range."""


class FieldStage(Stage):
    """Adds a seeded field of noise to finished colour (grain)."""

    does = "field"

    @abstractmethod
    def sigma(self, luma: Array) -> Array:
        """Strength in 8-bit codes by luma (0..1), same shape."""

    @abstractmethod
    def tile(self, height: int, width: int, frame_height: int) -> Array:
        """A field of unit variance that goes on at its other edge (a torus), (height, width) float32.

        frame_height: what its size scales with.
        """


class FrameEffect(Stage):
    """Any function of whole frames, at a higher cost than a colour stage. Plug-ins, moviepy effects and
    ffmpeg filters are of this kind."""

    does = "frames"

    @abstractmethod
    def frames(self, rgb: Array, frame: int) -> Array:
        """One (height, width, 3) float32 display-encoded R'G'B' frame, 0..1, to another of that shape.

        frame: its absolute number in the film, for seeding. Must not change `rgb`, nor lean on anything that
        outlives the call: frames come in any order, in several processes, and in several threads of one
        (each with an instance of its own).
        """


@dataclass(frozen=True)
class Raster:
    """A drawn layer. rgba: (height, width, 4) float32, 0..1, display-encoded, straight alpha;
    left, top: where it goes, in pixels of the film's frame."""

    rgba: Array
    left: int
    top: int


class LayerStage(Stage):
    """Type, brand elements and marks, laid over finished picture inside their own box."""

    does = "layer"

    @abstractmethod
    def draw(self, canvas: Format) -> Raster:
        """The layer at rest. Raises JobError where it cannot be drawn (no glyph, no room)."""

    @abstractmethod
    def pose(self, frame: int, length: int, clock: Clock) -> Pose:
        """How it stands `frame` frames into the `length` frames it is on."""


class FinishStage(Stage):
    """Changes the luma of frames that are finished, titles and all, in the encoder's own codes."""

    does = "finish"

    @abstractmethod
    def finish(self, luma: Array, depth: int, picture: tuple[slice, slice]) -> None:
        """One frame's luma, in place: (height, width) codes of limited range, uint8 at a depth of 8, uint16 at 10.

        picture: its rows and columns without the bars beside it, which are to be left alone.
        """


class TransitionStage(Stage):
    """Mixes the end of one shot into the start of the next."""

    does = "transition"

    @abstractmethod
    def weight(self, share: float) -> float:
        """The incoming shot's weight, 0..1, a share (0..1) of the way through."""


class Setting(Stage):
    """A stage the planner reads: its knobs become a time map, a window, sound events or encoder settings."""


REGISTRY: dict[str, type[Stage]] = {}
_LOADING = RLock()
S = TypeVar("S", bound=Stage)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(knob,))
def stage(name: str, *, version: int) -> Callable[[type[S]], type[S]]:
    """Declare a stage: a frozen value, its knobs checked when made, found by name."""

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
    """Every stage that is installed or declared in this process."""
    return sorted((set(_offered()) | set(REGISTRY)) - set(RENAMED))


def release_of(name: str) -> tuple[tuple[str, str], ...]:
    """The package and release a stage comes from; empty for this program's own."""
    entry = _offered().get(name)
    package = entry.dist if entry else None
    if package is None or package.name == "answerprint":
        return ()
    return ((package.name, package.version),)


def find(name: str, where: str = "stage") -> type[Stage]:
    """Returns the stage of that name, or of that old name.

    Raises JobError, with the nearest name, where there is none.
    """
    name = RENAMED.get(name, name)
    # A module declares its stages before it is done: another thread waits until it is.
    with _LOADING:
        if name not in REGISTRY and name in _offered():
            _offered()[name].load()
        if name not in REGISTRY:
            raise unknown(name, stage_names(), where, "stage")
        return REGISTRY[name]


def call_of(made: Stage) -> StageCall:
    """A stage as plan data."""
    knobs: list[tuple[str, Knob]] = [(key, getattr(made, key)) for key in knobs_of(type(made))]
    return StageCall(made.name, made.version, tuple(knobs))


def open_call(call: StageCall) -> Stage:
    """The stage that plan data names. Raises RetryError where this install has another version of it."""
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
    """A stage's knobs as C2PA action parameters, in this tool's own namespace."""
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
