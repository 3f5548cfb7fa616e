"""Defines what is declared of a film (Action), and what is found in a file (Finding, Ruling)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from post.values.time import Span

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
HUMAN_EDITS = IPTC + "humanEdits"
ENHANCED = IPTC + "algorithmicallyEnhanced"
ALGORITHMIC = IPTC + "algorithmicMedia"
GENERATED = IPTC + "trainedAlgorithmicMedia"
COMPOSITE_WITH_GENERATED = IPTC + "compositeWithTrainedAlgorithmicMedia"
COMPOSITE = IPTC + "composite"
COMPOSITE_CAPTURE = IPTC + "compositeCapture"
DIGITAL_CREATION = IPTC + "digitalCreation"

Plain = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Action:
    """One thing done to the film, in C2PA's terms.

    name: a `c2pa.*` action; source_type: an IPTC digital source type URI, or "" if the action
    carries none; where: the film's frames that it was done to, None for all; parameters: knobs by dotted
    name; ingredients: sha256 of the files that it brings in.
    """

    name: str
    source_type: str = ""
    where: Span | None = None
    parameters: tuple[tuple[str, Plain], ...] = ()
    description: str = ""
    ingredients: tuple[str, ...] = ()


Kind = Literal["integrity", "signer", "time", "chain", "conformance", "unhashed", "ai", "policy", "media"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a file. code: a stable dotted name (a C2PA status code if there is one);
    where: a box, manifest or time; why: one sentence."""

    code: str
    kind: Kind
    where: str
    why: str


Verdict = Literal["pass", "fail", "warn", "needs_human", "not_applicable", "cannot_check", "waived"]
OPEN: tuple[Verdict, ...] = ("cannot_check", "needs_human")  # nothing is known
SETTLED: tuple[Verdict, ...] = ("pass", "fail", "warn", "waived")
Stretch = tuple[Fraction, Fraction]  # seconds of a film, from and to
Box = tuple[int, int, int, int]  # left, top, right, bottom, in pixels of the upright frame


@dataclass(frozen=True, slots=True)
class Ruling:
    """The result of one policy rule.

    origin: who fixed the threshold (law, code, platform, house...); at: the stretches of the film that it is about;
    box: the part of the picture; frame: a frame that shows it; source: the title, date and clause of its source;
    force: how binding it is; confidence: of its source, A to C or X; says: the rule in words; quote: the words of its
    source.
    """

    id: str
    verdict: Verdict
    measured: str = ""
    threshold: str = ""
    origin: str = ""
    evidence: str = ""
    at: tuple[Stretch, ...] = ()
    box: Box | None = None
    frame: int | None = None
    source: str = ""
    force: str = ""
    confidence: str = ""
    says: str = ""
    quote: str = ""

    def plain(self) -> dict[str, Any]:
        """Returns the ruling as JSON values, under the names that the command line promises. at_s: the second at
        which its first stretch begins, None without one."""
        return {
            "id": self.id,
            "verdict": self.verdict,
            "measured": self.measured,
            "threshold": self.threshold,
            "origin": self.origin,
            "at_s": float(self.at[0][0]) if self.at else None,
            "stretches": [{"from_s": float(start), "to_s": float(end)} for start, end in self.at],
            "box": list(self.box) if self.box else None,
            "frame": self.frame,
            "evidence": self.evidence,
            "source": self.source,
            "force": self.force,
            "confidence": self.confidence,
            "says": self.says,
            "quote": self.quote,
        }


def summarised(verdicts: Sequence[str]) -> str:
    """Returns how many of some verdicts settle anything: nothing ever says that a film is compliant."""
    unknown = sum(each in OPEN for each in verdicts)
    idle = sum(each == "not_applicable" for each in verdicts)
    beside = f", {idle} not applicable" if idle else ""
    return f"{len(verdicts) - unknown - idle} rules checked, {unknown} not checkable{beside}"
