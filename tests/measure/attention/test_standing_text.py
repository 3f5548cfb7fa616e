"""Of what looks like text, that is kept which stands still on the screen and is set in letters."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from post.measure.attention.standing_text import STANDS, standing_text
from post.values.array import Array

WIDTH, HEIGHT = 960, 540
AT = (0.1, 0.78, 0.5, 0.88)


@pytest.fixture(scope="module")
def lettered() -> Array:
    image = Image.new("L", (WIDTH, HEIGHT), 70)
    ImageDraw.Draw(image).text((110, 430), "MADE WITH A MACHINE", 240, font=ImageFont.load_default(34))
    return np.asarray(image)


@pytest.fixture(scope="module")
def striped() -> Array:
    """A fence: strokes that hang together, where no letters stand apart."""
    made = np.full((HEIGHT, WIDTH), 70, np.uint8)
    for number in range(40):
        x, high = 110 + 9 * number, 6 + 37 * number % 60
        made[420 : 420 + high, x : x + 4] = 240
    made[424:428, 110:474] = 240
    return made


def test_a_line_of_letters_that_stands_is_text_from_its_first_look_to_its_last(lettered: Array) -> None:
    looks = [(), *[(AT,)] * STANDS, (), (AT,), ()]
    found = standing_text(looks, (), lambda look: lettered)
    assert found == [(), *[(AT,)] * (STANDS + 2), ()]


def test_what_moves_or_comes_for_a_moment_is_none(lettered: Array) -> None:
    moving = [((0.1 + 0.02 * look, 0.78, 0.5 + 0.02 * look, 0.88),) for look in range(12)]
    brief = [*[(AT,)] * (STANDS - 1), *[()] * 6]
    for looks in (moving, brief):
        assert not any(standing_text(looks, (), lambda look: lettered))


def test_a_short_shot_is_asked_for_what_it_has(lettered: Array) -> None:
    looks = [*[()] * 6, (AT,), (AT,)]
    assert standing_text(looks, (6,), lambda look: lettered)[6:] == [(AT,), (AT,)]


def test_strokes_that_are_no_letters_are_looked_at_once_and_refused(striped: Array) -> None:
    asked: list[int] = []

    def closer(look: int) -> Array:
        asked.append(look)
        return striped

    assert not any(standing_text([(AT,)] * 9, (), closer))
    assert asked == [4]
