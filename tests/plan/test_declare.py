from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from post.errors import ProvenanceError
from post.picture.colour.look import Look
from post.picture.colour.tone_map import CONVERTED, ToneMap
from post.plan import actions_of, compile_plan
from post.sound.stages import LoudnessTarget, RoomToneFill
from post.stage import ColourStage
from post.stage_knobs import make
from post.values import MixNotes, Placed, Rendition, RepairNote, Span, Toolchain
from post.values.colour import Colour
from tests.plan.made import cut, deliver, job, take

TAKES = {"a": take("a", 60), "b": take("b", 49, 8)}


def version(*shots: Any, **more: Any) -> Rendition:
    return compile_plan(job(*shots, **more), TAKES, (), Toolchain()).renditions[0]


def declared(made: Rendition) -> list[tuple[str, tuple[int, int] | None]]:
    spans = [(a.name, a.where) for a in actions_of(made)]
    return [(name, (where.first, where.stop) if where else None) for name, where in spans]


def test_a_film_that_is_its_take_declares_only_its_encoding() -> None:
    made = version(cut("a"), deliver=(replace(deliver(), loudness=LoudnessTarget(off=True)),))
    assert ("c2pa.transcoded", None) in declared(made)
    assert not [name for name, _ in declared(made) if name in ("c2pa.adjustedColor", "c2pa.trimmed")]


@pytest.mark.parametrize("wanted", [None, ToneMap(method="bt2390", peak=400)])
def test_an_hdr_take_is_tone_mapped_before_its_look_and_says_so(wanted: ToneMap | None) -> None:
    hlg = Colour(9, 18, 9)
    shot = replace(cut("a"), colour=(Look(contrast=1.1),))
    asked = job(shot, cut("b"))
    refs = tuple(replace(ref, tone_map=wanted) for ref in asked.takes)
    made = compile_plan(
        replace(asked, takes=refs), {**TAKES, "a": take("a", 60, colour=hlg)}, (), Toolchain()
    ).renditions[0]
    clip = made.segments[0].clips[0]
    assert [call.stage for call in clip.colour] == ["tone-map", "look"]
    assert ColourStage.from_call(clip.colour[0]) == replace(wanted or ToneMap(), system="HLG", primaries="9")
    # The kernel reads the clip's own matrix, and nothing of it is converted twice.
    assert clip.picture.colour == Colour(1, 1, 9)
    first = made.shots[0].span
    assert [
        (a.where, a.source_type) for a in actions_of(made) if a.description == "HLG tone-mapped to Rec.709"
    ] == [(first, CONVERTED)]


def test_each_stage_is_declared_where_it_is() -> None:
    look: Any = make("look", {"saturation": 0.5})
    shots = cut("a", length="2s"), replace(cut("b", speed="2", transition=12), colour=(look,))
    found = declared(version(*shots))
    assert ("c2pa.trimmed", (0, 48)) in found
    assert ("c2pa.changedSpeed", (36, 110)) in found
    assert ("c2pa.adjustedColor", (36, 110)) in found
    assert ("c2pa.edited", (36, 48)) in found


def test_what_is_done_to_every_shot_alike_is_said_once() -> None:
    look: Any = make("look", {"saturation": 0.5})
    both = [replace(cut(name), colour=(look,)) for name in "ab"]
    assert [name for name, _ in declared(version(*both))].count("c2pa.adjustedColor") == 1
    assert ("c2pa.adjustedColor", None) in declared(version(*both))


def test_cropping_and_scaling_are_declared_only_where_they_happen() -> None:
    wide = {name for name, _ in declared(version(cut("a")))}
    tall = {name for name, _ in declared(version(cut("a"), deliver=(deliver("tall", 360, 640),)))}
    assert tall - wide == {"c2pa.cropped", "c2pa.resized.proportional"}


def test_a_stage_that_does_not_declare_itself_cannot_be_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    made = version(cut("a", speed="2"))
    kind = type(make("retime", {}))
    monkeypatch.setattr(kind, "declare", lambda self, where: "sped up")
    with pytest.raises(ProvenanceError, match="retime: a stage does not declare itself"):
        actions_of(made)


def test_touching_spans_join_and_others_stay_apart() -> None:
    made = version(cut("a"), cut("b"))
    call = Placed(make_call("look", saturation=0.5), Span(0, 10))
    apart = replace(made, placed=(call, replace(call, span=Span(10, 20)), replace(call, span=Span(30, 40))))
    assert declared(apart) == [("c2pa.adjustedColor", (0, 20)), ("c2pa.adjustedColor", (30, 40))]


def make_call(name: str, **knobs: Any) -> Any:
    from post.stage import call_of

    return call_of(make(name, knobs))


def of_sound(made: Rendition, notes: MixNotes | None = None) -> list[tuple[str, Span | None]]:
    found = [(each.description, each.where) for each in actions_of(made, notes)]
    return [row for row in found if row[0].startswith(("room tone", "sound mended"))]


def test_room_tone_is_declared_where_the_mix_laid_it_and_else_where_the_plan_expects_it() -> None:
    silent = {**TAKES, "b": replace(TAKES["b"], sound=None)}
    made = compile_plan(job(cut("a"), cut("b")), silent, (), Toolchain()).renditions[0]
    tone = "room tone where shots have no sound, made from the quiet parts of the clips that have one"
    second = made.shots[1].span
    assert of_sound(made) == [(tone, second)]
    # No clip of the film has a quiet part: nothing was laid, and nothing is said.
    assert of_sound(made, MixNotes()) == []
    # A hole within a file: 25 frames a second at least, rounded outwards.
    hole = Span(24_500, 26_000)
    assert of_sound(made, MixNotes(tone=(hole,))) == [(tone, Span(12, 13))]
    off = compile_plan(
        replace(job(cut("a"), cut("b")), tone=RoomToneFill(off=True)), silent, (), Toolchain()
    ).renditions[0]
    assert of_sound(off) == of_sound(off, MixNotes()) == []


def test_what_was_mended_is_declared_of_the_sound_that_it_was_in() -> None:
    made = version(cut("a"), cut("b"))
    sha256 = made.shots[1].take.file.sha256
    notes = MixNotes(
        repairs=(
            RepairNote("b", "dc", "taken out", sha256),
            RepairNote("b", "hum", "lowered", sha256),
            RepairNote("a", "overs", "left", made.shots[0].take.file.sha256, mended=False, clipped_pc=3.0),
        )
    )
    assert of_sound(made) == []
    assert of_sound(made, notes) == [("sound mended: DC offset, mains hum", made.shots[1].span)]
    # In a part of the film, in the frames of the part.
    first = made.shots[1].span.first
    part = replace(made, part=Span(first - 5, first + 10))
    assert of_sound(part, notes) == [("sound mended: DC offset, mains hum", Span(5, 15))]
    names = [each.name for each in actions_of(made, notes)]
    assert names.index("c2pa.filtered") < names.index("c2pa.mastered")
