"""Checks of the logos that a film shows: there, whole, in their own shape and colours, with room around them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from post.values.claim import Box, Stretch, Verdict
from post.values.sights.brand import LogoSight, SeenLogo
from provenance.policy.check import Check, CheckOutcome, Parameters, PolicyInput, number, shown, unseen

# Correlation of the edges from which a logo's shape is measured well; below, a person is asked.
CLEAR_LOGO = 0.75
EDGE = 0.7  # pixels by which the edge of a logo may be measured wrongly
MOST_TOLD = 4
# Of a logo's size: how far the middle of its own type may lie from its middle, and how large the box of that may be.
# Of the marks of FFmpeg and Blender, taken for type, 0.09 and 1.8.
OFF_CENTRE, ROUND = 0.15, 2.0


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is wrong with one showing of a logo, "" for nothing. sure: whether it was measured well enough to fail."""

    seen: SeenLogo
    fault: str
    sure: bool = True


def _present(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires an approved logo to be seen: for long enough, large enough, early or late enough."""
    seconds, wide = number(parameters, "seconds", 1), number(parameters, "width_percent")
    by, last = (number(parameters, name, -1) for name in ("by_s", "last_s"))
    required = ", ".join(_needs(seconds, wide, by, last))
    sight = _logos(given, required)
    if isinstance(sight, CheckOutcome):
        return sight
    seen = [each for each in sight.seen if not each.retired]
    if not seen:
        return CheckOutcome("fail", "no approved logo is seen", required, _evidence(sight))
    judged = [_Judged(each, _absence(each, sight, (seconds, wide, by, last))) for each in seen]
    good = [each for each in judged if not each.fault]
    best = good[0] if good else judged[0]
    return _outcome("pass" if good else "fail", [best], required, sight)


def _needs(seconds: Fraction, wide: Fraction, by: Fraction, last: Fraction) -> Iterator[str]:
    yield f"an approved logo for {shown(seconds)} s"
    if wide:
        yield f"{shown(wide)} % of the width or more"
    if by >= 0:
        yield f"first by {shown(by)} s"
    if last >= 0:
        yield f"in the last {shown(last)} s"


def _absence(each: SeenLogo, sight: LogoSight, need: tuple[Fraction, Fraction, Fraction, Fraction]) -> str:
    seconds, wide, by, last = need
    faults = (
        "not long enough" if each.dwell < min(seconds, sight.length) else "",
        "too small" if each.width_percent < wide * Fraction(95, 100) else "",
        "too late" if by >= 0 and each.first > by else "",
        "not at the end" if last >= 0 and each.stretches[-1][1] <= sight.length - last else "",
    )
    return " and ".join(filter(None, faults))


def _distorted(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires logos to have their own shape: neither stretched nor sheared."""
    most = number(parameters, "percent", 3)
    required = f"stretched and sheared by {shown(most)} % at most"

    def judge(each: SeenLogo) -> _Judged:
        high, wide = each.box[3] - each.box[1], each.box[2] - each.box[0]
        unsure = 100 * EDGE / max(min(high, wide), 1)
        stretch = 100 * abs(each.stretch - 1)
        shear = 100 * abs(float(np.tan(np.radians(each.shear_degrees))))
        worst = max(stretch, shear)
        if worst <= float(most) + unsure:
            return _Judged(each, "")
        told = f"{'stretched' if stretch >= shear else 'sheared'} by {worst:.1f} % (measured to {unsure:.1f})"
        return _Judged(each, told, sure=each.score >= CLEAR_LOGO or worst > 3 * float(most) + unsure)

    return _judge_logos(given, required, judge)


def _wrong(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires logos to be approved ones, whole, in their own colours and at full strength."""
    delta, fade = number(parameters, "delta_e", 10), number(parameters, "fade_percent", 20)
    hidden = number(parameters, "covered_percent", 15)
    required = (
        f"approved logos, within {shown(delta)} dE2000 of their colours, faded by {shown(fade)} % at most, "
        f"covered by {shown(hidden)} % at most"
    )

    def judge(each: SeenLogo) -> _Judged:
        faded = 100 * (1 - each.opacity) if each.opacity is not None else 0.0
        faults = (
            "it is retired" if each.retired else "",
            f"recoloured by {each.delta_e:.1f} dE2000" if each.delta_e > delta else "",
            f"faded by {faded:.0f} %" if faded > fade else "",
            f"covered by {100 * each.covered:.0f} %" if 100 * each.covered > hidden else "",
        )
        return _Judged(
            each, " and ".join(filter(None, faults)), sure=each.score >= CLEAR_LOGO or each.retired
        )

    return _judge_logos(given, required, judge)


def _clear_space(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires room around logos: no type, no other logo, and not the edge of the frame."""
    percent = number(parameters, "percent", 25)
    required = f"{shown(percent)} % of a logo's height free around it"
    sight = _logos(given, required)
    if isinstance(sight, CheckOutcome) or given.look is None:
        return sight if isinstance(sight, CheckOutcome) else unseen(required)
    texts = given.look.text()
    if texts.fault:
        return CheckOutcome(
            "cannot_check", f"what stands beside logos cannot be read: {texts.fault}", required
        )
    others = [(each.box, each.stretches) for each in (*texts.seen, *texts.unread)]

    def judge(each: SeenLogo) -> _Judged:
        need = float(percent) / 100 * (each.box[3] - each.box[1])
        logos = [(other.box, other.stretches) for other in sight.seen if other is not each]
        near = [
            box
            for box, stretches in (*others, *logos)
            if _meet(each.stretches, stretches) and not _is_own(box, each.box) and _gap(box, each.box) < need
        ]
        left, top, right, bottom = each.box
        rim = min(left, top, sight.width - right, sight.height - bottom)
        faults = (
            f"{_gap(near[0], each.box)} of {need:.0f} pixels to what stands at {near[0][0]},{near[0][1]}"
            if near
            else "",
            f"{rim} of {need:.0f} pixels to the frame's edge" if rim < need else "",
        )
        return _Judged(each, " and ".join(filter(None, faults)))

    return _judge_logos(given, required, judge)


def _meet(one: Sequence[Stretch], other: Sequence[Stretch]) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a in one for b in other)


def _within(part: Box, whole: Box) -> bool:
    """Returns whether most of a box lies in another: the type of a logo is part of it."""
    wide = min(part[2], whole[2]) - max(part[0], whole[0])
    high = min(part[3], whole[3]) - max(part[1], whole[1])
    size = (part[2] - part[0]) * (part[3] - part[1])
    return wide > 0 and high > 0 and 2 * wide * high > size


def _is_own(type_: Box, logo: Box) -> bool:
    """Returns whether a box of type is a logo's own: most of it lies in the logo, or it lies round the logo on all
    sides alike. What finds type leaves room round it: round a mark that looks like letters, as much as the mark."""
    if _within(type_, logo):
        return True
    sizes = [(logo[axis + 2] - logo[axis], type_[axis + 2] - type_[axis]) for axis in (0, 1)]
    apart = [abs(type_[axis] + type_[axis + 2] - logo[axis] - logo[axis + 2]) / 2 for axis in (0, 1)]
    alike = all(off <= OFF_CENTRE * size for off, (size, _) in zip(apart, sizes, strict=True))
    return _within(logo, type_) and alike and all(found <= ROUND * size for size, found in sizes)


def _gap(one: Box, other: Box) -> int:
    """Returns the pixels between two boxes, 0 where they touch."""
    across = max(one[0] - other[2], other[0] - one[2], 0)
    down = max(one[1] - other[3], other[1] - one[3], 0)
    return max(across, down)


def _logos(given: PolicyInput, required: str) -> LogoSight | CheckOutcome:
    """Returns what was seen of logos, or the outcome of a check that cannot look."""
    brand = given.references.brand
    if brand is None or not brand.logos:
        return CheckOutcome("needs_human", "nobody gave the brand's logos", required)
    if given.look is None:
        return unseen(required)
    sight = given.look.logos(brand.logos)
    if sight.fault:
        return CheckOutcome("cannot_check", f"logos cannot be searched for: {sight.fault}", required)
    return sight


def _judge_logos(given: PolicyInput, required: str, judge: Callable[[SeenLogo], _Judged]) -> CheckOutcome:
    sight = _logos(given, required)
    if isinstance(sight, CheckOutcome):
        return sight
    if not sight.seen:
        return CheckOutcome("not_applicable", "no logo is seen", required, _evidence(sight))
    judged = [judge(each) for each in sight.seen]
    bad = [each for each in judged if each.fault and each.sure]
    doubtful = [each for each in judged if each.fault and not each.sure]
    if bad or doubtful:
        return _outcome("fail" if bad else "needs_human", bad or doubtful, required, sight)
    return _outcome("pass", judged, required, sight)


def _outcome(verdict: Verdict, judged: Sequence[_Judged], required: str, sight: LogoSight) -> CheckOutcome:
    first = judged[0].seen
    told = _told(judged)
    return CheckOutcome(verdict, told, required, _evidence(sight), first.stretches, first.box, first.frame)


def _told(judged: Iterable[_Judged]) -> str:
    rows = list(judged)[:MOST_TOLD]
    return "; ".join(
        f"{each.seen.id}, {each.seen.width_percent:.1f} % wide, {shown(each.seen.dwell)} s from "
        f"{shown(each.seen.first)} s{': ' if each.fault else ''}{each.fault}"
        for each in rows
    )


def _evidence(sight: LogoSight) -> str:
    best = max((each.score for each in sight.seen), default=0.0)
    likeness = f", likeness {best:.2f}" if sight.seen else ""
    return f"{sight.frames} frames, {shown(sight.step)} s apart{likeness}"


_NUMBERS = ("seconds", "width_percent", "by_s", "last_s")
CHECKS: Mapping[str, Check] = {
    "brand.logo_present": Check(_present, dict.fromkeys(_NUMBERS, Fraction)),
    "brand.logo_distorted": Check(_distorted, {"percent": Fraction}),
    "brand.logo_wrong": Check(
        _wrong, dict.fromkeys(("delta_e", "fade_percent", "covered_percent"), Fraction)
    ),
    "brand.logo_clear_space": Check(_clear_space, {"percent": Fraction}),
}
