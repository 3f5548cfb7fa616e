from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from PIL import Image

from post.handoff.media import TakesFolder
from post.handoff.timeline import ReadTimeline, Timeline, TimelineClip, TimelineMedia, TimelineSound
from post.handoff.to_job import job_of
from post.job import load_job
from post.job.plain import job_text, plain_job
from post.values import Clock, Span, SpeedKey
from tests.handoff.made import (
    FULL,
    conformed,
    furthest,
    planned,
    planned_again,
    shots_of,
    without_our_words,
    write_job,
)


def test_a_timeline_gives_back_the_job_that_it_came_from(tmp_path: Path) -> None:
    path = write_job(tmp_path / "in", FULL)
    job, back = plain_job(path), job_of(planned(path), TakesFolder(tmp_path / "in"), tmp_path / "out")
    assert {key: back.data[key] for key in ("cut", "titles", "ending", "house", "deliver", "clock")} == {
        key: job[key] for key in ("cut", "titles", "ending", "house", "deliver", "clock")
    }
    assert (back.clips, back.retimes, back.transitions, back.refused) == (8, 6, 5, ())
    assert back.data["takes"]["dog"]["file"] == "../in/dog.mp4"


def test_speeds_alone_give_the_same_frames(tmp_path: Path) -> None:
    path = write_job(tmp_path, FULL)
    back = conformed(ReadTimeline(without_our_words(planned(path))), tmp_path)
    assert furthest(shots_of(load_job(path)), planned_again(back, tmp_path)) == 0


def test_a_shot_that_an_editor_trimmed_keeps_its_curve_and_the_others_their_words(tmp_path: Path) -> None:
    path = write_job(tmp_path, "\n  - {take: dog, id: a, length: 48f}\n"
                     '  - {take: ship, id: b, length: 96f, speed: "0f:1, 48f:3:linear, 72f:1:hold"}')  # fmt: skip
    before = planned(path)
    ramp = before.clips[1]
    # The editor cuts 12 frames off its start. What was keyed at frame 48 is now at 36.
    moved = tuple(replace(key, at=key.at - 12) for key in ramp.speeds)
    cut = replace(ramp, record=Span(48, 132), source=ramp.at(12, before.clock), speeds=moved)
    back = conformed(ReadTimeline(replace(before, clips=(before.clips[0], cut))), tmp_path)
    assert back.data["cut"][0] == plain_job(path)["cut"][0]
    wanted, got = shots_of(load_job(path))[1].time, planned_again(back, tmp_path)[1].time
    assert [got(at) for at in range(84)] == [wanted(at + 12) for at in range(84)]


def test_media_is_found_by_content_and_another_content_is_refused(tmp_path: Path) -> None:
    path = write_job(tmp_path / "in", FULL)
    takes = tmp_path / "takes"
    for place, content in (("a/dog.mp4", b"another"), ("b/dog.mp4", b"dog"), ("ship.mp4", b"graded")):
        (takes / place).parent.mkdir(parents=True, exist_ok=True)
        (takes / place).write_bytes(content)
    back = conformed(ReadTimeline(planned(path)), takes)
    assert back.data["takes"]["dog"]["file"] == "b/dog.mp4"
    assert [each.where for each in back.refused] == ["media 'ship'"]
    assert "content has changed" in back.refused[0].why


def test_missing_media_keeps_its_place_and_is_refused_by_name(tmp_path: Path) -> None:
    back = conformed(ReadTimeline(planned(write_job(tmp_path / "in", FULL))), _empty(tmp_path / "takes"))
    assert len(back.data["cut"]) == 9
    assert [each.where for each in back.refused] == ["media 'dog'", "media 'ship'"]


def test_what_no_shot_can_do_is_refused_with_its_place(tmp_path: Path) -> None:
    dog = TimelineMedia("dog", "dog.mp4", rate=Fraction(24), length=Fraction(10))
    keys = {
        "creeps": (SpeedKey(Fraction(0), Fraction(1, 50)),),
        "turns": (SpeedKey(Fraction(0), Fraction(-1)), SpeedKey(Fraction(10), Fraction(1), "hold")),
    }
    clips = [
        TimelineClip(name, name, dog, Span(at * 24, at * 24 + 24), Fraction(2), speeds=speeds)
        for at, (name, speeds) in enumerate(keys.items())
    ]
    timeline = Timeline("film", Clock(Fraction(24)), tuple(clips))
    refused = job_of(timeline, TakesFolder(_empty(tmp_path / "takes")), tmp_path).refused[1:]
    assert [each.where for each in refused] == ["clip 'creeps' at frame 0", "clip 'turns' at frame 24"]
    assert "0.1 to 16" in refused[0].why
    assert "cut it where it turns" in refused[1].why


def test_a_written_job_reads_as_what_it_was_made_of(tmp_path: Path) -> None:
    path = write_job(tmp_path, FULL)
    data = plain_job(path)
    again = tmp_path / "again.yaml"
    again.write_text(job_text(data, "from an editor"))
    assert plain_job(again) == data


def _empty(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_sound_that_an_editor_moved_is_said_and_the_jobs_own_is_kept(tmp_path: Path) -> None:
    (tmp_path / "bed.wav").write_bytes(b"bed")
    path = write_job(tmp_path, FULL + "\nsound:\n  music: [{file: bed.wav, at: 1s}]")
    made = planned(path)
    bed = TimelineMedia("bed", str(tmp_path / "bed.wav"), picture=False, sound=True, length=Fraction(9))
    laid = TimelineSound("music-1", bed, Fraction(1), Fraction(4), role="music")
    kept = {**made.metadata, "sounds": [[24, 96]]}
    for sound, lost in ((laid, 0), (replace(laid, at=Fraction(2)), 1)):
        read = ReadTimeline(replace(made, sounds=(sound,), metadata=kept))
        back = conformed(read, tmp_path)
        assert back.data["sound"] == plain_job(path)["sound"]
        assert len(back.lost) == lost


def test_a_job_that_comes_back_elsewhere_names_its_files_from_there(tmp_path: Path) -> None:
    cut = """
  - {take: dog, id: open, length: 2s}
  - {take: ship, id: end, length: 2s, transition: {stage: luma-fade, length: 12f, image: ink.png}}
titles:
  - {text: brief.yaml, at: 0s, length: 1s}
brief: brief.yaml"""
    path = write_job(tmp_path / "in", cut)
    path.write_text(path.read_text().replace("black: {make: black}", "spare: {file: spare.mp4}"))
    (tmp_path / "in/brief.yaml").write_text("beats: [{id: open, says: it runs}]")
    Image.new("L", (8, 8)).save(tmp_path / "in/ink.png")
    (tmp_path / "in/spare.mp4").write_bytes(b"spare")
    read, takes = ReadTimeline(planned(path)), TakesFolder(tmp_path / "in")
    data = job_of(read.timeline, takes, tmp_path / "away").data
    assert data["cut"][1]["transition"]["image"] == "../in/ink.png"
    assert (data["brief"], data["titles"][0]["text"]) == ("../in/brief.yaml", "brief.yaml")
    assert data["takes"]["spare"]["file"] == "../in/spare.mp4"
    for name in ("brief.yaml", "ink.png", "spare.mp4"):
        (tmp_path / "in" / name).unlink()
    gone = job_of(read.timeline, TakesFolder(tmp_path / "in"), tmp_path / "away")
    assert [each.what for each in gone.lost] == ["brief", "take"]
    assert [each.where for each in gone.refused] == ["image 'ink.png'"]
    assert "spare" not in gone.data["takes"]
