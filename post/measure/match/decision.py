"""Decides on the transfer of colour from one shot to another: method, strength and parameters, with the reasons. Says
the same of a balance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from post.measure.is_monochrome import LEAST_HUES, hue_share
from post.measure.match.balance import Balance
from post.measure.match.balance_confidence import LEAST, When
from post.measure.match.balance_curve import stage_of
from post.measure.match.confidence import BY_CORRESPONDENCE, evidence, strength_for
from post.measure.match.guards import EVERY, OF_PALETTE, Scene, apply_guards, failing_guards
from post.measure.match.palette import move_palette, palette
from post.measure.match.pixel_match import PixelMatch, match_pixels
from post.measure.match.sampling import sample_pixels, without_bars
from post.measure.oklab import LUMA
from post.picture.colour.match import ColourMatch, write_residual
from post.values.array import Array

Method = Literal["correspondence", "palette", "balance", "abstain"]
# Luma of a shot with anything to see spreads by this much.
LEAST_SPREAD = 0.03
LOOKED_AT = 6000  # pixels of each shot that guards see
LEAST_STRENGTH = 0.1
DIGITS = 5  # of a parameter: far below what an 8-bit code can show
NOTHING = ColourMatch()


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision for one shot.

    method: the basis of the match; strength: how much is applied, 0..1; confidence: that the shot is not worse
    afterwards, 0..1, of this pair by palette, of all such pairs by correspondence; by balance, that it is nearer to
    what it is balanced to (the mean over the parts that move); guards: those that lowered the strength; stage: the
    `Match` to apply, one that does nothing if it abstains; why: the reasons, for people; forced: it was refused as
    unsure, and made because it was asked for; needless: it abstains because the shot is balanced already.
    """

    method: Method
    strength: float
    confidence: float
    guards: tuple[str, ...]
    stage: ColourMatch
    why: str
    forced: bool = False
    needless: bool = False


def find_transfer(target: Sequence[Array], reference: Sequence[Array], when: When) -> Decision:
    """Returns the decision whether a shot gets the colour of another by what both show, or by their palettes.

    target, reference: as those of `spot_decision.decide_spot`.
    """
    target, reference = ([without_bars(rgb) for rgb in frames] for frames in (target, reference))
    scene = Scene(look_at(target), look_at(reference))
    refusal = nothing_to_see(scene) or _no_common_colour(scene)
    if refusal:
        return abstained(refusal)
    found = match_pixels(target, reference)
    if found is not None:
        return _by_correspondence(found, scene)
    return _by_palette(target, reference, scene, when)


def by_balance(found: Balance) -> Decision:
    """Returns the decision to balance a shot, or to leave it alone where nothing of the balance is left."""
    if not found.parts:
        if not found.bit and not found.unsure:
            return replace(abstained("balanced already"), needless=True)
        unsure = f"a balance is too unsure in {_list(f'{part} ({sure:.0%})' for part, sure in found.unsure)}"
        return abstained(
            f"a balance is not within {_list(found.bit)}" if found.bit else unsure, bit=found.bit
        )
    confidence = float(np.mean([each.confidence for each in found.parts]))
    strength = float(np.mean([each.share for each in found.parts]))
    alone = [each for each in found.parts if each.part not in found.together]
    forced = any(each.confidence < LEAST["likely"] for each in alone)
    stage = replace(stage_of(found.parameters), method="balance", forced=forced)
    return Decision("balance", strength, confidence, found.bit, stage, _balance_words(found), forced)


def _balance_words(found: Balance) -> str:
    said = "balanced in " + _list(f"{each.part} ({each.confidence:.0%} sure)" for each in found.parts)
    left = [f"{part} ({sure:.0%})" for part, sure in found.unsure]
    said += f"; left as unsure: {_list(left)}" if left else ""
    apart = (
        f"; less, or not, so that the shots come together: {_list(found.weakened)}" if found.weakened else ""
    )
    apart += f"; so that they come together, also: {_list(found.together)}" if found.together else ""
    return said + apart + _lowered(found.bit)


def _by_correspondence(found: PixelMatch, scene: Scene) -> Decision:
    held_back = _within_guards(found, scene)
    if held_back.bit:
        held_back = max(held_back, _within_guards(found.straight(), scene), key=lambda each: each.strength)
    seen = f"{found.inliers} features, {found.dense:.0%} of the picture, show the same in both"
    strength, stage, bit = held_back.strength, held_back.stage, held_back.bit
    if strength < LEAST_STRENGTH:
        return abstained(f"{seen}, but not within {_list(bit)}", BY_CORRESPONDENCE, bit)
    stage = replace(stage, method="correspondence")
    return Decision("correspondence", strength, BY_CORRESPONDENCE, bit, stage, seen + _lowered(bit))


@dataclass(frozen=True, slots=True)
class _Within:
    """A match within its guards. strength: of its parameters; bit: names of the guards that limited it."""

    strength: float
    stage: ColourMatch
    bit: tuple[str, ...]


def _within_guards(found: PixelMatch, scene: Scene) -> _Within:
    """Checks parameters and table together first: the table restores what the parameters alone would clip. If a
    guard fails, first the parameters are limited, then what the table adds to them."""
    ten, table = found.parameters, found.residual
    whole = _stage(ten, table)
    if not failing_guards(whole.colour, scene, EVERY):
        return _Within(1.0, whole, ())
    strength, bit = apply_guards(lambda s: _stage(s * ten).colour, scene, EVERY)
    share, by_table = apply_guards(
        lambda s: _stage(strength * ten, s * strength * table).colour, scene, EVERY
    )
    stage = _stage(strength * ten, share * strength * table)
    return _Within(strength, stage, tuple(dict.fromkeys((*bit, *by_table))))


def _by_palette(target: Sequence[Array], reference: Sequence[Array], scene: Scene, when: When) -> Decision:
    here, there = palette(target), palette(reference)
    ten = move_palette(here, there)
    proof = evidence(ten, here, there)
    sure, wanted = proof.confidence, strength_for(proof.confidence)
    said = f"{proof.alike:.0%} of what they show has its like in the other shot"
    forced = not wanted and when == "always"
    if not wanted and not forced:
        return abstained(f"too unsure that it would help ({sure:.0%}): {said}", sure)
    wanted = 1.0 if forced else wanted
    most, bit = apply_guards(lambda s: _stage(s * ten).colour, scene, OF_PALETTE)
    strength, bit = (most, bit) if most < wanted else (wanted, ())
    if strength < LEAST_STRENGTH:
        return abstained(f"{said}, but not within {_list(bit)}", sure, bit)
    if wanted < 1:
        said += f"; done by half, being {sure:.0%} sure"
    if forced:
        said += f"; made although it is only {sure:.0%} sure, as `always` asks for"
    stage = replace(_stage(strength * ten), method="palette", forced=forced)
    return Decision("palette", strength, sure, bit, stage, said + _lowered(bit), forced)


def _stage(ten: Array, table: Array | None = None) -> ColourMatch:
    """Returns the stage `match` for parameters of `fit` and a table."""
    logs = ten.copy()
    logs[6:] = np.exp(logs[6:])
    numbers = [round(float(number), DIGITS) for number in logs]
    return ColourMatch(
        exposure=(numbers[0], numbers[1], numbers[2]),
        offset=(numbers[3], numbers[4], numbers[5]),
        gamma=(numbers[6], numbers[7], numbers[8]),
        saturation=numbers[9],
        residual="" if table is None else write_residual(table),
    )


def nothing_to_see(scene: Scene) -> str:
    """Returns why these shots cannot be matched at all, or ""."""
    for name, rgb in (("the shot", scene.target), ("the reference", scene.reference)):
        low, high = np.percentile(rgb @ LUMA, [1, 99])
        if high - low < LEAST_SPREAD:
            return f"{name} shows next to nothing: its luma spreads by {high - low:.1%} of the range"
    return ""


def _no_common_colour(scene: Scene) -> str:
    """Returns why no colour can be transferred between these shots, or ""."""
    grey = [hue_share(rgb) < LEAST_HUES for rgb in (scene.target, scene.reference)]
    if grey[0] != grey[1]:
        which, other = ("the shot", "the reference") if grey[0] else ("the reference", "the shot")
        return f"{which} is black and white and {other} is not: there is no colour to match"
    return ""


def look_at(frames: Sequence[Array]) -> Array:
    """Returns (n, 3) float64: pixels of a shot, without bars, for the guards."""
    seen = zip(frames, sample_pixels(frames, LOOKED_AT), strict=True)
    return np.concatenate([rgb.reshape(-1, 3)[at] for rgb, at in seen]).astype(np.float64)


def abstained(why: str, confidence: float = 0.0, bit: tuple[str, ...] = ()) -> Decision:
    """Returns the decision to leave a shot alone."""
    return Decision("abstain", 0.0, confidence, bit, NOTHING, why)


def _lowered(bit: tuple[str, ...]) -> str:
    return f"; held back by {_list(bit)}" if bit else ""


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
