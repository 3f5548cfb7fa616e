"""A cut that is written in brackets is edited in place, or not at all where comments would be lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from post.errors import JobError
from post.job.editing.cut import NewShot, with_cut
from presets.yaml_nodes import Written

CUT = """cut: [
  {take: dog, id: a},   # first words
  # about b
  {take: ship, id: b, in: 1s},
]   # last
"""
A, B = {"take": "dog", "id": "a"}, {"take": "ship", "id": "b", "in": "1s"}


def changed(tmp_path: Path, text: str, shots: Sequence[NewShot]) -> str:
    path = tmp_path / "job.yaml"
    path.write_text(text)
    return with_cut(text, shots, Written(path, path.name))


def test_a_changed_shot_in_brackets_leaves_what_lies_between(tmp_path: Path) -> None:
    shots = [NewShot(0, A, A), NewShot(1, {**B, "in": "30f"}, B)]
    assert changed(tmp_path, CUT, shots) == CUT.replace("in: 1s", "in: 30f")


def test_shots_in_brackets_move_where_there_are_no_comments(tmp_path: Path) -> None:
    plain = "cut: [{take: dog, id: a}, {take: ship, id: b, in: 1s}]\n"
    assert (
        changed(tmp_path, plain, [NewShot(1, B, B), NewShot(0, A, A)])
        == "cut: [{take: ship, id: b, in: 1s}, {take: dog, id: a}]\n"
    )


def test_comments_in_brackets_are_not_lost_when_shots_move(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="comments between shots in brackets"):
        changed(tmp_path, CUT, [NewShot(1, B, B), NewShot(0, A, A)])
