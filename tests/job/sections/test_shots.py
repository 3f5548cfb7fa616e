from __future__ import annotations

import pytest

from post.errors import Problems
from post.job import load_job
from post.job.model import Cut
from tests.job.conftest import Write


def cuts(write: Write, *lines: str) -> tuple[Cut, ...]:
    return load_job(write(cut="\n  ".join(("cut:", *(f"- {{take: dog, {line}}}" for line in lines))))).cut


def test_a_shots_id_is_its_name(write: Write) -> None:
    read = cuts(write, "id: open", "name: end, transition: 4f", "id: same, name: same")
    assert [cut.name for cut in read] == ["open", "end", "same"]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["id: a, name: b"], r"cut\[0\].name: id and name differ; expected a, got b; keep `id`"),
        (["id: a", "id: a"], r"cut\[1\].id: two shots have the same id; got a"),
        (["id: a", "name: a"], r"cut\[1\].name: two shots have the same name; got a"),
        (["fit: 3s, length: 2s"], r"cut\[0\].length: fit and length both given; keep one"),
        (["fit: 0s"], r"cut\[0\].fit: a shot is fitted to no time at all; expected more than 0s"),
        (
            ["transition: push"],
            r"a transition has no length; expected {stage: push, length: 12f}, got push",
        ),
        (["fit: 3"], r"cut\[0\].fit: not a time"),
        (["speed: -40"], "out of range; expected 0.1 to 16, the same below 0, or 0, got -40"),
        (["speed: 0.05"], "out of range"),
        (['speed: "0s:1, 1s:2:bezier(0,0,2,1)"'], "not a speed key"),
        (["reverse: 3"], "neither true nor false"),
    ],
)
def test_what_does_not_fit_is_said(write: Write, lines: list[str], fault: str) -> None:
    with pytest.raises(Problems, match=fault):
        cuts(write, *lines)


def test_fit_is_a_time_or_how_the_picture_fills_the_frame(write: Write) -> None:
    timed, framed, both = cuts(write, "fit: 3s", "fit: fit", "fit: 3s, reframe: {fit: fit}")
    assert (timed.retime.lasts, timed.reframe.fit) == ("3s", "fill")
    assert (framed.retime.lasts, framed.reframe.fit) == ("0f", "fit")
    assert (both.retime.lasts, both.reframe.fit) == ("3s", "fit")


def test_a_shot_may_be_frozen_and_reversed(write: Write) -> None:
    (cut,) = cuts(write, 'freeze: 12f, reverse: true, speed: "0s:1, 1s:0:bezier(.4, 0, .2, 1), 2s:1"')
    assert cut.retime.freeze == "12f"
    assert cut.retime.reverse
    assert [key.ease for key in cut.retime.keys(load_job(write()).clock)][1] == "bezier(0.4,0,0.2,1)"


def test_entries_of_other_lists_have_ids_of_their_own(write: Write) -> None:
    title = "{id: line, text: Winter, at: 0s, length: 1s}"
    assert load_job(write(more=f"titles: [{title}]")).titles[0].id == "line"
    with pytest.raises(Problems, match=r"titles\[1\].id: two entries have the same id; got line"):
        load_job(write(more=f"titles: [{title}, {title}]"))


def test_a_deliverable_may_be_named_by_its_id(write: Write) -> None:
    (one,) = load_job(write(deliver="deliver: [{id: wide, width: 64, height: 64}]")).deliver
    assert one.name == "wide"
