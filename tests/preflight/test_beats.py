"""A plan warns of a beat that no shot tells, where takes say what they are for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from post.job.model import Beat
from post.preflight.beats import beat_warnings
from tests.brief.made import plan_of
from tests.plan.made import cut, job

BEATS = (Beat("open", "a dog", "brief.yaml:3"), Beat("end", "a ship", "brief.yaml:4"))


NOT_TOLD = "no shot tells it; got no take is for it; ingest a take, with `beat: end`"


@pytest.mark.parametrize(
    ("made_for", "said"),
    [
        ({"dog": "open"}, [f"brief.yaml:4: beat end: {NOT_TOLD}"]),
        ({"dog": "open", "ship": "end"}, []), ({}, []),
    ],
)  # fmt: skip
def test_a_beat_that_is_not_told_is_a_warning(made_for: dict[str, str], said: list[str]) -> None:
    made = job(cut("dog", length="1s"), cut("ship", length="1s"), beats=BEATS)
    made = replace(made, takes=tuple(replace(each, beat=made_for.get(each.name, "")) for each in made.takes))
    assert list(map(str, beat_warnings(made, plan_of(made, ("dog", "ship"))))) == said


def test_a_take_that_is_not_in_the_cut_is_named() -> None:
    made = job(cut("dog", length="1s"), cut("ship", length="1s"), beats=BEATS)
    refs = [replace(each, beat={"dog": "open", "ship": "end"}[each.name]) for each in made.takes]
    shown = replace(made, takes=tuple(refs), cut=made.cut[:1])
    (found,) = beat_warnings(shown, plan_of(shown, ("dog", "ship")))
    assert (found.code, found.got) == ("beat-missing", "takes for it: ship")
