from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from post.errors import SourceError
from post.handoff.fcp7.read import read_fcp7
from post.handoff.fcp7.time_remap import read_remap
from post.handoff.fcp7.write import fcp7_text
from post.handoff.markup.xml_tree import XmlElement, element, parse_xml
from post.handoff.timeline import (
    ClipAudio,
    ColourDecisions,
    ReadTimeline,
    Timeline,
    TimelineMedia,
    TimelineSound,
)
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

RAMP = """
  - {take: dog, id: ramp, in: 1s, length: 72f, speed: "0s:1, 1s:4:smooth, 2s:0.35:smooth"}"""
RATE = "<rate><timebase>24</timebase><ntsc>{}</ntsc></rate>"
FILE = (
    '<file id="{0}"><name>{0}</name><pathurl>file:///takes/{0}.mov</pathurl>' + RATE.format("FALSE")
    + "<duration>480</duration><media><video/><audio/></media></file>"
)  # fmt: skip


def written(timeline: Timeline, folder: Path) -> Path:
    path = folder / "cut.xml"
    path.write_text(fcp7_text(timeline).text)
    return path


def read(folder: Path, track: str, audio: str = "", *, ntsc: str = "FALSE") -> ReadTimeline:
    path = folder / "cut.xml"
    path.write_text(
        f'<!DOCTYPE xmeml><xmeml version="4"><sequence><name>film</name>{RATE.format(ntsc)}<media><video>'
        f"<format><samplecharacteristics><width>640</width><height>360</height></samplecharacteristics></format>"
        f"{track}</video><audio>{audio}</audio></media></sequence></xmeml>"
    )
    return read_fcp7(path)


def item(name: str, start: int, end: int, first: int, more: str = "") -> str:
    stop = first + (end - start if min(start, end) >= 0 else 48)
    return (
        f"<clipitem><name>{name}</name><start>{start}</start><end>{end}</end><in>{first}</in><out>{stop}</out>"
        f"{FILE.format(name)}{more}</clipitem>"
    )


def test_a_job_comes_back_with_its_cuts_ramps_transitions_and_ids(tmp_path: Path) -> None:
    path = write_job(tmp_path, FULL)
    back = conformed(read_fcp7(written(planned(path), tmp_path)), tmp_path)
    assert back.data["cut"] == plain_job(path)["cut"]
    assert back.data["titles"] == plain_job(path)["titles"]
    assert (back.data["ending"], back.clips, back.retimes, back.transitions) == ("10f", 8, 6, 5)
    assert (back.refused, back.lost) == ((), ())


def test_an_editor_that_keeps_nothing_of_ours_brings_back_the_same_frames(tmp_path: Path) -> None:
    path = write_job(tmp_path, FULL)
    back = conformed(read_fcp7(written(without_our_words(planned(path)), tmp_path)), tmp_path)
    assert furthest(shots_of(load_job(path)), planned_again(back, tmp_path)) <= 0.1
    assert [entry["id"] for entry in back.data["cut"]] == [entry["id"] for entry in plain_job(path)["cut"]]
    assert back.data["cut"][5]["transition"] == {"stage": "push", "length": "8f"}
    assert back.data["cut"][8]["transition"] == {"stage": "wipe", "length": "9f", "code": 3}


@pytest.mark.parametrize("clock", ["24", "23.976"])
def test_keys_are_whole_frames_on_the_map_that_the_picture_follows(tmp_path: Path, clock: str) -> None:
    path = write_job(tmp_path, RAMP, clock)
    timeline, (shot,) = planned(path), shots_of(load_job(path))
    root = parse_xml(fcp7_text(timeline).text.encode(), "made")
    clip = next(each for each in root.walk() if each.tag == "clipitem" and each.child("filter"))
    first = int(clip.word("in"))
    keys = [
        (int(key.word("when")), Fraction(key.word("value"))) for key in root.walk() if key.tag == "keyframe"
    ]
    assert len(keys) > 40
    assert max(abs(value - shot.time(when - first)) for when, value in keys) < Fraction(1, 10**6)
    assert {each.word("ntsc") for each in root.walk() if each.tag == "rate"} == {
        "TRUE" if clock == "23.976" else "FALSE"
    }


def test_the_format_of_a_sequence_is_said_or_resolve_does_not_see_it(tmp_path: Path) -> None:
    root = parse_xml(fcp7_text(planned(write_job(tmp_path, FULL))).text.encode(), "made")
    form = next(each for each in root.walk() if each.tag == "format")
    shape = form.child("samplecharacteristics")
    assert shape is not None
    assert (shape.word("width"), shape.word("height")) == ("64", "36")


def test_sound_grade_notes_and_j_cuts_come_back(tmp_path: Path) -> None:
    made = planned(write_job(tmp_path, FULL))
    bed = TimelineMedia("bed", "/takes/bed.wav", picture=False, sound=True, length=Fraction(20))
    music = TimelineSound("bed-1", bed, Fraction(1), Fraction(4), Fraction(2), "music", -12.0)
    grade = ColourDecisions((1.1, 1.0, 0.9), (0.0, 0.01, 0.0), (1.0, 1.0, 1.2), 0.8)
    clips = list(made.clips)
    clips[3] = replace(clips[3], grade=grade, notes="look here", audio=ClipAudio(3, 5, -3.0))
    back = read_fcp7(written(replace(made, clips=tuple(clips), sounds=(music,)), tmp_path)).timeline
    clip = back.clips[3]
    assert (clip.grade, clip.notes, clip.audio.lead, clip.audio.lag) == (grade, "look here", 3, 5)
    assert clip.audio.gain_db == pytest.approx(-3, abs=1e-4)
    (sound,) = back.sounds
    assert (sound.id, sound.role) == ("bed-1", "music")
    assert [sound.at, sound.length, sound.source] == [1, 4, 2]
    assert sound.gain_db == pytest.approx(-12, abs=1e-4)


def test_edges_under_a_transition_are_found_from_it(tmp_path: Path) -> None:
    """A clip that says -1 counts its in or out from where the transition starts or ends."""
    fade = "<transitionitem><start>36</start><end>60</end><alignment>{}</alignment><effect><name>Cross Dissolve</name>"
    fade += "<wipecode>0</wipecode></effect></transitionitem>"
    for alignment, cut in (("center", 48), ("start", 36), ("end", 60)):
        track = f"<track>{item('a', 0, -1, 10)}{fade.format(alignment)}{item('b', -1, 96, 100)}</track>"
        found = read(tmp_path, track).timeline
        assert [(c.record.first, c.record.stop, int(c.source * 24)) for c in found.clips] == [
            (0, cut, 10), (cut, 96, 100 + cut - 36),
        ]  # fmt: skip
        assert [(t.at, t.before, t.after) for t in found.transitions] == [(cut, cut - 36, 60 - cut)]


def test_a_sequence_within_a_sequence_is_opened_where_it_is_seen(tmp_path: Path) -> None:
    inner = (
        f"<sequence><name>inner</name>{RATE.format('FALSE')}<media><video><track>{item('a', 0, 24, 5)}"
        f"{item('b', 24, 72, 50)}</track></video></media></sequence>"
    )
    track = (
        f"<track><clipitem><name>nested</name><start>10</start><end>40</end><in>12</in><out>42</out>{inner}</clipitem>"
        f"</track><track>{item('c', 20, 25, 0)}</track>"
    )
    found = read(tmp_path, track).timeline
    assert [(c.name, c.record.first, c.record.stop, int(c.source * 24)) for c in found.clips] == [
        ("black", 0, 10, 0), ("a", 10, 20, 17), ("c", 20, 25, 0), ("b", 25, 40, 53),
    ]  # fmt: skip


def test_a_sequence_that_is_named_again_is_the_one_that_was_described(tmp_path: Path) -> None:
    inner = (
        f'<sequence id="s2"><name>inner</name>{RATE.format("FALSE")}<media><video><track>{item("a", 0, 24, 5)}</track>'
        "</video></media></sequence>"
    )
    nested = "<clipitem><name>n</name><start>{0}</start><end>{1}</end><in>0</in><out>24</out>{2}</clipitem>"
    track = nested.format(0, 24, inner) + nested.format(24, 48, '<sequence id="s2"/>')
    found = read(tmp_path, f"<track>{track}</track>").timeline
    assert [(c.name, c.record.first, int(c.source * 24)) for c in found.clips] == [("a", 0, 5), ("a", 24, 5)]


def test_premieres_keys_without_a_value_are_left_out_and_said(tmp_path: Path) -> None:
    keys = "".join(
        f"<keyframe><when>{when}</when><value>{value}</value><speedvirtualkf>TRUE</speedvirtualkf></keyframe>"
        for when, value in ((0, 0), (20, 20), (40, -1815255671), (44, 68), (90, 160))
    )
    remap = (
        "<filter><effect><name>Time Remap</name><effectid>timeremap</effectid><parameter><parameterid>variablespeed"
        "</parameterid><value>1</value></parameter><parameter><parameterid>graphdict</parameterid><valuemin>0</valuemin>"
        f"<valuemax>480</valuemax>{keys}</parameter></effect></filter>"
    )
    found = read(tmp_path, f"<track>{item('a', 0, 60, 10, remap)}</track>")
    (clip,) = found.timeline.clips
    assert [clip.at(at, found.timeline.clock) * 24 for at in (0, 10, 34, 50)] == [10, 20, 68, 100]
    assert [(each.what, each.why) for each in found.lost] == [("time keys", "1 without a value")]


def test_generators_become_made_pictures_titles_or_refusals(tmp_path: Path) -> None:
    def generator(name: str, effect: str, at: int, parameter: str = "") -> str:
        return (
            f"<generatoritem><name>{name}</name><start>{at}</start><end>{at + 24}</end><in>0</in><out>24</out><effect>"
            f"<name>{effect}</name><effectid>{effect}</effectid>{parameter}</effect></generatoritem>"
        )

    text = "<parameter><parameterid>str</parameterid><value>Winter</value></parameter>"
    fill = (
        "<parameter><parameterid>fillcolor</parameterid><value><red>255</red><green>128</green><blue>0</blue>"
    )
    fill += "</value></parameter>"
    track = generator("t", "Text", 0, text) + generator("m", "Color", 24, fill) + generator("s", "Noise", 48)
    found = read(tmp_path, f"<track>{track}</track>")
    assert [(c.media.make, c.media.fill) for c in found.timeline.clips] == [
        ("black", "#000000"), ("colour", "#ff8000"),
    ]  # fmt: skip
    assert [(title.text, len(title.record)) for title in found.timeline.titles] == [("Winter", 24)]
    assert [each.why for each in found.refused] == [
        "the generator 's' is drawn by the editor; render it to a clip first"
    ]


def test_the_filter_of_a_real_export_runs_backwards(media: object) -> None:
    path: Path = media("timelines/premiere_example_filter.xml")  # type: ignore[operator]  # the fixture is a function
    root = parse_xml(path.read_bytes(), "filter")
    effect = root.child("effect")
    assert effect is not None
    remap = read_remap(effect, "filter")
    assert [(int(key.at), int(key.source)) for key in remap.keys] == [
        (0, 37127), (15299, 21828), (15305, 21822), (37127, 1),
    ]  # fmt: skip


def test_faults_name_the_file_and_the_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not a number") as caught:
        read(tmp_path, "<track>\n<clipitem><start>soon</start></clipitem></track>")
    assert caught.value.where.endswith("cut.xml:2: start")
    (tmp_path / "filter.xml").write_text("<filter/>")
    with pytest.raises(SourceError, match="not FCP7 XML"):
        read_fcp7(tmp_path / "filter.xml")
    with pytest.raises(SourceError, match="no sequence"):
        (tmp_path / "none.xml").write_text("<xmeml/>")
        read_fcp7(tmp_path / "none.xml")


def test_a_made_element_is_the_one_that_is_read() -> None:
    made = element("a", element("b", text="1"), c="2")
    assert isinstance(made, XmlElement)
    assert made.word("b") == "1"
