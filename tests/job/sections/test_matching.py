from __future__ import annotations

from pathlib import Path

import pytest

from post.errors import Problems
from post.job import load_job
from post.job.model import Matching
from post.values.shot_figures import ShotFigures
from tests.job.conftest import Write

THREE = "cut:\n  - {take: dog}\n  - {take: ship, ASKED}\n  - {take: dog, name: last}"


def matched(write: Write, asked: str = "", more: str = "") -> list[str | None]:
    job = load_job(write(cut=THREE.replace(", ASKED", f", {asked}" if asked else ""), more=more))
    return [cut.match.to if cut.match else None for cut in job.cut]


def test_nothing_is_matched_unless_asked_for(write: Write) -> None:
    assert matched(write) == [None, None, None]


def test_every_shot_is_matched_to_the_hero_but_the_hero_itself(write: Write) -> None:
    assert matched(write, more="match: ship") == ["ship", None, "ship"]
    assert matched(write, more="match: {to: ship, strength: 0.5}") == ["ship", None, "ship"]


def test_every_shot_is_matched_to_the_one_before_but_the_first(write: Write) -> None:
    assert matched(write, more="match: previous") == [None, "dog", "ship"]


def test_a_shot_says_otherwise(write: Write) -> None:
    assert matched(write, "match: none", more="match: dog") == [None, None, "dog"]
    assert matched(write, "match: last") == [None, "last", None]
    assert matched(write, "match: previous", more="match: last") == ["last", "dog", None]


def test_a_file_is_a_reference_by_its_content(write: Write) -> None:
    job = load_job(write(cut="cut: [{take: dog, match: {file: ship.mp4, strength: 0.25}}]"))
    match = job.cut[0].match
    assert isinstance(match, Matching)
    assert match.to == ""
    assert match.file is not None
    assert match.file.here == Path("ship.mp4").resolve()
    assert match.strength == 0.25


def test_how_sure_a_match_has_to_be_is_said_or_likely(write: Write) -> None:
    asked = [("match: ship", "likely"), ("match: {to: ship, when: always}", "always")]
    for words, when in asked:
        match = load_job(write(cut=THREE.replace(", ASKED", ""), more=words)).cut[0].match
        assert match is not None
        assert match.when == when


def test_the_house_is_a_reference_by_what_its_shots_measure(write: Write) -> None:
    house = "match: house\nhouse: {look: none, balance: {mid: 0.4, red: -0.01}}"
    cut = load_job(write(cut=THREE.replace(", ASKED", ""), more=house, house="")).cut
    assert [each.match.house for each in cut if each.match] == 3 * [ShotFigures(mid=0.4, red=-0.01)]


def test_a_shot_that_is_named_house_is_meant_before_the_house(write: Write) -> None:
    job = load_job(write(cut="cut: [{take: dog, name: house}, {take: ship}]", more="match: house"))
    assert [each.match.to if each.match else None for each in job.cut] == [None, "house"]


@pytest.mark.parametrize(
    ("asked", "more", "says"),
    [
        ("match: shipp", "", r"job.yaml:7: cut\[1\].match.to: unknown shot; .* did you mean 'ship'"),
        ("", "match: lst", r"job.yaml:10: match.to: unknown shot; .* did you mean 'last'"),
        ("match: ship", "", r"cut\[1\].match: a shot matched to itself; name another shot, or `none`"),
        ("match: {}", "", r"cut\[1\].match: not one reference; expected either `to` \(a shot\) or `file`"),
        ("match: {to: dog, file: dog.mp4}", "", r"cut\[1\].match: not one reference"),
        ("match: {file: gone.png}", "", r"cut\[1\].match.file: cannot be read"),
        ("match: {to: dog, when: often}", "", r"cut\[1\].match.when: .* always \| likely \| sure"),
        ("match: {to: dog, strength: 2}", "", r"cut\[1\].match.strength: .* expected 0 to 1"),
        ("match: previous", "match: ship", r"shots matched in a circle; got dog -> ship -> dog"),
    ],
)
def test_what_cannot_be_matched_is_said_at_its_line(write: Write, asked: str, more: str, says: str) -> None:
    with pytest.raises(Problems, match=says):
        matched(write, asked, more)


def test_the_first_shot_has_none_before_it(write: Write) -> None:
    with pytest.raises(Problems, match=r"job.yaml:6: cut\[0\].match: no shot before it"):
        load_job(write(cut="cut:\n  - {take: dog, match: previous}"))
