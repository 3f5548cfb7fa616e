from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from post.errors import Problems
from post.job.model import Cut
from post.picture.transitions.fade.dissolve import Dissolve
from post.picture.transitions.shape.luma_fade import LumaFade
from post.plan import actions_of, compile_plan
from post.plan.cut.fixes import apply_fix, fixes_of_shortage
from post.plan.cut.handles import make_handles
from post.plan.cut.timing import time_shot
from post.plan.shots import plan_shots, source_frames
from post.stage_knobs import make
from post.values import File, Span, Take, Toolchain
from tests.plan.made import FILM_CLOCK, cut, job, take


def laid(*shots: object, **takes: object) -> list[tuple[int, int]]:
    return [(s.span.first, s.span.stop) for s in plan_shots(job(*shots), takes)]  # type: ignore[arg-type]  # made here


def test_shots_follow_each_other_whole_by_default() -> None:
    assert laid(cut("a"), cut("b"), a=take("a", 48), b=take("b", 30)) == [(0, 48), (48, 78)]


def test_a_dissolve_overlaps_its_shots() -> None:
    assert laid(cut("a"), cut("b", transition=12), a=take("a", 48), b=take("b", 30)) == [(0, 48), (36, 66)]


def test_two_transitions_of_one_shot_never_overlap() -> None:
    """The middle shot has 20 frames: transitions of 12 and 8 fill it, and one more frame does not fit."""
    takes = {"a": take("a", 48), "b": take("b", 20), "c": take("c", 48)}
    shots = [cut("a"), cut("b", transition=12), cut("c", transition=8)]
    assert laid(*shots, **takes) == [(0, 48), (36, 56), (48, 96)]
    with pytest.raises(
        Problems, match=r"longer than its shots; expected at most 0.333 s .8 frames., got 0.375 s"
    ):
        laid(*shots[:2], cut("c", transition=9), **takes)


def test_an_8_fps_clip_lasts_as_long_as_it_did() -> None:
    # 49 frames at 8 fps are 6.125 s: 147 frames at 24.
    assert laid(cut("a"), a=take("a", 49, 8)) == [(0, 147)]


def test_half_speed_lasts_twice_as_long_and_every_frame_shows_twice() -> None:
    takes = {"a": take("a", 10)}
    (shot,) = plan_shots(job(cut("a", speed="0.5")), takes)
    shown = [frame for frame, _ in source_frames(shot, shot.span)]
    assert len(shot.span) == 20
    assert shown == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 9]


def test_blend_weighs_the_two_frames_beside_it() -> None:
    (shot,) = plan_shots(job(cut("a", speed="0.5", sampling="blend")), {"a": take("a", 3)})
    shown = [(frame, float(weight)) for frame, weight in source_frames(shot, shot.span)]
    assert shown == [(0, 0), (0, 0.5), (1, 0), (1, 0.5), (2, 0), (2, 0)]


@settings(deadline=None)
@given(
    rate=st.sampled_from([8, 15, 16, 24, 25, 28, 30, 60]),
    frames=st.integers(2, 200),
    speed=st.sampled_from(["0.25", "1", "3", "0s:1, 1s:4:smooth, 2s:0.5"]),
)
def test_no_shot_reads_outside_its_take_and_none_wastes_its_end(rate: int, frames: int, speed: str) -> None:
    (shot,) = plan_shots(job(cut("a", speed=speed)), {"a": take("a", frames, rate)})
    shown = source_frames(shot, shot.span)
    assert all(0 <= frame < frames for frame, _ in shown)
    assert shot.time(len(shot.span)) >= frames > shot.time(len(shot.span) - 1)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"length": "3s"}, "the take is too short; expected at most 2.000 s .48 frames. from take 'a'"),
        ({"start": "2s"}, "outside the take; expected within the 2.000 s"),
        ({"stop": "2.5s"}, "outside the take"),
        ({"start": "1s", "stop": "1s"}, "the shot does not end after it starts; expected out after in"),
        ({"length": "0f"}, "the shot has no frames"),
        ({"transition": 49}, "the transition is longer than its shots; expected at most 2.000 s .48 frames."),
    ],
)
def test_a_shot_that_does_not_fit_says_so(asked: dict[str, str], message: str) -> None:
    with pytest.raises(Problems, match=f"^spot.yaml:9: .*{message}"):
        laid(cut("a", **asked), a=take("a", 48))


def test_every_shot_that_does_not_fit_is_named_at_once() -> None:
    with pytest.raises(Problems) as caught:
        laid(cut("a", length="9s"), cut("b", start="9s"), a=take("a"), b=take("b"))
    assert len(caught.value.faults) == 2


def test_a_transition_longer_than_its_shots_is_refused() -> None:
    with pytest.raises(Problems, match="longer than its shots; expected at most 1.250 s .30 frames."):
        laid(cut("a"), cut("b", transition=31), a=take("a", 48), b=take("b", 30))


def shown(frames: int, kind: str, **asked: str) -> list[int]:
    """The frames of a take of that kind that one shot shows."""
    (shot,) = plan_shots(job(cut("a", **asked)), {"a": take("a", frames, kind=kind)})
    return [frame for frame, _ in source_frames(shot, shot.span)]


SPEEDS: tuple[dict[str, str], ...] = (
    {},
    {"start": "3s"},
    {"speed": "16"},
    {"speed": "0s:1, 1s:4:smooth", "sampling": "blend"},
)


@pytest.mark.parametrize("kind", ["still", "made"])
@pytest.mark.parametrize("more", SPEEDS)
def test_a_still_lasts_as_long_as_the_cut_asks_whatever_its_speed(kind: str, more: dict[str, str]) -> None:
    assert shown(1, kind, length="100s", **more) == [0] * 2400


def test_a_still_lasts_from_in_to_out() -> None:
    assert shown(1, "still", start="1s", stop="3s") == [0] * 48


def test_a_still_without_a_length_is_refused() -> None:
    with pytest.raises(Problems, match=r"a still has no length of its own; .* write `length: 2s`"):
        shown(1, "still")


def test_an_animation_begins_again_and_ends_once_where_no_length_is_asked() -> None:
    assert shown(3, "animation", length="8f") == [0, 1, 2, 0, 1, 2, 0, 1]
    assert shown(3, "animation", length="4f", start="2f") == [2, 0, 1, 2]
    assert shown(3, "animation") == [0, 1, 2]


def test_a_sequence_holds_its_last_frame() -> None:
    assert shown(3, "sequence", length="6f") == [0, 1, 2, 2, 2, 2]
    assert shown(3, "sequence", start="1f") == [1, 2]


@pytest.mark.parametrize("kind", ["animation", "sequence"])
def test_what_has_an_end_is_not_entered_after_it(kind: str) -> None:
    with pytest.raises(Problems, match="outside the take; expected within the 0.125 s"):
        shown(3, kind, start="3f", length="1s")


def test_a_clip_still_ends_at_its_end() -> None:
    with pytest.raises(Problems, match="the take is too short"):
        shown(3, "clip", length="6f")


def test_the_first_shot_may_come_out_of_black_and_the_last_go_to_it() -> None:
    job_ = job(cut("a", transition=12), cut("b", transition=8, ending=Dissolve(), ending_length="20f"))
    first, last = plan_shots(job_, {"a": take("a", 48), "b": take("b", 30)})
    assert (first.span, first.transition, first.ending) == (Span(0, 48), 12, 0)
    assert (last.span, last.transition, last.ending) == (Span(40, 70), 8, 20)


def test_an_ending_longer_than_what_its_shot_shows_alone_is_refused() -> None:
    job_ = job(cut("a"), cut("b", transition=8, ending=Dissolve(), ending_length="23f"))
    with pytest.raises(
        Problems, match="the ending is longer than the last shot; expected at most 0.917 s .22 frames."
    ):
        plan_shots(job_, {"a": take("a", 48), "b": take("b", 30)})


def test_reversed_a_take_shows_the_same_frames_from_its_end() -> None:
    for frames, rate, speed in ((10, 24, "1"), (10, 24, "0.5"), (12, 8, "1"), (12, 24, "3")):
        takes = {"a": take("a", frames, rate)}
        (forward,) = plan_shots(job(cut("a", speed=speed)), takes)
        (back,) = plan_shots(job(cut("a", speed=speed, reverse=True)), takes)
        (below,) = plan_shots(job(cut("a", speed=f"-{speed}")), takes)
        assert back.time == below.time
        shown = [frame for frame, _ in source_frames(back, back.span)]
        assert shown == [frame for frame, _ in source_frames(forward, forward.span)][::-1]


def test_reversed_a_part_of_a_take_starts_before_its_out() -> None:
    (shot,) = plan_shots(job(cut("a", start="4f", stop="9f", reverse=True)), {"a": take("a", 20)})
    assert [frame for frame, _ in source_frames(shot, shot.span)] == [8, 7, 6, 5, 4]


def test_there_and_back_ends_where_it_leaves_the_take() -> None:
    (shot,) = plan_shots(job(cut("a", speed="0f:1, 5f:1, 6f:-1:hold")), {"a": take("a", 20)})
    assert [frame for frame, _ in source_frames(shot, shot.span)] == [0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1, 0]


def test_a_freeze_holds_the_last_frame_and_counts_in_a_length() -> None:
    takes = {"a": take("a", 6)}

    def frames(**asked: str) -> list[int]:
        (shot,) = plan_shots(job(cut("a", **asked)), takes)
        return [frame for frame, _ in source_frames(shot, shot.span)]

    assert frames(freeze="3f") == [0, 1, 2, 3, 4, 5, 5, 5, 5]
    assert frames(freeze="3f", length="5f") == [0, 1, 1, 1, 1]
    assert frames(freeze="2f", reverse=True) == [5, 4, 3, 2, 1, 0, 0, 0]  # type: ignore[arg-type]  # a switch
    with pytest.raises(
        Problems, match="the shot has no frames; expected at least one frame that moves before"
    ):
        frames(freeze="3f", length="3f")


def test_a_speed_of_0_holds_a_picture_between_keys_or_for_a_length() -> None:
    takes = {"a": take("a", 6)}
    (shot,) = plan_shots(job(cut("a", speed="0f:1, 2f:0:hold, 5f:1:hold")), takes)
    assert [frame for frame, _ in source_frames(shot, shot.span)] == [0, 1, 2, 2, 2, 2, 3, 4, 5]
    (still,) = plan_shots(job(cut("a", speed="0", start="3f", length="4f")), takes)
    assert [frame for frame, _ in source_frames(still, still.span)] == [3, 3, 3, 3]


def test_zero_speed_for_ever_is_refused() -> None:
    for speed in ("0", "0s:1, 1s:0"):
        with pytest.raises(Problems, match=r"never ends: its speed stays at 0; .* write `length: 2s`"):
            laid(cut("a", speed=speed), a=take("a", 48))


@settings(deadline=None, max_examples=60)
@given(
    rate=st.sampled_from([8, 24, 25, 60]),
    frames=st.integers(20, 200),
    lasts=st.integers(20, 100),
    speed=st.sampled_from(
        ["1", "0.3", "0s:1, 1s:2:smooth", "0f:1, 9f:0.4:bezier(.4,0,.2,1)", "0f:1, 4f:0, 8f:1"]
    ),
    reverse=st.booleans(),
)
def test_a_shot_is_fitted_to_its_length_and_uses_all_of_its_take(
    rate: int, frames: int, lasts: int, speed: str, reverse: bool
) -> None:
    asked = cut("a", speed=speed, reverse=reverse, lasts=f"{lasts}f")
    takes = {"a": take("a", frames, rate)}
    assume(0.35 <= frames * 24 / (lasts * rate) <= 5)  # else it may need a speed that there is none of
    (shot,) = plan_shots(job(asked), takes)
    assert len(shot.span) == lasts
    used = [frame for frame, _ in source_frames(shot, shot.span)]
    fastest = max(abs(key.speed) for key in shot.time.keys) * shot.time.step
    assert min(used) <= fastest
    assert max(used) >= frames - 1 - fastest
    assert used == sorted(used, reverse=reverse)


@pytest.mark.parametrize("lasts", [29, 37, 200])
def test_a_factor_that_no_short_fraction_is_lacks_nothing(lasts: int) -> None:
    """Along a Bezier curve it has hundreds of digits: what the job holds is read again, and is less by 1e-18."""
    asked = cut("a", speed="0s:1, 1s:2:bezier(0.4,0,0.2,1)", lasts=f"{lasts}f")
    timed = time_shot(asked, take("a", 96), FILM_CLOCK)
    assert (timed.length, timed.lacking) == (lasts, 0)
    assert 0 <= 96 - timed.time(lasts) < Fraction(1, 10**15)


def test_what_cannot_be_fitted_is_refused() -> None:
    with pytest.raises(Problems, match="cannot be fitted to that length; expected speeds of 0.1 to 16"):
        laid(cut("a", lasts="99s"), a=take("a", 48))
    with pytest.raises(Problems, match="cannot be fitted to a length; expected speeds that all run one way"):
        laid(cut("a", speed="0s:1, 1s:-1", lasts="2s"), a=take("a", 48))


def test_a_ramp_past_the_end_of_its_take_is_refused() -> None:
    with pytest.raises(
        Problems, match=r"the take is too short; expected at most 1.000 s .24 frames. from take 'a'"
    ):
        laid(cut("a", speed="0s:1, 1s:3", length="2s"), a=take("a", 48))


def test_an_in_between_near_a_source_frame_is_that_frame() -> None:
    takes = {"a": take("a", 200)}
    (shot,) = plan_shots(job(cut("a", speed="0.98", sampling="flow")), takes)
    shown = dict(zip(shot.span, source_frames(shot, shot.span), strict=True))
    assert shown[1] == (1, Fraction(0))  # at .98
    assert [float(place) for place in shown[25]] == [24, 0.5]
    assert all(weight == 0 or 0.03 < weight < 0.97 for _, weight in shown.values())


@pytest.mark.parametrize("sampling", ["blend", "draft", "flow"])
def test_nothing_is_made_across_a_cut_of_the_take(sampling: str) -> None:
    (shot,) = plan_shots(job(cut("a", speed="0.25", sampling=sampling)), {"a": take("a", 4)})
    with_cut = replace(shot, cuts=(2,))
    shown = source_frames(with_cut, Span(4, 9))
    assert [(frame, float(weight)) for frame, weight in shown] == [(1, 0), (1, 0), (2, 0), (2, 0), (2, 0)]
    assert source_frames(with_cut, Span(0, 4)) == source_frames(shot, Span(0, 4))


SHORT = cut("a", length="54f")


def test_what_could_be_done_about_a_short_take_is_listed_with_what_to_write_the_least_change_first() -> None:
    with pytest.raises(Problems) as caught:
        laid(SHORT, cut("b", transition=12), a=take("a", 48), b=take("b", 48))
    fix = str(caught.value).partition("; ")[2].partition("; ")[2]
    ways = fix.split("; ")
    assert (
        ways[0]
        == "slow it down with frames made between (0.14): `fit: 54f, sampling: flow` in place of `length`"
    )
    assert 'slow its end (0.14): `speed: "0f:1, 42f:1, 54f:0.0' not in fix
    assert "shorten the transition after it (0.25): `length: 48f` and `transition: 6f` in shot b" in ways
    assert "hold its last frame (0.38): `freeze: 6f`" in ways
    assert "shorten the shot (0.22): `length: 48f`" in ways
    assert ways[-1] == "or `handles: auto`, which takes the first"
    costs = [float(way.partition("(")[2].partition(")")[0]) for way in ways[:-1]]
    assert costs == sorted(costs)


def test_a_transition_after_it_a_start_and_an_end_are_ways_too() -> None:
    takes = {"a": take("a", 100), "b": take("b", 48)}
    found = fixes(cut("a", start="50f", length="52f"), cut("b", transition=40), **takes)
    assert found["shorten the transition after it"] == ["`length: 50f` and `transition: 38f` in shot b"]
    assert found["start it earlier in the take"] == ["`in: 48f`"]
    assert found["slow its end"] == ['`speed: "0f:1, 40f:1, 52f:0.666"`']


def fixes(*shots: Cut, **takes: Take) -> dict[str, list[str]]:
    """What could be done about the first shot, by its name: what to write."""
    timed = time_shot(shots[0], takes[shots[0].take], FILM_CLOCK)
    found: dict[str, list[str]] = {}
    for fix in fixes_of_shortage(shots, 0, takes[shots[0].take], timed, FILM_CLOCK):
        what, _, keys = fix.text(0, shots).partition(": ")
        found.setdefault(what.partition(" (")[0], []).append(keys)
    return found


@settings(deadline=None, max_examples=40)
@given(
    frames=st.integers(12, 60),
    more=st.integers(1, 30),
    start=st.integers(0, 11),
    overlap=st.sampled_from([0, 12]),
    speed=st.sampled_from(["1", "2", "0.5", "0s:1, 1s:2"]),
    reverse=st.booleans(),
)
def test_every_way_makes_the_shot_long_enough_and_auto_takes_the_first(
    frames: int, more: int, start: int, overlap: int, speed: str, reverse: bool
) -> None:
    takes = {"a": take("a", frames), "b": take("b", 60)}
    asked = cut("a", start=f"{start}f", speed=speed, reverse=reverse)
    has = time_shot(asked, takes["a"], FILM_CLOCK).length
    asked = replace(asked, length=f"{has + more}f")
    shots = asked, cut("b", transition=min(overlap, has + more))
    timed = time_shot(asked, takes["a"], FILM_CLOCK)
    ways = fixes_of_shortage(shots, 0, takes["a"], timed, FILM_CLOCK)
    assert timed.lacking == more
    assert {"shorten the shot", "hold its last frame"} <= {way.what for way in ways}
    for way in ways:
        changed = time_shot(apply_fix(shots, way)[0], takes["a"], FILM_CLOCK)
        assert not changed.lacking
        assert changed.length in (has, has + more)
    auto = job(*(replace(shot, handles="auto") for shot in shots))
    if more > has:
        assert make_handles(auto, takes)[1] == ()
    elif overlap <= has:
        assert make_handles(auto, takes)[1][0].fix == ways[0]
        assert len(plan_shots(auto, takes)) == 2


def test_a_transition_that_is_too_long_is_made_shorter_where_the_job_says_auto() -> None:
    takes = {"a": take("a", 48), "b": take("b", 30)}
    with pytest.raises(
        Problems, match=r"shorten the transition .0.02.: `transition: 30f`; or `handles: auto`"
    ):
        laid(cut("a"), cut("b", transition=31), **takes)
    assert laid(cut("a"), cut("b", transition=31, handles="auto"), **takes) == [(0, 48), (18, 48)]


def test_a_shorter_transition_keeps_the_path_of_its_image() -> None:
    image = File("0" * 64, "clouds.png", Path("/house/grey/clouds.png"))
    last = replace(cut("b", transition=40), transition=LumaFade(image=image))
    with pytest.raises(Problems, match=r'{stage: luma-fade, image: "/house/grey/clouds.png", length: 30f}'):
        plan_shots(job(cut("a"), last), {"a": take("a", 48), "b": take("b", 30)})


def test_what_lacks_more_than_half_is_refused_with_the_list_also_where_the_job_says_auto() -> None:
    takes = {"a": take("a", 10), "b": take("b", 60)}
    long = cut("a", length="60f", handles="auto")  # it would run at .17x
    with pytest.raises(
        Problems, match=r"too short; .* `length: 10f`; .*`handles: auto` makes up for half at most"
    ):
        laid(long, cut("b"), **takes)
    with pytest.raises(
        Problems, match=r"longer than its shots; .* 10f`; `handles: auto` makes up for half at most"
    ):
        laid(cut("a"), cut("b", transition=21, handles="auto"), **takes)
    assert laid(cut("a"), cut("b", transition=20, handles="auto"), **takes) == [(0, 10), (0, 60)]


def test_what_was_done_for_handles_is_said_recorded_and_declared() -> None:
    asked = job(replace(cut("a"), length="54f", handles="auto"), cut("b"))
    plan = compile_plan(asked, {"a": take("a", 48), "b": take("b", 48)}, (), Toolchain((("av", "18"),)))
    (warning,) = [each for each in plan.warnings if each.code == "handles"]
    assert (warning.of, warning.where) == ("shot a", "spot.yaml:9")
    assert "was too short for its place: slow it down" in warning.what
    why = "handles: auto: slow it down with frames made between"
    assert ("cut[0].fit", "54f", why) in plan.origins
    (action,) = [each for each in actions_of(plan.renditions[0]) if each.name == "c2pa.changedSpeed"]
    assert dict(action.parameters)["org.answerprint.retime.scale"] == "8/9"
    assert action.where == Span(0, 54)


def test_a_transition_that_was_made_shorter_is_said_to_have_been_too_long() -> None:
    asked = job(cut("a"), cut("b", transition=31, handles="auto"))
    plan = compile_plan(asked, {"a": take("a", 48), "b": take("b", 30)}, (), Toolchain((("av", "18"),)))
    (warning,) = [each for each in plan.warnings if each.code == "handles"]
    assert warning.what == (
        "has a transition that was longer than its shots: shorten the transition (0.02): `transition: 30f`"
    )
    assert warning.got == "0.042 s (1 frame) too many"


def test_a_shorter_transition_keeps_its_knobs() -> None:
    """What to write names the wipe's code and colour again; the first shot's transition is shortened too."""
    wipe = make("wipe", {"code": 41, "border": 2, "border_colour": "#ffcc00"})
    first, last = cut("a", transition=60), replace(cut("b", transition=40), transition=wipe)  # type: ignore[arg-type]  # a transition
    with pytest.raises(Problems) as caught:
        plan_shots(job(first, last), {"a": take("a", 48), "b": take("b", 30)})
    assert "transition: 48f" in str(caught.value)
    with pytest.raises(
        Problems, match=r'{stage: wipe, border: 2, border_colour: "#ffcc00", code: 41, length: 30f}'
    ):
        plan_shots(job(cut("a"), last), {"a": take("a", 48), "b": take("b", 30)})
    (made,) = plan_shots(job(replace(first, handles="auto")), {"a": take("a", 48)})
    assert made.transition == 48
