"""Rules of one policy that accept the same texts speak of one label: two labels do not meet them together."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from post.values.sights.label import LabelSight, SeenLabel
from provenance.policy import load
from provenance.policy.check import PolicyInput
from tests.provenance.policy.fixed_look import FixedLook

TEXTS = ["AI GENERATED", "AI"]
HIGH = SeenLabel("AI GENERATED", ((Fraction(3), Fraction(4)),), (10, 20, 200, 50), 6.0, 12.0, 0.93, 80)
EARLY = SeenLabel("AI", ((Fraction(0), Fraction(10)),), (10, 400, 60, 420), 2.0, 12.0, 0.93, 24)
SIGHT = LabelSight((EARLY, HIGH), ("AI GENERATED", "AI"), (), Fraction(1, 4), 40, Fraction(10))


def ruled(folder: Path, sight: LabelSight, texts: tuple[Any, Any] = (TEXTS, TEXTS)) -> list[str]:
    """Returns the verdicts of a rule about a label's height, and of one about when it is first seen."""
    rules = [
        {"id": name, "says": name, "force": "house", "clause": {"source": "s", "at": "1"}, "check": check}
        for name, check in (
            ("height", {"type": "label.height", "params": {"percent": 5, "texts": texts[0]}}),
            ("first", {"type": "label.first_seen", "params": {"texts": texts[1]}}),
        )
    ]
    policy = {
        "profile": "p", "version": "1", "valid": {"from": "2026-01-01"}, "rules": rules,
        "sources": [{"id": "s", "title": "S", "date": "2026-01-01", "confidence": "A"}],
    }  # fmt: skip
    (folder / "p.yaml").write_text(json.dumps(policy))
    reading: Any = SimpleNamespace(manifests=())
    report: Any = SimpleNamespace(file=SimpleNamespace(path="film.mp4"))
    given = PolicyInput(report, reading, {}, FixedLook(sight))
    return [each.verdict for each in load(folder / "p.yaml").check(given).rulings]


def test_a_high_label_and_an_early_one_are_not_one_high_early_label(tmp_path: Path) -> None:
    assert sorted(ruled(tmp_path, SIGHT)) == ["fail", "pass"]


@pytest.mark.parametrize("place", [0, 1])
def test_the_label_that_meets_most_is_judged(place: int, tmp_path: Path) -> None:
    good = replace(HIGH, stretches=EARLY.stretches)
    seen = [EARLY]
    seen.insert(place, good)
    assert ruled(tmp_path, replace(SIGHT, seen=tuple(seen))) == ["pass", "pass"]


def test_rules_that_accept_other_texts_speak_of_other_labels(tmp_path: Path) -> None:
    assert ruled(tmp_path, SIGHT, (["AI GENERATED"], ["AI"])) == ["pass", "pass"]


def test_one_label_alone_is_judged_as_it_is(tmp_path: Path) -> None:
    assert ruled(tmp_path, replace(SIGHT, seen=(HIGH,))) == ["pass", "fail"]
    assert ruled(tmp_path, replace(SIGHT, seen=())) == ["fail", "fail"]
