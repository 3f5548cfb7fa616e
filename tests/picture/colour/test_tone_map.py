from __future__ import annotations

import numpy as np
import pytest

from post.errors import JobError
from post.picture.colour.develop import Develop
from post.picture.colour.look import Look
from post.picture.colour.tone_map import ToneMap, read_as, with_tone_map
from post.picture.display.convert import convert_colour
from post.picture.kernel.lut3d import bake_lut, grid
from post.stage import ColourStage, call_of
from post.values.array import Array
from post.values.colour import BT709, Colour
from post.values.time import Span

HLG, PQ = Colour(9, 18, 9), Colour(12, 16, 9)
FILM = Span(0, 24)


@pytest.mark.parametrize(("clip", "system"), [(HLG, "HLG"), (PQ, "PQ")])
def test_an_hdr_clip_gets_a_tone_map_first(clip: Colour, system: str) -> None:
    look = Look(contrast=1.1)
    stages = with_tone_map((look,), clip, None)
    assert stages == (ToneMap(system=system, primaries=str(clip.primaries)), look)
    assert with_tone_map(stages, clip, None) == stages
    assert read_as(clip, BT709, stages) == Colour(1, 1, 9)
    asked = with_tone_map((look,), clip, ToneMap(method="bt2390", peak=600))
    assert asked[0] == ToneMap(method="bt2390", peak=600, system=system, primaries=str(clip.primaries))


@pytest.mark.parametrize("clip", [BT709, Colour(9, 14, 9), Colour(12, 13, 1)])
def test_an_sdr_clip_gets_none(clip: Colour) -> None:
    assert with_tone_map((Look(),), clip, ToneMap(method="bt2390")) == (Look(),)
    assert ToneMap().declare(FILM) is None
    assert np.array_equal(ToneMap().colour(grid()), grid())


def test_a_log_clip_gets_none_whatever_its_tags_say() -> None:
    log = Develop(space="apple-log")
    assert with_tone_map((log,), HLG, None) == (log,)
    idle = with_tone_map((Develop(),), HLG, None)
    assert isinstance(idle[0], ToneMap)


@pytest.mark.parametrize("clip", [HLG, PQ])
def test_the_stage_and_a_table_without_it_make_the_same_pixels(clip: Colour) -> None:
    """Measures read HDR without a plan; they see what the film will show."""
    (stage,) = with_tone_map((), clip, None)

    def colour(rgb: Array) -> Array:
        return ColourStage.from_call(call_of(stage)).colour(rgb)

    staged = bake_lut(colour, read_as(clip, BT709, [stage]), BT709)
    plain = bake_lut(lambda rgb: rgb, clip, BT709)
    assert np.array_equal(staged.luma, plain.luma)
    assert np.array_equal(staged.chroma, plain.chroma)
    assert np.array_equal(stage.colour(grid()), convert_colour(grid(), clip, BT709))


def test_it_declares_what_was_done() -> None:
    action = with_tone_map((), HLG, None)[0].declare(FILM)
    assert action is not None
    assert (action.name, action.description) == ("c2pa.adjustedColor", "HLG tone-mapped to Rec.709")
    assert dict(action.parameters)["org.answerprint.tone-map.method"] == "bt2446-c"


def test_an_unknown_method_gets_the_nearest_known_one() -> None:
    with pytest.raises(JobError, match="did you mean 'bt2390'"):
        ToneMap(method="bt239")
