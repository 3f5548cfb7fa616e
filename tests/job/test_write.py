from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from post.job import load_job
from post.job.write import new_job, take_names
from post.job.yaml_text import scalar
from presets.yaml_nodes import Written, read_text
from tests.job.made import clips, probed


def test_a_new_job_loads_as_it_is(tmp_path: Path) -> None:
    """Names that YAML would take for something else, two alike, one outside the job's folder."""
    found = clips(
        tmp_path, "in/dog.mp4", "out/dog.mp4", "spot/true.mp4", "in/Ünder wäter: 50%.mp4", "in/12.mp4"
    )
    takes = [probed(path, Fraction(24), 240) for path in found]
    job = tmp_path / "spot" / "job.yaml"
    job.write_text(new_job(job.parent, found, takes))
    made = load_job(job)
    assert [take.path for take in made.takes] == [path.resolve() for path in found]
    assert [take.name for take in made.takes] == ["dog", "dog-2", "true", "Ünder-wäter-50", "12"]
    assert [cut.take for cut in made.cut] == [take.name for take in made.takes]
    assert [deliver.name for deliver in made.deliver] == ["social-16x9", "social-9x16"]
    assert (made.house, made.title, len(made.marks)) == ("daylight", "Spot", 1)
    assert {take.sha256 for take in made.takes} == {"0123456789abcdef" * 4}


@pytest.mark.parametrize(
    ("rates", "clock"),
    [
        ([24, 25, 25], Fraction(25)),
        ([8, 8, 15], Fraction(24)),
        ([Fraction(30000, 1001)], Fraction(30000, 1001)),
        ([8, 30], Fraction(30)),
    ],
)
def test_the_clock_is_the_rate_most_clips_have_that_films_have_too(
    rates: list[Fraction], clock: Fraction, tmp_path: Path
) -> None:
    found = clips(tmp_path, *(f"{index}.mp4" for index in range(len(rates))))
    takes = [probed(path, Fraction(rate), 240) for path, rate in zip(found, rates, strict=True)]
    job = tmp_path / "job.yaml"
    job.write_text(new_job(tmp_path, found, takes))
    assert load_job(job).clock.rate == clock


def test_a_shot_is_four_seconds_or_all_of_a_shorter_clip(tmp_path: Path) -> None:
    found = clips(tmp_path, "a.mp4", "b.mp4", "c.mp4")
    takes = [probed(path, Fraction(24), frames) for path, frames in zip(found, (95, 96, 97), strict=True)]
    job = tmp_path / "job.yaml"
    job.write_text(new_job(tmp_path, found, takes))
    assert [cut.length for cut in load_job(job).cut] == ["", "4s", "4s"]


def test_a_clip_whose_credentials_fail_says_so_in_the_new_job(tmp_path: Path) -> None:
    [clip] = clips(tmp_path, "a.mp4")
    text = new_job(tmp_path, [clip], [probed(clip, Fraction(24), 48, "tampered")])
    assert "# 320x180, 2.00 s, credentials: tampered" in text


def test_a_job_of_no_clips_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one clip"):
        new_job(tmp_path, [], [])


@given(st.lists(st.sampled_from(("dog.mp4", "dog.mov", "dog-2.mp4", "...", "a b.mp4")), max_size=6))
def test_names_made_for_takes_are_unlike_each_other_and_the_taken(files: list[str]) -> None:
    made = take_names([Path(file) for file in files], ["dog", "take"])
    assert len({*made, "dog", "take"}) == len(files) + 2
    assert all(made)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=20))
def test_any_text_survives_being_written_as_a_scalar(text: str) -> None:
    read = read_text(f"{{{scalar(text)}: {scalar(text)}}}", Written(Path("x"), "x"))
    assert read.plain() == {text: text}
