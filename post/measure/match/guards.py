"""Guards: what a match may not do to a picture. A guard that fails lowers the strength of the match."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from post.measure.oklab import LUMA, oklab
from post.values.array import Array

SLOPE = (0.5, 2.0)  # of grey, output over input
CLIPPED = 0.005  # share of the picture that may newly clip
SEEN_TO_CLIP = 4 / 255  # what lies this far beyond the range, or less, is not seen to be lost
DRIFT = 0.01  # Oklab chroma that the least colourful may gain beyond what either shot has there
SKIN_DEGREES = 4.0  # that skin's hue may go away from the reference's skin
STEP = 2.0  # codes out for one code in, 99 of 100 times
CODE = 1 / 255
# The least colourful of a picture: this share of what is neither dark nor bright.
LEAST_COLOURFUL, MIDTONES = 0.05, (0.3, 0.9)
# Skin in Oklab: hue in degrees, chroma, lightness; pale to dark lies within. So much of a picture must be in
# it. Wood and sand are in it too: a guard too many there, never one too few. Dark skin, and skin in shade, has less
# chroma, by its lightness: of 20 samples from pale to dark (#2b1a14), it is .1 of it or more; nearly black skin, whose
# colour is that of shade, is not in it.
SKIN_HUE, SKIN_CHROMA, SKIN_LIGHT, SKIN_SHARE = (35.0, 62.0), (0.035, 0.12), (0.2, 0.9), 0.03
DARK_SKIN, CHROMA_PER_LIGHT = 0.35, 0.1  # below this lightness
BISECTIONS = 6

Colour = Callable[[Array], Array]


@dataclass(frozen=True, eq=False)
class Scene:
    """The pixels that guards check. target, reference: (n, 3) R'G'B', evenly sampled from both shots without bars."""

    target: Array
    reference: Array


def slope(colour: Colour, scene: Scene) -> bool:
    """Returns whether the slope of grey stays within SLOPE."""
    low, high = np.clip(np.percentile(scene.target @ LUMA, [2, 98]), 0.02, 0.98)
    if high - low < 0.05:
        return True
    ramp = np.repeat(np.linspace(low, high, 24)[:, None], 3, 1)
    rise = np.diff(colour(ramp) @ LUMA) / np.diff(ramp[:, 0])
    return bool(SLOPE[0] <= rise.min() and rise.max() <= SLOPE[1])


def clipping(colour: Colour, scene: Scene) -> bool:
    """Returns whether few pixels newly clip, at each end by itself: black in the reference allows no lost whites."""
    here, there, out = scene.target, scene.reference, colour(scene.target)
    dark = _newly(here <= CODE, out < -SEEN_TO_CLIP) <= may_clip(there <= CODE)
    bright = _newly(here >= 1 - CODE, out > 1 + SEEN_TO_CLIP) <= may_clip(there >= 1 - CODE)
    return dark and bright


def neutrals(colour: Colour, scene: Scene) -> bool:
    """Returns whether neutral colours stay neutral, within DRIFT of either shot."""
    most = max(_tint(scene.target), _tint(scene.reference))
    return _tint(colour(scene.target)) <= most + DRIFT


def skin(colour: Colour, scene: Scene) -> bool:
    """Returns whether skin tones stay skin tones."""
    here, there = may_be_skin(oklab(scene.target)), may_be_skin(oklab(scene.reference))
    if min(here.mean(), there.mean()) < SKIN_SHARE:
        return True
    goal = hue_of(oklab(scene.reference[there]).mean(0))
    before, after = (hue_of(oklab(rgb[here]).mean(0)) for rgb in (scene.target, colour(scene.target)))
    return abs(after - goal) <= abs(before - goal) + SKIN_DEGREES


def step(colour: Colour, scene: Scene) -> bool:
    """Returns whether one code in makes at most STEP codes out, for 99 of 100 pixels."""
    # All channels together, as neighbours in a picture mostly differ.
    rise = np.abs(colour(scene.target + CODE) - colour(scene.target)).max(1)
    return bool(np.percentile(rise, 99) <= STEP * CODE)


# An excess counts from a little below the limit, and so much: as figures of `balance_curve.solve`.
SHY, PER_SLOPE, PER_CLIPPED = 0.95, 0.3, 4.0
RAMP = 24
STEPPED = 800  # pixels by which steps are judged


class Strain:
    """Says by how much changes of a scene exceed what `slope`, `clipping` and `step` of `guards` allow.

    pixels: of the target; the reference is that of the scene.
    """

    def __init__(self, scene: Scene) -> None:
        here, there = scene.target, scene.reference
        low, high = np.clip(np.percentile(here @ LUMA, [2, 98]), 0.02, 0.98)
        self._ramp = np.linspace(low, max(high, low + 0.05), RAMP)
        few = here[:: max(1, len(here) // STEPPED)]
        self._tried = np.concatenate([np.repeat(self._ramp[:, None], 3, 1), few, few + CODE, here])
        self._few = len(few)
        self._whole = [~(here <= CODE).any(1), ~(here >= 1 - CODE).any(1)]
        self._allowed = [may_clip(there <= CODE), may_clip(there >= 1 - CODE)]

    def of(self, colour: Colour) -> Array:
        """Returns (5,): the excess of slope below and above, of steps, of what newly clips in black and in white; 0
        where there is none."""
        ramp, few, next_to, out = np.split(colour(self._tried), np.cumsum([RAMP, self._few, self._few]))
        rise = np.diff(ramp @ LUMA) / np.diff(self._ramp)
        steep = np.percentile(_most(np.abs(next_to - few)), 99) / CODE
        over = np.array([SLOPE[0] / SHY - rise.min(), rise.max() - SHY * SLOPE[1], steep - SHY * STEP])
        lost = [
            float((_share(beyond) * whole).mean()) - SHY * allowed
            for beyond, whole, allowed in zip(
                (_most(-out), _most(out) - 1), self._whole, self._allowed, strict=True
            )
        ]
        return np.asarray(np.maximum(np.r_[PER_SLOPE * over, PER_CLIPPED * np.array(lost)], 0))


def _most(rgb: Array) -> Array:
    return np.asarray(np.maximum(np.maximum(rgb[:, 0], rgb[:, 1]), rgb[:, 2]))


def _share(beyond: Array) -> Array:
    """Returns how much each pixel counts as clipped: half of one at SEEN_TO_CLIP beyond the range."""
    return np.clip(beyond / (2 * SEEN_TO_CLIP), 0, 1)


Guards = dict[str, Callable[[Colour, Scene], bool]]
# What is asked of every match; and of one by palette too, which does not know what is neutral or skin.

EVERY: Guards = {"slope": slope, "clipping": clipping, "step": step}
OF_PALETTE = EVERY | {"neutrals": neutrals, "skin": skin}


def failing_guards(colour: Colour, scene: Scene, guards: Guards) -> tuple[str, ...]:
    """Returns the names of the guards that fail."""
    return tuple(name for name, holds in guards.items() if not holds(colour, scene))


def apply_guards(
    at_strength: Callable[[float], Colour], scene: Scene, guards: Guards
) -> tuple[float, tuple[str, ...]]:
    """Returns the greatest strength, 0..1, at which every guard holds, and which guards fail at 1."""
    bit = failing_guards(at_strength(1.0), scene, guards)
    if not bit:
        return 1.0, ()
    low, high = 0.0, 1.0
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        fine = all(guards[name](at_strength(middle), scene) for name in bit)
        low, high = (middle, high) if fine else (low, middle)
    return low, bit


def _newly(before: Array, after: Array) -> float:
    """Returns the share of pixels of which a channel clips after the match and none did before."""
    return float((after.any(1) & ~before.any(1)).mean())


def may_clip(there: Array) -> float:
    """Returns the share of newly clipped pixels that is allowed: as much as the reference clips."""
    return max(CLIPPED, float(there.any(1).mean()))


def _tint(rgb: Array) -> float:
    """Returns the mean chroma of the least colourful midtones; 0 if there are none."""
    lab = oklab(rgb)
    lab = lab[(lab[:, 0] > MIDTONES[0]) & (lab[:, 0] < MIDTONES[1])]
    if len(lab) < 20:
        return 0.0
    # The mean colour of the least colourful, and not of their distances: noise is no tint.
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    least = lab[chroma <= np.quantile(chroma, LEAST_COLOURFUL)]
    return float(np.hypot(*least[:, 1:].mean(0)))


def may_be_skin(lab: Array) -> Array:
    """Returns (n,): which of (n, 3) colours in Oklab may be skin."""
    chroma, hue = np.hypot(lab[:, 1], lab[:, 2]), np.degrees(np.arctan2(lab[:, 2], lab[:, 1]))
    least = np.minimum(SKIN_CHROMA[0], CHROMA_PER_LIGHT * lab[:, 0])
    ranges = ((hue, SKIN_HUE), (chroma, (least, SKIN_CHROMA[1])), (lab[:, 0], SKIN_LIGHT))
    return np.asarray(np.all([(low <= each) & (each <= high) for each, (low, high) in ranges], axis=0))


def hue_of(lab: Array) -> float:
    """Returns the hue of one colour in Oklab, in degrees."""
    return float(np.degrees(np.arctan2(lab[2], lab[1])))
