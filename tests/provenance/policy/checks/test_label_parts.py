"""Each thing that is asked of a label is judged by itself: when it is seen, how it looks, where it stands."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from post.values.claim import Verdict
from post.values.sights.label import LabelSight, SeenLabel
from provenance.policy import PolicyInput
from provenance.policy.check import CheckOutcome
from provenance.policy.checks import run_check
from provenance.report import ExaminedFile, Integrity, ManifestSummary, Report
from tests.provenance.policy.fixed_look import FixedLook

# In a film of 10 s, 1920x1080: at the top right, 5 % high.
SEEN = SeenLabel(
    "AI GENERATED",
    ((Fraction(0), Fraction(10)),),
    (1400, 100, 1800, 154),
    5.0,
    12.0,
    0.93,
    24,
    places=((1400, 100, 1800, 154),),
)
SIGHT = LabelSight((SEEN,), ("AI GENERATED",), (), Fraction(1, 4), 40, Fraction(10), width=1920, height=1080)


def given(sight: LabelSight, **facts: Any) -> PolicyInput:
    report = Report(ExaminedFile("film.mp4", "0" * 64, 1), "absent")
    reading: Any = SimpleNamespace(manifests=[])
    return PolicyInput(report, reading, facts, FixedLook(sight))


def judged(
    kind: str, sight: LabelSight, facts: dict[str, Any] | None = None, **parameters: Any
) -> CheckOutcome:
    return run_check(given(sight, **(facts or {})), kind, parameters)


def seen(**changed: Any) -> LabelSight:
    return replace(SIGHT, seen=(replace(SEEN, **changed),))


def at(*stretches: tuple[float | Fraction, float | Fraction]) -> LabelSight:
    return seen(stretches=tuple((Fraction(start), Fraction(end)) for start, end in stretches))


FRAME = Fraction(1, 24)


@pytest.mark.parametrize(
    ("kind", "sight", "parameters", "verdict"),
    [
        ("label.first_seen", SIGHT, {}, "pass"),
        ("label.first_seen", at((FRAME, 10)), {}, "fail"),
        ("label.first_seen", at((FRAME, 10)), {"by_s": FRAME}, "pass"),
        ("label.dwell", at((0, 2)), {}, "pass"),
        ("label.dwell", at((0, 2 - FRAME)), {}, "fail"),
        ("label.dwell", at((0, 1), (5, 8)), {"seconds": Fraction(3)}, "pass"),
        ("label.dwell", at((0, 1), (5, 8)), {"seconds": Fraction(3), "of": "first"}, "fail"),
        ("label.dwell", replace(at((0, 1)), length=Fraction(1)), {"seconds": Fraction(2)}, "pass"),
        ("label.gaps", SIGHT, {}, "pass"),
        ("label.gaps", at((0, 10 - FRAME)), {}, "fail"),
        ("label.gaps", at((0, 3), (5, 10)), {"max_gap": Fraction(2)}, "pass"),
        ("label.gaps", at((0, 3), (5, 10)), {"max_gap": Fraction(19, 10)}, "fail"),
        ("label.gaps", at((3, 10)), {"max_gap": Fraction(2)}, "fail"),
        ("label.gaps", at((0, 7)), {"max_gap": Fraction(2)}, "fail"),
        ("label.gaps", at((0, 2), (5, 7)), {"every": Fraction(5)}, "pass"),
        ("label.gaps", at((0, 2), (6, 8)), {"every": Fraction(5)}, "fail"),
        ("label.gaps", at((0, 2), (6, 8)), {"every": Fraction(9), "max_gap": Fraction(3)}, "fail"),
        ("label.continuous", SIGHT, {}, "pass"),
        ("label.continuous", at((0, 5), (5 + FRAME, 10)), {}, "fail"),
        ("label.continuous", at((0, 10 - FRAME)), {}, "fail"),
        ("label.height", SIGHT, {"percent": Fraction(5)}, "pass"),
        ("label.height", seen(height_percent=4.7), {"percent": Fraction(5)}, "fail"),
        ("label.height", seen(height_percent=4.2, character_percent=5.2), {"percent": Fraction(5)}, "pass"),
        ("label.height", seen(height_percent=5.0, character_percent=4.2), {"percent": Fraction(5)}, "fail"),
        ("label.contrast", seen(contrast=4.5), {}, "pass"),
        ("label.contrast", seen(contrast=4.2), {}, "fail"),
        ("label.contrast", seen(contrast=4.2), {"ratio": Fraction(3)}, "pass"),
        # Without texts it asks for no label: WCAG does not.
        ("label.contrast", replace(SIGHT, seen=()), {}, "not_applicable"),
        ("label.contrast", replace(SIGHT, seen=()), {"texts": ("AI",)}, "fail"),
        ("label.contrast", replace(SIGHT, seen=(), undrawn=("AI",)), {}, "cannot_check"),
        ("label.contrast", seen(text="AD WITH SYNTHETIC PERFORMER", declared=True), {}, "needs_human"),
        ("label.text", SIGHT, {"elements": ("AI|人工智能", "GENERATED|生成")}, "pass"),
        ("label.text", seen(text="AI"), {"elements": ("AI|人工智能", "GENERATED|生成")}, "fail"),
        ("label.text", seen(text="Ai GENERATED"), {"elements": ("AI",)}, "fail"),
        ("label.text", SIGHT, {"elements": ("人工智能|",)}, "fail"),
        ("label.zone", SIGHT, {"top": Fraction(9), "right": Fraction(6)}, "pass"),
        ("label.zone", SIGHT, {"top": Fraction(10)}, "fail"),
        ("label.zone", SIGHT, {"right": Fraction("6.6")}, "fail"),
        ("label.zone", SIGHT, {"bottom": Fraction(35), "left": Fraction(20), "shape": "16:9"}, "pass"),
        ("label.zone", SIGHT, {"top": Fraction(10), "shape": "9:16"}, "not_applicable"),
        ("label.zone", seen(places=((1400, 100, 1800, 154), (0, 0, 50, 20))), {"top": Fraction(5)}, "fail"),
        ("label.zone", SIGHT, {"shape": "wide"}, "cannot_check"),
        ("label.crop", SIGHT, {"to": ("16:9",)}, "pass"),
        ("label.crop", SIGHT, {"to": ("16:9", "1:1")}, "fail"),
        ("label.crop", seen(places=((1000, 500, 1200, 540),)), {"to": ("1:1", "9:16")}, "pass"),
        ("label.crop", SIGHT, {"to": ("wide",)}, "cannot_check"),
        # What all of them take.
        ("label.continuous", SIGHT, {"percent": Fraction("5.2")}, "pass"),
        ("label.continuous", SIGHT, {"percent": Fraction("5.3")}, "fail"),
        ("label.continuous", SIGHT, {"texts": ("人工智能生成",)}, "fail"),
        ("label.continuous", seen(declared=True), {"texts": ("人工智能生成",)}, "needs_human"),
        ("label.continuous", seen(alone=False), {}, "needs_human"),
        ("label.continuous", replace(SIGHT, seen=()), {}, "fail"),
        ("label.continuous", replace(SIGHT, seen=(), undrawn=("AI",)), {}, "cannot_check"),
        ("label.continuous", LabelSight(fault="no picture"), {}, "cannot_check"),
        ("label.continuous", replace(SIGHT, step=Fraction(2)), {}, "cannot_check"),
        ("label.continuous", replace(at((0, 5), (6, 10)), step=Fraction(2)), {}, "fail"),
        ("label.gaps", replace(SIGHT, step=Fraction(2)), {"max_gap": Fraction(1)}, "cannot_check"),
        ("label.gaps", replace(SIGHT, step=Fraction(2)), {"max_gap": Fraction(2)}, "pass"),
    ],
)  # fmt: skip
def test_verdicts(kind: str, sight: LabelSight, parameters: dict[str, Any], verdict: Verdict) -> None:
    assert judged(kind, sight, **parameters).verdict == verdict


@pytest.mark.parametrize(
    ("integrity", "verdict"), [("intact", "not_applicable"), ("tampered", "fail"), ("unreadable", "fail")]
)
def test_only_an_intact_manifest_says_that_nothing_was_generated(
    integrity: Integrity, verdict: Verdict
) -> None:
    report = Report(
        ExaminedFile("film.mp4", "0" * 64, 1),
        integrity,
        manifests=(ManifestSummary("m", "", "", "", "", "", (), ()),),
    )
    bare = replace(given(replace(SIGHT, seen=())), report=report)
    assert run_check(bare, "label.visible", {}).verdict == verdict


@pytest.mark.parametrize(
    ("breaks", "verdict"),
    [
        (None, "needs_human"),
        ("soon", "needs_human"),
        ("none", "not_applicable"),
        ("4, 8.5", "pass"),
        ("3.4", "fail"),
        ("2.5", "pass"),
        ("0", "pass"),
        ("1e999999999", "needs_human"),
        (8, "pass"),
    ],
)
def test_where_breaks_are_is_declared(breaks: object, verdict: Verdict) -> None:
    facts = {} if breaks is None else {"breaks_s": breaks}
    sight = at((0, 3), (4, 9))
    assert judged("label.after_break", sight, facts, within_s=Fraction(1, 2)).verdict == verdict


def test_an_outcome_says_where_in_the_film_it_was_found() -> None:
    late = judged("label.gaps", at((0, 3), (8, 10)), max_gap=Fraction(2))
    assert (late.at, late.box, late.frame) == (((Fraction(3), Fraction(8)),), SEEN.box, 24)
    moved = judged("label.zone", seen(places=((1400, 100, 1800, 154), (0, 0, 50, 20))), top=Fraction(5))
    assert moved.box == (0, 0, 50, 20)


def test_one_search_answers_every_check(tmp_path: Path) -> None:
    """The texts of all policies are searched for at once, so that the film is read once."""
    look = FixedLook(SIGHT)
    asked = replace(given(SIGHT), look=look, label_texts=("人工智能生成", "AI"))
    for kind, texts in (
        ("label.first_seen", ("AI",)),
        ("label.height", ("人工智能生成",)),
        ("label.zone", ("AI",)),
    ):
        run_check(asked, kind, {"texts": texts, **({"shape": "16:9"} if kind == "label.zone" else {})})
    assert len(look.asked) == 4
    assert {texts for texts, _ in look.asked} == {(("人工智能生成", "AI"))}


def test_without_a_look_nothing_passes() -> None:
    blind = replace(given(SIGHT), look=None)
    for kind in ("label.first_seen", "label.height", "label.zone", "label.crop", "label.text", "label.gaps"):
        assert run_check(blind, kind, {}).verdict == "cannot_check"
