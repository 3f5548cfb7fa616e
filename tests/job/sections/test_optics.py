from __future__ import annotations

import pytest

from post.errors import Problems
from post.job import load_job
from post.picture.colour.develop import Develop
from post.picture.colour.look import Look
from post.picture.colour.tone_map import ToneMap
from post.picture.optics.halation import Halation
from tests.job.conftest import Write

TWO = "cut:\n  - {take: dog}\n  - {take: ship, OPTICS}"


def effects(write: Write, **parts: str) -> list[list[str]]:
    return [[effect.name for effect in cut.effects] for cut in load_job(write(**parts)).cut]


def test_optics_are_off_unless_asked_for(write: Write) -> None:
    assert effects(write) == [[]]
    assert effects(write, more="optics: {bloom: {radius: 3}, vignette: {stops: 0}}") == [[]]


def test_optics_work_in_the_order_light_meets_them_however_they_are_written(write: Write) -> None:
    more = (
        "optics: {halation: {strength: 5}, vignette: {stops: 1}, soften: {amount: 1}, bloom: {strength: 5}}"
    )
    assert effects(write, more=more) == [["bloom", "soften", "vignette", "halation"]]


def test_a_shot_changes_the_optics_of_the_house(write: Write) -> None:
    cut = TWO.replace("OPTICS", "optics: {halation: none, soften: {amount: 0}}")
    assert effects(write, cut=cut, more="optics: film") == [["soften", "vignette", "halation"], ["vignette"]]
    job = load_job(write(cut=TWO.replace("OPTICS", "optics: {halation: {strength: 9}}"), more="optics: film"))
    changed = job.cut[1].effects[-1]
    assert isinstance(changed, Halation)
    assert (changed.strength, changed.radius) == (9, 0.6)
    assert effects(write, cut=TWO.replace("OPTICS", "optics: none"), more="optics: film")[1] == []


def test_optics_of_a_word_that_is_no_preset_are_refused_with_the_nearest(write: Write) -> None:
    with pytest.raises(Problems, match=r"job.yaml:8: optics: unknown optics preset; .* did you mean 'film'"):
        load_job(write(more="optics: fillm"))


@pytest.mark.parametrize("develop", ["arri-logc3", "{space: arri-logc3, exposure: 0.5}"])
def test_a_log_take_is_developed_before_its_look(write: Write, develop: str) -> None:
    takes = f"takes: {{dog: {{file: dog.mp4, develop: {develop}}}}}"
    [cut] = load_job(write(takes=takes, house="house: daylight")).cut
    first, second = cut.colour
    assert isinstance(first, Develop)
    assert isinstance(second, Look)
    assert first.space == "arri-logc3"


def test_a_take_of_an_unknown_camera_is_refused_at_its_line(write: Write) -> None:
    with pytest.raises(Problems, match=r"job.yaml:4: takes.dog.develop.space: .* did you mean 'arri-logc"):
        load_job(write(takes="takes: {dog: {file: dog.mp4, develop: arri-logc}}"))


def test_a_take_developed_as_video_is_left_alone(write: Write) -> None:
    [cut] = load_job(write(takes="takes: {dog: {file: dog.mp4, develop: video}}")).cut
    assert cut.colour == ()


@pytest.mark.parametrize("asked", ["bt2390", "{method: bt2390, peak: 600}"])
def test_a_take_says_how_its_hdr_is_tone_mapped(write: Write, asked: str) -> None:
    made = load_job(write(takes=f"takes: {{dog: {{file: dog.mp4, tone_map: {asked}}}}}"))
    (dog,) = made.takes
    assert dog.tone_map == ToneMap(method="bt2390", peak=600.0 if "peak" in asked else 1000.0)
    told = [place for place, _, _ in made.origins if place.startswith("takes.dog.tone_map")]
    assert told == ["takes.dog.tone_map.method", "takes.dog.tone_map.peak"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("bt2391", r"takes.dog.tone_map.method: .* did you mean 'bt2390'"),
        ("{peak: 100}", r"takes.dog.tone_map.peak: .*expected 203 to 10000"),
        ("{system: PQ}", "takes.dog.tone_map.system: unknown key"),
    ],
)
def test_a_tone_map_that_is_none_is_refused_at_its_line(write: Write, asked: str, words: str) -> None:
    with pytest.raises(Problems, match=f"job.yaml:4: {words}"):
        load_job(write(takes=f"takes: {{dog: {{file: dog.mp4, tone_map: {asked}}}}}"))
