"""Titles that are too small, or too brief, to be read."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from post.engine import ContentStore
from post.job import load_job
from post.preflight.plan_checked import plan_checked
from post.preflight.reading import count_words, read_frames, reading_seconds
from post.stage import Pose
from post.values.warning import JobWarning

JOB = """
schema: Job.2
title: Spot
clock: 24
look: none
grain: none
label: none
takes: {room: {make: colour, fill: "#202020"}}
cut: [{take: room, length: 6s}]
titles: [{text: "%s", at: %s, length: %s%s}]
deliver: [{preset: social-16x9, width: 640, height: 360}, {preset: social-9x16, width: 360, height: 640}]
"""


def said(folder: Path, text: str, span: tuple[str, str], more: str) -> list[JobWarning]:
    (folder / "job.yaml").write_text(JOB % (text, *span, more))
    plan = plan_checked(load_job(folder / "job.yaml"), (), ContentStore(folder / "content"), "")[1]
    return [each for each in plan.warnings if each.code in ("type-small", "type-brief")]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Winter sale, 20 % off!", "", 4),
        ("It's now", "", 2),
        ("冬のセール", "ja", 3),
        ("ลดราคาฤดูหนาว", "th", 4),
        ("خصم الشتاء", "ar", 2),
        ("— …", "", 0),
    ],
)
def test_words_are_counted_as_unicode_parts_them(text: str, language: str, words: int) -> None:
    assert count_words(text, language) == words


def test_clearcast_s_time_to_read() -> None:
    """A fifth of a second a word, and 2 s, or 3 s from ten words on."""
    seconds = [float(reading_seconds(words, small_print=True)) for words in (1, 9, 10, 20)]
    assert seconds == [2.2, 3.8, 5.0, 7.0]
    assert reading_seconds(10, small_print=False) == Fraction(2)


CUT = ", fade_in: 0f, fade_out: 0f"


@pytest.mark.parametrize(
    ("at", "length", "more", "brief"),
    [
        ("0s", "1s", CUT, False),
        ("0s", "23f", CUT, True),
        ("0s", "1s", "", True),  # its fades take half of it
        ("0s", "1s", CUT + ", small_print: true", True),
        ("0s", "3s", CUT + ", small_print: true", False),
        ("5.5s", "3s", CUT, True),  # the film ends
    ],
)
def test_five_words_need_a_second_at_rest(
    tmp_path: Path, at: str, length: str, more: str, brief: bool
) -> None:
    found = said(tmp_path, "One two three four five", (at, length), more)
    assert [each.code for each in found] == ["type-brief"] * brief
    for each in found:
        assert each.films == ("social-16x9", "social-9x16")


@pytest.mark.parametrize(
    ("more", "small"),
    [
        ("", False),
        (", size: 3.9", False),  # a capital of Inter is .727 of the em: 30.6 lines
        (", size: 3.7", True),
        (", size: 3.7, plate: true", False),
        (", size: 3.3, plate: true", True),
        (", size: 3.7, plate: true, plate_opacity: 0.3", True),
    ],
)
def test_capitals_are_thirty_lines_high(tmp_path: Path, more: str, small: bool) -> None:
    found = said(tmp_path, "Sale", ("0s", "4s"), more)
    assert [each.code for each in found] == ["type-small"] * small
    for each in found:
        assert each.fix.startswith("set `size: ")


def test_a_title_made_smaller_to_fit_is_told_in_the_films_where_it_is_too_small(tmp_path: Path) -> None:
    text = "Winter sale in every one of our stores, today and tomorrow"
    assert not said(tmp_path, text, ("0s", "4s"), ", size: 8, least_size: 4, lines: 3")
    (found,) = said(tmp_path, text, ("0s", "4s"), ", size: 8, least_size: 1, lines: 1")
    assert (found.code, found.films) == ("type-small", ("social-9x16",))
    assert found.got.endswith("made smaller from 62.9 to fit")


def test_what_moves_is_read_where_it_rests() -> None:
    moving, still, faint = Pose(moment=(1, 0)), Pose(), Pose(0.5)
    assert read_frames([faint, moving, moving, still, still, still, faint]) == 3
    assert read_frames([faint, moving, moving, faint]) == 2
