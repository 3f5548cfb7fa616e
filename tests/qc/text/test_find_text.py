"""Texts in four scripts are read from real frames; what the reader cannot read is told, never passed over."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from post.qc.film_pass import measure_one
from post.qc.text.find_text import TypeQuestion
from post.values.sights.text import TextSight
from tests.qc.text.typed_films import RATE, Line, real_frame, write_typed

pytestmark = pytest.mark.media
ALL = range(24)
LINES = (
    Line("Save 50 % – from €19.99/month", (60, 30), range(6, 18)),
    Line("限时优惠 全场5折 199元起", (60, 100), ALL),
    Line("あたらしい みんなのおやつ", (60, 170), ALL),
    Line("クリスマスキャンペーン 3,980円", (60, 240), ALL),
    Line("Wnter slae aovnd frmeq", (60, 310), ALL),
    Line("겨울 신상품 출시 안내", (60, 380), ALL),
    Line("Noch 3 Tage", (640, 440), range(12)),
    Line("Noch 2 Tage", (640, 440), range(12, 24)),
)


@pytest.fixture(scope="module")
def sight(media: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> TextSight:
    frame = real_frame(media("footage/rio_drone_720p.mp4"))
    return measure_one(
        write_typed(tmp_path_factory.mktemp("typed") / "film.mp4", frame, LINES), TypeQuestion()
    ).text


def seen(sight: TextSight, text: str) -> list[tuple[Fraction, Fraction]]:
    return [stretch for each in sight.seen if _bare(each.text) == _bare(text) for stretch in each.stretches]


def span(first: int, end: int) -> tuple[Fraction, Fraction]:
    return Fraction(first, RATE), Fraction(end, RATE)


def _bare(text: str) -> str:
    return "".join(text.split()).replace("–", "-")


@pytest.mark.parametrize("line", LINES[1:5], ids=("Han", "Hiragana", "Katakana", "Latin"))
def test_a_title_is_read_in_each_script(sight: TextSight, line: Line) -> None:
    assert seen(sight, line.text) == [span(0, 24)]


def test_the_frames_between_samples_tell_when_a_title_comes_and_goes(sight: TextSight) -> None:
    assert seen(sight, LINES[0].text) == [span(6, 18)]


def test_a_number_that_changes_is_two_texts(sight: TextSight) -> None:
    assert seen(sight, "Noch 3 Tage") == [span(0, 12)]
    assert seen(sight, "Noch 2 Tage") == [span(12, 24)]


def test_scripts_are_named(sight: TextSight) -> None:
    assert {each.script for each in sight.seen} >= {"Latin", "Han", "Hiragana", "Katakana"}


def test_letters_that_form_no_words_look_less_like_a_language(sight: TextSight) -> None:
    words = {each.text.split()[0]: each.words for each in sight.seen}
    assert words["Wnter"] < 0.72 < words["Save"]


def test_type_of_a_script_that_the_reader_lacks_is_told(sight: TextSight) -> None:
    (place,) = [each for each in sight.unread if each.box[0] < 100]
    left, top, right, bottom = place.box
    assert 35 < left < 62
    assert 340 < right < 460
    assert top < 400 < bottom
    assert place.stretches == (span(0, 24),)


def test_boxes_lie_around_the_type(sight: TextSight) -> None:
    box = next(each.box for each in sight.seen if "199" in each.text)
    assert box[0] < 62
    assert box[1] < 112
    assert 430 < box[2] < 520
    assert 125 < box[3] < 160


def test_without_the_reader_the_sight_says_what_to_install(
    media: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("post.qc.text.network.WHEEL", "no-such-wheel")
    found = measure_one(media("footage/rio_drone_720p.mp4"), TypeQuestion()).text
    assert found.fault == "text on screen cannot be read here; install answerprint[ocr]"
