"""Captions that are burnt in: their frames, and their way out of the way of other layers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from post.captions.model import CaptionRun
from post.errors import Problems
from post.job.model import CaptionFile, Timed
from post.picture.captions.caption import CaptionLayer
from post.picture.captions.content import read_content
from post.picture.label import Label
from post.picture.title import Title
from post.picture.type.place import Bounds
from post.plan import compile_plan
from post.plan.captions.place import overlap
from post.plan.layers import draw_layer
from post.stage import LayerStage
from post.values import BT709, Format, Plan, Segment, Toolchain
from tests.plan.captions.made import captions, said
from tests.plan.made import FILM_CLOCK, cut, deliver, job, take

FILM = Format(640, 360, FILM_CLOCK, 48, 8, "420", BT709)
TAKES = {"dog": take()}


def planned(*files: CaptionFile, **more: Any) -> Plan:
    return compile_plan(job(cut("dog"), captions=files, **more), TAKES, (), Toolchain((("av", "18"),)))


def burnt(plan: Plan) -> list[tuple[int, int, CaptionLayer]]:
    """Each caption as it is burnt in: its first frame, the frame after its last, and its stage."""
    found: dict[tuple[int, str], tuple[int, int, CaptionLayer]] = {}
    for segment in plan.renditions[0].segments:
        for layer in segment.layers:
            if layer.call.stage == "caption":
                key = str(layer.call.knob("content"))
                first, stop, _ = found.get((0, key), (layer.span.first, layer.span.stop, None))
                stage = CaptionLayer.from_call(layer.call)
                found[0, key] = (min(first, layer.span.first), max(stop, layer.span.stop), stage)
    return list(found.values())


def box(stage: CaptionLayer) -> Bounds:
    return stage.set(FILM).box


def test_captions_take_the_frames_nearest_to_their_times() -> None:
    plan = planned(captions(said("0.26", "0.99", "a"), said("1", "1.001", "b")))
    assert [(first, stop) for first, stop, _ in burnt(plan)] == [(6, 24), (24, 25)]


def test_captions_do_not_cut_a_film_to_pieces() -> None:
    each = [said(str(n / 10), str(n / 10 + 0.05), str(n)) for n in range(20)]
    assert len(planned(captions(*each)).renditions[0].segments) == len(planned().renditions[0].segments)


def test_equal_words_are_one_layer_wherever_their_file_has_them() -> None:
    one, other = said("0", "1", "Same", line=3), said("0", "1", "Same", line=9, id="x")
    first, second = planned(captions(one)), planned(captions(other))
    assert first.renditions[0].segments == second.renditions[0].segments


def test_what_only_warns_makes_nothing_again() -> None:
    def segments(style: CaptionLayer) -> tuple[Segment, ...]:
        return planned(captions(said("0", "1"), style=style)).renditions[0].segments

    assert segments(CaptionLayer(reading_speed=5, letters=10)) == segments(CaptionLayer())
    assert segments(CaptionLayer(size=6)) != segments(CaptionLayer())


@pytest.mark.parametrize("layer", [Title(text="Winter", place="bottom"), Label(place="bottom")])
def test_a_caption_moves_up_out_of_the_way_of_a_layer(layer: LayerStage) -> None:
    timed = Timed(layer, "0s", "2s", "spot.yaml:9")
    where = {"titles": (timed,)} if layer.name == "title" else {"marks": (timed,)}
    plan = planned(captions(said("0.5", "1.5", "Out of the way")), **where)
    ((_, _, stage),) = burnt(plan)
    other = draw_layer(timed, FILM).box
    assert stage.lift > 0
    assert not overlap(box(stage), other)
    assert box(stage).bottom <= other.top
    assert not [each for each in plan.warnings if each.code == "layers-overlap"]


def test_a_caption_stays_where_the_layer_is_at_another_time() -> None:
    timed = Timed(Title(text="Winter", place="bottom"), "0s", "0.5s", "spot.yaml:9")
    ((_, _, stage),) = burnt(planned(captions(said("0.5", "1.5")), titles=(timed,)))
    assert stage.lift == 0


def test_captions_that_are_seen_together_stand_over_each_other() -> None:
    (_, _, first), (_, _, second) = burnt(
        planned(captions(said("0", "1", "First"), said("0.5", "2", "Second")))
    )
    assert first.lift == 0
    assert box(second).bottom <= box(first).top


def test_a_caption_at_the_top_moves_down() -> None:
    timed = Timed(Label(place="top"), "0s", "", "spot.yaml:9")
    ((_, _, stage),) = burnt(
        planned(captions(said("0", "1"), style=CaptionLayer(place="top")), marks=(timed,))
    )
    assert box(stage).top >= draw_layer(timed, FILM).box.bottom


def test_where_no_place_is_free_a_warning_names_the_layer() -> None:
    full = Title(text="Wide\n" * 5 + "Wide", size=11, lines=6, place="center", plate=True)
    plan = planned(captions(said("0", "1")), titles=(Timed(full, "0s", "2s", "spot.yaml:9"),))
    (found,) = [each for each in plan.warnings if each.code == "layers-overlap"]
    assert found.where == "spot.yaml:9"
    assert "lines.srt:1" in found.got


def test_a_letter_no_font_has_is_told_at_its_line_of_the_caption_file() -> None:
    with pytest.raises(Problems) as fault:
        planned(captions(said("0", "1"), said("1", "2", "\N{EGYPTIAN HIEROGLYPH A001}", line=7)))
    assert "lines.srt:7" in str(fault.value)
    assert "U+13000" in str(fault.value)


def test_only_the_films_that_are_named_have_them() -> None:
    films = (deliver("wide"), deliver("tall", 360, 640))
    plan = planned(captions(said("0", "1"), deliver=("tall",)), deliver=films)
    shown = [any(segment.layers for segment in each.segments) for each in plan.renditions]
    assert shown == [False, True]


def test_a_film_declares_its_captions_once_with_all_their_words() -> None:
    plan = planned(captions(*(said(str(n / 10), str(n / 10 + 0.1), f"word{n}") for n in range(10))))
    (declared,) = [each for each in plan.renditions[0].placed if each.call.stage == "caption"]
    assert all(f"word{n}" in str(declared.call.knob("content")) for n in range(10))
    assert (declared.span.first, declared.span.stop) == (0, 24)


def test_speakers_are_told_by_name_or_by_colour() -> None:
    lines = (said("0", "1", "Yes", speaker="Anna"), said("1", "2", "No", speaker="Ben"))
    by_name, by_colour = (
        [read_content(stage.content) for _, _, stage in burnt(planned(captions(*lines, style=style)))]
        for style in (CaptionLayer(speakers="name"), CaptionLayer(speakers="colour"))
    )
    assert [each.text for each in by_name] == ["ANNA: Yes", "BEN: No"]
    assert [each.runs[0].colour for each in by_colour] == ["#ffffff", "#ffff00"]


def test_words_are_timed_in_whole_frames_from_the_first() -> None:
    words = (CaptionRun("one "), CaptionRun("two", at=said("0.76", "1").start))
    ((_, _, stage),) = burnt(planned(captions(replace(said("0.26", "1"), runs=words))))
    poses = [stage.pose(frame, 18, FILM_CLOCK).moment for frame in (0, 11, 12, 17)]
    assert poses == [None, None, (1,), (1,)]


def test_captions_stay_clear_of_what_a_platform_covers() -> None:
    film = replace(deliver("wide"), clear=(10.0, 5.0, 40.0, 5.0))
    ((_, _, stage),) = burnt(planned(captions(said("0", "1")), deliver=(film,)))
    area = stage.safe.area(FILM, "caption")
    assert area.bottom == 0.6 * FILM.height
    assert box(stage).bottom <= area.bottom
