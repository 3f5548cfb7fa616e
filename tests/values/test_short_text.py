"""Values as people read them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from post.values.canonical import plain
from post.values.media import File
from post.values.short_text import short_text

FILE, NAMELESS = File("ab" * 32, "film.cube"), File("cd" * 32, "")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (None, "none"),
        ("", "none"),
        ((), "none"),
        (1, "1"),
        (-14.0, "-14"),
        (1 / 3, "0.333333"),
        (Fraction(1, 2), "1/2"),
        ("smooth", "smooth"),
        ((1.0, 0.5, True), "1 0.5 true"),
        ([[1, None], "a"], "1 none a"),
        ({"when": "auto", "on": True}, "{when: auto, on: true}"),
        (FILE, "film.cube"),
        (NAMELESS, "cdcdcdcdcdcd"),
        (plain(FILE), "film.cube"),
        (plain(NAMELESS), "cdcdcdcdcdcd"),
    ],
)
def test_a_value_reads_as_a_job_would_write_it(value: object, text: str) -> None:
    assert short_text(value) == text
