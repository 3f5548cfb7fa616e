"""Why a part of a film is made again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from post.engine import Store
from post.job.model import Timed
from post.picture.encode import Encode
from post.picture.title import Title
from post.plan import compile_plan
from post.report.remade import Remade, remade, remember_films
from post.values import Plan, Span, Toolchain, digest
from tests.plan.made import cut, deliver, job, take

JOB = Path("spot.yaml")
TAKES = {name: take(name, 96) for name in ("dog", "sea")}


def planned(text: str = "Winter", *, dog: str = "1", av: str = "18", **more: Any) -> Plan:
    titles = (Timed(Title(text=text), "1s", "1s", "spot.yaml:7"),) if text else ()
    shots = (cut("dog", length="2s", speed=dog), cut("sea", length="2s"))
    return compile_plan(job(*shots, titles=titles, **more), TAKES, (), Toolchain((("av", av),)))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store in which a film was finished."""
    store, plan = Store(tmp_path, b"s" * 16), planned()
    for segment in plan.renditions[0].segments:
        store.save(digest(segment), b"made")
    remember_films(plan, JOB, store)
    return store


def why(plan: Plan, store: Store) -> list[tuple[Span, tuple[str, ...]]]:
    return [(each.span, each.reasons) for each in remade(plan, JOB, store)]


def test_nothing_is_made_of_what_is_in_the_store(store: Store) -> None:
    assert why(planned(), store) == []


def test_another_text_is_made_in_its_seconds_alone(store: Store) -> None:
    # The names of titles tell them apart, so another text is another title.
    assert why(planned("Snow"), store) == [(Span(24, 48), ('title "Snow" new', 'title "Winter" removed'))]


def test_another_speed_is_made_in_its_shot_alone(store: Store) -> None:
    found = why(planned(dog="0.5"), store)
    assert [span for span, _ in found] == [Span(0, 24), Span(24, 48)] or [span for span, _ in found] == [
        Span(0, 48)
    ]
    assert {each for _, reasons in found for each in reasons} == {"timing of dog.mp4 changed"}


def test_new_software_is_the_reason_for_all_of_it(store: Store) -> None:
    assert why(planned(av="19"), store) == [(Span(0, 96), ("software changed",))]


def test_an_encoders_settings_are_named(store: Store) -> None:
    from dataclasses import replace

    other = replace(deliver(), encode=Encode(preset="ultrafast", crf=30))
    assert why(planned(deliver=(other,)), store) == [(Span(0, 96), ("encoder settings changed",))]


def test_what_was_cleared_from_the_store_is_told(store: Store) -> None:
    film = planned().renditions[0]
    store.drop(digest(film.segments[-1]))
    assert why(planned(), store) == [(film.on_film[-1].span, ("no longer in the store",))]


def test_a_film_that_was_never_finished_says_so(store: Store) -> None:
    (found,) = remade(planned(deliver=(deliver("tall", 360, 640),)), JOB, store)
    assert found == Remade("tall", Span(0, 96), ("not finished before",), before=False)


def test_a_cut_that_moved_is_told_as_that(store: Store) -> None:
    shots = (cut("dog", length="1.5s"), cut("sea", length="2s"))
    plan = compile_plan(job(*shots), TAKES, (), Toolchain((("av", "18"),)))
    assert all(reasons[0] == "the cut moved" for _, reasons in why(plan, store))
