"""A replay makes the films again from the archive alone, and locates what differs: frames, segments, values."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.archive.conftest import Finished
from tests.archive.small import JOB, archived, edit, make_job, replayed, seal_again
from tests.flow.warm_commands import answerprint

STYLE = "data/job/styles/mine.yaml"


def test_every_frame_is_equal_without_anything_but_the_archive(finished: Finished, tmp_path: Path) -> None:
    """The job, its clips and the user's folders are out of reach: only the archive is there."""
    work = finished.job.parents[1]
    aside = work.rename(work.with_name("aside"))
    try:
        moved = Path(shutil.copytree(finished.archive, tmp_path / "elsewhere" / "archive"))
        code, data = replayed(tmp_path / "home", moved, "-o", tmp_path / "again")
    finally:
        aside.rename(work)
    assert code == 0
    assert data["verdict"] == "equal"
    assert data["bag"] == {"valid": True, "faults": [], "warnings": []}
    (film,) = data["films"]
    assert film["file"] == "equal"
    assert (film["frames"], film["frames_made"], film["frames_different"], film["sound"]) == (
        24,
        24,
        0,
        "equal",
    )
    assert all(each["digest"] == each["digest_made"] for each in film["segments"])
    assert data["makers"]["archive"] == data["makers"]["here"]
    assert data["makers"]["here"]["picture"]["numpy"]
    assert (tmp_path / "again" / "wide.mp4").is_file()
    assert json.loads((tmp_path / "again" / "receipt.json").read_text())["schema"] == "Replays.1"


@pytest.mark.parametrize("sealed", [False, True], ids=["as it was sealed", "sealed again"])
def test_one_changed_preset_value_is_located_to_its_segments(
    copy: Path, tmp_path: Path, sealed: bool
) -> None:
    edit(copy / STYLE, lambda text: text.replace("0.8", "0.9"))
    if sealed:
        seal_again(copy)
    code, data = replayed(tmp_path, copy)
    assert code == 6
    assert data["values"] == [
        {"place": "cut[0].look.saturation", "was": "0.8", "now": "0.9", "origin": "house mine"}
    ]
    (film,) = data["films"]
    assert film["verdict"] == "different"
    assert film["first_difference"]["frame"] == 0
    said = {
        (value["place"], value["was"], value["now"]) for each in film["segments"] for value in each["values"]
    }
    assert said == {("clips[0].colour.look.saturation", "0.8", "0.9")}
    assert [each["path"] for each in data["bag"]["faults"]] == ([] if sealed else [STYLE])


def test_a_change_in_one_segment_is_found_in_that_segment_alone(copy: Path, tmp_path: Path) -> None:
    edit(copy / "data/job/spot.yaml", lambda text: text.replace("Salt", "Silt"))
    code, data = replayed(tmp_path, copy)
    assert code == 6
    verdicts = [each["verdict"] for each in data["films"][0]["segments"]]
    assert verdicts[0] == "equal"
    assert "different" in verdicts[1:]
    first = data["films"][0]["first_difference"]
    assert first["frame"] >= 12
    assert ("Salt", "Silt") in {(each["was"], each["now"]) for each in first["values"]}


def test_a_frame_that_the_archive_tells_otherwise_is_named(copy: Path, tmp_path: Path) -> None:
    """Whoever forges the hashes of frames, and seals the archive again, is found by the frames themselves."""
    from dataclasses import replace

    from post.archive.opened import open_archive
    from provenance.approval.frames import FilmFrames

    (frames,) = open_archive(copy).frames
    picture = list(frames.shown.picture)
    picture[5] = "0" * 64
    forged = replace(frames, shown=FilmFrames(frames.shown.rate, tuple(picture), frames.shown.sound))
    (copy / "data/frames/wide.json").write_bytes(forged.text())
    seal_again(copy)
    code, data = replayed(tmp_path, copy)
    assert code == 6
    first = data["films"][0]["first_difference"]
    assert (first["frame"], first["at_s"], first["values"]) == (5, round(5 / 24, 6), [])
    assert data["films"][0]["frames_different"] == 1


def test_what_cannot_be_made_again_is_not_compared(copy: Path, tmp_path: Path) -> None:
    edit(copy / "data/job/spot.yaml", lambda text: text.replace("clock: 24", "clock: never"))
    seal_again(copy)
    code, data = replayed(tmp_path, copy)
    assert code == 7
    assert data["verdict"] == "not-compared"
    assert "clock" in data["refused"]


def test_a_missing_take_is_a_fault_of_the_bag_and_nothing_is_compared(copy: Path, tmp_path: Path) -> None:
    next((copy / "data/takes").rglob("dusk.mp4")).unlink()
    code, data = replayed(tmp_path, copy)
    assert code == 6
    assert data["bag"]["faults"][0]["code"] == "missing"
    assert data["verdict"] == "not-compared"


def test_verify_says_which_film_of_an_archive_a_file_is(finished: Finished) -> None:
    answer = answerprint(finished.home, "verify", finished.film, "--replay", finished.archive, "--json")
    data = json.loads(answer.out)
    assert answer.code == 0, answer.said
    assert data["integrity"] == "intact"
    assert (data["replay"]["film"], data["replay"]["verdict"]) == ("wide", "equal")


def test_verify_finds_a_file_that_is_no_film_of_the_archive(finished: Finished) -> None:
    other = finished.job.parents[1] / "clips" / "sea.mp4"
    answer = answerprint(finished.home, "verify", other, "--replay", finished.archive)
    assert answer.code == 6
    assert "IS NO FILM OF THE ARCHIVE" in answer.out


def test_a_marked_film_is_replayed_by_its_owner_alone(finished: Finished, tmp_path: Path) -> None:
    job = make_job(
        tmp_path / "work", JOB.replace("titles:", "provenance: {watermark: {mark: true}}\ntitles:")
    )
    archived(finished.home, job, tmp_path / "a")
    assert replayed(finished.home, tmp_path / "a")[0] == 0
    code, data = replayed(tmp_path / "stranger", tmp_path / "a")
    assert code == 7
    assert "owner's secret" in data["films"][0]["why"]


def test_films_made_again_do_not_take_the_place_of_deliverables(finished: Finished) -> None:
    before = finished.film.read_bytes()
    answer = answerprint(finished.home, "replay", finished.archive, "-o", finished.film.parent)
    assert answer.code == 2
    assert "another kind" in answer.said
    assert finished.film.read_bytes() == before


def test_a_film_in_the_archive_that_is_another_one_is_named(
    finished: Finished, copy: Path, tmp_path: Path
) -> None:
    """Whoever puts another film into an archive, and seals it again, is found by its frames."""
    film = copy / "data" / "films" / "wide.mp4"
    film.unlink()
    shutil.copyfile(finished.job.parents[1] / "clips" / "sea.mp4", film)
    seal_again(copy)
    answer = answerprint(tmp_path, "replay", copy, "--json")
    data = json.loads(answer.out)
    assert answer.code == 6
    assert data["bag"]["valid"]
    assert data["verdict"] == "different"
    (row,) = data["films"]
    assert (row["verdict"], row["file"]) == ("equal", "different")  # what is made again is as it was
