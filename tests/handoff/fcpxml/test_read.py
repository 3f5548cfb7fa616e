from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from post.errors import JobError, SourceError
from post.handoff.fcpxml.conform_rate import conformed_speed
from post.handoff.fcpxml.read import read_fcpxml
from post.handoff.timeline import ReadTimeline

RESOURCES = """
<format id="f24" frameDuration="100/2400s" width="1920" height="1080"/>
<format id="f25" frameDuration="1/25s"/>
<asset id="a" name="dog" start="0s" duration="20s" hasVideo="1" hasAudio="1" format="f24">
  <media-rep kind="proxy-media" src="file:///proxy/dog.mov"/><media-rep src="file:///takes/dog.mp4"/></asset>
<asset id="b" name="ship" start="3600s" duration="20s" hasVideo="1" hasAudio="1" format="f24" src="file:///ship.mov"/>
<asset id="c" name="pal" start="0s" duration="20s" hasVideo="1" format="f25" src="file:///pal.mov"/>
<asset id="m" name="bed" start="0s" duration="60s" hasAudio="1" src="file:///bed.wav"/>
<effect id="x" name="Cross Dissolve" uid="x"/><effect id="g" name="Clouds" uid="g"/>
<media id="mc" name="cameras"><multicam format="f24" tcStart="0s">
  <mc-angle name="A" angleID="A"><asset-clip ref="a" offset="0s" duration="10s"/></mc-angle>
  <mc-angle name="B" angleID="B"><asset-clip ref="b" offset="0s" duration="10s" start="3605s"/></mc-angle>
</multicam></media>
<media id="cc" name="compound"><sequence format="f24" tcStart="0s" duration="8s"><spine>
  <asset-clip ref="a" offset="0s" duration="4s" start="2s"/>
  <transition name="Cross Dissolve" offset="7/2s" duration="1s"><filter-video ref="x"/></transition>
  <asset-clip ref="b" offset="4s" duration="4s" start="3602s"/>
</spine></sequence></media>"""


def read(folder: Path, spine: str, sequence: str = 'tcStart="0s"') -> ReadTimeline:
    path = folder / "cut.fcpxml"
    path.write_text(
        f'<fcpxml version="1.11"><resources>{RESOURCES}</resources><library><event><project name="film">'
        f'<sequence format="f24" {sequence}><spine>{spine}</spine></sequence></project></event></library></fcpxml>'
    )
    return read_fcpxml(path)


def cuts(found: ReadTimeline) -> list[tuple[str, int, int, Fraction | int]]:
    return [
        (c.media.make or c.media.name, c.record.first, c.record.stop, c.source) for c in found.timeline.clips
    ]


def test_media_times_count_from_the_first_frame_whatever_its_timecode(tmp_path: Path) -> None:
    found = read(tmp_path, '<asset-clip ref="b" offset="0s" start="3601s" duration="2s"/>'
                 '<asset-clip ref="b" offset="2s" duration="1s"/>')  # fmt: skip
    assert cuts(found) == [("ship", 0, 48, 1), ("ship", 48, 72, 0)]
    assert found.timeline.clips[0].media.start == 86400


def test_the_original_is_taken_not_the_proxy(tmp_path: Path) -> None:
    found = read(tmp_path, '<asset-clip ref="a" offset="0s" duration="1s"/>')
    assert found.timeline.clips[0].media.path == "file:///takes/dog.mp4"


def test_a_compound_clip_is_opened_where_it_is_seen(tmp_path: Path) -> None:
    """Its middle 4 s at twice the speed: both its clips, and the dissolve between them in half its time."""
    speed = '<timeMap><timept time="0s" value="0s"/><timept time="4s" value="8s"/></timeMap>'
    found = read(tmp_path, f'<ref-clip ref="cc" offset="0s" start="1s" duration="2s">{speed}</ref-clip>')
    assert cuts(found) == [("dog", 0, 24, 4), ("ship", 24, 48, 2)]
    assert [clip.at(12, found.timeline.clock) for clip in found.timeline.clips] == [5, 3]
    assert [(each.at, each.before, each.after) for each in found.timeline.transitions] == [(24, 6, 6)]


def test_a_storyline_over_the_picture_hides_it_and_its_sound_goes_on(tmp_path: Path) -> None:
    over = (
        '<spine lane="1" offset="2s"><asset-clip ref="b" offset="0s" start="3600s" duration="1s" srcEnable="video"/>'
        '<transition offset="1/2s" duration="1/2s" name="Cross Dissolve"><filter-video ref="x"/></transition></spine>'
    )
    found = read(tmp_path, f'<asset-clip ref="a" offset="0s" start="1s" duration="4s">{over}</asset-clip>')
    # The anchor's offset is in its parent's own time, which starts at 1 s.
    assert cuts(found) == [("dog", 0, 24, 1), ("ship", 24, 48, 0), ("dog", 48, 96, 3)]
    assert [(each.at, each.before, each.after) for each in found.timeline.transitions] == [(48, 12, 0)]
    (sound,) = found.timeline.sounds
    assert sound.media.name == "dog"
    assert [sound.at, sound.length, sound.source] == [1, 1, 2]
    assert found.timeline.clips[1].audio.mute


def test_the_picked_take_of_an_audition_and_the_live_angle_are_seen(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        '<audition offset="0s"><asset-clip ref="b" name="pick" duration="1s"/><asset-clip ref="a" name="other" '
        'duration="2s"/></audition><mc-clip ref="mc" offset="1s" duration="2s" start="1s"><mc-source angleID="B"/>'
        "</mc-clip>",
    )
    assert cuts(found) == [("ship", 0, 24, 0), ("ship", 24, 72, 6)]
    assert [(each.what, each.why) for each in found.lost] == [
        ("audition", "'pick' is picked, not other"), ("angles", "the angle 'B' is seen, not A"),
    ]  # fmt: skip


def test_clips_of_video_and_sound_apart_are_one_and_offset_sound_is_a_j_cut(tmp_path: Path) -> None:
    inner = '<video ref="a" offset="0s" duration="20s"/>'
    sound = '<clip lane="-1" offset="{0}" start="{0}" duration="{1}"><gap offset="0s" duration="20s"><audio lane="-1" '
    sound += 'ref="a" offset="0s" duration="20s"/></gap></clip>'
    spine = "".join(
        f'<clip name="{name}" offset="{at}s" start="2s" duration="2s">{inner}{sound.format(*span)}</clip>'
        for name, at, span in (("even", 0, ("2s", "2s")), ("led", 2, ("3/2s", "5/2s")))
    ) + f'<clip name="silent" offset="4s" duration="1s">{inner}</clip>'  # fmt: skip
    found = read(tmp_path, spine)
    assert [(c.name, c.audio.mute, c.audio.lead) for c in found.timeline.clips] == [
        ("even", False, 0), ("led", False, 12), ("silent", True, 0),
    ]  # fmt: skip
    assert found.timeline.sounds == ()


@pytest.mark.parametrize(
    ("spine", "why"),
    [
        ('<video ref="g" offset="0s" duration="1s" name="Clouds"/>', "generator 'Clouds'"),
        ('<gap offset="0s" duration="2s"><asset-clip lane="1" ref="a" offset="0s" duration="1s"><adjust-transform '
         'scale="0.5 0.5"/></asset-clip></gap>', "a picture over a picture"),
        ('<ref-clip ref="cc" offset="0s" duration="2s"><timeMap><timept time="0s" value="0s"/><timept time="1s" '
         'value="2s"/><timept time="2s" value="3s"/></timeMap></ref-clip>', "a ramp or a reverse over several clips"),
        ('<asset-clip ref="none" name="lost" offset="0s" duration="1s"/>', "no asset"),
        ('<live-drawing offset="0s" duration="1s"/>', "drawn by the editor"),
    ],
)  # fmt: skip
def test_what_has_no_right_meaning_is_refused_with_its_line_and_the_rest_conforms(
    tmp_path: Path, spine: str, why: str
) -> None:
    found = read(tmp_path, f'{spine}<asset-clip ref="b" offset="2s" duration="1s"/>')
    assert len(found.refused) == 1
    assert why in found.refused[0].why
    assert "cut.fcpxml:" in found.refused[0].where
    assert cuts(found)[-1] == ("ship", 48, 72, 0)


def test_nothing_is_dropped_without_a_word(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        '<asset-clip ref="a" offset="0s" duration="2s"><caption lane="1" offset="0s" duration="1s"><text>Hello</text>'
        '</caption><marker start="9s" value="outside"/><filter-video ref="x" name="Glow"/></asset-clip>'
        '<asset-clip ref="a" name="off" offset="2s" duration="1s" enabled="0"/>',
    )
    assert [each.what for each in found.lost] == ["effect", "caption", "marker", "clip"]
    assert cuts(found) == [("dog", 0, 48, 0), ("black", 48, 72, 0)]


def test_fades_from_and_to_black_are_transitions_at_the_ends(tmp_path: Path) -> None:
    fade = (
        '<transition name="Cross Dissolve" offset="{}" duration="1/2s"><filter-video ref="x"/></transition>'
    )
    spine = (
        fade.format("3600s") + '<asset-clip ref="a" offset="3600s" duration="2s"/>' + fade.format("7203/2s")
    )
    found = read(tmp_path, spine, 'tcStart="3600s" tcFormat="DF" duration="2s"').timeline
    assert [(each.at, each.before, each.after) for each in found.transitions] == [(0, 0, 12), (48, 12, 0)]
    assert (found.start, found.drop_frame) == (86400, True)


@pytest.mark.parametrize(
    ("media", "timeline", "speed"),
    [
        ("24000/1001", "24", "1001/1000"),
        ("24000/1001", "60", "1001/1000"),
        ("24000/1001", "60000/1001", "1000/1001"),
        ("25", "24", "24/25"),
        ("25", "24000/1001", "960/1001"),
        ("25", "25", "1"),
        ("30", "24", "1"),
    ],
)
def test_conformed_rates_are_those_of_blade_cuts_in_real_files(media: str, timeline: str, speed: str) -> None:
    assert conformed_speed(Fraction(media), Fraction(timeline)) == Fraction(speed)


def test_25_frames_a_second_conformed_to_24_show_each_frame_once(tmp_path: Path) -> None:
    conform = '<conform-rate srcFrameRate="25"/>'
    found = read(
        tmp_path, f'<asset-clip ref="c" offset="0s" start="2s" duration="1s">{conform}</asset-clip>'
    ).timeline
    (clip,) = found.clips
    assert [clip.at(at, found.clock) * 25 for at in range(24)] == [50 + at for at in range(24)]


def test_faults_name_the_file_the_line_and_what_was_got(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not a time") as caught:
        read(tmp_path, '\n<asset-clip ref="a" offset="soon" duration="1s"/>')
    assert "cut.fcpxml:" in caught.value.where
    assert caught.value.got == "soon"
    (tmp_path / "other.fcpxml").write_text("<xmeml/>")
    with pytest.raises(SourceError, match="not FCPXML"):
        read_fcpxml(tmp_path / "other.fcpxml")
    (tmp_path / "empty.fcpxml").write_text('<fcpxml version="1.10"><resources/></fcpxml>')
    with pytest.raises(SourceError, match="no project"):
        read_fcpxml(tmp_path / "empty.fcpxml")
    read(tmp_path, '<asset-clip ref="a" offset="0s" duration="1s"/>')
    with pytest.raises(JobError, match="no project 'other'|other"):
        read_fcpxml(tmp_path / "cut.fcpxml", "other")


def test_clips_that_hold_themselves_cost_no_more_than_honest_ones(tmp_path: Path) -> None:
    path = tmp_path / "loop.fcpxml"
    twice = '<ref-clip ref="cc" offset="0s" duration="8s"/><ref-clip ref="cc" offset="8s" duration="8s"/>'
    looped = RESOURCES.replace("<spine>", f"<spine>{twice}")
    path.write_text(
        f'<fcpxml version="1.11"><resources>{looped}</resources><project name="x">'
        f'<sequence format="f24"><spine>{twice}</spine></sequence></project></fcpxml>'
    )
    with pytest.raises(SourceError, match="too many clips"):
        read_fcpxml(path)


def test_a_timeline_longer_than_a_day_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="longer than a day"):
        read(tmp_path, '<asset-clip ref="a" offset="0s" duration="99999999999999999999s"/>')
