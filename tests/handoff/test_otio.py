"""OpenTimelineIO: a job comes back as it was, and what others wrote is read with every speed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from post.errors import SourceError
from post.handoff.media import TakesFolder
from post.handoff.otio.read import timeline_of_otio
from post.handoff.otio.write import write_timeline
from post.handoff.timeline import (
    ClipAudio,
    ColourDecisions,
    Timeline,
    TimelineClip,
    TimelineMarker,
    TimelineMedia,
    TimelineSound,
    TimelineTitle,
    TimelineTransition,
)
from post.handoff.to_job import job_of
from post.job.plain import plain_job
from post.values.time import Clock, Span
from tests.handoff.made import planned, write_job

FILM = Clock(Fraction(24))


def frames(start: float, length: float) -> Any:
    return otio.opentime.TimeRange(
        otio.opentime.RationalTime(start, 24), otio.opentime.RationalTime(length, 24)
    )


def read(text: str | bytes) -> Timeline:
    timeline, refused = timeline_of_otio(text if isinstance(text, bytes) else text.encode(), "cut.otio")
    assert refused == ()
    return timeline


def back(timeline: Timeline) -> Timeline:
    return read(write_timeline(timeline)[0])


def same(a: Timeline, b: Timeline) -> bool:
    """Metadata is JSON: its tuples come back as lists."""
    return replace(a, metadata={}) == replace(b, metadata={}) and json.dumps(a.metadata) == json.dumps(
        b.metadata
    )


def shot(number: int) -> st.SearchStrategy[dict[str, Any]]:
    speeds = st.sampled_from(
        ["1", "0.5", "2", "1/3", "0s:1, 0.5s:2", "0s:1, 7f:3:smooth, 1s:0.5:hold", "3f:0.7, 11f:1.9:smooth"]
    )
    parts = {
        "take": st.sampled_from(["dog", "ship"]),
        "name": st.just(f"shot {number}"),
        "in": st.sampled_from(["0f", "5f", "0.1s", "0.333s", "250ms"]),
        "length": st.integers(20, 40).map(lambda frames: f"{frames}f"),
        "speed": speeds,
        "sampling": st.sampled_from(["nearest", "blend"]),
    }
    more = {
        "transition": st.sampled_from(
            [
                "6f",
                {"stage": "dissolve", "length": "5f", "curve": "smooth"},
                {"stage": "wipe", "length": "7f"},
            ]
        ),
        "freeze": st.just("4f"),
        "reverse": st.just(True),
        "sound": st.sampled_from([{"gain": "-3 dB"}, {"mute": True}]),
        "look": st.just({"saturation": 0.5}),
        "focus": st.just([0.25, 0.5]),
    }
    return st.fixed_dictionaries(parts, optional=more)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shots=st.tuples(*(shot(number) for number in range(4))),
    clock=st.sampled_from(["24", "29.97", "25"]),
    ending=st.sampled_from(["", "\nending: 6f"]),
)
def test_a_job_comes_back_as_it_was(
    shots: tuple[dict[str, Any], ...], clock: str, ending: str, tmp_path: Path
) -> None:
    cut = "".join(f"\n  - {json.dumps(each)}" for each in shots)
    path = write_job(tmp_path / "in", cut + ending, clock)
    timeline = planned(path)
    returned = back(timeline)
    assert same(returned, timeline)
    made = job_of(returned, TakesFolder(tmp_path / "in"), tmp_path / "in").data
    written = plain_job(path)
    assert made["cut"] == written["cut"]
    assert made["takes"].keys() == written["takes"].keys()
    assert {key: str(made[key]) for key in ("title", "clock", "house", "deliver")} == {
        key: str(written[key]) for key in ("title", "clock", "house", "deliver")
    }


def test_everything_that_a_timeline_holds_comes_back(tmp_path: Path) -> None:
    timeline = planned(write_job(tmp_path / "in"))
    first = replace(
        timeline.clips[0],
        audio=ClipAudio(3, -2, -6.5, fade_in=Fraction(1, 3), pitch="keep"),
        grade=ColourDecisions((1.1, 1.0, 0.9), (0.01, 0.0, 0.0), saturation=0.8),
        notes="louder",
        keywords=("dog", "snow"),
    )
    bed = TimelineMedia(
        "bed", str(tmp_path / "in/bed.wav"), "ab" * 32, length=Fraction(8), picture=False, sound=True
    )
    full = replace(
        timeline,
        clips=(first, *timeline.clips[1:]),
        sounds=(
            TimelineSound(
                "music-1", bed, Fraction(1, 3), Fraction(4), Fraction(1, 7), "music", -12.0, loop=True
            ),
            TimelineSound("voice-1", bed, Fraction(2), Fraction(1), role="voice"),
        ),
        markers=(TimelineMarker(30, "look here", "too dark", 5, "todo", "ramp"),),
        titles=(TimelineTitle("title-1", "Winter", Span(12, 60), {"title": {"text": "Winter"}}),),
        start=86400,
    )
    text, lost = write_timeline(full)
    assert same(read(text), full)
    assert {(each.what, each.where) for each in lost} >= {
        ("speed ramp", "ramp"), ("grade", "open"), ("sound levels and fades", "open"), ("title", "title-1"),
        ("sound levels and fades", "music-1"), ("sampling", "ramp"),
    }  # fmt: skip


def test_other_programs_see_the_cut(tmp_path: Path) -> None:
    """Read by the library alone: ranges last as they do on the timeline, media count from their own start."""
    timeline = planned(write_job(tmp_path / "in"))
    media = replace(timeline.clips[3].media, start=240, rate=Fraction(24))
    timeline = replace(
        timeline, clips=(*timeline.clips[:3], replace(timeline.clips[3], media=media), timeline.clips[4])
    )
    opened = otio.adapters.read_from_string(write_timeline(timeline)[0], "otio_json")
    (picture,) = opened.video_tracks()
    assert opened.global_start_time == otio.opentime.RationalTime(0, 24)
    kinds = [type(each).__name__ for each in picture]
    assert kinds == ["Clip", "Transition", "Clip", "Gap", "Clip", "Transition", "Clip"]
    fast = picture[4]
    assert fast.source_range == frames(240 + 48, 25)
    assert fast.effects[0].time_scalar == 2
    assert fast.media_reference.available_range.start_time == otio.opentime.RationalTime(240, 24)
    assert (picture[1].in_offset.value, picture[1].out_offset.value) == (6, 6)
    assert picture[1].transition_type == "SMPTE_Dissolve"
    assert picture.range_of_child_at_index(6).end_time_exclusive().value == timeline.length


def test_an_editors_trim_of_a_ramp_keeps_its_keys_in_place(tmp_path: Path) -> None:
    cut = '\n  - {take: ship, name: ramp, length: 60f, speed: "0s:1, 1s:2:smooth"}'
    timeline = planned(write_job(tmp_path / "in", cut))
    opened = otio.adapters.read_from_string(write_timeline(timeline)[0], "otio_json")
    clip = opened.video_tracks()[0][0]
    ten = 10 * clip.effects[0].time_scalar
    clip.source_range = otio.opentime.TimeRange(
        otio.opentime.RationalTime(clip.source_range.start_time.value + ten, 24),
        otio.opentime.RationalTime(50, 24),
    )
    (trimmed,) = read(opened.to_json_string()).clips
    whole = timeline.clips[0]
    assert len(trimmed.record) == 50
    assert [trimmed.at(frame, FILM) for frame in (0, 5, 49)] == [
        whole.at(frame + 10, FILM) for frame in (0, 5, 49)
    ]


def test_what_an_editor_changed_comes_before_what_we_kept(tmp_path: Path) -> None:
    timeline = planned(write_job(tmp_path / "in"))
    opened = otio.adapters.read_from_string(write_timeline(timeline)[0], "otio_json")
    track = opened.video_tracks()[0]
    track[4].effects[0].time_scalar = 4.0
    track[0].media_reference = otio.schema.ExternalReference("file:///new/other.mov")
    track[6].media_reference.target_url = "file:///moved/ship.mp4"
    changed = read(opened.to_json_string())
    assert changed.clips[3].speeds[0].speed == 4
    assert (changed.clips[0].media.path, changed.clips[0].media.sha256) == ("file:///new/other.mov", "")
    assert changed.clips[4].media == replace(timeline.clips[4].media, path="file:///moved/ship.mp4")


def test_a_clip_that_was_split_is_two_shots(tmp_path: Path) -> None:
    timeline = planned(write_job(tmp_path / "in", "\n  - {take: dog, name: open, length: 40f}"))
    opened = otio.adapters.read_from_string(write_timeline(timeline)[0], "otio_json")
    track = opened.video_tracks()[0]
    second = track[0].deepcopy()
    track[0].source_range = otio.opentime.range_from_start_end_time(
        *(otio.opentime.RationalTime(n, 24) for n in (0, 15))
    )
    second.source_range = otio.opentime.range_from_start_end_time(
        *(otio.opentime.RationalTime(n, 24) for n in (15, 40))
    )
    track.append(second)
    changed = read(opened.to_json_string())
    assert [(clip.id, int(clip.source * 24), len(clip.record)) for clip in changed.clips] == [
        ("open", 0, 15), ("open-2", 15, 25),
    ]  # fmt: skip
    cut = job_of(changed, TakesFolder(tmp_path / "in"), tmp_path / "in").data["cut"]
    assert [(each["name"], each["in"], each["length"]) for each in cut] == [
        ("open", "0f", "15f"), ("open-2", "15f", "25f"),
    ]  # fmt: skip


def test_nested_sequences_of_others_keep_their_speeds(media: Callable[[str], Path]) -> None:
    timeline = read(media("timelines/nested_timewarp_freeze.otio").read_bytes())
    assert [(clip.record.first, clip.record.stop) for clip in timeline.clips] == [
        (0, 238), (238, 269), (269, 302), (302, 331), (331, 394), (394, 398), (398, 636),
    ]  # fmt: skip
    slowed, frozen = timeline.clips[3], timeline.clips[5]
    assert float(slowed.at(29, FILM) * 24) == pytest.approx(429 + 29 * 0.8545454551724138, abs=1e-6)
    assert {frozen.at(frame, FILM) * 24 for frame in range(4)} == {471}


def test_a_transition_of_others_lies_where_it_did(media: Callable[[str], Path]) -> None:
    timeline = read(media("timelines/transition.otio").read_bytes())
    assert timeline.transitions == (TimelineTransition(9, 2, 3, name="Transition"),)
    assert [clip.source * 24 for clip in timeline.clips] == [3, 2, 2, 0]  # media may begin at frame 1 or 100
    assert timeline.clips[3].media.start == 100


def track(*items: Any, kind: str = "Video", name: str = "") -> Any:
    made = otio.schema.Track(name=name, kind=kind)
    made.extend(items)
    return made


def clip(name: str, start: float, length: float, *effects: Any) -> Any:
    span = otio.opentime.TimeRange(
        otio.opentime.RationalTime(start, 24), otio.opentime.RationalTime(length, 24)
    )
    made = otio.schema.Clip(
        name=name, source_range=span, media_reference=otio.schema.ExternalReference(f"{name}.mov")
    )
    made.effects.extend(effects)
    return made


def gap(length: float) -> Any:
    return otio.schema.Gap(duration=otio.opentime.RationalTime(length, 24))


def opened(*tracks: Any) -> tuple[Timeline, tuple[Any, ...]]:
    made = otio.schema.Timeline("made")
    made.tracks.extend(tracks)
    return timeline_of_otio(made.to_json_string().encode(), "cut.otio")


def test_flattening_is_otios_own_where_there_are_no_speeds() -> None:
    rows = [
        track(clip("a", 0, 30), clip("b", 10, 30), clip("c", 5, 20)),
        track(gap(20), clip("d", 100, 25), gap(10), clip("e", 7, 40)),
        track(gap(50), clip("f", 50, 8)),
    ]
    flat = otio.algorithms.flatten_stack([each.deepcopy() for each in rows])
    wanted = [
        (each.name, each.trimmed_range().start_time.value, each.trimmed_range().duration.value)
        for each in flat
    ]
    timeline, refused = opened(*rows)
    assert refused == ()
    assert [(each.name, each.source * 24, len(each.record)) for each in timeline.clips] == wanted


def test_speeds_inside_speeds_multiply() -> None:
    inner = track(clip("a", 10, 40, otio.schema.LinearTimeWarp(time_scalar=2)), clip("b", 100, 40))
    inner.source_range = otio.opentime.TimeRange(
        otio.opentime.RationalTime(30, 24), otio.opentime.RationalTime(10, 24)
    )
    inner.effects.append(otio.schema.LinearTimeWarp(time_scalar=3))
    timeline, _ = opened(track(inner))
    a, b = timeline.clips
    # 30 frames of the inner track in 10: 10 of a from its frame 10 + 2 x 30 on, at 6 times its speed; then b.
    assert [(each.name, len(each.record)) for each in timeline.clips] == [("a", 3), ("b", 7)]
    assert a.at(1, FILM) * 24 == 76
    assert (b.at(3, FILM) - b.at(0, FILM)) * 24 == 9


def test_a_reverse_plays_its_range_backwards() -> None:
    timeline, _ = opened(track(clip("a", 10, 5, otio.schema.LinearTimeWarp(time_scalar=-1))))
    (only,) = timeline.clips
    assert [only.at(frame, FILM) * 24 for frame in range(5)] == [14, 13, 12, 11, 10]
    assert [back(timeline).clips[0].at(frame, FILM) for frame in range(5)] == [
        only.at(n, FILM) for n in range(5)
    ]


def test_sound_of_its_own_is_kept_and_that_of_the_picture_is_not_twice() -> None:
    music = otio.schema.Clip(
        name="bed",
        media_reference=otio.schema.ExternalReference("bed.wav"),
        source_range=frames(24, 48),
    )
    timeline, refused = opened(
        track(clip("a", 0, 60)), track(clip("a", 0, 60), kind="Audio"), track(gap(12), music, kind="Audio")
    )
    assert refused == ()
    (bed,) = timeline.sounds
    assert (bed.media.path, bed.at, bed.length, bed.source) == (
        "bed.wav",
        Fraction(1, 2),
        Fraction(2),
        Fraction(1),
    )


def heard_as(*sound: Any) -> tuple[list[tuple[bool, int, int]], list[tuple[Fraction, Fraction, Fraction]]]:
    """Of two clips, a from its first frame on and b from its 24th, mute, lead and lag; and the sounds beside them."""
    timeline, refused = opened(track(clip("a", 0, 48), clip("b", 24, 48)), track(*sound, kind="Audio"))
    assert refused == ()
    return (
        [(each.audio.mute, each.audio.lead, each.audio.lag) for each in timeline.clips],
        [(each.at, each.length, each.source) for each in timeline.sounds],
    )


def test_the_sound_of_a_picture_is_heard_as_the_editor_laid_it() -> None:
    both = [(False, 0, 0), (False, 0, 0)]
    assert heard_as() == (both, [])  # a file without sound says nothing of it
    assert heard_as(clip("a", 0, 48), clip("b", 24, 48)) == (both, [])
    assert heard_as(clip("a", 0, 36), clip("b", 12, 60)) == ([(False, 0, 0), (False, 12, 0)], [])  # a J cut
    assert heard_as(clip("a", 0, 60), clip("b", 36, 36)) == ([(False, 0, 12), (False, 0, 0)], [])  # an L cut
    assert heard_as(clip("a", 0, 48)) == ([(False, 0, 0), (True, 0, 0)], [])  # taken out
    slipped = [(Fraction(0), Fraction(2), Fraction(1, 2))]
    assert heard_as(clip("a", 12, 48), clip("b", 24, 48)) == ([(True, 0, 0), (False, 0, 0)], slipped)
    shorter = [(Fraction(0), Fraction(1), Fraction(0))]
    assert heard_as(clip("a", 0, 24), gap(24), clip("b", 24, 48)) == ([(True, 0, 0), (False, 0, 0)], shorter)


def test_effects_and_unknown_transitions_are_said() -> None:
    blurred = clip("a", 0, 20, otio.schema.Effect(effect_name="Gaussian Blur"))
    star = otio.schema.Transition(
        name="Star", transition_type="Custom_Transition",
        in_offset=otio.opentime.RationalTime(4, 24), out_offset=otio.opentime.RationalTime(4, 24),
    )  # fmt: skip
    timeline, refused = opened(track(blurred, star, clip("b", 8, 20)))
    assert [(each.stage, each.name) for each in timeline.transitions] == [("", "Star")]
    assert "Gaussian Blur" in refused[0].why
    assert "Star is not known here" in refused[1].why


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda text: text.replace('"LinearTimeWarp.1"', '"TimeEffect.1"'),
            "a retime that OTIO has no words for",
        ),
        (lambda text: text.replace('"LinearTimeWarp.1"', '"BezierWarp.3"'), "got BezierWarp.3"),
        (lambda text: text.replace('"Clip.2"', '"Clip.99"'), "OpenTimelineIO cannot read it"),
        (lambda text: text.replace("24.0", "0.0"), "not a rate"),
        (lambda text: text.replace("24.0", "1e400"), "not"),
        (lambda text: text[:-20], "not an OTIO file"),
        (lambda text: "[" * 100_000, "not an OTIO file"),
        (lambda text: "[]", "not one timeline"),
        (lambda text: '{"OTIO_SCHEMA": "Gap.1"}', "not one timeline"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(change: Callable[[str], str], said: str) -> None:
    made = otio.schema.Timeline("made")
    made.tracks.append(track(clip("a", 0, 20, otio.schema.LinearTimeWarp(time_scalar=2))))
    with pytest.raises(SourceError) as caught:
        timeline_of_otio(change(made.to_json_string()).encode(), "cut.otio")
    assert "cut.otio" in str(caught.value)
    assert said in str(caught.value)


def test_a_clip_without_a_range_is_refused_by_name() -> None:
    with pytest.raises(SourceError, match="Clip 'lost': a clip without a range"):
        opened(track(otio.schema.Clip(name="lost")))


def test_metadata_that_was_broken_is_not_trusted(tmp_path: Path) -> None:
    text = write_timeline(planned(write_job(tmp_path / "in")))[0]
    for broken in (
        text.replace('"source": "1/2"', '"source": "1/0"'),
        text.replace('"words": "{', '"words": "[{'),
    ):
        clips = read(broken).clips
        assert [(len(each.record), each.at(0, FILM)) for each in clips[:1]] == [(42, Fraction(1, 2))]


def test_a_clip_of_nothing_is_looked_for_by_its_name() -> None:
    missing = clip("Shot 12", 0, 10)
    missing.media_reference = otio.schema.MissingReference()
    timeline, _ = opened(track(missing))
    assert isinstance(timeline.clips[0], TimelineClip)
    assert timeline.clips[0].media == TimelineMedia("Shot 12")


@pytest.mark.parametrize("number", ["1e300000000", "0", "-24", "1/0", "x"])
def test_a_number_in_our_metadata_costs_nothing_and_breaks_nothing(tmp_path: Path, number: str) -> None:
    """`Fraction("1e300000000")` never ends."""
    plain = json.loads(write_timeline(planned(write_job(tmp_path)))[0])
    plain["metadata"]["answerprint"]["clock"] = number
    kept = plain["tracks"]["children"][0]["children"][0]["metadata"]["answerprint"]
    words = json.loads(kept["words"])
    words["timing"]["in"] = number
    kept |= {"source": number, "words": json.dumps(words)}
    timeline, _ = timeline_of_otio(json.dumps(plain).encode(), "cut.otio")
    assert timeline.clock == FILM
    assert len(job_of(timeline, TakesFolder(tmp_path), tmp_path).data["cut"]) == 5
