"""Lists C2PA's actions, digital source types, parameters and assertion labels that this tool writes.

Sources: C2PA 2.4, 18.15 Table 8 (actions) and 18.15.4.5 (digital source type); C2PA Additional
Conformance Requirements 0.2 (2026-07-31); IPTC digital source type NewsCodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from post.errors import ProvenanceError
from post.values.claim import IPTC

Carries = Literal["needs", "may", "never"]


@dataclass(frozen=True, slots=True)
class PredefinedAction:
    """One action of the standard. source_type: whether it needs, may have or never has a digital source type."""

    name: str
    source_type: Carries


def _rows(carries: Carries, names: str) -> tuple[PredefinedAction, ...]:
    return tuple(PredefinedAction(f"c2pa.{name}", carries) for name in names.split())


# Retired names (`watermarked`, `color_adjustments`...) are left out: new manifests may not use them.
ACTIONS = {
    row.name: row
    for row in (
        *_rows("never", "opened"),  # 2.4, 18.15.4.5
        *_rows(
            "may",
            "converted edited.metadata enhanced placed published redacted repackaged resized.proportional "
            "transcoded watermarked.bound watermarked.unbound",
        ),
        *_rows(
            "needs",
            "addedText adjustedColor changedSpeed created cropped deleted drawing dubbed edited filtered "
            "mastered mixed orientation remixed removed resized translated trimmed unknown",
        ),
    )
}
INCEPTION = frozenset({"c2pa.created", "c2pa.opened"})

_IPTC_CODES = (
    "digitalCapture computationalCapture multiFrameComputationalCapture screenCapture virtualRecording "
    "negativeFilm positiveFilm print humanEdits digitalCreation algorithmicallyEnhanced dataDrivenMedia "
    "algorithmicMedia composite compositeCapture compositeSynthetic compositeWithTrainedAlgorithmicMedia "
    "trainedAlgorithmicMedia"
)
_C2PA_CODES = ("empty", "trainedAlgorithmicData")
_C2PA = "http://c2pa.org/digitalsourcetype/"
SOURCE_TYPES = frozenset(
    [IPTC + code for code in _IPTC_CODES.split()] + [_C2PA + code for code in _C2PA_CODES]
)
_CAPTURE_CODES = (
    "digitalCapture computationalCapture multiFrameComputationalCapture screenCapture virtualRecording "
    "negativeFilm positiveFilm print compositeCapture"
)
CAPTURED = frozenset(IPTC + code for code in _CAPTURE_CODES.split())
# 2.4, 18.15.4.7: the parameters of the standard. The name of any other starts with its owner's and a dot.
PARAMETERS = frozenset(
    (
        "redacted",
        "ingredients",
        "ingredientIds",
        "description",
        "relatedAssertions",
        "sourceLanguage",
        "targetLanguage",
        "multipleInstances",
    )
)


# The standard's assertions that this tool writes. Any other `c2pa.` label is retired, not for films, or written
# by the SDK.
ASSERTIONS = frozenset(("c2pa.actions.v2", "c2pa.ai-disclosure", "c2pa.soft-binding"))
CAWG_ASSERTIONS = frozenset(("cawg.training-mining",))
_OWNED = ("c2pa.", "cawg.", "stds.")


def check_label(label: str) -> None:
    """Raises ProvenanceError if no assertion may have this label: it belongs to a standard and is not written
    here, or it has no owner's name."""
    if label in ASSERTIONS | CAWG_ASSERTIONS:
        return
    if label.startswith(_OWNED) or "." not in label:
        known = " ".join(sorted(ASSERTIONS | CAWG_ASSERTIONS))
        raise ProvenanceError(
            "this assertion cannot be written",
            where=label,
            expected=f"{known}, or a label of your own domain",
        )


def is_generated(source_type: str) -> bool:
    """Says whether a digital source type means that a trained model made some or all of the work."""
    return source_type.rpartition("/")[2].casefold() in _GENERATED


_GENERATED = frozenset(
    {
        "trainedalgorithmicmedia",
        "compositewithtrainedalgorithmicmedia",
        "compositesynthetic",
        "trainedalgorithmicdata",
    }
)
