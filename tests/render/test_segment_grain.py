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
