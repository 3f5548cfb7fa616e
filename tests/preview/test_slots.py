from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from post.job.model import Timed
from post.plan import compile_plan
from post.preview.planning import ENCODER, notice_over
from post.preview.slots import PictureSlot, cut_slots, hook_spans, slot_spans
from post.stage_knobs import make
from post.values import Rendition, Span, Toolchain, digest
from tests.plan.made import cut, deliver, job, take

TAKES = {"a": take("a", 120), "b": take("b", 98, 8), "c": take("c", 80)}
RATES = st.sampled_from([Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(60), Fraction(12)])


def film(names: str, over: int = 0, **more: Any) -> Rendition:
    shots = [cut(name, transition=over if number else 0) for number, name in enumerate(names)]
    toolchain = Toolchain((("av", "18"),))
    return compile_plan(job(*shots, deliver=(deliver(),), **more), TAKES, (), toolchain).renditions[0]


def title(text: str, at: str, length: str) -> Timed:
    layer: Any = make("title", {"text": text})
    return Timed(layer, at, length, "spot.yaml:30")


def slots(made: Rendition) -> tuple[PictureSlot, ...]:
    spans = slot_spans(made.format.length, made.format.clock.rate)
    return cut_slots(made, spans, notice_over(made), ENCODER, ())


def changed(one: Rendition, other: Rendition) -> list[Span]:
    rows = zip(slots(one), slots(other), strict=True)
    return [a.span for a, b in rows if digest(a) != digest(b)]


@given(st.integers(1, 4000), RATES)
def test_slots_lie_on_a_grid_that_no_length_moves(frames: int, rate: Fraction) -> None:
    spans = slot_spans(frames, rate)
    assert spans[0].first == 0
    assert spans[-1].stop == frames
    assert all(a.stop == b.first for a, b in pairwise(spans))
    assert all(0 < len(span) <= rate + 1 for span in spans)
    longer = slot_spans(frames + 500, rate)
    assert longer[: len(spans) - 1] == spans[:-1]
    hook = hook_spans(frames, rate)
    assert hook == longer[: len(hook)]
    assert all(span.stop <= frames for span in hook)


@settings(max_examples=30)
@given(st.text("abc", min_size=1, max_size=5), st.integers(0, 12))
def test_pieces_show_every_frame_of_the_film_once(names: str, over: int) -> None:
    made = film(names, over)
    shown = [frame for slot in slots(made) for piece in slot.pieces for frame in piece.span]
    assert shown == list(range(made.format.length))


@settings(max_examples=20)
@given(st.integers(0, 200), st.integers(1, 60))
def test_a_changed_title_changes_the_slots_that_show_it_and_no_others(at: int, length: int) -> None:
    one, other = (film("abc", titles=(title(text, f"{at}f", f"{length}f"),)) for text in ("Winter", "Summer"))
    over = Span(at, at + length)
    assert changed(one, other) == [slot.span for slot in slots(one) if slot.span.meets(over)]


def test_a_shot_that_is_dropped_from_the_end_leaves_the_slots_before_it() -> None:
    one, other = film("abc"), film("ab")
    kept = {digest(slot) for slot in slots(other)}
    gone = [slot.span for slot in slots(one) if digest(slot) not in kept]
    behind = one.shots[-1].span
    assert gone == [slot.span for slot in slots(one) if slot.span.meets(behind)]
