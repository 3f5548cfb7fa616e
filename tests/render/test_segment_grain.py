from __future__ import annotations

from dataclasses import replace

from post.picture.grain.grain import Grain
from post.plan import compile_plan
from post.render.segment_grain import table_grain_at
from post.stage import call_of
from post.values import Toolchain
from tests.plan.made import cut, job, take

FINE, COARSE = Grain(strength=1.0), Grain(strength=3.0)


def test_under_a_transition_the_table_is_that_of_the_shot_that_is_seen_more() -> None:
    shots = cut("dog"), cut("cat", transition=8)
    plan = compile_plan(job(*shots), {name: take(name) for name in ("dog", "cat")}, (), Toolchain())
    [mixed] = [each for each in plan.renditions[0].segments if len(each.clips) == 2]
    leaving, coming = mixed.clips
    grained = replace(leaving, grain=call_of(FINE)), replace(coming, grain=call_of(COARSE))
    segment = replace(mixed, clips=grained)
    grains = [table_grain_at(segment, frame) for frame in coming.span][:8]
    assert grains == [FINE] * 4 + [COARSE] * 4


def test_a_film_that_comes_out_of_black_has_its_first_shots_table_from_its_first_frame_on() -> None:
    plan = compile_plan(job(cut("dog", transition=8)), {"dog": take("dog")}, (), Toolchain())
    segment = plan.renditions[0].segments[0]
    (only,) = segment.clips
    grained = replace(segment, clips=(replace(only, grain=call_of(FINE)),))
    assert [table_grain_at(grained, frame) for frame in range(8)] == [FINE] * 8
