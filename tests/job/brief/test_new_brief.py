"""The brief of a new job, and the demo's, are read without a fault; their rules are measured or asked."""

from __future__ import annotations

from pathlib import Path

import pytest

import presets
from post.job.brief.new_brief import NEW_BRIEF
from presets.yaml_nodes import Written, read
from tests.job.brief.made import brief_of

DEMO = Path(presets.__file__).parent / "demo"


@pytest.mark.parametrize(
    ("text", "rules", "questions"),
    [(NEW_BRIEF, 5, 1), ((DEMO / "brief.yaml").read_text(), 11, 2)],
)
def test_it_is_read(text: str, rules: int, questions: int, tmp_path: Path) -> None:
    brief = brief_of(tmp_path, text)
    assert len(brief.rules) == rules
    assert sum(rule.check is None for rule in brief.rules) == questions


def test_the_takes_of_the_demo_are_made_for_its_beats(tmp_path: Path) -> None:
    job = read(Written(DEMO / "job.yaml", "job.yaml")).plain()
    beats = [each.id for each in brief_of(tmp_path, (DEMO / "brief.yaml").read_text()).beats]
    told = [job["takes"][shot["take"]]["beat"] for shot in job["cut"]]
    assert list(dict.fromkeys(told)) == beats
    assert job["brief"] == "brief.yaml"
