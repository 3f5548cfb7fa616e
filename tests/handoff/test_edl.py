"""EDLs: events are read as they are meant, and what is written reads back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from post.errors import JobError, SourceError
from post.handoff.edl.events import read_events
from post.handoff.edl.file import clock_of, guessed_rate
from post.handoff.edl.read import timeline_of_events
from post.handoff.edl.write import reels_of, write_events
from post.handoff.losses import Refusal
from post.handoff.time_keys import PositionKey
from post.handoff.timeline import (
    BLACK,
    ColourDecisions,
    Timeline,
    TimelineClip,
    TimelineMedia,
    TimelineTransition,
)
from post.values.time import Clock, Span, SpeedKey

FILM = Clock(Fraction(24))
NTSC = Clock(Fraction(30000, 1001))


def conformed(text: str, clock: Clock = FILM) -> tuple[Timeline, tuple[Refusal, ...]]:
    return timeline_of_events(read_events(text, "cut.edl"), clock, "cut.edl")


def refusal(text: str, clock: Clock = FILM) -> str:
    with pytest.raises(SourceError) as caught:
        conformed(text, clock)
    return str(caught.value)


def records(timeline: Timeline) -> list[tuple[str, int, int]]:
    return [(clip.name, clip.record.first, clip.record.stop) for clip in timeline.clips]


def test_the_lists_of_others_are_read_frame_by_frame(media: Callable[[str], Path]) -> None:
    cuts, _ = conformed(media("timelines/25fps.edl").read_text(), Clock(Fraction(25)))
    assert [len(clip.record) for clip in cuts.clips] == [161, 200, 86, 49]
    mixed, _ = conformed(media("timelines/dissolve_test_2.edl").read_text())
    assert records(mixed) == [("clip_A", 0, 5), ("clip_B", 5, 15), ("clip_B", 15, 20)]
    assert mixed.transitions == (TimelineTransition(5, 0, 10, name="D"),)
    assert [clip.source * 24 - 86400 for clip in mixed.clips] == [101, 196, 206]


def test_freezes_and_speeds_of_another_editor_are_kept(media: Callable[[str], Path]) -> None:
    timeline, _ = conformed(media("timelines/speed_effects_small.edl").read_text())
    shown = [clip for clip in timeline.clips if not clip.media.make]
    assert [len(clip.record) for clip in shown] == [126, 17, 1, 18, 36]
    frozen = shown[1]
    assert {frozen.at(frame, FILM) * 24 for frame in (0, 9, 16)} == {86400 + 10 * 24 + 21}
    fast = shown[-1]
    assert fast.speeds[0].speed == Fraction(476, 240)
    assert fast.at(36, FILM) * 24 == 86400 + 6 * 24 + 36 * Fraction(476, 240)


def test_a_reverse_starts_at_its_last_frame() -> None:
    text = """TITLE: back
001  A  V  C  00:00:01:00 00:00:02:00 01:00:00:00 01:00:01:00
M2   A       -024.0      00:00:01:00
"""
    (clip,) = conformed(text)[0].clips
    assert [clip.at(frame, FILM) * 24 for frame in (0, 1, 23)] == [47, 46, 24]


def test_m2_is_exact_where_the_lengths_say_the_same() -> None:
    """24 frames in 36: two thirds of 24 is 16, which M2 rounds in lists at 29.97."""
    text = (
        "001  A  V  C  00:00:01:00 00:00:02:00 01:00:00:00 01:00:01:12\nM2   A       016.0      00:00:01:00\n"
    )
    (clip,) = conformed(text)[0].clips
    assert clip.speeds == (SpeedKey(Fraction(0), Fraction(2, 3)),)


def test_m2_lines_of_a_dissolve_find_their_clips() -> None:
    text = """001  A  V  C        00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00
002  A  V  C        00:00:01:00 00:00:01:00 01:00:01:00 01:00:01:00
002  B  V  D    012 00:00:02:00 00:00:04:00 01:00:01:00 01:00:02:00
M2   B       048.0  00:00:02:00
"""
    timeline, _ = conformed(text)
    assert [clip.retimed for clip in timeline.clips] == [False, True]
    assert timeline.clips[1].speeds[0].speed == 2


def test_a_fade_from_black_and_one_to_black() -> None:
    text = """001  BL V  C        00:00:00:00 00:00:00:00 01:00:00:00 01:00:00:00
001  A  V  D    012 00:00:05:00 00:00:07:00 01:00:00:00 01:00:02:00
002  A  V  C        00:00:07:00 00:00:07:00 01:00:02:00 01:00:02:00
002  BL V  D    012 00:00:00:00 00:00:00:12 01:00:02:00 01:00:02:12
"""
    timeline, _ = conformed(text)
    assert [(clip.media.make, len(clip.record)) for clip in timeline.clips] == [
        ("black", 6),
        ("", 42),
        ("black", 12),
    ]
    assert timeline.transitions == (
        TimelineTransition(6, 6, 6, name="D"), TimelineTransition(48, 0, 12, name="D"),
    )  # fmt: skip
    assert timeline.clips[1].at(-6, FILM) == 5


def test_wipes_have_their_smpte_code_and_gaps_are_black() -> None:
    text = """001  A  V  C        00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00
002  B  V  W001 010 00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00
003  C  V  C        00:00:00:00 00:00:01:00 01:00:03:00 01:00:04:00
"""
    timeline, _ = conformed(text)
    assert timeline.transitions == (TimelineTransition(24, 0, 10, "wipe", 1, "W001"),)
    assert records(timeline)[2] == ("black", 48, 72)


def test_drop_frame_counts_no_frame_that_is_not_there() -> None:
    text = """FCM: DROP FRAME
001  A  V  C  00:00:59;29 00:01:00;03 00:00:59;29 00:01:00;03
"""
    timeline, _ = conformed(text, NTSC)
    assert timeline.drop_frame
    assert len(timeline.clips[0].record) == 2
    assert "drop-frame timecode has no such frame" in refusal(
        text.replace("00:01:00;03", "00:01:00;01"), NTSC
    )


def test_names_files_and_colour_belong_to_the_event_above_them() -> None:
    text = """001  TAPE_OF_A_LONG_DAY_0001          V     C        00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00
* FROM CLIP NAME: dog
* SOURCE FILE: dog.mov
* ASC_SOP (1.1 1.0 0.9)(-0.01 0 +0.02)(1 1.2 1)
* ASC_SAT 0.85
"""
    (clip,) = conformed(text)[0].clips
    assert (clip.name, clip.media.name, clip.media.reel) == ("dog", "dog.mov", "TAPE_OF_A_LONG_DAY_0001")
    assert clip.grade == ColourDecisions((1.1, 1.0, 0.9), (-0.01, 0.0, 0.02), (1.0, 1.2, 1.0), 0.85)


CUT = "001  A  V  C  00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CUT.replace(" C ", " K B "), "cut.edl:1: "),
        (CUT.replace(" C ", " KB "), "cut.edl:1: a key event"),
        (CUT.replace("00:00:01:00", "00:00:01:99"), "cut.edl:1: bad timecode"),
        (CUT.replace("00:00:01:00", "0:0:1:0"), "cut.edl:1: an event that cannot be read"),
        (CUT.replace("00:00:01:00", "00:00:02:00"), "cut.edl:1: source and record do not last as long"),
        (CUT + CUT.replace("001", "002"), "cut.edl:2: two events at one time"),
        (CUT.replace("  V  ", "  V2 "), "cut.edl:1: a picture track above the first"),
        (CUT.replace("  V  ", "  A  "), "an EDL without picture"),
        (CUT + "M2 A fast 00:00:00:00\n", "cut.edl:2: a speed that cannot be read"),
        (CUT.replace(" C ", " D 048 "), "cut.edl:1: a transition longer than its event"),
        (CUT.replace(" C ", " X "), "cut.edl:1: an unknown transition"),
        ("TITLE: nothing\n", "an EDL without events"),
        ("\0\0", "not an EDL"),
        ("x" * 2000, "cut.edl:1: a line is too long"),
        (CUT + "* ASC_SOP (1 1)(2)\n", "cut.edl:2: a CDL that cannot be read"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(text: str, said: str) -> None:
    assert said in refusal(text)


def test_sound_apart_from_its_picture_is_refused_by_line() -> None:
    text = CUT + CUT.replace("001  A  V", "002  B  A")
    assert conformed(text)[1] == (
        Refusal("cut.edl:2", "sound apart from its picture: place it in the job by hand"),
    )


def clip(name: str, record: Span, source: Fraction, **more: object) -> TimelineClip:
    made = TimelineClip(name, name, TimelineMedia(f"{name}.mov", f"{name}.mov", reel=name), record, source)
    return replace(made, **more)  # type: ignore[arg-type]  # by name


def test_what_is_written_reads_back() -> None:
    grade = ColourDecisions((1.5, 1.0, 0.5), saturation=0.5)
    clips = (
        clip("a", Span(0, 24), Fraction(1), grade=grade),
        clip("b", Span(24, 48), Fraction(2), speeds=(SpeedKey(Fraction(0), Fraction(1, 2)),)),
        clip("c", Span(48, 60), Fraction(3), positions=(PositionKey(Fraction(0), Fraction(3)),)),
        TimelineClip("black", "black", BLACK, Span(60, 72)),
        clip("d", Span(72, 96), Fraction(4)),
    )
    transitions = (TimelineTransition(72, 0, 6, "wipe", 23, "W023"),)
    timeline = Timeline("Spot", FILM, clips, transitions, start=86400)
    text, lost = write_events(timeline)
    assert lost == ()
    listed = read_events(text, "cut.edl")
    assert listed.rate == 24
    assert listed.unread == ()
    back, refused = timeline_of_events(listed, FILM, "cut.edl")
    assert refused == ()
    assert (back.clips, back.transitions, back.start) == (clips, transitions, 86400)


def test_a_dissolve_in_the_middle_of_a_cut_starts_where_it_is_seen() -> None:
    clips = (clip("a", Span(0, 24), Fraction(0)), clip("b", Span(24, 48), Fraction(2)))
    timeline = Timeline("Spot", FILM, clips, (TimelineTransition(24, 4, 8),))
    text, _ = write_events(timeline)
    assert "002  b                                V     D    012 00:00:01:20 00:00:03:00 00:00:00:20" in text
    back, _ = conformed(text)
    assert [back.shown(each) for each in back.clips] == [timeline.shown(each) for each in clips]
    assert [back.clips[1].at(frame - 20, FILM) for frame in (20, 47)] == [
        clips[1].at(frame - 24, FILM) for frame in (20, 47)
    ]


def test_a_film_fades_in_and_out_of_black() -> None:
    timeline = Timeline(
        "Spot", FILM, (clip("a", Span(0, 48), Fraction(1)),),
        (TimelineTransition(0, 0, 12), TimelineTransition(48, 6, 0)),
    )  # fmt: skip
    text, lost = write_events(timeline)
    assert lost == ()
    back, _ = conformed(text)
    assert [(each.media.make, each.record.first, each.record.stop) for each in back.clips] == [
        ("black", 0, 6), ("", 6, 42), ("black", 42, 48),
    ]  # fmt: skip
    assert [back.shown(each) for each in back.clips] == [Span(0, 12), Span(0, 48), Span(42, 48)]
    assert [back.clips[1].at(frame - 6, FILM) * 24 for frame in (0, 47)] == [24, 71]


def test_what_a_list_cannot_hold_is_said() -> None:
    ramp = (SpeedKey(Fraction(0), Fraction(1)), SpeedKey(Fraction(24), Fraction(3)))
    clips = (
        clip("a", Span(0, 24), Fraction(1, 48), speeds=ramp),
        clip("b", Span(24, 48), Fraction(1)),
    )
    push = TimelineTransition(24, 3, 3, "push", params={"from": "left"})
    text, lost = write_events(Timeline("Spot", FILM, clips, (push,)))
    assert (
        "M2   a                                045.0" in text
    )  # 1x to 2.75x, in the 21 frames until the push
    assert {(each.what, each.where) for each in lost} == {
        ("speed ramp", "a"), ("source position", "a"), ("transition", "b"), ("transition settings", "b"),
    }  # fmt: skip


def test_a_list_has_at_most_999_events() -> None:
    clips = tuple(clip(f"c{n}", Span(n, n + 1), Fraction(0)) for n in range(1000))
    assert write_events(Timeline("Spot", FILM, clips[:999]))[0].count("\n999  ") == 1
    with pytest.raises(JobError, match="too many events for an EDL; expected at most 999, got 1000"):
        write_events(Timeline("Spot", FILM, clips))


def test_reels_are_told_apart_and_no_name_breaks_a_line() -> None:
    names = ["a" * 40 + "1", "a" * 40 + "2", "BL", "evil\n002  X\u202e", "犬"]
    clips = tuple(
        TimelineClip(name, name, TimelineMedia(name), Span(at, at + 1)) for at, name in enumerate(names)
    )
    timeline = Timeline("Spot\n001", FILM, clips)
    reels = list(reels_of(timeline).values())
    assert len({each.upper() for each in reels}) == 5
    assert all(len(each) <= 32 and each.isascii() and " " not in each and each != "BL" for each in reels)
    assert len(read_events(write_events(timeline)[0], "cut.edl").events) == 5


@pytest.mark.parametrize(
    ("said", "rate"),
    [
        ("29.97", Fraction(30000, 1001)),
        ("23.976", Fraction(24000, 1001)),
        ("30000/1001", Fraction(30000, 1001)),
        ("25", Fraction(25)),
    ],
)
def test_a_rate_that_a_comment_rounds_is_the_broadcast_rate(said: str, rate: Fraction) -> None:
    event = "001  A  V  C  00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n"
    listed = read_events(f"* FRAME RATE: {said}\n{event}", "a.edl")
    clock = clock_of(listed, None, "a.edl")
    assert clock.rate == rate
    assert guessed_rate(listed, None, clock, "a.edl") == ()


def test_a_rate_that_was_guessed_is_said() -> None:
    listed = read_events("001  A  V  C  00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n", "a.edl")
    (lost,) = guessed_rate(listed, None, clock_of(listed, None, "a.edl"), "a.edl")
    assert lost.what == "frame rate"
    assert "--rate" in lost.why
    assert guessed_rate(listed, FILM, FILM, "a.edl") == ()
