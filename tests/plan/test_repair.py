"""Repairs decided from facts, and how the plan holds and says them."""

from __future__ import annotations

import numpy as np
import pytest

from post.job.model import Repair
from post.measure import Banding, Cuts, Unmeasured
from post.measure.flicker import Flicker
from post.picture.repair.deband import Deband
from post.picture.repair.deflicker import Deflicker
from post.picture.repair.degrain import Degrain
from post.plan import compile_plan
from post.plan.declare import actions_of
from post.plan.repair import RepairDecision, decide_repairs, measures_for_repairs, used_frames
from post.stage import RepairStage, open_call
from post.values import Plan, Span, Toolchain, digest
from post.values.media import Fact
from tests.plan.made import cut, deliver, job, take

FRAMES = 48
WHOLE = Span(0, FRAMES)


def fact(name: str, value: object) -> Fact:
    return Fact("0" * 64, name, 1, value)


def flicker(pct: float, together: float = 1.0) -> Flicker:
    rows = tuple((0.01 * (-1) ** i, 0.0, -0.02) for i in range(FRAMES))
    return Flicker(rows, tuple((0.1, 0.1, 0.1) for _ in rows), pct, 12.0, together)


def repair(stage: RepairStage, auto: bool = True) -> Repair:
    return Repair(stage, auto, f"cut[0].repair.{stage.name}")


def settled(asked: Repair, facts: dict[str, object], used: Span = WHOLE) -> RepairDecision:
    made = compile_plan(job(cut()), {"dog": take()}, (), Toolchain())
    shot = made.renditions[0].shots[0]
    return decide_repairs([asked], {name: fact(name, value) for name, value in facts.items()}, shot, used)[0]


@pytest.mark.parametrize(
    ("pct", "together", "done"), [(6.0, 1.0, True), (1.0, 1.0, False), (17.5, 0.14, False)]
)
def test_auto_deflickers_what_flickers_as_a_whole(pct: float, together: float, done: bool) -> None:
    found = settled(repair(Deflicker()), {"flicker": flicker(pct, together)})
    assert (found.stage is not None) == done
    assert f"flicker {pct:.1f} %" in found.why


def test_gains_undo_the_course_over_the_frames_in_use() -> None:
    found = settled(repair(Deflicker(drift=0.5), auto=False), {"flicker": flicker(0.1)}, Span(10, 14))
    assert isinstance(found.stage, Deflicker)
    assert found.stage.first == 10
    gains = np.array(found.stage.gains).reshape(4, 3)
    assert gains[0] == pytest.approx(np.exp([-0.06, -0.05, -0.03]), abs=1e-4)
    assert gains[1] == pytest.approx(np.exp([-0.04, -0.05, -0.03]), abs=1e-4)


def test_gains_reach_as_far_as_later_repairs_read() -> None:
    made = compile_plan(job(cut()), {"dog": take()}, (), Toolchain())
    both = [repair(Deflicker(), auto=False), repair(Degrain(radius=2, sigma=(3.0,)), auto=False)]
    facts = {"flicker": fact("flicker", flicker(6.0)), "cuts": fact("cuts", Cuts(()))}
    for used, first, stop in ((Span(10, 14), 8, 16), (Span(1, FRAMES), 0, FRAMES)):
        stage = decide_repairs(both, facts, made.renditions[0].shots[0], used)[0].stage
        assert isinstance(stage, Deflicker)
        assert (stage.first, len(stage.gains)) == (first, 3 * (stop - first))


def test_drift_is_left_where_it_is_not_asked_for() -> None:
    found = settled(repair(Deflicker()), {"flicker": flicker(6)})
    assert isinstance(found.stage, Deflicker)
    assert found.stage.gain(0)[1] == 1.0


def test_what_cannot_be_measured_is_left_alone_and_said() -> None:
    for auto in (True, False):
        found = settled(repair(Deflicker(), auto), {"flicker": Unmeasured("all is black")})
        assert found.stage is None
        assert found.why == "cannot be measured: all is black"


@pytest.mark.parametrize(("worst", "done"), [(12.0, True), (2.0, False)])
def test_auto_debands_what_has_bands(worst: float, done: bool) -> None:
    found = settled(repair(Deband()), {"banding": Banding(worst / 2, worst)})
    assert (found.stage is not None) == done
    assert "CAMBI" in found.why


def test_a_strength_that_is_given_needs_no_measuring() -> None:
    asked = repair(Degrain(sigma=(2.0,)), auto=False)
    assert measures_for_repairs([asked]) == {"cuts"}
    found = settled(asked, {"cuts": Cuts((5, 20, 44))}, Span(12, 30))
    assert isinstance(found.stage, Degrain)
    assert found.stage.cuts == (20.0,)
    assert found.stage.sigma == (2.0,)


def test_only_what_is_asked_for_is_measured() -> None:
    assert measures_for_repairs([]) == set()
    assert measures_for_repairs([repair(Deband())]) == {"banding"}
    assert measures_for_repairs([repair(Deband(), auto=False)]) == set()
    assert measures_for_repairs([repair(Deflicker()), repair(Degrain())]) == {"cuts", "flicker", "grain"}
    for each in (repair(Degrain(), auto=False), repair(Degrain(sigma=(2.0,)))):
        assert measures_for_repairs([each]) == {"cuts", "grain"}


def test_a_blended_pair_is_two_frames_in_use() -> None:
    assert used_frames([(3, None), (9, None)], 40) == Span(3, 11)
    assert used_frames([(39, None)], 40) == Span(39, 40)


def planned(*asked: Repair) -> Plan:
    facts = {"dog": {"flicker": fact("flicker", flicker(6)), "cuts": fact("cuts", Cuts(()))}}
    return compile_plan(
        job(cut(repairs=asked), deliver=(deliver(),)), {"dog": take()}, (), Toolchain(), facts
    )


def test_the_plan_holds_declares_and_explains_a_repair() -> None:
    made = planned(repair(Deflicker()))
    calls = {
        call for segment in made.renditions[0].segments for clip in segment.clips for call in clip.repairs
    }
    stage = open_call(calls.pop())
    assert isinstance(stage, Deflicker)
    assert not calls
    assert "deflickered" in {action.description for action in actions_of(made.renditions[0])}
    assert ("cut[0].repair.deflicker", "done", "flicker 6.0 %, drift 12.0 %") in made.origins


def test_a_repair_changes_the_keys_of_what_it_mends() -> None:
    plain, mended = (planned(*asked).renditions[0].segments for asked in ((), (repair(Deflicker()),)))
    assert not {digest(segment) for segment in plain} & {digest(segment) for segment in mended}
