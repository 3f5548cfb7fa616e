"""What a person is told of a take."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from post.job.model import TakeRef
from post.picture.colour.develop import Develop
from post.prepare.warnings import take_warnings
from post.values.warning import JobWarning
from tests.plan.made import take


@pytest.mark.parametrize(
    ("develop", "codes"),
    [(None, ["hdr", "turned"]), (Develop(), ["hdr", "turned"]), (Develop(space="arri-logc4"), ["turned"])],
)
def test_a_developed_take_is_not_said_to_be_tone_mapped(develop: Develop | None, codes: list[str]) -> None:
    said = JobWarning("hdr", "is HDR (PQ): tone-mapped to Rec.709"), JobWarning("turned", "is turned")
    ref = TakeRef("dog", Path("dog.mp4"), "job.yaml:1", develop=develop)
    told = list(take_warnings(replace(take(), warnings=said), ref))
    assert [each.code for each in told] == codes
    assert {(each.of, each.where) for each in told} == {("take dog", "job.yaml:1")}
