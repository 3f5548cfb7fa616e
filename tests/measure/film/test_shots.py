"""The shots of a finished film, and what of it is no picture."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from post.measure.cuts import Cuts
from post.measure.film.shots import PictureShots
from post.measure.tone import Tone
from post.values.array import Array
from tests.bench.shots import BY_HAND, SHOTS, judged
from tests.made.trailer import Trailer, card, fast, in_turn, judge, read_shot
from tests.measure.made import frames_of, photograph, show, window

ASTRONAUT, COFFEE, CHELSEA, ROCKET = (photograph(n) for n in ("astronaut", "coffee", "chelsea", "rocket"))
BLACK = np.full((144, 256), 16.0)


def held(picture: Array, frames: int, by: float = 1.0) -> list[Array]:
    """A slow pan, `by` pixels a frame."""
    return [window(picture, 40, 30 + by * i) for i in range(frames)]


def found(lumas: list[Array]) -> PictureShots:
    frames = frames_of(lumas)
    cuts = show("cuts", frames)
    assert isinstance(cuts, Cuts)
    shots = show("shots", frames, {"cuts": cuts})
    assert isinstance(shots, PictureShots)
    return shots


def faded(shot: list[Array], length: int, *, out: bool = False) -> list[Array]:
    """The shot with its first or its last frames faded from or to black."""
    shares = [min(1.0, (i + 1) / (length + 1)) for i in range(len(shot))]
    return [BLACK + (f - BLACK) * s for f, s in zip(shot, shares[::-1] if out else shares, strict=True)]


def left(lumas: list[Array], kind: str) -> set[int]:
    return {at for each in found(lumas).left_out if each.kind == kind for at in range(each.first, each.stop)}


def test_fades_and_black_frames_are_no_pictures_and_part_two_shots() -> None:
    film = [*faded(held(ASTRONAUT, 40), 12, out=True), *[BLACK] * 4, *faded(held(COFFEE, 40), 12)]
    shots = found(film)
    assert shots.edits == (44,)
    left_out = {at for at in range(len(film)) if not shots.shows_picture(at)}
    assert left_out >= set(range(30, 54))
    assert left_out <= set(range(26, 58))
    (_, first_stop), (second_first, _) = shots.shots(len(film))
    assert 26 <= first_stop <= 30
    assert 54 <= second_first <= 58


def test_a_card_and_credits_are_no_pictures() -> None:
    text = card("A FILM\nof two lines", 0)[::2, ::2, 0].astype(np.float64)[:144, :256] * 219 / 255 + 16
    rolled = [np.roll(text, -2 * i, axis=0) for i in range(20)]
    film = [*held(ASTRONAUT, 20), *[text] * 20, *held(COFFEE, 20), *rolled]
    assert left(film, "card") == {*range(20, 40), *range(60, 80)}
    assert [stop - first for first, stop in found(film).shots(len(film))] == [20, 20]


def test_what_stands_on_a_seamless_ground_is_a_picture_where_nothing_else_is() -> None:
    product = np.full((144, 256), 230.0)
    product[60:90, 110:150] = window(COFFEE, 40, 40, 30, 40)
    assert found([product] * 12).left_out == ()


def test_a_dissolve_is_found_in_its_middle() -> None:
    before, after = held(ASTRONAUT, 40), held(COFFEE, 40)
    mixed = [
        a * (1 - s) + b * s for a, b, s in zip(before[28:], after, np.linspace(0.08, 0.92, 12), strict=False)
    ]
    film = [*before[:28], *mixed, *after[12:]]
    (edit,) = found(film).edits
    assert abs(edit - 34) <= 4


@pytest.mark.parametrize("by", [0.5, 4.0])
def test_a_pan_is_no_dissolve(by: float) -> None:
    assert found(held(ASTRONAUT, 50, by)).edits == ()


def test_a_flash_of_white_is_no_edit() -> None:
    film = held(ASTRONAUT, 40)
    film[20] = film[21] = np.full_like(film[0], 235.0)
    shots = found(film)
    assert shots.edits == ()
    assert not shots.shows_picture(20)


def test_bars_are_not_measured() -> None:
    plain = held(ASTRONAUT, 12)
    barred = [np.pad(frame, ((24, 24), (0, 0)), constant_values=16.0) for frame in plain]
    _, top, _, bottom = found(barred).box
    assert 24 / 192 <= top <= 26 / 192
    assert 166 / 192 <= bottom <= 168 / 192
    tones = [show("tone", frames_of(film), {"shots": found(film)}) for film in (plain, barred)]
    assert all(isinstance(tone, Tone) for tone in tones)
    for (_, a), (_, b) in zip(tones[0].levels, tones[1].levels, strict=True):
        assert abs(a - b) < 0.02


def test_a_dark_edge_of_a_picture_is_no_bar() -> None:
    dark = [frame * np.linspace(0.3, 1, 256) + 12 for frame in held(ASTRONAUT, 12)]
    assert found(dark).box == (0.0, 0.0, 1.0, 1.0)


def test_tone_leaves_out_what_is_no_picture() -> None:
    shot = held(ASTRONAUT, 24)
    film = [*[BLACK] * 24, *faded(shot, 10), *[card("WORDS", 255)[::2, ::2, 0][:144, :256] * 0.85 + 16] * 24]
    alone = show("tone", frames_of(shot[14:]))
    tone = show("tone", frames_of(film), {"shots": found(film)})
    for (_, a), (_, b) in zip(alone.levels, tone.levels, strict=True):
        assert abs(a - b) < 0.03


@pytest.mark.parametrize("name", BY_HAND)
def test_the_edits_that_people_found_are_found(name: str, media: Callable[[str], Path]) -> None:
    row = judged(media(name), BY_HAND[name])
    assert (row["found"], row["wrong"]) == (row["edits"], 0)


@pytest.mark.slow
def test_the_edits_of_a_trailer_are_found(media: Callable[[str], Path], tmp_path: Path) -> None:
    """Cut fast from moving clips (the bench has a slow one too); missed is a dissolve into a shot that moves fast."""
    sources = [read_shot(media(name), 0, 80) for name in SHOTS]
    made = fast(in_turn(sources[::-1]))
    assert all(a.at < b.at for a, b in pairwise(made.edits))
    row = judged(made.write(tmp_path / "trailer.mp4"), made.edits)
    assert int(str(row["found"])) >= len(made.edits) - 1
    assert row["wrong"] == 0


def test_judging_counts_each_edit_once() -> None:
    made = Trailer()
    made.cut_to([np.zeros((4, 4, 3), np.uint8)] * 3)
    made.cut_to([np.zeros((4, 4, 3), np.uint8)] * 3)
    assert judge([3, 4, 9], made.edits) == (1, 2)
