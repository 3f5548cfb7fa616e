"""Checks of flashes and stripes that can cause seizures, as they were measured in the frames.

Source: WCAG 2.2, 2.3.1 and its definition of general and red flash thresholds; ITU-R BT.1702-3 and Ofcom's guidance
note on flashing images for extended flashes and regular patterns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from post.values.sights.flash import MOST_CHANGES, AreaOf, FlashLimit, FlashSight, StripeSight
from post.values.time import Span
from provenance.policy.check import (
    Check,
    CheckOutcome,
    Parameters,
    PolicyInput,
    number,
    shown,
    text,
    unseen,
    whole,
)

LEAST_LIGHT = 0.25  # of the light stripes, in relative luminance: 50 of 200 cd/m2


def _limit(parameters: Parameters, of: str) -> FlashLimit:
    """Returns the limit that a rule sets. of: the area that counts where it does not say."""
    base = FlashLimit()
    area: AreaOf = "screen" if text(parameters, "of", of) == "screen" else "field"
    return FlashLimit(
        whole(parameters, "flashes", base.flashes),
        float(number(parameters, "area_percent", 25) / 100),
        area,
        whole(parameters, "changes", base.changes),
        number(parameters, "share_percent", 80) / 100,
        number(parameters, "seconds", 5),
    )


def _where(limit: FlashLimit) -> str:
    place = "of a 10-degree field" if limit.of == "field" else "of the screen"
    return f"on more than {shown(Fraction(limit.area).limit_denominator(10**6) * 100)} % {place}"


def _general(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    return _flashes(given, parameters, red=False)


def _red(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    return _flashes(given, parameters, red=True)


def _flashes(given: PolicyInput, parameters: Parameters, *, red: bool) -> CheckOutcome:
    """Limits how often the picture flashes in any second."""
    limit = _limit(parameters, "field")
    kind = "red flashes" if red else "flashes"
    required = f"{limit.flashes} {kind} in any second at most, {_where(limit)}"
    if 2 * limit.flashes >= MOST_CHANGES:
        most = (MOST_CHANGES - 1) // 2
        return CheckOutcome("cannot_check", f"more than {most} flashes are not told apart", required)
    sight = _seen(given)
    if isinstance(sight, str):
        return _blind(sight, required)
    judged = sight.judged(limit, red=red)
    most = max((each.changes for each in judged), default=0)
    found = (
        f"{'at least ' if most == MOST_CHANGES else ''}{most} changes in a second, which pairs make {kind}"
    )
    failed = sight.runs(each.state == "fail" for each in judged)
    near = sight.runs(each.state in ("warning", "extended") for each in judged)
    evidence = f"near the limit for {_length(sight, near)}" if near and not failed else ""
    return _outcome(sight, failed, found if most else f"no {kind}", required, evidence, near)


def _extended(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits how long the picture may flash near the limit, of either kind."""
    limit = _limit(parameters, "screen")
    required = (
        f"{limit.changes} changes a second or more, {_where(limit)}, for less than {shown(limit.share * 100)} % of"
        f" {shown(limit.seconds)} s"
    )
    if limit.changes > MOST_CHANGES:
        return CheckOutcome("cannot_check", f"more than {MOST_CHANGES} changes are not told apart", required)
    sight = _seen(given)
    if isinstance(sight, str):
        return _blind(sight, required)
    # More changes than any limit allows are near it all the more.
    kinds = [sight.judged(replace(limit, flashes=MOST_CHANGES), red=red) for red in (False, True)]
    failed = sight.runs(any(each.state == "extended" for each in both) for both in zip(*kinds, strict=True))
    longest = max((each.near for kind in kinds for each in kind), default=0)
    return _outcome(
        sight, failed, f"near the limit for {float(longest / sight.rate):.2f} s of them", required
    )


def _pattern(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Limits regular stripes: how many, on how much of the screen, for how long."""
    pairs, area = number(parameters, "pairs", 5), number(parameters, "area_percent", 25)
    least = number(parameters, "seconds", Fraction(1, 2))
    required = (
        f"{shown(pairs)} pairs of light and dark stripes at most, or on {shown(area)} % of the screen at most, or for"
        f" less than {shown(least)} s"
    )
    sight = _seen(given)
    if isinstance(sight, str):
        return _blind(sight, required)

    def harmful(each: StripeSight | None) -> bool:
        return (
            each is not None and each.pairs > pairs and each.area * 100 > area and each.light >= LEAST_LIGHT
        )

    flags = [harmful(each) for _, each in sight.stripes]
    searched = [Span(run.first * sight.step, run.stop * sight.step) for run in sight.runs(flags)]
    runs = [Span(run.first, min(run.stop, len(sight.frames))) for run in searched]
    failed = [run for run in runs if len(run) / sight.rate >= least]
    inside = [
        each for at, each in sight.stripes if each and any(run.first <= at < run.stop for run in failed)
    ]
    told = inside or [each for _, each in sight.stripes if each]
    worst = max(told, key=lambda each: each.area, default=None)
    if worst is None:
        return CheckOutcome("pass", "no regular stripes", required, _searched(sight))
    found = f"{worst.pairs:g} pairs on {100 * worst.area:.1f} % of the screen"
    made = _outcome(sight, failed, found, required, _searched(sight))
    return CheckOutcome(
        made.verdict, found, required, made.evidence, made.at, worst.box if failed else None, made.frame
    )


def _searched(sight: FlashSight) -> str:
    return f"searched in {len(sight.stripes)} of {len(sight.frames)} frames"


def _seen(given: PolicyInput) -> FlashSight | str:
    """Returns what was seen of flashes, or why nothing was."""
    if given.look is None:
        return ""
    sight = given.look.flashes()
    return sight.fault or sight


def _blind(fault: str, required: str) -> CheckOutcome:
    return (
        CheckOutcome("cannot_check", f"flashes cannot be measured: {fault}", required)
        if fault
        else unseen(required)
    )


def _outcome(
    sight: FlashSight,
    failed: Sequence[Span],
    found: str,
    required: str,
    evidence: str = "",
    near: Sequence[Span] = (),
) -> CheckOutcome:
    shown_runs = failed or near
    cells = f"measured in {sight.width}x{sight.height} cells"
    return CheckOutcome(
        "fail" if failed else "pass",
        found,
        required,
        "; ".join(filter(None, (evidence, cells))),
        sight.stretches(shown_runs),
        frame=failed[0].first if failed else None,
    )


def _length(sight: FlashSight, runs: Sequence[Span]) -> str:
    return f"{float(sum(map(len, runs)) / sight.rate):.2f} s"


_AREA: Mapping[str, type] = {"area_percent": Fraction, "of": str}
_OF: Mapping[str, tuple[str, ...]] = {"of": ("field", "screen")}
CHECKS: Mapping[str, Check] = {
    "pse.general": Check(_general, {"flashes": int, **_AREA}, _OF),
    "pse.red": Check(_red, {"flashes": int, **_AREA}, _OF),
    "pse.extended": Check(
        _extended, {"changes": int, "share_percent": Fraction, "seconds": Fraction, **_AREA}, _OF
    ),
    "pse.pattern": Check(_pattern, {"pairs": Fraction, "area_percent": Fraction, "seconds": Fraction}),
}
