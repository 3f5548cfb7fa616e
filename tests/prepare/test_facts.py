"""Measuring a job's takes: whatever the job says of their colour, and once."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from post.engine import ContentStore
from post.job import load_job
from post.prepare import kept_probe
from post.prepare.facts import TakeFacts, measure_takes
from post.prepare.sources import open_sources
from post.takes.made.synthetic import ClipRecipe, make_clip
from tests.made.stores import open_store

JOB = """
schema: Job.2
title: Said
clock: 24
house: plain
takes: {{a: {{file: a.mp4, {said}}}}}
cut: [{{take: a{shot}}}]
deliver: [{{name: film, width: 64, height: 48}}]
"""


def measured(folder: Path, said: str, *options: tuple[str, str], shot: str = "") -> TakeFacts:
    make_clip(folder / "a.mp4", ClipRecipe("dusk", 64, 48, Fraction(24), 6, options=options))
    (folder / "job.yaml").write_text(JOB.format(said=said, shot=shot))
    keep = open_store(folder / "store")
    sources = open_sources(load_job(folder / "job.yaml"), (), ContentStore(folder / "content"), keep)
    return measure_takes(sources, keep, {"a"})


def test_a_clip_whose_tag_is_refused_is_measured_in_the_jobs_colour(tmp_path: Path) -> None:
    tag = "x264-params", "colormatrix=YCgCo"
    assert "defects" in measured(tmp_path, "colour: bt709, range: limited", tag)["a"]


def test_a_job_says_another_range_and_the_facts_stay_and_nothing_is_probed_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = measured(tmp_path, "colour: bt601")
    assert measured(tmp_path, "range: full") == plain
    monkeypatch.setattr(kept_probe, "probe", lambda *_, **__: pytest.fail("probed again"))
    assert measured(tmp_path, "range: full") == plain


@pytest.mark.parametrize(
    ("shot", "slowed"),
    [("", False), (", fit: 12f", True), (", length: 8f, handles: auto", True), (", reverse: true", False)],
    ids=["as shot", "fitted", "made longer", "backwards"],
)
def test_the_motion_of_a_take_is_measured_where_a_shot_slows_it_in_any_way(
    tmp_path: Path, shot: str, slowed: bool
) -> None:
    assert ("motion" in measured(tmp_path, "colour: bt709", shot=shot)["a"]) is slowed
