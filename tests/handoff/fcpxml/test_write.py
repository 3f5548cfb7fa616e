from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from post.errors import JobError
from post.handoff.fcpxml.dialects import DIALECTS, VERSIONS
from post.handoff.fcpxml.looks import role_of
from post.handoff.fcpxml.read import read_fcpxml
from post.handoff.fcpxml.times import read_time
from post.handoff.fcpxml.write import fcpxml_text, refuse_invalid
from post.handoff.markup.dtd import read_dtd
from post.handoff.markup.xml_tree import XmlElement, parse_xml
from post.handoff.timeline import ClipAudio, Timeline, TimelineMarker, TimelineMedia, TimelineSound
from post.job import load_job
from post.job.plain import plain_job
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

BOTH = pytest.mark.parametrize("dialect", DIALECTS)
RAMP = """
  - {take: dog, id: ramp, in: 1s, length: 72f, speed: "0s:1, 1s:4:smooth, 2s:0.35:smooth"}
  - {take: ship, id: cut, length: 24f, transition: 9f}"""


def written(timeline: Timeline, folder: Path, dialect: str = "fcpxml", version: str = "1.10") -> Path:
    path = folder / f"{dialect}-{version}.fcpxml"
    path.write_text(fcpxml_text(timeline, dialect, version).text)
    return path


def full(folder: Path) -> Timeline:
    """A timeline with everything that FCPXML has a place for."""
    made = planned(write_job(folder, FULL))
    bed = TimelineMedia("bed", "/takes/bed.wav", picture=False, sound=True, length=Fraction(20))
    card = TimelineMedia("card", "/takes/card.png", still=True, width=1920, height=1080)
    clips = list(made.clips)
    clips[3] = replace(clips[3], notes="note & more", keywords=("dog", "day"), audio=ClipAudio(3, 5, -3.0))
    clips[4] = replace(clips[4], media=card, speeds=(), metadata={})
    sound = TimelineSound(
        "music-1", bed, Fraction(1, 3), Fraction(4), Fraction(2), "music", -12.0, Fraction(1)
    )
    marks = (TimelineMarker(5, "here", "look"), TimelineMarker(80, "part two", kind="chapter"))
    return replace(made, clips=tuple(clips), sounds=(sound,), markers=marks, start=86400)


@BOTH
@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_written_is_valid(tmp_path: Path, dialect: str, version: str) -> None:
    shape = (Path(__file__).parent / "story.dtd").read_text().replace("VERSION", version)
    (tmp_path / "story.dtd").write_text(shape)
    root = parse_xml(fcpxml_text(full(tmp_path), dialect, version).text.encode(), "made")
    assert read_dtd(tmp_path / "story.dtd").faults(root) == []


def test_what_a_dtd_does_not_allow_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    shape = (Path(__file__).parent / "story.dtd").read_text().replace("VERSION", "1.13")
    (tmp_path / "story.dtd").write_text(shape)
    timeline = full(tmp_path)
    refuse_invalid(timeline, "fcpxml", "1.13", tmp_path / "story.dtd")
    with pytest.raises(JobError, match="not valid against this DTD") as caught:
        refuse_invalid(timeline, "fcpxml", "1.10", tmp_path / "story.dtd")
    assert caught.value.got == "<fcpxml version> does not allow '1.10'"
    (tmp_path / "none.dtd").write_text("words")
    with pytest.raises(JobError, match="not a DTD"):
        refuse_invalid(timeline, "fcpxml", "1.10", tmp_path / "none.dtd")


@BOTH
@pytest.mark.parametrize("version", ["1.10", "1.13"])
def test_a_job_comes_back_with_its_cuts_ramps_transitions_and_ids(
    tmp_path: Path, dialect: str, version: str
) -> None:
    path = write_job(tmp_path, FULL)
    back = conformed(read_fcpxml(written(planned(path), tmp_path, dialect, version)), tmp_path)
    assert back.data["cut"] == plain_job(path)["cut"]
    assert back.data["titles"] == plain_job(path)["titles"]
    assert (back.data["ending"], back.clips, back.retimes, back.transitions) == ("10f", 8, 6, 5)
    assert (back.refused, back.lost) == ((), ())


@BOTH
def test_an_editor_that_keeps_nothing_of_ours_brings_back_the_same_frames(
    tmp_path: Path, dialect: str
) -> None:
    path = write_job(tmp_path, FULL)
    bare = without_our_words(planned(path))
    back = conformed(read_fcpxml(written(bare, tmp_path, dialect)), tmp_path)
    assert furthest(shots_of(load_job(path)), planned_again(back, tmp_path)) <= 0.1
    assert [entry["id"] for entry in back.data["cut"] if entry["take"] != "black"] == [
        "open", "ramp", "fast", "back", "stop", "curve", "still", "end",
    ]  # fmt: skip


@pytest.mark.parametrize("clock", ["24", "23.976", "29.97"])
def test_keys_of_the_file_are_on_the_map_that_picture_and_manifest_follow(tmp_path: Path, clock: str) -> None:
    """1x to 4x to 0.35x over 3 s: each key within a millionth of a frame of the closed form."""
    path = write_job(tmp_path, RAMP, clock)
    timeline = planned(path)
    (shot, _), rate = shots_of(load_job(path)), timeline.clock.rate
    root = parse_xml(fcpxml_text(timeline).text.encode(), "made")
    clip = next(each for each in root.walk() if each.get("name") == "ramp" and each.child("timeMap"))
    start = read_time(clip.get("start"), "start")
    points = [(read_time(p.get("time"), ""), read_time(p.get("value"), "")) for p in _points(clip)]
    inside = [(t, v) for t, v in points if start <= t <= start + shot.time(71) / rate]
    assert len(inside) > 20
    for time, value in points:
        assert abs(value * rate - shot.time((time - start) * rate)) < Fraction(1, 10**6)
    assert points[0][1] >= 0
    assert points[-1][1] <= 10 * 24 / rate


def test_a_clip_that_an_editor_shortened_by_12_frames_changes_alone(tmp_path: Path) -> None:
    path = write_job(tmp_path, RAMP)
    timeline = planned(path)
    text = fcpxml_text(timeline).text
    # The ramp loses its last 12 frames, and what follows moves with it.
    root = parse_xml(text.encode(), "made")
    ramp = next(each for each in root.walk() if each.get("name") == "ramp" and each.child("timeMap"))
    old = f'duration="{ramp.get("duration")}"'
    head, tail = text.split(f'start="{ramp.get("start")}" {old}', 1)
    shorter = read_time(ramp.get("duration"), "") - Fraction(1, 2)
    text = f'{head}start="{ramp.get("start")}" duration="{shorter.numerator}/{shorter.denominator}s"{tail}'
    for offset in ("21/8s", "67/24s"):
        moved = read_time(offset, "") - Fraction(1, 2)
        text = text.replace(f'offset="{offset}"', f'offset="{moved.numerator}/{moved.denominator}s"')
    (tmp_path / "edited.fcpxml").write_text(text)
    back = conformed(read_fcpxml(tmp_path / "edited.fcpxml"), tmp_path)
    assert back.refused == ()
    assert back.data["cut"][0]["length"] == "60f"
    assert back.data["cut"][1] == plain_job(path)["cut"][1]
    wanted, got = shots_of(load_job(path))[0].time, planned_again(back, tmp_path)[0].time
    assert [got(at) for at in range(60)] == [wanted(at) for at in range(60)]


def test_times_fit_the_numbers_of_final_cut_and_say_which_timecode(tmp_path: Path) -> None:
    path = write_job(tmp_path, RAMP, "29.97")
    timeline = replace(planned(path), start=107892, drop_frame=True)
    file = written(timeline, tmp_path)
    root = parse_xml(file.read_bytes(), "made")
    sequence = next(each for each in root.walk() if each.tag == "sequence")
    assert (sequence.get("tcFormat"), sequence.get("tcStart")) == ("DF", "8999991/2500s")
    times = [
        value
        for each in root.walk()
        for name, value in each.attributes.items()
        if name in ("time", "value", "start")
    ]
    scales = [
        int(time[:-1].partition("/")[2] or 1) for time in times if time.endswith("s") and time[0].isdecimal()
    ]
    assert max(scales) < 2**31
    assert read_fcpxml(file).timeline.start == 107892


def test_sounds_titles_and_marks_come_back_where_they_were(tmp_path: Path) -> None:
    made = full(tmp_path)
    back = read_fcpxml(written(made, tmp_path)).timeline
    (sound,) = back.sounds
    assert (sound.at, sound.length, sound.source) == (Fraction(1, 3), Fraction(4), Fraction(2))
    assert (sound.role, sound.gain_db) == ("music", -12.0)
    assert [(mark.at, mark.name, mark.kind) for mark in back.markers] == [
        (5, "here", "note"), (80, "part two", "chapter"),
    ]  # fmt: skip
    assert back.titles == made.titles
    clip = back.clips[3]
    assert (clip.notes, clip.keywords, clip.audio.lead, clip.audio.lag) == (
        "note & more",
        ("dog", "day"),
        3,
        5,
    )
    assert back.clips[4].media.still


@pytest.mark.parametrize("role", ["voice", "dialogue", "music", "effects", "ambience"])
def test_the_role_of_a_sound_comes_back(tmp_path: Path, role: str) -> None:
    made = full(tmp_path)
    sound = replace(made.sounds[0], role=role)
    [back] = read_fcpxml(written(replace(made, sounds=(sound,)), tmp_path)).timeline.sounds
    assert back.role == role


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("dialogue.dialogue-1", "dialogue"), ("Dialogue.Voice Over-2", "voice"), ("effects.effects-1", "effects"),
        ("effects.Ambience", "ambience"), ("music.score", "music"), ("foley", "effects"), ("", "effects"),
    ],
)  # fmt: skip
def test_a_role_of_an_editor_is_the_nearest_that_a_job_has(theirs: str, ours: str) -> None:
    assert role_of(theirs) == ours


def test_what_a_file_does_not_hold_is_listed(tmp_path: Path) -> None:
    lost = fcpxml_text(planned(write_job(tmp_path, FULL))).lost
    assert {(each.what, each.where) for each in lost} >= {
        ("house style", "film"), ("transition", "frame 301"), ("title style", "title-1"),
    }  # fmt: skip
    with pytest.raises(JobError, match="1.99"):
        fcpxml_text(planned(write_job(tmp_path, FULL)), version="1.99")


def _points(clip: XmlElement) -> list[XmlElement]:
    found = clip.child("timeMap")
    return found.all("timept") if found is not None else []


@pytest.mark.parametrize(
    ("stem", "role"),
    [
        ("clip", "dialogue"),
        ("dialogue", "dialogue"),
        ("ambience", "effects.ambience"),
        ("effects", "effects"),
    ],
)
def test_a_clips_own_sound_has_the_role_of_its_stem(tmp_path: Path, stem: str, role: str) -> None:
    own = f"\n  - {{take: dog, id: own, length: 24f, sound: {{stem: {stem}}}}}"
    text = fcpxml_text(planned(write_job(tmp_path, own)), "fcpxml", "1.10").text
    assert re.findall(r'<asset-clip[^>]* audioRole="([^"]*)"', text) == [role]
