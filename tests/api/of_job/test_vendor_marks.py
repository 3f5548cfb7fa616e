"""Marks that takes are known to have, and that their shots keep, are looked for in the films that are made of them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from post.api.checking import CheckRequest, finished_films
from post.api.of_job.vendor_marks import marks_of_job
from post.api.plans import plan_in
from post.api.settings import Settings
from post.engine import InProcess
from post.values.brand.guide import VendorMark
from post.versions.planned import PlannedVersion
from provenance.policy.document.facts import as_facts
from provenance.policy.document.references import References
from tests.qc.flash.made import write_film

JOB = """schema: Job.2
title: Marked
clock: 24
house: plain
takes:
  a: {file: a.mp4, generator: {model: veo-3, visible_mark: veo}}
  b: {file: b.mp4, generator: {model: other}}
cut:
  - {id: one, take: a, in: 0.25s, length: 0.5s%s}
  - {id: two, take: b, length: 0.5s}
  - {id: three, take: a, in: 0.25s, length: 0.5s%s}
deliver: [{preset: draft, name: film, width: 160, height: 90}]
"""
KEEP = ", reframe: {keep: [[0.8, 0.8, 0.95, 0.95]]}"


def planned(folder: Path, first: str, last: str) -> PlannedVersion:
    noise = np.random.default_rng(3).random((90, 200)) * 0.5 + 0.2
    for name in ("a", "b"):
        write_film(folder / f"{name}.mp4", lambda at: noise[:, at : at + 160], 30)
    (folder / "job.yaml").write_text(JOB % (first, last))
    settings = Settings(folder / "config", folder / "store", folder / "store")
    (version,) = plan_in(InProcess(), folder / "job.yaml", settings).versions  # type: ignore[arg-type]  # runs it here
    return version


def marks(version: PlannedVersion) -> tuple[VendorMark, ...] | None:
    return marks_of_job(version.sources.job, version.plan.renditions[0])


def test_a_mark_is_looked_for_wherever_the_film_shows_its_take(tmp_path: Path) -> None:
    version = planned(tmp_path, KEEP, KEEP)
    (mark,) = marks(version) or ()
    assert (mark.id, mark.box) == ("veo", (128, 72, 152, 86))
    assert mark.frame == 12  # 6 frames in, and the middle of 12
    assert mark.shown == ((Fraction(0), Fraction(1, 2)), (Fraction(1), Fraction(3, 2)))
    assert mark.take.sha256 == version.plan.renditions[0].shots[0].take.file.sha256
    (tmp_path / "film.mp4").write_bytes(b"")
    ((_, asked),), missing = finished_films([version], tmp_path, CheckRequest(("wcag",)))
    assert (as_facts(asked.facts).references.marks, missing) == ((mark,), [])


def test_a_file_of_facts_says_more_than_the_job(tmp_path: Path) -> None:
    version = planned(tmp_path, KEEP, KEEP)
    (tmp_path / "film.mp4").write_bytes(b"")
    facts = as_facts({}).__class__((), References(marks=()))
    ((_, asked),), _ = finished_films([version], tmp_path, CheckRequest(("wcag",), facts))
    assert as_facts(asked.facts).references.marks == ()


@pytest.mark.parametrize("keep", [("", ""), (KEEP, "")])
def test_a_mark_without_a_place_is_for_a_person(keep: tuple[str, str], tmp_path: Path) -> None:
    assert marks(planned(tmp_path, *keep)) is None
