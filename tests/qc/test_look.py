"""A film is looked at when a check asks, once for the same question, and a file without a picture is no error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from post.engine import InProcess
from post.qc.look import UNSEEN, WorkerLook
from tests.qc.label.films import write_film

T = TypeVar("T")


class Counted(InProcess):
    """Counts the calls of each function."""

    def __init__(self) -> None:
        self.calls = Counter[str]()

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        self.calls[function.__name__] += 1
        return super().call(function, *arguments)


def test_the_picture_is_searched_once_for_the_same_texts(tmp_path: Path) -> None:
    pool = Counted()
    with WorkerLook(write_film(tmp_path / "f.mp4", (), frames=4, size=(160, 90)), pool=pool) as look:
        assert look.plain() == {}
        assert not pool.calls
        first = look.labels(["AI"], [])
        assert look.labels(("AI",), ()) is first
        assert pool.calls == {"measure_film": 1}
        assert look.labels(("AI",), ("MADE",)) is not first
        assert look.has_searched
        assert look.plain() == {"labels": []}


def test_a_file_without_a_picture_gives_a_sight_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_text("no film")
    with WorkerLook(tmp_path / "f.txt", pool=InProcess()) as look:
        sight = look.labels(("AI",), ("MADE",))
    assert sight.fault
    assert sight.texts == ("MADE", "AI")
    assert not look.has_searched


def test_all_that_is_measured_on_frames_takes_one_pass_of_the_decoder(tmp_path: Path) -> None:
    pool = Counted()
    film = write_film(tmp_path / "f.mp4", (), frames=6, size=(160, 90))
    with WorkerLook(film, pool=pool) as look:
        flashes, frames = look.flashes(), look.frames()
        assert look.flashes() is flashes
        assert pool.calls == {"measure_film": 1}
        assert len(flashes.frames) == frames.length == 6
        assert not look.sound("programme").there
        assert look.sound("programme") is not look.sound("dialogue")
        assert look.captions() is look.captions()
    assert pool.calls == {"measure_film": 1, "measure_sound": 2, "read_film_captions": 1}


def test_what_is_no_film_has_a_reason_for_every_sight(tmp_path: Path) -> None:
    (tmp_path / "f.mp4").write_text("no film")
    with WorkerLook(tmp_path / "f.mp4", pool=InProcess()) as look:
        sights = (look.flashes(), look.frames(), look.sound("programme"), look.captions())
    assert all(each.fault for each in sights)


def test_what_is_asked_beforehand_is_measured_in_one_call(tmp_path: Path) -> None:
    pool = Counted()
    with WorkerLook(write_film(tmp_path / "f.mp4", (), frames=6, size=(160, 90)), pool=pool) as look:
        seen = list[str]()

        def ask() -> None:
            seen.extend(each.fault for each in (look.labels(["AI"], []), look.tones(), look.flashes()))
            seen.append(look.sound("programme").fault)

        look.prepare(ask)
        assert set(seen) == {UNSEEN}
        assert pool.calls == {"measure_film": 1}
        assert not look.tones().fault
        assert not look.labels(["AI"], []).fault
        assert len(look.flashes().frames) == 6
        assert pool.calls == {"measure_film": 1}
        look.prepare(ask)
        assert pool.calls == {"measure_film": 1}
