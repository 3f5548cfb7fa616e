"""How a job asks for the invisible mark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from post.errors import Problems
from post.job import load_job
from post.job.model import Marking
from post.picture.watermark import Watermark

Write = Callable[..., Path]


def asked(write: Write, watermark: str) -> Marking | None:
    return load_job(write(provenance=f"provenance: {{watermark: {watermark}}}")).provenance.marking


def stage_of(marking: Marking | None) -> Watermark:
    assert marking is not None
    assert isinstance(marking.stage, Watermark)
    return marking.stage


def test_nothing_is_marked_unasked(write: Write) -> None:
    assert load_job(write()).provenance.marking is None
    assert asked(write, "{mark: false, identifier: auto}") is None


def test_an_identifier_is_made_of_a_name_unless_one_is_given(write: Write) -> None:
    found = asked(write, "{mark: true, name: Spring}")
    assert stage_of(found).identifier == ""
    assert found is not None
    assert found.name == "Spring"


@pytest.mark.parametrize("identifier", ["0a1b2c3d", "01234567", "12345678", "12e45678"])
def test_hex_digits_are_taken_as_they_are_written(write: Write, identifier: str) -> None:
    assert stage_of(asked(write, f"{{mark: true, identifier: {identifier}}}")).identifier == identifier


def test_strength_is_a_knob(write: Write) -> None:
    assert stage_of(asked(write, "{mark: true, strength: 0.6}")).strength == 0.6


@pytest.mark.parametrize(
    ("watermark", "said"),
    [
        (
            "{mark: true, identifier: spring}",
            "provenance.watermark.identifier: not an identifier; expected 8 hex",
        ),
        (
            "{mark: true, strength: 3}",
            "provenance.watermark.strength: out of range; expected 0.5 to 1, got 3",
        ),
        ("{mark: maybe}", "provenance.watermark.mark: neither true nor false"),
        ("{marks: true}", "provenance.watermark.marks: unknown key; .* did you mean 'mark'"),
        ("{carrier: x.npy}", "provenance.watermark.carrier: unknown key"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(write: Write, watermark: str, said: str) -> None:
    with pytest.raises(Problems, match=said):
        asked(write, watermark)
