"""The beats of a job's brief, and the takes that are made for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.errors import Problems
from post.job import load_job
from tests.job.conftest import Write

BRIEF = (
    "objective: sell\nformats: [16x9]\nbeats:\n  - {id: open, says: a dog}\n  - id: end\n"
    "rules: [{id: x, says: it looks well}]\n"
)
TAKES = "takes: {dog: {file: dog.mp4, beat: open}, ship: ship.mp4}"


def test_beats_are_read_in_the_briefs_order_and_takes_say_theirs(write: Write) -> None:
    Path("brief.yaml").write_text(BRIEF)
    job = load_job(write(brief="brief: brief.yaml", takes=TAKES))
    assert [(each.id, each.says) for each in job.beats] == [("open", "a dog"), ("end", "")]
    assert [each.beat for each in job.takes] == ["open", ""]
    assert job.brief == Path("brief.yaml").absolute()


def test_without_a_brief_a_take_may_say_any_beat(write: Write) -> None:
    job = load_job(write(takes=TAKES))
    assert (job.beats, job.take("dog").beat) == ((), "open")


@pytest.mark.parametrize(
    ("brief", "said"),
    [
        (BRIEF.replace("id: open", "id: opening"), "job.yaml:4: takes.dog.beat: unknown beat of the brief"),
        ("beats: {id: open}", "brief.yaml:1: beats: not a list"),
        ("beats: [{id: open}, {id: open}]", "brief.yaml:1: beats[1]: two beats have the same id"),
        ("beats: [{id: x, say: open}]", "brief.yaml:1: beats[0].say: unknown key"),
        ("beats: [{says: open}]", "brief.yaml:1: beats[0].id: missing"),
        ("beats: [open]", "brief.yaml:1: beats[0]: not keys and values"),
        ("beats: [", "brief.yaml"),
    ],
)
def test_what_is_wrong_is_told_with_its_file_and_line(write: Write, brief: str, said: str) -> None:
    Path("brief.yaml").write_text(brief)
    with pytest.raises(Problems) as caught:
        load_job(write(brief="brief: brief.yaml", takes=TAKES))
    (fault,) = caught.value.faults
    assert str(fault).startswith(said)
    assert "beat of the brief" not in said or "did you mean 'opening'?" in str(fault)


def test_a_brief_that_is_not_there_is_one_fault(write: Write) -> None:
    with pytest.raises(Problems) as caught:
        load_job(write(brief="brief: brief.yaml", takes=TAKES))
    assert len(caught.value.faults) == 1
