"""A finished film is judged by what policies see and hear in it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from post.brief.checks.film import (
    judge_film_black,
    judge_film_content,
    judge_film_frozen,
    judge_film_length,
    judge_film_logo,
    judge_film_loudness,
    judge_film_pace,
    judge_film_texts,
    judge_film_words,
    logos_of,
)
from post.job.brief.edit_checks import LengthCheck, LoudnessCheck, PaceCheck
from post.job.brief.picture_checks import BlackCheck, FrozenCheck, LogoCheck
from post.job.brief.word_checks import ContentCheck, TextCheck, WordsCheck
from post.measure.cuts import Cuts
from post.values.sights.brand import LogoSight, SeenLogo
from post.values.sights.content import ContentSight
from post.values.sights.frames import FrameSight
from post.values.sights.sound import HeardLoudness, SoundSight
from post.values.sights.text import SeenText, TextSight
from post.values.time import Span
from tests.brief.made import film, footage

RATE = Fraction(24)
LOGO = SeenLogo(
    "logo", False, ((Fraction(0), Fraction(2)),), (200, 200, 300, 240), 8.0, 1.0, 0.0, 1.0, 2.0, 0.0, 0.95, 12
)  # fmt: skip


def _logos(seen: SeenLogo | None, room: int = 640) -> LogoSight:
    return LogoSight((seen,) if seen else (), 4, Fraction(1, 2), Fraction(2), room, 360)


@pytest.mark.parametrize(
    ("seen", "verdict", "said"),
    [
        (LOGO, "pass", ""), (replace(LOGO, stretch=1.2), "fail", "stretched by 20"),
        (replace(LOGO, delta_e=30.0), "fail", "recoloured"), (replace(LOGO, retired=True), "fail", "retired"),
        (replace(LOGO, box=(2, 2, 102, 42)), "fail", "to the frame's edge"),
        (None, "fail", "no approved logo is seen"),
        (replace(LOGO, stretches=((Fraction(0), Fraction(1, 2)),)), "fail", "not long enough"),
    ],
)  # fmt: skip
def test_a_broken_logo_is_found(seen: SeenLogo | None, verdict: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>")
    check = LogoCheck(file=(tmp_path / "logo.svg",))
    found = judge_film_logo(check, film(logo=_logos(seen)))
    assert (found.verdict, said in found.found) == (verdict, True)


def test_an_old_logo_of_the_same_file_name_is_told_apart(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("logo.svg", "old/logo.svg", "old/logo.png", "mark.svg")]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text(path.name)
    found = logos_of(LogoCheck(file=(paths[0], paths[3]), retired=(paths[1], paths[2])))
    assert [(each.id.removeprefix(f"{tmp_path.name}/"), each.retired) for each in found] == [
        ("logo", False), ("mark", False), ("old/logo", True), ("old/logo 4", True),
    ]  # fmt: skip


def test_a_logo_that_need_not_be_there_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>")
    check = LogoCheck(file=(tmp_path / "logo.svg",), seconds=0)
    assert judge_film_logo(check, film(logo=_logos(None))).verdict == "not_applicable"


@pytest.mark.parametrize(
    ("lufs", "peak", "verdict"), [(-14.5, -2.0, "pass"), (-18.0, -2.0, "fail"), (-14.0, -0.2, "fail")]
)
def test_loudness_and_peak_have_limits(lufs: float, peak: float, verdict: str) -> None:
    heard = SoundSight(48000, 96000, ("FL", "FR"), HeardLoudness(integrated_lufs=lufs, true_peak_dbtp=peak))
    assert judge_film_loudness(LoudnessCheck(), film(heard=heard)).verdict == verdict


def test_a_silent_film_has_no_loudness() -> None:
    assert (
        judge_film_loudness(LoudnessCheck(), film(heard=SoundSight(there=False))).verdict == "not_applicable"
    )


def test_black_and_frozen_frames_are_those_of_policies() -> None:
    bad = FrameSight(RATE, 96, black=(Span(24, 40),), still=(Span(48, 90),))
    assert judge_film_black(BlackCheck(), film(frame=bad)).verdict == "fail"
    assert judge_film_black(BlackCheck(seconds=1), film(frame=bad)).verdict == "pass"
    assert judge_film_frozen(FrozenCheck(), film(frame=bad)).verdict == "fail"
    assert judge_film_frozen(FrozenCheck(), film(frame=FrameSight(fault="damaged"))).verdict == "cannot_check"


def _text(said: str) -> TextSight:
    seen = SeenText(said, ((Fraction(0), Fraction(1)),), (0, 0, 90, 20), 5.0, 0.99, 1.0, "Latin", 1.0, 3)
    return TextSight((seen,), (), ("Latin",), 4, Fraction(1, 2), Fraction(2))


def test_what_is_read_is_compared_with_the_copy() -> None:
    check = TextCheck(allowed=("SPRING SALE 50% OFF",))
    assert judge_film_texts(check, film(read=_text("SPRING SALE 50% OFF"))).verdict == "pass"
    assert judge_film_texts(check, film(read=_text("SPRING SALE 60% OFF"))).verdict == "fail"
    labelled = replace(film(read=_text("AI GENERATED")), beside_copy=("AI GENERATED",))
    assert judge_film_texts(check, labelled).verdict == "pass"
    assert judge_film_texts(check, replace(labelled, beside_copy=())).verdict == "fail"
    banned = WordsCheck(banned=("sale",))
    found = judge_film_words(banned, film(read=_text("SPRING SALE")))
    assert (found.verdict, found.frame, found.box) == ("fail", 3, (0, 0, 90, 20))
    assert judge_film_words(banned, film(read=_text("SALES"))).verdict == "pass"
    assert judge_film_words(banned, film(read=TextSight(fault="no reader"))).verdict == "cannot_check"


def test_without_a_model_content_is_for_a_person() -> None:
    unseen = ContentSight(fault="no model of content is installed")
    assert judge_film_content(ContentCheck(), film(contents=unseen)).verdict == "needs_human"


def test_length_and_pace_are_the_films_own() -> None:
    shown = footage(96, cuts=Cuts((24, 48)))
    assert judge_film_length(LengthCheck(most=4), film(shown=shown)).verdict == "pass"
    assert judge_film_length(LengthCheck(most=3), film(shown=shown)).verdict == "fail"
    assert judge_film_pace(PaceCheck(longest=1.9), film(shown=shown)).verdict == "fail"
    assert judge_film_pace(PaceCheck(shortest=1, longest=2), film(shown=shown)).verdict == "pass"
    assert judge_film_pace(PaceCheck(longest=2), film()).verdict == "cannot_check"
