"""Checks of the colours of a film's graphics, and of how its pictures look, by what its brand fixes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from post.values.brand.difference import ciede2000, lab
from post.values.brand.guide import BrandGuide
from post.values.claim import Verdict
from post.values.sights.brand import SeenColour, SeenTone
from provenance.policy.check import Check, CheckOutcome, Parameters, PolicyInput, number, shown, unseen

MOST_TOLD = 4
LOOK_UNIT = 0.01  # a hundredth of Oklab is about what can be seen


def _palette(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Requires the colours of type and graphics to be the brand's, by area and time."""
    most, delta = number(parameters, "percent", 10), number(parameters, "delta_e", 6)
    required = (
        f"{shown(most)} % at most of type and graphics beyond {shown(delta)} dE2000 of the brand's colours"
    )
    brand = given.references.brand
    if brand is None or not brand.colours:
        return CheckOutcome("needs_human", "nobody gave the brand's colours", required)
    if given.look is None:
        return unseen(required)
    sight = given.look.palette()
    if sight.fault:
        return CheckOutcome("cannot_check", f"the picture cannot be measured: {sight.fault}", required)
    evidence = f"{len(sight.seen)} colours; {sight.unmeasured} lines of type too small to measure"
    if not sight.seen:
        return CheckOutcome(
            "needs_human" if sight.unmeasured else "pass", "no type and no graphics", required, evidence
        )
    rows = [(each, *_nearest(each, brand)) for each in sight.seen]
    weight = {
        id(each): each.area * float(sum(end - start for start, end in each.stretches)) for each, _, _ in rows
    }
    off = sorted((row for row in rows if row[2] > float(delta)), key=lambda row: -weight[id(row[0])])
    share = 100 * sum(weight[id(each)] for each, _, _ in off) / max(sum(weight.values()), 1e-9)
    found = f"{share:.0f} % is off"
    if not off:
        return CheckOutcome("pass", found, required, evidence)
    told = "; ".join(
        f"{each.kind} {_hex(each)}, {apart:.1f} from {name}" for each, name, apart in off[:MOST_TOLD]
    )
    verdict: Verdict = "fail" if share > float(most) else "pass"
    first = off[0][0]
    return CheckOutcome(
        verdict, f"{found}: {told}", required, evidence, first.stretches, first.box, first.frame
    )


def _nearest(seen: SeenColour, brand: BrandGuide) -> tuple[str, float]:
    """Returns the brand's colour that is nearest, and how far it is (CIEDE2000)."""
    own = lab(np.array(seen.rgb) / 255)
    values = np.array([[int(text[at : at + 2], 16) for at in (1, 3, 5)] for _, text in brand.colours]) / 255
    apart = ciede2000(np.broadcast_to(own, values.shape), lab(values))
    return brand.colours[int(apart.argmin())][0], float(apart.min())


def _hex(seen: SeenColour) -> str:
    return "#" + "".join(f"{each:02x}" for each in seen.rgb)


def _look(given: PolicyInput, parameters: Parameters) -> CheckOutcome:
    """Compares how the picture looks with the brand's own look, second by second."""
    most, share = number(parameters, "distance", 12), number(parameters, "percent", 20)
    required = (
        f"within {shown(most)} hundredths of Oklab of the brand's look, but for {shown(share)} % of the film"
    )
    brand = given.references.brand
    if brand is None or brand.look is None:
        return CheckOutcome("needs_human", "nobody gave the brand's look", required)
    if given.look is None:
        return unseen(required)
    sight = given.look.tones()
    if sight.fault or not sight.seen:
        return CheckOutcome(
            "cannot_check", f"the picture cannot be measured: {sight.fault or 'no frames'}", required
        )
    rows = [(_distance(each, brand), each) for each in sight.seen]
    off = sorted((row for row in rows if row[0] > float(most)), key=lambda row: -row[0])
    off_percent = 100 * len(off) / len(rows)
    worst = max(rows, key=lambda row: row[0])
    found = (
        f"{off_percent:.0f} % of the film is further; at most {worst[0]:.1f}, at {shown(worst[1].at[0])} s"
    )
    at = tuple(each.at for _, each in sorted(off, key=lambda row: row[1].at))
    verdict: Verdict = "fail" if off_percent > float(share) else "pass"
    return CheckOutcome(verdict, found, required, f"{len(rows)} samples", at, None, worst[1].frame)


def _distance(seen: SeenTone, brand: BrandGuide) -> float:
    """Returns how far a sample is from the brand's look, in hundredths of Oklab."""
    assert brand.look is not None
    mine = (seen.light, seen.contrast, seen.colourfulness, *seen.hues)
    theirs = (brand.look.light, brand.look.contrast, brand.look.colourfulness, *brand.look.hues)
    return float(np.linalg.norm(np.subtract(mine, theirs))) / LOOK_UNIT


CHECKS: Mapping[str, Check] = {
    "brand.palette": Check(_palette, {"percent": Fraction, "delta_e": Fraction}),
    "brand.look": Check(_look, {"distance": Fraction, "percent": Fraction}),
}
