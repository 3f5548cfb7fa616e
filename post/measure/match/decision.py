"""Decides how the shots of a spot, which share a reference, are matched to it: by a transfer where it is sure, else by
a balance; method, strength and parameters, with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from post.measure.is_monochrome import LEAST_HUES, hue_share
from post.measure.match.balance import Balance, BalanceTrial
from post.measure.match.balance_confidence import LEAST, When
from post.measure.match.balance_curve import stage_of
from post.measure.match.confidence import BY_CORRESPONDENCE, evidence, strength_for
from post.measure.match.figures import MeasuredFigures, measure_figures
from post.measure.match.guards import EVERY, OF_PALETTE, Colour, Scene, apply_guards, failing_guards
from post.measure.match.palette import move_palette, palette
from post.measure.match.pixel_match import PixelMatch, match_pixels
from post.measure.match.sampling import sample_pixels, without_bars
from post.measure.match.spot import MovedShot, balance_spot, seen_of, shared_goal
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


def decide_spot(
    targets: Sequence[Sequence[Array]],
    reference: Sequence[Array],
    whens: Sequence[When],
    transfers: Sequence[Decision] | None = None,
) -> list[Decision]:
    """Returns the decision for each shot of a spot.

    targets, reference: frames of a shot, (height, width, 3) float32 R'G'B', 0..1, each; whens: for each shot. "sure"
    transfers what is surely right, or does nothing; "likely" balances the shot where no transfer is sure; "always"
    makes a transfer, then, that was refused as unsure; transfers: what `find_transfer` returns for each shot, None to
    find them here. One transform for a whole shot. The same shots have the same decisions, whatever their order.
    """
    targets, reference = [_bare(each) for each in targets], _bare(reference)
    if transfers is None:
        transfers = [find_transfer(each, reference, when) for each, when in zip(targets, whens, strict=True)]
    there = look_at(reference)
    scenes = [Scene(look_at(each), there) for each in targets]
    figures, goal = [measure_figures(each) for each in targets], measure_figures(reference)
    seen = [n for n, scene in enumerate(scenes) if not nothing_to_see(scene)]
    waiting = [n for n in seen if transfers[n].method == "abstain" and whens[n] != "sure"]
    others = [
        MovedShot(
            *(seen_of(scenes[n].target, figures[n], each) for each in (np.asarray, transfers[n].stage.colour))
        )
        for n in seen
        if n not in waiting
    ]
    shared = shared_goal(goal, [figures[n] for n in waiting])
    trials = [BalanceTrial(scenes[n], figures[n], shared, LEAST[whens[n]]) for n in waiting]
    found = list(transfers)
    for n, balance in zip(waiting, balance_spot(trials, others, seen_of(there, goal)), strict=True):
        made = by_balance(balance)
        why = f"{transfers[n].why}; {made.why}" if made.method == "abstain" else made.why
        found[n] = replace(made, why=why)
    return found


def decide_spot_by_figures(
    targets: Sequence[Sequence[Array]],
    goal: MeasuredFigures,
    whens: Sequence[When],
    after: Sequence[Colour] | None = None,
) -> list[Decision]:
    """Returns the decision for each shot of a spot that is brought to figures, as those of a house.

    targets, whens: as in `decide_spot`; after: what the film does to each shot's colour after the match: the figures
    are those of the finished picture.
    """
    found, trials = dict[int, Decision](), dict[int, BalanceTrial]()
    for n, (target, when) in enumerate(zip(targets, whens, strict=True)):
        frames = _bare(target)
        pixels = look_at(frames)
        scene = Scene(pixels, pixels)
        if refusal := nothing_to_see(scene):
            found[n] = abstained(refusal)
        elif when == "sure":
            found[n] = abstained("a balance to figures is likely to help, and never sure")
        else:
            later: Colour = after[n] if after else np.asarray
            finished = [later(rgb.reshape(-1, 3).astype(np.float64)).reshape(rgb.shape) for rgb in frames]
            trials[n] = BalanceTrial(scene, measure_figures(finished), goal, LEAST[when], later)
    for n, balance in zip(trials, balance_spot(list(trials.values()), (), None), strict=True):
        found[n] = by_balance(balance)
    return [found[n] for n in range(len(targets))]


def _bare(frames: Sequence[Array]) -> list[Array]:
    return [without_bars(rgb) for rgb in frames]


def find_transfer(target: Sequence[Array], reference: Sequence[Array], when: When) -> Decision:
    """Returns the decision whether a shot gets the colour of another by what both show, or by their palettes.

    target, reference: as those of `decide_spot`.
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
