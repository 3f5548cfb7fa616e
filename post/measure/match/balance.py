"""Balances a shot: brings its exposure, black, white, contrast, neutral axis and saturation nearer to figures.

It needs no likeness between shots: what a colourist does first. Each part moves no further than FURTHEST, only if it
is likely enough to help, and only as far as the guards let it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from post.measure.match.balance_confidence import PARTS, Part, part_confidence
from post.measure.match.balance_curve import NOTHING, balanced, solve
from post.measure.match.figures import MeasuredFigures, excess_of, grey_weights, saturation_of, tone_of
from post.measure.match.guards import (
    DARK_SKIN,
    OF_PALETTE,
    SKIN_SHARE,
    Colour,
    Scene,
    Strain,
    apply_guards,
    hue_of,
    may_be_skin,
)
from post.measure.oklab import LUMA, oklab
from post.values.array import Array
from post.values.shot_figures import ShotFigures

# The furthest that a part is moved: luma of a display-encoded picture (.17 is about a stop at mid grey); shares of
# luma; the logarithm of chroma.
FURTHEST: Mapping[Part, float] = {
    "black": 0.04, "exposure": 0.2, "white": 0.08, "contrast": 0.1, "neutral": 0.12, "saturation": 0.5,
}  # fmt: skip
# Saturation falls less far than it rises: a forest that is nearly grey is no forest.
FADED, RAISED = 0.35, 0.5
PLACES: Mapping[Part, tuple[int, ...]] = {
    "black": (0,), "exposure": (1,), "white": (2,), "contrast": (3,), "neutral": (4, 5), "saturation": (6,),
}  # fmt: skip
SOLVED_ON = 2500  # pixels
# What a shot may end further away by, in units of FURTHEST: less is not seen.
NO_FURTHER = 0.05
# A balance may turn skin further than a match by palette may (guards.py): it takes away a cast of the whole picture,
# found in its greys. But its mean has to stay within what skin is, keep most of its colour, and gain little. Its luma
# may fall by SKIN_FALL, and below SKIN_DARKEST only by SKIN_DIM of itself: faces are exposed for, whatever is behind
# them.
SKIN_TURN, SKIN_FADE, SKIN_RICH = 9.0, 0.6, 1.35
SKIN_FALL, SKIN_DARKEST, SKIN_DIM = 0.1, 0.35, 0.9
# In the order that they are settled: each keeps what the ones before it reached.
STEPS: tuple[tuple[Part, ...], ...] = (
    ("black", "exposure", "white", "contrast"),
    ("neutral",),
    ("saturation",),
)
# Figures of which a shot may not end further away from its goal, whether or not they are moved.
JUDGED: tuple[Part, ...] = ("exposure", "contrast", "neutral", "saturation")
LESS = 0.9  # a smaller share is said
WHOLE: Mapping[Part, float] = dict.fromkeys(PARTS, 1.0)


@dataclass(frozen=True, slots=True)
class MovedPart:
    """One part of a balance. confidence: that the shot is nearer to its goal afterwards, 0..1; share: how much of the
    wanted move the guards let through, 0..1."""

    part: Part
    confidence: float
    share: float


@dataclass(frozen=True, eq=False)
class Balance:
    """A balance within its guards. parameters: (7,), as in `balance_curve`; parts: those that are moved; unsure: those
    that were left for want of confidence; bit: the guards that held it back; weakened: the parts that go less far, or
    nowhere, for the sake of the other shots; together: those that are unsure and move for it."""

    parameters: Array
    parts: tuple[MovedPart, ...]
    unsure: tuple[tuple[Part, float], ...]
    bit: tuple[str, ...]
    weakened: tuple[Part, ...] = ()
    together: tuple[Part, ...] = ()


def vector(figures: ShotFigures) -> Array:
    """Returns (7,): the figures in the order of PLACES, saturation as a logarithm; nan where there is none."""
    rows = [getattr(figures, name) for name in ShotFigures.__slots__]
    known = np.array([np.nan if value is None else value for value in rows])
    known[6] = np.log(max(known[6], 1e-3)) if np.isfinite(known[6]) else np.nan
    return known


def seen_figures(rgb: Array, greys: Array | None) -> Array:
    """Returns (5,), as they are seen, in Oklab: median and deviation of lightness, a and b of greys, mean chroma.

    rgb: (n, 3) R'G'B'; greys: (n,) how much each pixel counts as a grey; None where there are none, whose a and b are
    nan.
    """
    light, a, b = oklab(np.clip(rgb, 0, 1)).T
    axis = (np.nan, np.nan) if greys is None else (float(greys @ a), float(greys @ b))
    return np.array([np.median(light), light.std(), *axis, np.hypot(a, b).mean()])


def furthest(part: Part, apart: Array) -> float:
    """Returns how far a part may be moved towards a goal that is `apart`, (7,), from the shot."""
    faded = part == "saturation" and apart[PLACES[part][0]] < 0
    return FADED if faded else RAISED if part == "saturation" else FURTHEST[part]


def _known(apart: Array, part: Part) -> bool:
    return bool(np.isfinite(apart[list(PLACES[part])]).all())


def _apart(apart: Array, part: Part) -> float:
    """Returns how far a part is away from its goal, in units of FURTHEST."""
    return float(np.linalg.norm(apart[list(PLACES[part])]) / FURTHEST[part])


class BalanceTrial:
    """Tries balances of one shot towards a goal.

    scene: pixels of the shot, and of what it is balanced to (of the shot itself where that is no picture); here: the
    figures of the shot; least: the confidence from which a part is moved; after: what is done to the picture between
    the balance and where the figures are measured.
    """

    def __init__(
        self,
        scene: Scene,
        here: MeasuredFigures,
        goal: MeasuredFigures,
        least: float,
        after: Colour = np.asarray,
    ) -> None:
        self._scene, self._after = scene, after
        self._apart = vector(goal.figures) - vector(here.figures)  # nan where unknown
        greys = min(here.greys, goal.greys)
        known = [part for part in PARTS if _known(self._apart, part)]
        self._sure = {part: part_confidence(part, _apart(self._apart, part), greys) for part in known}
        self._away = [part for part in known if _apart(self._apart, part) > NO_FURTHER]
        self._least = least
        self._pixels = scene.target[:: max(1, len(scene.target) // SOLVED_ON)]
        self._strain = Strain(Scene(self._pixels, scene.reference))
        # They stay the same pixels, whatever is done to them. Where the goal has none, or they are too few to be
        # moved, they are held where they are: a change of saturation would move them.
        self._greys = grey_weights(after(self._pixels))
        self._start = self._measure(balanced(NOTHING))
        self._free = np.array([1.0, 1, 1, *2 * [float("neutral" in known)], float("saturation" in known), 1])
        self._judged: list[Part] = []
        self._has_axis = here.figures.red is not None

    def balance(
        self, shares: Mapping[Part, float] = WHOLE, together: Collection[Part] = frozenset()
    ) -> Balance:
        """Returns the balance that moves each part by a share, 0..1, of what is wanted, as far as the guards allow.

        together: parts that move although this shot alone gives too little reason for it.
        """
        able = [part for part in self._away if self._sure[part] >= self._least or part in together]
        moved = [part for part in able if shares[part] > 0]
        settled, parts, bits = NOTHING, list[MovedPart](), list[str]()
        self._judged = []
        for step in STEPS:
            asked = [part for part in step if part in moved]
            if not asked:
                continue
            settled, share, bit = self._settle(settled, {part: shares[part] for part in asked})
            parts += [MovedPart(part, self._sure[part], share * shares[part]) for part in asked if share > 0]
            bits += bit
        unsure = tuple((part, self._sure[part]) for part in self._away if part not in able)
        weakened = tuple(part for part in able if shares[part] < LESS and part not in together)
        known = tuple(part for part in moved if part in together)
        return Balance(settled, tuple(parts), unsure, tuple(dict.fromkeys(bits)), weakened, known)

    def seen(self, parameters: Array) -> Array:
        """Returns the figures that shots of a spot are compared by, after a balance; see `seen_figures`."""
        out = self._after(balanced(parameters)(self._pixels))
        return seen_figures(out, self._greys if self._has_axis else None)

    def _measure(self, colour: Colour) -> Array:
        out = self._after(colour(self._pixels))
        red, blue = (float(each) for each in self._greys @ excess_of(out))
        return np.array([*tone_of(out), red, blue, np.log(max(saturation_of(out, (red, blue)), 1e-3))])

    def _settle(self, settled: Array, shares: Mapping[Part, float]) -> tuple[Array, float, tuple[str, ...]]:
        """Moves parts, each by its share, from what is settled, as far as the guards allow.

        Returns the parameters, the share of the wanted move, and the guards that held it back.
        """
        aim = self._measure(balanced(settled))
        for part, wanted in shares.items():
            places = list(PLACES[part])
            bounded = min(1.0, furthest(part, self._apart) / float(np.linalg.norm(self._apart[places])))
            aim[places] = self._start[places] + wanted * bounded * self._apart[places]
        step = solve(settled, self._free, self._measure, aim, self._strain.of) - settled
        self._judged += [part for part in JUDGED if part in shares]
        guards = OF_PALETTE | {"skin": kept_skin, "nearer": self._nearer}
        share, bit = apply_guards(lambda s: balanced(settled + s * step), self._scene, guards)
        return settled + share * step, share, bit

    def _nearer(self, colour: Colour, scene: Scene) -> bool:  # noqa: ARG002  a guard's arguments
        """Returns whether no part that was moved is further away from its goal than it began."""
        left = self._apart - (self._measure(colour) - self._start)
        return all(_apart(left, part) <= _apart(self._apart, part) + NO_FURTHER for part in self._judged)


def kept_skin(colour: Colour, scene: Scene) -> bool:
    """Returns whether what may be skin still may be, without turning or darkening far: of a cast it may be freed.

    Dark skin, or skin in shade, is looked at by itself: a dark face beside a wall of wood is no part of it.
    """
    lab = oklab(scene.target)
    skin, dark = may_be_skin(lab), lab[:, 0] < DARK_SKIN
    groups = [scene.target[skin & at] for at in (dark, ~dark)]
    return all(_stays_skin(colour, rgb) for rgb in groups if len(rgb) >= SKIN_SHARE * len(lab))


def _stays_skin(colour: Colour, rgb: Array) -> bool:
    out = colour(rgb)
    light, left = (float((each @ LUMA).mean()) for each in (rgb, out))
    if left < max(light - SKIN_FALL, min(SKIN_DIM * light, SKIN_DARKEST)):
        return False
    before, after = (oklab(each).mean(0) for each in (rgb, out))
    turn = abs(hue_of(after) - hue_of(before))
    fade = np.hypot(*after[1:]) / np.hypot(*before[1:])
    return bool(may_be_skin(after[None])[0] and turn <= SKIN_TURN and SKIN_FADE <= fade <= SKIN_RICH)
