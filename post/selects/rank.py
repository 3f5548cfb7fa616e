"""Ranks the takes of a group by what was measured, each with its reason in words. A rank hides no take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from post.selects.measured import MeasuredTake

# Steps in which figures are compared: a smaller difference is none that anybody sees.
LENGTH_STEP_S, EDGE_STEP_PCT, FLICKER_STEP_PCT = Fraction(1, 4), 0.02, 0.5
_BROKEN = ("tampered", "revoked")


@dataclass(frozen=True, slots=True)
class RankedTake:
    """A take and its place in its group, from 1. why: the reason, in words."""

    measured: MeasuredTake
    rank: int
    why: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that takes are compared by. of: lower is better; better, worse: what is said of the take that is, by
    the figure that `tells` gives."""

    of: Callable[[MeasuredTake], float]
    better: str
    worse: str
    tells: Callable[[MeasuredTake], str]


def rank_takes(takes: Sequence[MeasuredTake]) -> tuple[RankedTake, ...]:
    """Returns the takes of one group, the best first; those that measure alike in the order given."""
    order = sorted(takes, key=lambda each: tuple(one.of(each) for one in CRITERIA))
    return tuple(
        RankedTake(each, place + 1, _why(each, order[place - 1] if place else None, order[place + 1 :]))
        for place, each in enumerate(order)
    )


def _why(take: MeasuredTake, above: MeasuredTake | None, below: Sequence[MeasuredTake]) -> str:
    """Returns why a take stands where it does: by what it is behind the one above it, or ahead of the next."""
    state = _defects(take)
    if above is not None:
        found = next((one for one in CRITERIA if one.of(take) != one.of(above)), None)
        lead = (
            f"measures like {above.ref.name}"
            if found is None
            else f"{found.worse} {found.tells(take)}".strip()
        )
    elif below:
        found = next((one for one in CRITERIA if one.of(take) != one.of(below[0])), None)
        lead = "measures like the next" if found is None else f"{found.better} {found.tells(take)}".strip()
    else:
        lead = f"the only take, usable range {_range(take)}" if take.usable else "the only take"
    # A criterion may have told the defects already.
    return lead if state in lead else f"{lead}, {state}"


def _defects(take: MeasuredTake) -> str:
    if take.take.picture.stands_still or take.take.picture.decoded <= 1:
        return "a still"
    if any(name in ("cuts", "defects") for name, _ in take.unmeasured):
        return "not measured"
    kinds = list(dict.fromkeys(each.kind for each in take.defects))
    cuts = [f"{len(take.cuts)} cut{'s' if len(take.cuts) > 1 else ''} inside"] if take.cuts else []
    return ", ".join([*kinds, *cuts]) or "no defects"


def _range(take: MeasuredTake) -> str:
    best = take.best
    return f"({_seconds(take, len(best)):.1f} s)" if best else "(none)"


def _seconds(take: MeasuredTake, frames: int) -> float:
    return float(take.take.picture.grid.seconds(frames))


def _length(take: MeasuredTake) -> float:
    frames = len(take.best) if take.best else 0
    return -float(take.take.picture.grid.seconds(frames) // LENGTH_STEP_S)


def _edge(take: MeasuredTake) -> float:
    edge = take.figures.edge_pct
    return float("inf") if edge is None else round(edge / EDGE_STEP_PCT)


def _flicker(take: MeasuredTake) -> float:
    flicker = take.figures.flicker_pct
    return float("inf") if flicker is None else round(flicker / FLICKER_STEP_PCT)


def _figure(value: float | None, unit: str) -> str:
    return "(not measured)" if value is None else f"({value:.2g} {unit})"


CRITERIA = (
    Criterion(
        lambda take: float(take.take.credential in _BROKEN),
        "credentials hold",
        "its credentials are",
        lambda take: take.take.credential if take.take.credential in _BROKEN else "",
    ),
    Criterion(
        lambda take: float(any(each.kind == "faint" for each in take.defects)),
        "shows a whole picture",
        "shows next to nothing:",
        lambda take: "faint" if any(each.kind == "faint" for each in take.defects) else "",
    ),
    Criterion(
        lambda take: float(len(take.broken)),
        "keeps the brief best:",
        "breaks the brief:",
        lambda take: ", ".join(each.id for each in take.broken) or "no rule broken",
    ),
    Criterion(_length, "longest usable range", "shorter usable range", _range),
    Criterion(
        lambda take: float(len(take.defects) + len(take.cuts)),
        "fewest defects:",
        "more defects:",
        _defects,
    ),
    Criterion(
        _edge, "sharpest edges", "softer edges", lambda take: _figure(take.figures.edge_pct, "% of height")
    ),
    Criterion(
        _flicker, "steadiest light", "more flicker", lambda take: _figure(take.figures.flicker_pct, "%")
    ),
)
