"""C2PA's words for what was done, and what each must and may carry.

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
class Known:
    """One predefined action. source_type: whether it needs, may or must not carry a digital source type."""

    name: str
    source_type: Carries


def _rows(carries: Carries, names: str) -> tuple[Known, ...]:
    return tuple(Known(f"c2pa.{name}", carries) for name in names.split())


# `watermarked`, `color_adjustments` and the other retired names are left out: nothing new may use them.
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
# 2.4, 18.15.4.7: the parameters the standard itself names; any other carries its owner's name and a dot.
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


# Assertions this tool writes of the standard's own. Whatever else is under `c2pa.` is retired, not of a
# film, or the SDK's to make.
ASSERTIONS = frozenset(("c2pa.actions.v2", "c2pa.ai-disclosure", "c2pa.soft-binding"))
CAWG_ASSERTIONS = frozenset(("cawg.training-mining",))
_OWNED = ("c2pa.", "cawg.", "stds.")


def check_label(label: str) -> None:
    """Raises ProvenanceError where no assertion may be written under a name: one of the standards' own that
    is not known here, or one without its owner's name."""
    if label in ASSERTIONS | CAWG_ASSERTIONS:
        return
    if label.startswith(_OWNED) or "." not in label:
        known = " ".join(sorted(ASSERTIONS | CAWG_ASSERTIONS))
        raise ProvenanceError(
            "no assertion that can be written", where=label, expected=f"{known}, or one's own"
        )


def generated(source_type: str) -> bool:
    """Whether a digital source type says that a trained model made some or all of it."""
    return source_type.rpartition("/")[2].casefold() in _GENERATED


_GENERATED = frozenset(
    {
        "trainedalgorithmicmedia",
        "compositewithtrainedalgorithmicmedia",
        "compositesynthetic",
        "trainedalgorithmicdata",
    }
)
