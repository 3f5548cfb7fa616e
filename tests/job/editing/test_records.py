"""More told of takes that a job has: written where it must be, and nothing else touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.errors import JobError
from post.job import load_job
from post.job.editing.records import take_in, tell_takes
from post.job.editing.text import NewTake, add_takes
from post.job.sections.generator import Row

A = "a" * 64
PROMPT = 'a "dog": {x}\n- #1\r\n\tירוץ\u202e \N{DOG}\u200d\N{SAFETY VEST}  \u2028\x85 end\\'
RECORD: tuple[Row, ...] = (
    ("prompt", PROMPT, "recorded"),
    ("seed", "0012", "recorded"),
    ("seed", "13", "provider-asserted"),
)
REST = """
schema: Job.2
title: Spot
clock: 24
cut: [{take: dog}]
deliver: [{width: 64, height: 64, name: small}]
"""
LAYOUTS = {
    "a path": "takes:\n  dog: dog.mp4   # the dog\n",
    "a path in braces": "takes: {dog: dog.mp4, ship: ship.mp4}\n",
    "a block": "takes:\n    dog:\n        file: dog.mp4  # kept\n\n    # a remark\n    ship: ship.mp4\n",
    "a block with a record": "takes:\n  dog:\n    generator:\n      model: x  # ours\n    file: dog.mp4\n",
    "a record in braces": "takes:\n  dog: {file: dog.mp4, generator: {model: x}}\n",
    "an empty record": "takes:\n  dog: {file: dog.mp4, generator: {}}\n",
    "Windows": "takes:\r\n  dog:\r\n    file: dog.mp4\r\n",
    "no end of line": "takes:\n  dog:\n    file: dog.mp4",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("dog.mp4", "ship.mp4"):
        (tmp_path / name).write_bytes(name.encode())
    return tmp_path


def write(folder: Path, takes: str) -> Path:
    path = folder / "job.yaml"
    path.write_bytes((REST.lstrip() + takes).encode())
    return path


def told(job: Path) -> set[Row]:
    text = job.read_bytes().decode().replace(A, "0" * 64)
    plain = job.with_name("read.yaml")
    # The clips of these tests are no media; a job is read without opening them.
    plain.write_bytes(text.encode())
    return set(load_job(plain).take("dog").record)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_record_is_added_in_whatever_style_the_take_is_written(layout: str, folder: Path) -> None:
    job = write(folder, LAYOUTS[layout])
    row = NewTake(folder / "dog.mp4", A, generator=RECORD)
    assert tell_takes(job, [row]) == ("dog",)
    assert told(job) >= set(RECORD)
    after = job.read_bytes()
    for kept in ("# the dog", "# kept", "# a remark", "# ours", "ship.mp4", "model: x"):
        assert (kept in LAYOUTS[layout]) == (kept.encode() in after)
    assert after.count(b"\r\n") in (0, after.count(b"\n")) or layout == "Windows"
    assert tell_takes(job, [row]) == ()
    assert job.read_bytes() == after


def test_what_contradicts_stands_beside_what_was_there(folder: Path) -> None:
    job = write(folder, "takes:\n  dog:\n    file: dog.mp4\n    generator:\n      seed: 0012   # ours\n")
    assert tell_takes(job, [NewTake(folder / "dog.mp4", A, generator=RECORD[1:])]) == ("dog",)
    assert (
        '      seed: [{value: "0012", how: recorded}, {value: "13", how: provider-asserted}]   # ours\n'
        in (job.read_text())
    )
    assert told(job) == set(RECORD[1:])


def test_a_new_take_comes_with_its_record_and_reason_and_a_prompt_survives_yaml(folder: Path) -> None:
    job = write(folder, "takes:\n  ship: ship.mp4\n")
    add_takes(job, [NewTake(folder / "dog.mp4", A, generator=RECORD, accept='lost: "the original"')])
    assert told(job) == set(RECORD)
    assert load_job(job.with_name("read.yaml")).take("dog").accept == 'lost: "the original"'


def test_a_clip_the_job_has_not_is_left_alone(folder: Path) -> None:
    job = write(folder, "takes:\n  dog: dog.mp4\n")
    before = job.read_bytes()
    assert tell_takes(job, [NewTake(folder / "ship.mp4", A, generator=RECORD)]) == ()
    assert tell_takes(job, [NewTake(folder / "dog.mp4", A)]) == ()
    assert job.read_bytes() == before


def test_a_layout_that_cannot_be_added_to_is_left_alone(folder: Path) -> None:
    job = write(folder, "base: &base {file: dog.mp4}\ntakes:\n  dog: *base\n  ship: *base\n")
    before = job.read_bytes()
    with pytest.raises(JobError):
        tell_takes(job, [NewTake(folder / "dog.mp4", A, generator=RECORD)])
    assert job.read_bytes() == before


def test_of_clips_taken_in_together_all_are_or_none(folder: Path) -> None:
    job = write(folder, f"takes:\n  dog: dog.mp4\n  ship: {{file: ship.mp4, sha256: {A}}}\n")
    before = job.read_bytes()
    dog = NewTake(folder / "dog.mp4", "c" * 64, generator=RECORD)
    new = NewTake(folder / "new.mp4", "d" * 64)
    with pytest.raises(JobError, match="ship"):
        take_in(job, [dog, NewTake(folder / "ship.mp4", "b" * 64), new])
    assert job.read_bytes() == before
    done = take_in(job, [dog, new])
    assert (done.added, done.told, set(done.fresh)) == (("new",), ("dog",), {"d" * 64})


def test_what_was_told_is_taken_back_where_a_clip_cannot_be_added(folder: Path) -> None:
    # The last take's last line is a part of its path: nothing can be put behind it.
    job = write(folder, "takes:\n  dog:\n    file: dog.mp4\n  ship: |+\n    ship.mp4\n\n")
    before = job.read_bytes()
    dog = NewTake(folder / "dog.mp4", "c" * 64, generator=RECORD)
    with pytest.raises(JobError, match="cannot be added"):
        take_in(job, [dog, NewTake(folder / "new.mp4", "d" * 64)])
    assert job.read_bytes() == before
    assert take_in(job, [dog]).told == ("dog",)
