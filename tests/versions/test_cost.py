from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from post.engine import Store
from post.versions.cost import RATES, Counts, count_film, count_work, learn_speed, predict_costs, read_speed
from post.versions.planned import PlannedVersion, whole_plan
from post.versions.work import VersionsWork, versions_work
from tests.flow_job import Small, make_clips, small_job


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    folder = tmp_path_factory.mktemp("small")
    make_clips(folder)
    return small_job(folder)


def work_of(small: Small, copies: int) -> VersionsWork:
    """The work of one film, and of others that are the same under other names."""
    film = small.rendition
    names = ["wide", *(f"copy-{number}" for number in range(1, copies))]
    planned = [
        PlannedVersion(small.sources, replace(small.plan, renditions=(replace(film, name=name),)))
        for name in names
    ]
    return versions_work(planned)


def test_films_that_share_everything_are_made_once(small: Small) -> None:
    one, three = work_of(small, 1), work_of(small, 3)
    assert three.unique_frames == one.unique_frames == one.films[0].frames
    assert three.new_frames() == [one.unique_frames, 0, 0]
    assert three.own_frames() == [0, 0, 0]
    assert three.cost_of_one() == 1
    every = set(three.segments) | set(three.sounds)
    more = count_work(three, every).cost(RATES) - count_work(one, every).cost(RATES)
    assert more == pytest.approx(2 * count_work(one, ()).cost(replace(RATES, runs=0)))


def test_what_one_film_costs_alone_is_what_its_run_counts(small: Small) -> None:
    work = work_of(small, 1)
    alone, run = count_film(work.films[0]), count_work(work, set(work.segments) | set(work.sounds))
    assert [getattr(alone, each.name) for each in fields(Counts)] == pytest.approx(
        [getattr(run, each.name) for each in fields(Counts)]
    )


def test_a_run_teaches_how_fast_the_machine_is(small: Small, tmp_path: Path) -> None:
    work, store = work_of(small, 2), Store(tmp_path, b"k" * 32)
    before = predict_costs(work, store)
    assert (before.measured, before.left) == (0, before.whole)
    counts = count_work(work, set(work.segments) | set(work.sounds))
    learn_speed(store, counts, 3 * counts.cost(RATES))
    after = predict_costs(work, store)
    assert after.whole == pytest.approx(3 * before.whole)
    assert after.row()["over_one"] == before.row()["over_one"]
    learn_speed(store, counts, 1000 * counts.cost(RATES))  # no machine is so slow: it did something else
    assert read_speed(store).runs == 1


def test_what_is_in_the_store_is_not_left_to_do(small: Small) -> None:
    work = work_of(small, 1)
    made = VersionsWork(work.films, frozenset(work.segments))
    assert predict_costs(made).left < predict_costs(made).whole


def test_one_plan_holds_the_films_of_all_versions(small: Small) -> None:
    film = small.rendition
    other = replace(small.plan, renditions=(replace(film, name="other"),))
    plan = whole_plan([PlannedVersion(small.sources, small.plan), PlannedVersion(small.sources, other)])
    assert [each.name for each in plan.renditions] == [film.name, "other"]
    assert plan.takes == small.plan.takes
