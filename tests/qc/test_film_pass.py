"""A coded film is measured in one pass: whatever is asked with what, each sight is what it is alone."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from post.errors import SourceError
from post.qc.brand.find_logos import LogoQuestion
from post.qc.brand.tone import ToneQuestion
from post.qc.content import ContentQuestion
from post.qc.film_pass import LookQuestion, measure_film, measure_one
from post.qc.film_reader import FilmFrame, FilmReader
from post.qc.frames.question import FrameQuestion
from post.qc.label.find import LabelQuestion
from post.qc.text.find_text import TypeQuestion
from post.takes.picture import PictureReader
from post.values import Picture
from post.values.array import Array
from post.values.sights.flash import FlashLimit
from post.values.time import Span
from tests.qc.flash.made import write_film
from tests.qc.text.typed_films import Line, real_frame, write_typed

NOISE = np.random.default_rng(2).random((90, 260)) * 0.5 + 0.3

QUESTIONS: tuple[LookQuestion[Any], ...] = (
    FrameQuestion(),
    LabelQuestion(("AI GENERATED", "AI")),
    TypeQuestion(),
    LogoQuestion(()),
    ToneQuestion(),
    ContentQuestion(),
)


def luma(number: int) -> Array:
    """Black, then a picture that moves, that flashes for a second from frame 24 on, and that stands from 56 on."""
    if number < 4:
        return np.zeros((90, 160))
    shown = NOISE[:, min(number, 56) : min(number, 56) + 160]
    return shown * (0.3 if 24 <= number < 48 and number // 3 % 2 else 1)


def test_a_film_is_measured_as_it_was_made(tmp_path: Path) -> None:
    sights = measure_one(write_film(tmp_path / "film.mp4", luma, 72), FrameQuestion())
    judged = sights.flashes.judged(FlashLimit())
    failed = sights.flashes.runs(each.state == "fail" for each in judged)
    assert len(failed) == 1
    assert failed[0].first == 45  # the seventh change: 27, 30, 33, 36, 39, 42, 45
    assert not any(each.red.changes(0.0, "field") for each in sights.flashes.frames)
    assert sights.frames.black == (Span(0, 4),)
    ((first, stop),) = ((run.first, run.stop) for run in sights.frames.still)
    assert first in (56, 57)  # its codec may still refine it once
    assert stop == 72
    assert sights.frames.strays == ()


@pytest.mark.parametrize("name", ["footage/bikes_street_272p.mp4", "ai_clips/matrixgame2_forest.mp4"])
def test_real_clips_do_not_flash(name: str) -> None:
    root = os.environ.get("ANSWERPRINT_MEDIA")
    if root is None:
        pytest.skip(f"ANSWERPRINT_MEDIA is unset: {name}")
    sights = measure_one(Path(root) / name, FrameQuestion())
    for red in (False, True):
        judged = sights.flashes.judged(FlashLimit(of="field"), red=red)
        assert {each.state for each in judged} <= {"pass", "warning"}
    assert sights.frames.black == ()


def test_what_is_no_film_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("no film")
    with pytest.raises(SourceError):
        measure_film(tmp_path / "film.mp4", QUESTIONS)


class FirstFrame:
    """Asks for the number of the first frame: a question, and its meter, at once."""

    numbers, look_back = (0,), Fraction(0)

    def __init__(self) -> None:
        self.seen = -1

    def meter(self, _: Picture) -> FirstFrame:
        return self

    def blind(self, _: str) -> int:
        return -1

    def see(self, frame: FilmFrame, _: FilmReader) -> None:
        self.seen = frame.number

    def found(self, _: FilmReader) -> int:
        return self.seen


def typed_film(folder: Path) -> Path:
    """Lines that come and go over a real frame that drifts, 3 s."""
    root = os.environ.get("ANSWERPRINT_MEDIA")
    if root is None:
        pytest.skip("ANSWERPRINT_MEDIA is unset")
    lines = (
        Line("AI GENERATED", (40, 30), range(36)),
        Line("50 % less sugar", (60, 400), range(9, 22), 40),
        Line("Winter is here", (60, 300), range(15, 36), 40),
    )
    frame = real_frame(Path(root) / "ai_clips/ltx2_dog_snow.mp4")
    return write_typed(folder / "film.mp4", frame, lines, 36)


def test_questions_that_are_asked_together_are_answered_as_each_alone(tmp_path: Path) -> None:
    film = typed_film(tmp_path)
    together = measure_film(film, QUESTIONS)
    assert together == tuple(measure_one(film, each) for each in QUESTIONS)
    read = {each.text: each.stretches for each in together[2].text.seen}
    assert read["50 % less sugar"] == ((Fraction(9, 12), Fraction(22, 12)),)


def test_every_frame_is_decoded_once_for_all_questions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film, decoded = typed_film(tmp_path), Counter[int]()
    keep = PictureReader._keep

    def counted(reader: PictureReader, number: int, frame: Any) -> None:
        decoded[number] += 1
        keep(reader, number, frame)

    monkeypatch.setattr(PictureReader, "_keep", counted)
    measure_film(film, (FrameQuestion(), TypeQuestion(), ToneQuestion(), ContentQuestion()))
    assert decoded == Counter(range(36))


def test_damage_blinds_the_questions_that_need_the_damaged_frames_alone(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", luma, 72)
    data = bytearray(film.read_bytes())
    start = data.index(b"mdat")
    whole = len(data) - start
    data[start + whole * 9 // 10 : start + whole * 9 // 10 + 400] = bytes(400)
    film.write_bytes(data)
    frames, first = measure_film(film, (FrameQuestion(), FirstFrame()))
    assert "cannot be decoded" in frames.flashes.fault
    assert frames.frames.fault == frames.flashes.fault
    assert first == 0


def test_a_blind_sight_says_nothing_but_why() -> None:
    for question in QUESTIONS:
        sight = question.blind("it is dark")
        parts = (
            [getattr(sight, each.name) for each in fields(sight)] if not hasattr(sight, "fault") else [sight]
        )
        assert {each.fault for each in parts} == {"it is dark"}
