"""Makes outcomes of checks: what was found, what is required, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from post.measure.fact import Unmeasured
from post.values.claim import Stretch, Verdict
from provenance.policy.check import CheckOutcome

WORST: tuple[Verdict, ...] = (
    "fail",
    "cannot_check",
    "needs_human",
    "warn",
    "pass",
    "waived",
    "not_applicable",
)
MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Limit:
    """One figure and its limits, None for none. what: in words; at, frame: where it is the furthest out."""

    what: str
    value: float
    unit: str
    least: float | None = None
    most: float | None = None
    at: tuple[Stretch, ...] = ()
    frame: int | None = None

    @property
    def asked(self) -> bool:
        """Whether it has a limit at all."""
        return self.least is not None or self.most is not None

    @property
    def kept(self) -> bool:
        """Whether it is within its limits."""
        return (self.least is None or self.value >= self.least) and (
            self.most is None or self.value <= self.most
        )

    @property
    def required(self) -> str:
        """Its limits in words."""
        low = "" if self.least is None else f"at least {figure(self.least, self.unit)}"
        high = "" if self.most is None else f"at most {figure(self.most, self.unit)}"
        return f"{self.what} {' and '.join(filter(None, (low, high)))}"


def figure(value: float, unit: str = "") -> str:
    """Returns a figure with its unit, to three digits or the whole number."""
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    return f"{text} {unit}".strip()


def judged(limits: Sequence[Limit], evidence: str = "") -> CheckOutcome:
    """Returns whether all figures are within their limits. Those without limits are left out."""
    asked = [each for each in limits if each.asked]
    bad = [each for each in asked if not each.kept]
    told = bad or asked
    found = ", ".join(f"{each.what} {figure(each.value, each.unit)}" for each in told)
    required = ", ".join(each.required for each in asked)
    first = bad[0] if bad else next((each for each in asked if each.at or each.frame is not None), None)
    at, frame = (first.at, first.frame) if first else ((), None)
    return CheckOutcome("fail" if bad else "pass", found, required, evidence, at, frame=frame)


def blind(fault: Unmeasured | str, required: str) -> CheckOutcome:
    """Returns the outcome of a check that could not measure."""
    why = fault.why if isinstance(fault, Unmeasured) else fault
    return CheckOutcome("cannot_check", f"not measured: {why}", required)


def asks(why: str, required: str, evidence: str = "") -> CheckOutcome:
    """Returns the outcome of a check that a person has to decide."""
    return CheckOutcome("needs_human", why, required, evidence)


def worst(outcomes: Sequence[CheckOutcome]) -> CheckOutcome:
    """Returns the worst of several outcomes, with what all that are as bad have found."""
    if not outcomes:
        raise ValueError("no outcome to choose from")
    verdict = min((each.verdict for each in outcomes), key=WORST.index)
    told = [each for each in outcomes if each.verdict == verdict]
    found = list(dict.fromkeys(filter(None, (each.found for each in told))))
    more = f"; and {len(found) - MOST_TOLD} more" if len(found) > MOST_TOLD else ""
    required = "; ".join(dict.fromkeys(filter(None, (each.required for each in outcomes))))
    first = next((each for each in told if each.frame is not None or each.at), told[0])
    return replace(first, found="; ".join(found[:MOST_TOLD]) + more, required=required)
