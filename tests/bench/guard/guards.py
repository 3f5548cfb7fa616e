"""The rules that the films are checked by, and which mutation each must catch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from provenance.policy.checks import CHECKS
from tests.bench.guard.films import CLAIM

LABELS = (
    "missing label",
    "shrunk label",
    "late label",
    "brief label",
    "moved label",
    "reworded label",
)
FILES = ("faded label", "cropped film", "flashes", "stripped AIGC", "swapped metadata")
CODED = ("cropped film", "faded label", "flashes")  # coded again: their manifest and XMP are lost


@dataclass(frozen=True, slots=True)
class Guard:
    """A rule of one check. catches: the mutations it must fail; asks: those it must leave to a person, or fail;
    touches: those that may change what it says."""

    check: str
    params: dict[str, Any] = field(default_factory=dict)
    catches: tuple[str, ...] = ()
    touches: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


# What is written is then another text, or can be read in a part of the film alone.
UNREAD = (*CODED, "altered claim")
_GENERATED = ["trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"]
_GONE = ("missing label", "cropped film")
# Another text at a label's place may be a label in other words: only the check of its text can fail it.
_ASKS = ("reworded label",)
GUARDS = (
    Guard(
        "label.visible", {"height_percent": 5, "seconds": 2.4, "contrast": 4.5},
        (*_GONE, "shrunk label", "late label", "brief label", "faded label"), ("flashes",), _ASKS,
    ),
    Guard("label.first_seen", {}, (*_GONE, "late label"), (), _ASKS),
    Guard("label.dwell", {"seconds": 2.4}, (*_GONE, "late label", "brief label"), ("flashes",), _ASKS),
    Guard("label.gaps", {"max_gap": 0.3}, (*_GONE, "late label", "brief label"), ("flashes",), _ASKS),
    Guard("label.continuous", {}, (*_GONE, "late label", "brief label"), ("flashes",), _ASKS),
    Guard("label.height", {"percent": 5}, (*_GONE, "shrunk label"), (), _ASKS),
    # Of a label that is not there, it has nothing to say.
    Guard("label.contrast", {"ratio": 4.5}, ("faded label",), (*_GONE, *_ASKS, "flashes")),
    Guard("label.text", {"elements": ["AI", "GENERATED"]}, (*_GONE, *_ASKS)),
    Guard("label.zone", {"bottom": 45, "top": 3, "left": 3, "right": 3}, (*_GONE, "moved label"), (), _ASKS),
    Guard("aigc.present", {}, ("stripped AIGC",)),
    Guard("xmp.source_type", {"one_of": _GENERATED}, ("swapped metadata",), CODED),
    Guard(
        "marks.agree", {"required": ["xmp", "aigc", "visible"]},
        (*_GONE, "stripped AIGC", "swapped metadata"), CODED, _ASKS,
    ),
    Guard("c2pa.valid", {}, FILES),
    Guard("pse.general", {}, ("flashes",)),
    Guard("text.numbers", {}, ("wrong number",), UNREAD),
    # A text that resembles no approved one is for a person, as the rule does not say that it fails.
    Guard("text.approved", {}, ("wrong number",), (*CODED, "reworded label"), ("altered claim",)),
    Guard("text.gibberish", {}, (), UNREAD),
    Guard("brand.logo_present", {"seconds": 1.5}, ("wrong logo",), ("faded label", "flashes")),
    Guard("brand.logo_wrong", {}, ("wrong logo",), ("faded label", "flashes")),
)  # fmt: skip


# The checks that a mutation is shown to, by the beginnings of their names: what it leaves as it was is not measured
# again. A good film is shown to all.
_LABELLED = ("label.", "marks.", "c2pa.", "aigc.", "xmp.")
_CODED_AGAIN = ("label.", "c2pa.", "aigc.", "pse.")
SHOWN: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*LABELS, "stripped AIGC", "swapped metadata"), _LABELLED),
    **dict.fromkeys(("cropped film", "faded label"), (*_CODED_AGAIN, "marks.", "brand.")),
    "flashes": _CODED_AGAIN,
    "wrong number": ("text.", "pse.", "c2pa."),
    "altered claim": ("text.", "pse.", "c2pa."),
    "wrong logo": ("brand.", "text.", "pse.", "c2pa."),
}


def guards_of(mutation: str) -> list[Guard]:
    """Returns the guards that a mutation is shown to."""
    return [each for each in known_guards() if each.check.startswith(SHOWN.get(mutation, ""))]


def known_guards() -> list[Guard]:
    """Returns the guards whose checks there are."""
    return [each for each in GUARDS if each.check in CHECKS]


def write_facts(folder: Path) -> Path:
    """Writes what the films are compared with: the approved texts, and the logos beside it."""
    valid = {"from": "2026-01-01", "to": "2999-01-01"}
    texts = {"claim": CLAIM, "label": "AI GENERATED"}
    claims = [
        {
            "id": name,
            "text": text,
            "language": "en",
            "source": "bench",
            "approved_by": "bench",
            "valid": valid,
        }
        for name, text in texts.items()
    ]
    logos = [{"id": "logo", "file": "logo.png"}, {"id": "other", "file": "other.png", "retired": True}]
    path = folder / "facts.yaml"
    path.write_text(json.dumps({"facts": {}, "claims": claims, "brand": {"logos": logos}}), "utf-8")
    return path


def write_policy(path: Path, guards: Sequence[Guard]) -> Path:
    """Writes a policy with a rule for each guard."""
    rules = [
        {
            "id": each.check,
            "says": each.check,
            "force": "house",
            "clause": {"source": "bench", "at": "1"},
            "check": {"type": each.check, **({"params": each.params} if each.params else {})},
        }
        for each in guards
    ]
    policy = {
        "profile": "guard-bench", "version": "1", "valid": {"from": "2026-01-01", "to": None}, "territory": ["any"],
        "role": ["producer"], "facts_needed": [], "rules": rules,
        "sources": [{"id": "bench", "title": "Bench", "date": "2026-12-01", "confidence": "A"}],
    }  # fmt: skip
    path.write_text(json.dumps(policy, indent=1), "utf-8")  # JSON is YAML
    return path
