"""Finds what broken clips show: black, frames that stand still, flashes, cuts inside a take."""

from __future__ import annotations

from typing import Literal

from post.brief.footage import Footage
from post.brief.found import blind, figure
from post.job.brief.motion_checks import OneShotCheck
from post.job.brief.picture_checks import BlackCheck, FlashesCheck, FrozenCheck
from post.measure.cuts import Cuts
from post.measure.defects import Defects
from post.measure.fact import Unmeasured
from provenance.policy.check import CheckOutcome


def judge_black(check: BlackCheck, footage: Footage) -> CheckOutcome:
    """Judges how long footage is black."""
    required = f"black for {figure(check.seconds, 's')} at most"
    return _runs(footage, "black", check.seconds, required)


def judge_frozen(check: FrozenCheck, footage: Footage) -> CheckOutcome:
    """Judges how long footage stands still; a still picture does so because it is one."""
    required = f"no frame stands for more than {figure(check.seconds, 's')}"
    if footage.picture.stands_still:
        return CheckOutcome("not_applicable", "it is a still", required)
    return _runs(footage, "still", check.seconds, required)


def judge_flashes(check: FlashesCheck, footage: Footage) -> CheckOutcome:
    """Judges how often the whole picture flashes."""
    required = f"{check.most} flashes at most"
    found = footage.value("defects", Defects)
    if isinstance(found, Unmeasured):
        return blind(found, required)
    seen = [at for at in found.flashes if footage.span.first <= at < footage.span.stop]
    verdict = len(seen) > check.most
    at = tuple(footage.seconds(frame) for frame in seen)
    return CheckOutcome(
        "fail" if verdict else "pass", f"{len(seen)} flashes", required, "", at if verdict else (),
        frame=seen[0] if seen else None,
    )  # fmt: skip


def judge_one_shot(_: OneShotCheck, footage: Footage) -> CheckOutcome:
    """Judges whether footage has a cut inside."""
    required = "no cut inside"
    found = footage.value("cuts", Cuts)
    if isinstance(found, Unmeasured):
        return blind(found, required)
    seen = [at for at in found.frames if footage.span.first < at < footage.span.stop]
    at = tuple(footage.seconds(frame) for frame in seen)
    return CheckOutcome(
        "fail" if seen else "pass", f"{len(seen)} cuts inside", required, "", at,
        frame=seen[0] if seen else None,
    )  # fmt: skip


def _runs(footage: Footage, kind: Literal["black", "still"], most_s: float, required: str) -> CheckOutcome:
    found = footage.value("defects", Defects)
    if isinstance(found, Unmeasured):
        return blind(found, required)
    runs = found.black if kind == "black" else found.still
    inside = [
        (max(first, footage.span.first), min(stop, footage.span.stop))
        for first, stop in runs
        if first < footage.span.stop and stop > footage.span.first
    ]
    rate = float(footage.picture.grid.rate)
    longest = max(((stop - first) / rate for first, stop in inside), default=0.0)
    bad = [run for run in inside if (run[1] - run[0]) / rate > most_s]
    at = tuple(footage.seconds(*run) for run in bad)
    measured = f"{kind} for {longest:.2f} s" if inside else f"nothing {kind}"
    return CheckOutcome(
        "fail" if bad else "pass", measured, required, "", at, frame=bad[0][0] if bad else None
    )
