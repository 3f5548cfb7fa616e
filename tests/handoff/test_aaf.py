"""AAF: compositions of Media Composer are read with their retimes, nesting and transitions, or refused and why."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import aaf2
import pytest

from post.errors import JobError, SourceError
from post.handoff.aaf.read import read_aaf
from post.handoff.aaf.speeds import FrameMap
from post.handoff.aaf.spot import Spot
from post.handoff.timeline import Timeline, TimelineTransition


@pytest.fixture
def sample() -> Callable[[str], Path]:
    def find(name: str) -> Path:
        root = os.environ.get("ANSWERPRINT_SUITES")
        if not root:
            pytest.skip(f"ANSWERPRINT_SUITES is unset: {name}")
        return Path(root) / "aaf/tests/sample_data" / f"{name}.aaf"

    return find


def shown(timeline: Timeline) -> list[tuple[str, int, int, int]]:
    """Each clip's name, first and last+1 record frame, and its first source frame."""
    rate = timeline.clock.rate
    return [
        (clip.name, clip.record.first, clip.record.stop, int(clip.source * rate)) for clip in timeline.clips
    ]


def test_every_constant_speed_is_what_the_editor_set(media: Callable[[str], Path]) -> None:
    """N frames of source in M of record, for M of 1 to 4 and N of 1 to 5: the speed is N/M, exactly."""
    timeline = read_aaf(media("timelines/linear_speed_effects.aaf")).timeline
    clock = timeline.clock
    made = [
        (len(clip.record), (clip.at(len(clip.record), clock) - clip.source) * clock.rate)
        for clip in timeline.clips
    ]
    assert made == [(out, Fraction(source)) for source in range(1, 6) for out in range(1, 5)]


def test_a_nested_sequence_is_what_its_flattened_export_is(sample: Callable[[str], Path]) -> None:
    nested, flat = (read_aaf(sample(name)).timeline for name in ("nesting_test", "nesting_test_preflattened"))
    assert shown(nested) == shown(flat)
    assert len(flat.clips) == 4


def test_of_tracks_in_a_nested_stack_the_topmost_is_seen(sample: Callable[[str], Path]) -> None:
    timeline = read_aaf(sample("nested_stack")).timeline
    low, high = "Frame Debugger 0h.mov", "Frame Debugger 1h.mov"
    assert shown(timeline) == [
        (low, 0, 15, 24), ("black", 15, 16, 0), (high, 16, 24, 24), (low, 24, 25, 48), (high, 25, 40, 23),
        (low, 40, 48, 54), (low, 48, 49, 39), (high, 49, 65, 32),
    ]  # fmt: skip


def test_clips_meet_at_the_cut_point_of_their_transition(sample: Callable[[str], Path]) -> None:
    """24 frames from 6, a transition of 8 cut at 4, 14 frames from 2: the second is at its frame 6 where they meet."""
    timeline = read_aaf(sample("avid_data_track_example")).timeline
    assert [clip[1:] for clip in shown(timeline)] == [(0, 20, 6), (20, 30, 6), (30, 39, 6)]
    assert timeline.transitions == (TimelineTransition(20, 4, 4, name="VideoDissolve_2"),)
    first, second, _ = timeline.clips
    assert timeline.shown(first).stop == 24
    assert second.at(-4, timeline.clock) * 24 == 2


def test_timecode_and_rate_are_the_compositions(sample: Callable[[str], Path]) -> None:
    drop = read_aaf(sample("2997fps-DFTC")).timeline
    assert (drop.clock.rate, drop.start, drop.drop_frame, drop.length) == (
        Fraction(30000, 1001),
        539460,
        True,
        2989,
    )
    assert read_aaf(sample("30fps")).timeline.start == 108000


def test_sound_of_the_picture_is_its_own_and_other_sound_is_laid(sample: Callable[[str], Path]) -> None:
    assert read_aaf(sample("30fps")).timeline.sounds == ()
    (mix,) = read_aaf(sample("composite")).timeline.sounds
    assert (mix.media.name, mix.at, mix.length) == (
        "700.Exported.11,Audio Mixdown,1.new.01", Fraction(0), Fraction(175, 24),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("essence_group", "shows nothing; got a title"),
        ("test_muted_clip", "shows nothing; got muted clips"),
        ("one_audio_clip", "without picture"),
        ("nested_audio_dissolve", "without picture"),
        (
            "normalclip_sourceclip_references_compositionmob_has_also_mastermob_usercomments",
            "without picture",
        ),
    ],
)
def test_what_shows_nothing_is_refused_with_the_reason(
    sample: Callable[[str], Path], name: str, said: str
) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        read_aaf(sample(name))
    assert f"{name}.aaf" in str(caught.value)


def test_every_other_sample_shows_all_its_frames(sample: Callable[[str], Path]) -> None:
    lengths = {
        name: read_aaf(sample(name)).timeline.length
        for name in ("bad_marker_track_from_avid", "duplicates", "marker-over-transition", "multiple_markers",
                     "multiple_timecode_objects", "one_clip", "preflattened")
    }  # fmt: skip
    assert lengths == {
        "bad_marker_track_from_avid": 133, "duplicates": 1558, "marker-over-transition": 320, "multiple_markers": 2275,
        "multiple_timecode_objects": 1981, "one_clip": 10, "preflattened": 3282,
    }  # fmt: skip


def made(path: Path, *, points: list[tuple[float, float]] | None, ratio: str = "") -> Path:
    """A composition of one clip of 100 frames, retimed to 40 by a map of source frames by frames."""
    with aaf2.open(str(path), "w") as file:
        master, top = file.create.MasterMob("dog.mov"), file.create.CompositionMob("made")
        top.usage = "Usage_TopLevel"
        file.content.mobs.extend([master, top])
        slot = master.create_timeline_slot(24)
        slot.segment = file.create.SourceClip(media_kind="picture", length=100)
        name = "Motion Control"
        operation = file.create.OperationDef("ce2aca4e-51ab-11d3-a024-006094eb75cb", name, "")
        operation.media_kind, operation["NumberInputs"].value = "picture", 1
        file.dictionary.register_def(operation)
        group = file.create.OperationGroup(operation, 40, media_kind="picture")
        if points is not None:
            kind = file.dictionary.lookup_typedef("Rational")
            param = file.create.ParameterDef(
                "8d56827d-847e-11d5-935a-50f857c10000", "PARAM_SPEED_OFFSET_MAP_U", "", kind
            )
            file.dictionary.register_def(param)
            linear = file.create.InterpolationDef("5b6c85a4-0ede-11d3-80a9-006008143e6f", "LinearInterp", "")
            file.dictionary.register_def(linear)
            value = file.create.VaryingValue(param, linear)
            for at, frame in points:
                value.add_keyframe(at, frame)
            group.parameters.append(value)
        inner = master.create_source_clip(slot.slot_id, start=10, length=90)
        group.segments.append(inner)
        top.create_timeline_slot(24).segment = group
    return path


def test_a_ramp_is_followed_through_its_points(tmp_path: Path) -> None:
    path = made(tmp_path / "ramp.aaf", points=[(0, 0), (10, 10), (20, 40), (40, 50)])
    read = read_aaf(path)
    (clip,) = read.timeline.clips
    clock = read.timeline.clock
    assert [clip.at(frame, clock) * 24 for frame in (0, 5, 10, 15, 20, 30, 40)] == [
        10,
        15,
        20,
        35,
        50,
        55,
        60,
    ]


def test_a_retime_without_its_map_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="frame 0: a retime whose map is not in the file"):
        read_aaf(made(tmp_path / "bare.aaf", points=None))


def test_a_map_behind_a_constant_speed_is_one_map() -> None:
    spot = Spot(Fraction(0), Fraction(20), Fraction(0)).through(
        FrameMap(((Fraction(0), Fraction(3)), (Fraction(1), Fraction(5))))
    )
    assert spot is not None
    assert spot.at(Fraction(10)) == 23
    frozen = spot.through(FrameMap(((Fraction(0), Fraction(7)),)))
    assert frozen is not None
    assert frozen.at(Fraction(12)) == 7


def test_what_is_no_aaf_is_said(tmp_path: Path) -> None:
    for name, content in (
        ("text.aaf", b"not an AAF"),
        ("empty.aaf", b""),
        ("head.aaf", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(SourceError, match=r"\.aaf: cannot be read as AAF"):
            read_aaf(path)
    with pytest.raises(SourceError):
        read_aaf(tmp_path / "missing.aaf")


def test_a_composition_is_asked_for_by_name(sample: Callable[[str], Path]) -> None:
    assert read_aaf(sample("one_clip"), "OTIO_Test_ppjoshm1.Exported.01").timeline.length == 10
    with pytest.raises(JobError, match="unknown composition"):
        read_aaf(sample("one_clip"), "another")


def test_the_library_does_not_make_the_program_print_its_log(
    media: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    handlers: list[logging.Handler] = []
    monkeypatch.setattr(logging.getLogger(), "handlers", handlers)
    read_aaf(media("timelines/linear_speed_effects.aaf"))
    assert handlers == []
