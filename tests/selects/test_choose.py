"""Choices read, checked against the takes, and made times of the film."""

from __future__ import annotations

from typing import Any

import pytest

from post.errors import AnswerprintError, JobError, Problems
from post.job.editing.selects import Select
from post.job.model import Beat
from post.selects.choose import Choice, brief_order, known_shots, read_choice, resolve_choices
from post.selects.measured import MeasuredTake
from post.selects.usable import Defect
from post.values.time import Span
from tests.plan.made import cut, job
from tests.selects.made import measured

JOB = job(cut("dog", length="2s"), cut("ship", transition=12))
TAKES = [measured("dog", cuts=[60]), measured("ship"), measured("wan", 49, 8, cuts=[20])]


def chosen(*texts: str, takes: list[MeasuredTake] = TAKES, asked: Any = JOB) -> tuple[Select, ...]:
    return resolve_choices([read_choice(each) for each in texts], asked, takes, ["open", "dog", "ship"])


def test_a_choice_names_shot_take_and_range() -> None:
    assert read_choice("open=dog") == Choice("open", "dog")
    assert read_choice(" open = dog@0.5s..36f ") == Choice("open", "dog", "0.5s", "36f")
    assert read_choice("open=dog@home@0s..1s").take == "dog@home"


@pytest.mark.parametrize("text", ["open", "=dog", "open=", "open=@0s..1s", "open=dog@..2s", "open=dog@0s..x"])
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(JobError, match="--choose"):
        read_choice(text)


def test_the_default_is_the_longest_usable_range() -> None:
    assert chosen("open=dog") == (Select("open", "dog", "0s", "2.5s", "2.5s"),)
    assert chosen("ship=ship@0.5s..2s") == (Select("ship", "ship", "0.5s", "2s", "1.5s"),)
    broken = measured("ship", defects=[Defect("black", Span(0, 25))])
    assert chosen("open=ship", takes=[broken]) == (Select("open", "ship", "25f", "4s", "71f"),)


def test_a_range_of_a_slow_take_shows_no_frame_of_the_next_shot() -> None:
    """8 frames a second in a film of 24: frame 20 is nearest from 19.5 on, so the cut at 2.5 s shows at 2.4375 s."""
    before = measured("wan", 22, 8, cuts=[20])
    (select,) = chosen("open=wan", takes=[before])
    assert select == Select(
        "open", "wan", "0s", "59f", "59f"
    )  # position 58 / 3 = 19.33; 59 / 3 would round to 20
    with pytest.raises(JobError, match="over a cut inside the take"):
        chosen("open=wan@0s..2.5s", takes=[before])
    assert chosen("open=wan@0s..59f", takes=[before]) == (select,)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["opne=dog"], "unknown beat or shot; expected dog | open | ship, got 'opne'; did you mean 'open'?"),
        (["open=dgo"], "unknown take; expected dog | ship | wan, got 'dgo'; did you mean 'dog'?"),
        (["open=dog@2s..3s"], "a cut at 2.500 s"),
        (["open=dog@3s..4.5s"], "outside the take; expected up to 4.000 s, got 3s..4.5s"),
        (["open=dog@2s..2s"], "does not end after it starts"),
        (["open=dog", "open=ship"], "chosen twice"),
        (["open=tiny"], "has no part that a shot can use"),
        (["ship=ship@0s..0.25s"], "transition"),
    ],
)
def test_what_cannot_be_chosen_is_refused(texts: list[str], said: str) -> None:
    with pytest.raises(AnswerprintError) as caught:
        chosen(*texts, takes=[*TAKES, measured("tiny", 8)] if "tiny" in texts[0] else TAKES)
    assert said in str(caught.value)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(Problems) as caught:
        chosen("opne=dog", "dog=dgo")
    assert len(caught.value.faults) == 2


def test_beats_takes_and_shots_can_be_named_in_the_briefs_order() -> None:
    beats = (Beat("open", "", ""), Beat("end", "", ""))
    asked = job(cut("dog"), beats=beats, brief=None)
    assert known_shots(asked) == ("open", "end", "dog")
    assert brief_order(asked) == {"open": 0, "end": 1}
