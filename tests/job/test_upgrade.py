"""Jobs of earlier forms: read with their own meaning, exactly, and rewritten without another byte changed."""

from __future__ import annotations

import re
import warnings
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from post.errors import JobError, OldFormWarning, Problems
from post.job import load_job
from post.job.rewrite import upgrade_file
from post.job.upgrade import upgrade
from post.picture.retime import Retime
from post.values import Clock, TimeMap
from presets.yaml_nodes import Written, read_text
from tests.job.conftest import Write

CLOCK = Clock(Fraction(24))
README = Path(__file__).parents[2] / "README.md"
OLD = """\
# A job of an earlier release.
schema:   Job.1   # the form
title: Spot
clock: 24
takes: {dog: dog.mp4, ship: ship.mp4}
cut:
  - take: dog
    speed: '0s:1:smooth, 1s:0.5'   # slows
  - {take: ship, speed: 0s:2:hold ,  name: b}
  - {take: ship, speed: 0.5}
  - {take: dog, speed: "0s:1, 1s:2"}
deliver: [{width: 64, height: 64, name: small}]
"""


def times(speed: str) -> TimeMap:
    return TimeMap(keys=Retime(speed=speed).keys(CLOCK))


def job_1_position(keys: list[tuple[int, Fraction, str]], frame: int) -> Fraction:
    """The source position that Job.1 gave, written out a second time: an ease leads on to the next key."""
    at, total = Fraction(min(0, keys[0][0])), Fraction(0)
    for (a, speed, ease), (b, then, _) in pairwise(
        [(-1, keys[0][1], "hold"), *keys, (10**6, keys[-1][1], "hold")]
    ):
        first, stop = max(Fraction(a), Fraction(0)), min(Fraction(b), Fraction(frame))
        if stop <= first:
            continue
        length = Fraction(b - a)
        ends = [(edge - a) / length for edge in (first, stop)]
        low, high = ({"hold": Fraction(0), "linear": u**2 / 2, "smooth": u**3 - u**4 / 2}[ease] for u in ends)
        total += speed * (stop - first) + (then - speed) * length * (high - low)
    return total - at


def test_the_ramp_of_the_readme_is_smooth() -> None:
    (speed,) = re.findall(r'^ +speed: "([^"]+)"', README.read_text(), re.MULTILINE)
    assert speed == "0s:1, 1s:0.5:smooth"
    ramp = times(speed)
    # At half of its way a smoothstep has covered 3/32 of the rise times the length; a line, 4/32.
    assert ramp(12) == 12 - Fraction(1, 2) * 24 * Fraction(3, 32)
    assert ramp(24) == 18
    steps = [ramp(frame + 1) - ramp(frame) for frame in range(24)]
    assert steps[0] > Fraction(
        997, 1000
    )  # it leaves speed 1 and arrives at 0.5 without a corner; a line loses 0.0104
    assert steps[-1] < Fraction(503, 1000)


def test_hold_keeps_the_speed_until_the_key_that_has_it() -> None:
    jump = times("0s:1, 1s:2:hold")
    assert [jump(frame) for frame in (12, 24, 36)] == [12, 24, 48]


@pytest.mark.parametrize("speed", ["0s:1:smooth, 1s:0.5", "1s:2:hold"])
def test_an_ease_on_the_first_key_is_refused(write: Write, speed: str) -> None:
    with pytest.raises(
        Problems,
        match=r"^job.yaml:6: cut\[0\].speed: the first speed key has an ease, but no key comes before it",
    ):
        load_job(write(cut=f'cut:\n  - {{take: dog, speed: "{speed}"}}'))


eases = st.sampled_from(["", "linear", "smooth", "hold"])
rows = st.lists(st.tuples(st.integers(1, 160), eases), min_size=1, max_size=5)


@given(st.sets(st.integers(0, 60), min_size=1, max_size=5), st.data())
def test_a_speed_of_job_1_keeps_every_position(places: set[int], data: st.DataObject) -> None:
    keys = [(at, Fraction(data.draw(st.integers(1, 160)), 10), data.draw(eases)) for at in sorted(places)]
    text = ", ".join(f"{at}f:{float(speed)}" + (f":{ease}" if ease else "") for at, speed, ease in keys)
    job = read_text(f'schema: Job.1\ncut: [{{speed: "{text}"}}]\n', Written(Path("job.yaml"), "job.yaml"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        upgraded = upgrade(job)
    made = times(upgraded.mapping["cut"].items[0].mapping["speed"].text)
    meant = [(at, speed, ease or "linear") for at, speed, ease in keys]
    assert [made(frame) for frame in range(80)] == [job_1_position(meant, frame) for frame in range(80)]


def test_a_job_of_form_1_is_read_as_it_was_and_warned_of_once(write: Write) -> None:
    job = write(schema="schema: Job.1", cut='cut: [{take: dog, speed: "0s:1:smooth, 1s:0.5"}]')
    with pytest.warns(OldFormWarning) as caught:
        (cut,) = load_job(job).cut
    assert cut.retime.speed == "0s:1, 1s:0.5:smooth"
    assert [str(each.message) for each in caught] == [
        "job.yaml:1: this job is in the form Job.1, and means what it meant; "
        "`answerprint upgrade job.yaml` rewrites it as Job.2"
    ]


def test_an_ease_that_did_nothing_is_said(write: Write) -> None:
    job = write(schema="schema: Job.1", cut='cut:\n  - take: dog\n    speed: "0s:1, 1s:0.5:smooth"')
    with pytest.warns(UserWarning, match="Job.1") as caught:
        (cut,) = load_job(job).cut
    assert cut.retime.speed == "0s:1, 1s:0.5"
    assert str(caught[1].message) == (
        "job.yaml:7: cut[0].speed: `smooth` on the last key does nothing in Job.1, where an ease leads to the next "
        "key; in Job.2 it leads to its own key"
    )


def test_a_wrong_speed_is_said_as_it_is_written(write: Write) -> None:
    job = write(schema="schema: Job.1", cut='cut:\n  - {take: dog, speed: "0s:1:smoth, 1s:0.5"}')
    with (
        pytest.warns(OldFormWarning),
        pytest.raises(Problems, match=r"speed: not a speed key.*got '0s:1:smoth'"),
    ):
        load_job(job)


def test_rewriting_changes_the_form_and_the_speeds_and_no_other_byte(write: Write) -> None:
    job = write()
    job.write_bytes(b"\xef\xbb\xbf" + OLD.replace("\n", "\r\n").encode())
    job.chmod(0o640)
    done = upgrade_file(job)
    assert [(each.place, each.after) for each in done.rewrites] == [
        ("schema", "Job.2"),
        ("cut[0].speed", "0s:1, 1s:0.5:smooth"),
        ("cut[1].speed", "0s:2"),
    ]
    after = (
        OLD.replace("Job.1 ", "Job.2 ")
        .replace("'0s:1:smooth, 1s:0.5'", '"0s:1, 1s:0.5:smooth"')
        .replace("0s:2:hold", '"0s:2"')
    )
    assert job.read_bytes() == b"\xef\xbb\xbf" + after.replace("\n", "\r\n").encode()
    assert job.stat().st_mode & 0o777 == 0o640
    assert load_job(job).cut[0].retime.speed == "0s:1, 1s:0.5:smooth"


def test_rewriting_a_second_time_leaves_the_file_alone(write: Write) -> None:
    job = write()
    before = job.stat()
    assert upgrade_file(job).rewrites == ()
    assert job.stat().st_mtime_ns == before.st_mtime_ns


def test_an_aliased_speed_is_rewritten_where_it_is_written(write: Write) -> None:
    cut = 'cut:\n  - {take: dog, speed: &ramp "0s:1:smooth, 1s:2"}\n  - {take: ship, speed: *ramp }'
    job = write(schema="schema: Job.1", cut=cut)
    upgrade_file(job)
    assert [each.retime.speed for each in load_job(job).cut] == ["0s:1, 1s:2:smooth"] * 2


def test_a_layout_that_cannot_be_edited_is_refused_and_left(write: Write) -> None:
    job = write(schema="schema: &word Job.1", title="title: *word")
    before = job.read_bytes()
    with pytest.raises(JobError, match=r"job.yaml: cannot be rewritten without changing more"):
        upgrade_file(job)
    assert job.read_bytes() == before


def test_a_form_that_is_not_known_is_refused(write: Write) -> None:
    with pytest.raises(
        JobError, match=r"job.yaml: schema: in no known form; expected Job.1 \| Job.2, got Job.9"
    ):
        upgrade_file(write(schema="schema: Job.9"))
