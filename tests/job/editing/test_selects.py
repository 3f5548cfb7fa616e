"""Selects written into the cut of a job: where they belong, and nothing else touched."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import pytest

from post.errors import JobError
from post.job import load_job
from post.job.editing.selects import Select, write_selects

HEAD = """\
# a job
schema: Job.2
title: Spot
clock: 24
takes: {dog: dog.mp4, ship: ship.mp4, cat: cat.mp4}
"""
TAIL = "\n# the end\ndeliver: [{width: 64, height: 64, name: small}]\n"
OPEN = Select("open", "cat", "0.5s", "2s", "1.5s")
ORDER = {"first": 0, "open": 1, "last": 2, "ship": 2}


def changed(folder: Path, cut: str, *selects: Select, head: str = HEAD) -> list[str]:
    """Returns the lines that are removed and added."""
    for name in ("dog.mp4", "ship.mp4", "cat.mp4"):
        (folder / name).write_bytes(name.encode())
    path, before = folder / "job.yaml", head + cut + TAIL
    path.write_bytes(before.encode())
    write_selects(path, selects, ORDER)
    after = path.read_bytes().decode()
    for select in selects:
        shot = next(each for each in load_job(path).cut if each.name == select.shot)
        assert (shot.take, shot.start) == (select.take, select.start)
    lines = unified_diff(before.splitlines(True), after.splitlines(True), n=0)
    return [
        line.replace("\r\n", "\n") for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")
    ]


@pytest.mark.parametrize(
    ("cut", "lines"),
    [
        ("cut: [{take: dog, name: open}, {take: ship}]\n",
         ["-cut: [{take: dog, name: open}, {take: ship}]\n",
          "+cut: [{take: cat, name: open, in: 0.5s, length: 1.5s}, {take: ship}]\n"]),
        ("cut:\n  - name: open  # ours\n    take: dog   # the dog\n    look: none\n\n  # next\n  - take: ship\n",
         ["-    take: dog   # the dog\n", "+    take: cat   # the dog\n", "+    in: 0.5s\n", "+    length: 1.5s\n"]),
        ("cut:\n- {name: open, take: dog, in: 1s, out: 3s}\n",
         ["-- {name: open, take: dog, in: 1s, out: 3s}\n", "+- {name: open, take: cat, in: 0.5s, length: 1.5s}\n"]),
        ("cut:\n- out: 3s # !\n  name: open\n  take: dog\n",
         ["-- out: 3s # !\n", "-  name: open\n", "-  take: dog\n",
          "+- name: open\n", "+  take: cat\n", "+  in: 0.5s\n", "+  length: 1.5s\n"]),
        ("cut:\n- {name: open, take: dog, speed: 2, length: 1s}\n",
         ["-- {name: open, take: dog, speed: 2, length: 1s}\n",
          "+- {name: open, take: cat, speed: 2, in: 0.5s, out: 2s}\n"]),
        ("cut:\n- {name: open, take: dog, fit: 3s}\n",
         ["-- {name: open, take: dog, fit: 3s}\n", "+- {name: open, take: cat, fit: 3s, in: 0.5s, out: 2s}\n"]),
        ("cut:\n- {name: open, take: dog, fit: fill}\n",
         ["-- {name: open, take: dog, fit: fill}\n",
          "+- {name: open, take: cat, fit: fill, in: 0.5s, length: 1.5s}\n"]),
        ("cut:\r\n- take: dog\r\n  name: open\r\n",
         ["-- take: dog\n", "+- take: cat\n", "+  in: 0.5s\n", "+  length: 1.5s\n"]),
    ],
)  # fmt: skip
def test_a_shot_of_that_name_gets_the_take_and_its_range(tmp_path: Path, cut: str, lines: list[str]) -> None:
    assert changed(tmp_path, cut, OPEN) == lines


def test_a_shot_that_is_known_by_its_takes_name_keeps_that_name(tmp_path: Path) -> None:
    lines = changed(tmp_path, "cut: [{take: dog}]\n", Select("dog", "cat", "0s", "1s", "1s"))
    assert lines[1] == "+cut: [{take: cat, in: 0s, length: 1s, id: dog}]\n"


NEW = "{id: open, take: cat, in: 0.5s, length: 1.5s}"


@pytest.mark.parametrize(
    ("cut", "line"),
    [
        ("cut:\n  - take: dog\n    name: first  # 1\n  # later\n  - {take: ship}\n", f"+  - {NEW}\n"),
        ("cut:\n  - {take: ship}\n", f"+  - {NEW}\n"),
        ("cut: [{take: ship, name: last}]\n", f"+cut: [{NEW}, {{take: ship, name: last}}]\n"),
        ("cut: [{take: dog, name: first}]\n", f"+cut: [{{take: dog, name: first}}, {NEW}]\n"),
        ("cut: [{take: dog}]\n", f"+cut: [{{take: dog}}, {NEW}]\n"),
    ],
)
def test_a_new_shot_is_added_in_the_briefs_order(tmp_path: Path, cut: str, line: str) -> None:
    assert line in changed(tmp_path, cut, OPEN)
    names = [each.name for each in load_job(tmp_path / "job.yaml").cut]
    others = [ORDER.get(name, -1) for name in names]
    assert others == sorted(others)


def test_two_new_shots_stand_in_the_briefs_order_however_they_are_given(tmp_path: Path) -> None:
    last, first = (Select(name, "dog", "0s", "1s", "1s") for name in ("last", "first"))
    changed(tmp_path, "cut: [{take: cat, name: open}]\n", last, first)
    assert [each.name for each in load_job(tmp_path / "job.yaml").cut] == ["first", "open", "last"]


def test_a_layout_in_which_more_would_change_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    cut = "cut:\n  - &shot {name: open, take: dog}\n  - *shot\n"
    path = tmp_path / "job.yaml"
    path.write_text(HEAD + cut + TAIL)
    with pytest.raises(JobError, match="without changing more"):
        write_selects(path, [OPEN], ORDER)
    assert path.read_text() == HEAD + cut + TAIL
