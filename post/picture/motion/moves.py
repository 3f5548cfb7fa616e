"""Defines motion as data: how type comes, what it does meanwhile, and how it goes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import lru_cache
from typing import Any

from post.errors import JobError
from post.knob import check, duration_seconds, knob, knobs_of
from post.picture.motion.easing import EASING, is_easing
from post.values.time import Clock

SIDES = ("left", "right", "top", "bottom")
UNITS = ("whole", "line", "word", "cluster")
MOST_MOTION = 4_000  # characters of a motion as text
DISTANCE = "a distance such as 6% (of the frame's shorter side) or -0.5em"
_ANY_CLOCK = Clock(Fraction(1))  # no time is no time at any rate
_DISTANCE = re.compile(r"([+-]?\d{1,5}(?:\.\d{1,9})?)\s*(%|em)\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance in shares of the frame's shorter side (`%`) or of the type's size (`em`)."""

    number: Fraction
    unit: str

    def pixels(self, short: int, em_px: float) -> float:
        """Returns it in pixels."""
        return float(self.number) * (short / 100 if self.unit == "%" else em_px)


@dataclass(frozen=True)
class Move:
    """One movement: of `in` from this to rest, of `out` from rest to this, of `while` from rest to this, all the time
    that it is shown."""

    length: str = knob(
        default="0.5s", kind="duration", doc="how long each part moves; 0s: it is there at once"
    )
    ease: str = knob(default="out-cubic", doc="how it moves: any easing function of CSS, or its name")
    by: str = knob(
        default="whole", choices=UNITS, doc="what moves by itself; a cluster is a letter with its marks"
    )
    stagger: str = knob(default="0s", kind="duration", doc="from the start of one part to that of the next")
    order: str = knob(default="forward", choices=("forward", "backward"), doc="which part moves first")
    dx: str = knob(default="0%", doc=f"to the right: {DISTANCE}")
    dy: str = knob(default="0%", doc=f"down: {DISTANCE}")
    scale: float = knob(default=100.0, lo=1, hi=1000, unit="%", doc="its size, about its own middle")
    opacity: float = knob(default=1.0, lo=0, hi=1, doc="of it")
    fade: str = knob(default="", doc="how its opacity moves; as `ease` where not given")
    blur: float = knob(default=0.0, lo=0, hi=10, unit="%", doc="one sigma, in % of the frame's shorter side")
    tracking: float = knob(default=0.0, lo=-200, hi=2000, doc="added between letters, in 1/1000 em")
    reveal: str = knob(
        default="none", choices=("none", *SIDES), doc="uncovered by an edge that starts at this side"
    )
    softness: float = knob(default=0.0, lo=0, hi=100, unit="%", doc="of that edge, in % of its way")
    clip: bool = knob(default=False, doc="shown inside its own line alone: it slides out of nothing")

    def __post_init__(self) -> None:
        """Checks each knob. Raises JobError for one that is wrong."""
        check(self, "motion")
        for name in ("ease", "fade"):
            text = getattr(self, name)
            if not is_easing(text) and (text or name == "ease"):
                raise JobError("not an easing", where=f"motion.{name}", expected=EASING, got=repr(text))
        for name in ("dx", "dy"):
            read_distance(getattr(self, name), f"motion.{name}")

    @property
    def only_fades(self) -> bool:
        """Returns whether nothing but the opacity of the whole changes."""
        rest = Move(self.length, self.ease, opacity=self.opacity, fade=self.fade)
        return self.by == "whole" and self == rest

    @property
    def finest(self) -> str:
        """Returns the unit that it takes type apart into. Letters that move apart are apart."""
        return "cluster" if self.tracking else self.by

    def seconds(self, clock: Clock) -> tuple[Fraction, Fraction]:
        """Returns its length and its stagger, in seconds."""
        return duration_seconds(self.length, clock), duration_seconds(self.stagger, clock)


@dataclass(frozen=True)
class TypeMotion:
    """What a title does as it comes, while it is shown, and as it goes; None where it does nothing. shutter: degrees of
    a frame that are exposed, 0 to 360; 0 makes no motion blur."""

    into: Move | None = None
    out: Move | None = None
    during: Move | None = None
    shutter: float = 0.0

    @property
    def only_fades(self) -> bool:
        """Returns whether nothing but the opacity of the whole changes."""
        return all(move.only_fades for move in self.moves)

    @property
    def calm(self) -> TypeMotion:
        """Returns it without any movement: it fades in and out where it would move, as long as one part of it does.

        Source: WCAG 2.2, 2.3.3: motion can be turned off unless it is essential.
        """
        into, out = (move and Move(move.length, "smooth", opacity=0) for move in (self.into, self.out))
        return TypeMotion(into, out)

    @property
    def finest(self) -> str:
        """Returns the smallest unit that any of its moves takes type apart into."""
        return max((move.finest for move in self.moves), key=UNITS.index, default="whole")

    @property
    def moves(self) -> tuple[Move, ...]:
        """Returns those it has."""
        return tuple(move for move in (self.into, self.out, self.during) if move)

    def check_as_one_piece(self, where: str) -> None:
        """Raises JobError for a way in or out of which nothing is left where type moves as one piece: parts that are
        there at once, one after the other."""
        for move in (self.into, self.out):
            if move is not None and move.by != "whole" and not move.seconds(_ANY_CLOCK)[0]:
                raise JobError(
                    f"its parts come one by one (`by: {move.by}`), and a title with a second line, a bar, round plates "
                    "or vertical writing moves as one piece",
                    where=where,
                    expected="a motion that takes time, such as rise, slide or reveal",
                    got=f"length: {move.length}",
                    fix="use another motion, or leave these out",
                )


KEYS = {"in": "into", "out": "out", "while": "during"}  # as a job writes them, and as TypeMotion names them
MOST_SHUTTER = 360


def read_distance(text: str, where: str) -> Distance:
    """Returns a distance. Raises JobError for a text that is none."""
    found = _DISTANCE.match(text.strip())
    if found is None:
        raise JobError("not a distance", where=where, expected=DISTANCE, got=repr(text))
    return Distance(Fraction(found[1]), found[2])


def motion_text(motion: TypeMotion) -> str:
    """Returns a motion as the knob of a title holds it: JSON, with what differs from rest."""
    said: dict[str, Any] = {key: _said(getattr(motion, name)) for key, name in KEYS.items()}
    said = {key: move for key, move in said.items() if move is not None}
    if motion.shutter:
        said["shutter"] = motion.shutter
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=64)  # a plan asks for a title's motion at every frame that the title stands
def read_motion(text: str, where: str) -> TypeMotion | None:
    """Returns the motion in a knob; None where it says none. Raises JobError for a text that holds none."""
    if not text.strip():
        return None
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise _no_motion(text, where) from fault
    if not isinstance(said, dict) or said.keys() - {*KEYS, "shutter"}:
        raise _no_motion(text, where)
    moves = {KEYS[key]: _move(move, where) for key, move in said.items() if key in KEYS}
    shutter = said.get("shutter", 0.0)
    if isinstance(shutter, bool) or not isinstance(shutter, int | float) or not 0 <= shutter <= MOST_SHUTTER:
        raise _no_motion(text, where)
    return TypeMotion(**moves, shutter=float(shutter))


def _move(said: object, where: str) -> Move:
    known = knobs_of(Move)
    if not isinstance(said, dict) or said.keys() - known.keys():
        raise _no_motion(str(said), where)
    return Move(**{key: known[key].read(value, f"{where}.{key}") for key, value in said.items()})  # type: ignore[arg-type]  # as their knobs read them


def _said(move: Move | None) -> dict[str, Any] | None:
    if move is None:
        return None
    values = {f.name: (getattr(move, f.name), f.default) for f in fields(move)}
    return {name: value for name, (value, default) in values.items() if value != default}


def _no_motion(text: str, where: str) -> JobError:
    return JobError(
        "not a motion",
        where=where,
        expected="the name of a preset, or keys: in, out, while, shutter",
        got=text[:80],
    )
