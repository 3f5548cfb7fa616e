"""Checks of how the visible AI label looks: height, contrast, words, and whether it stands clear of what covers it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from post.values.claim import Box
from post.values.sights.label import LabelSight, SeenLabel
from provenance.policy.check import Check, CheckOutcome, Parameters, PolicyInput, number, shown, text, texts
from provenance.policy.checks.label_sight import (
    ACCEPTED,
    TEXTS,
    TOLERANCE,
    LabelJudgement,
    judge_labels,
    look_for,
)

_SIDES = ("left", "top", "right", "bottom")
_SHAPE = re.compile(r"([1-9][0-9]{0,3}):([1-9][0-9]{0,3})")
PLACED = Fraction(1, 12)  # of a label's height: letters are read at 16 pixels, and so placed to one of those
SAME_SHAPE = Fraction(
    3, 100
)  # how far two shapes may differ that are taken as one: 1080x1920 is 9:16, and so is 606x1080


def _height(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires a height: of Han, kana and Hangul characters, else of a capital, of the frame's shorter side."""
    least = number(parameters, "percent", 3)

    def judge(seen: SeenLabel, _: LabelSight) -> LabelJudgement:
        what = "characters" if seen.character_percent is not None else "capitals"
        fault = "too small" if seen.text_percent < least * (1 - TOLERANCE) else ""
        return LabelJudgement(fault, f"{what} {seen.text_percent:.2f} % high")

    required = f"{shown(least)} % of the shorter side or more"
    return judge_labels(given, {**parameters, "percent": 0}, required, judge)


def _contrast(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires a contrast of the type to the worst of its ground (WCAG 2.2, 1.4.3: 4.5, and 3 for large type). Without
    texts it is about whichever label there is, and asks for none."""
    least = number(parameters, "ratio", Fraction(9, 2))

    def judge(seen: SeenLabel, _: LabelSight) -> LabelJudgement:
        fault = "too faint" if seen.contrast < least * (1 - TOLERANCE) else ""
        return LabelJudgement(fault, f"contrast {seen.contrast:.1f}:1")

    required = f"{shown(least)}:1 or more"
    if "texts" in parameters:
        return judge_labels(given, parameters, required, judge)
    every = tuple(dict.fromkeys((*given.label_texts, *filter(None, given.declared_labels), *TEXTS)))
    outcome = judge_labels(given, {**parameters, "texts": every}, required, judge)
    absent = outcome.verdict == "fail" and not look_for(given, every).seen
    return replace(outcome, verdict="not_applicable") if absent else outcome


def _text(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires words in a label. elements: of each, one of its words, as in "AI|人工智能"; case counts."""
    elements = texts(parameters, "elements", ("AI",))
    required = " and ".join(" or ".join(_words_of(each)) for each in elements)

    def judge(seen: SeenLabel, _: LabelSight) -> LabelJudgement:
        missing = [each for each in elements if not any(word in seen.text for word in _words_of(each))]
        return LabelJudgement(f"lacks {', '.join(missing)}" if missing else "", "read in the picture")

    # The words are judged here: a label that the manifest names needs no person to say that it is one.
    declared = tuple(filter(None, given.declared_labels))
    wanted = tuple(dict.fromkeys((*texts(parameters, "texts", given.label_texts), *declared)))
    return judge_labels(given, {**parameters, **({"texts": wanted} if wanted else {})}, required, judge)


def _words_of(element: str) -> tuple[str, ...]:
    """Returns the words of an element, of which a label must have one: of one without any, no label has."""
    return tuple(word for each in element.split("|") if (word := each.strip()))


def _zone(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires a label clear of what a platform lays over the picture: inside its edges, in percent of the frame's
    width and height. shape: of the films that it is about, as in 9:16; of others it says nothing."""
    edges = {side: number(parameters, side) for side in _SIDES}
    shape = text(parameters, "shape")
    said = ", ".join(f"{side} {shown(edge)} %" for side, edge in edges.items() if edge)
    required = f"clear of {said or 'the edges'}" + (f" of a {shape} film" if shape else "")

    def judge(seen: SeenLabel, sight: LabelSight) -> LabelJudgement:
        left, top, right, bottom = (edges[side] / 100 for side in _SIDES)
        clear = (
            left * sight.width,
            top * sight.height,
            (1 - right) * sight.width,
            (1 - bottom) * sight.height,
        )
        return _inside(seen, clear, "under the platform's own signs")

    return _shaped(given, parameters, shape, required) or judge_labels(given, parameters, required, judge)


def _crop(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires a label that is still whole after the middle of the film is cut out in other shapes."""
    shapes = texts(parameters, "to", ("1:1", "9:16", "16:9"))
    required = f"whole after a crop to {', '.join(shapes)}"

    def judge(seen: SeenLabel, sight: LabelSight) -> LabelJudgement:
        for shape in shapes:
            judged = _inside(seen, _middle(_ratio(shape), sight), f"cut off by a crop to {shape}")
            if judged.fault:
                return judged
        return judged

    bad = [each for each in shapes if not _SHAPE.fullmatch(each)]
    if bad:
        return CheckOutcome("cannot_check", f"no shape of a picture: {', '.join(bad)}", required)
    return judge_labels(given, parameters, required, judge)


def _shaped(given: PolicyInput, parameters: Parameters, shape: str, required: str) -> CheckOutcome | None:
    """Returns "not_applicable" where the film has another shape; None where it has this one."""
    if not shape:
        return None
    if not _SHAPE.fullmatch(shape):
        return CheckOutcome("cannot_check", f"no shape of a picture: {shape}", required)
    sight = look_for(given, texts(parameters, "texts", TEXTS))
    if sight.fault or not sight.height:
        return None
    own = Fraction(sight.width, sight.height)
    if abs(own / _ratio(shape) - 1) <= SAME_SHAPE:
        return None
    return CheckOutcome("not_applicable", f"the film is {sight.width}x{sight.height}", required)


def _ratio(shape: str) -> Fraction:
    wide, high = shape.split(":")
    return Fraction(int(wide), int(high))


def _middle(shape: Fraction, sight: LabelSight) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Returns the edges of the largest middle part of a shape."""
    wide = min(Fraction(sight.width), shape * sight.height)
    high = min(Fraction(sight.height), sight.width / shape)
    left, top = (sight.width - wide) / 2, (sight.height - high) / 2
    return left, top, left + wide, top + high


def _inside(seen: SeenLabel, clear: tuple[Fraction, ...], fault: str) -> LabelJudgement:
    """Judges whether every place of a label lies within these edges."""
    out = next((each for each in seen.all_places if not _within(each, clear)), None)
    left, top, right, bottom = out or seen.all_places[0]
    return LabelJudgement(fault if out else "", f"from {left},{top} to {right},{bottom}", box=out)


def _within(box: Box, clear: tuple[Fraction, ...]) -> bool:
    left, top, right, bottom = clear
    off = max(Fraction(1), PLACED * (box[3] - box[1]))
    return box[0] >= left - off and box[1] >= top - off and box[2] <= right + off and box[3] <= bottom + off


_EDGES: Mapping[str, type] = dict.fromkeys(_SIDES, Fraction)
CHECKS: Mapping[str, Check] = {
    "label.height": Check(_height, {"percent": Fraction, "texts": tuple}),
    "label.contrast": Check(_contrast, {"ratio": Fraction, **ACCEPTED}),
    "label.text": Check(_text, {"elements": tuple, **ACCEPTED}),
    "label.zone": Check(_zone, {"shape": str, **_EDGES, **ACCEPTED}),
    "label.crop": Check(_crop, {"to": tuple, **ACCEPTED}),
}
