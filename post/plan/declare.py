"""Collects what a film declares from the stages that render it: no other list of actions exists.

A plan cannot know everything of the sound. What the mix noted takes the place of what was planned: where room tone was
laid, and what was mended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from post.errors import ProvenanceError
from post.plan.sound import sounding_frames
from post.sound.stages import LoudnessTarget, ReverbRoom, RoomToneFill, SoundRepair
from post.stage import call_of, open_call
from post.values import Action, MixNotes, Placed, Rendition, Span

AFTER_SOUNDS = (
    ReverbRoom.name,
    LoudnessTarget.name,
)  # stages behind which nothing of single sounds is declared


def actions_of(rendition: Rendition, notes: MixNotes | None = None) -> tuple[Action, ...]:
    """Returns every action of a film, in house order; an action on spans that touch is one action.

    notes: what its mix decided from the sound; None, where it is not mixed yet, for what the plan knows.
    Raises ProvenanceError if a stage returns something that is not an action.
    """
    stages = rendition.placed if notes is None else _as_mixed(rendition, notes)
    declared = [action for placed in stages if (action := _declared(placed)) is not None]
    whole = Span(0, len(rendition.shown))
    return tuple(replace(a, where=None) if a.where == whole else a for a in _joined(declared))


def _as_mixed(rendition: Rendition, notes: MixNotes) -> tuple[Placed, ...]:
    """Returns the stages of a film with those that its mix decided, in place of what the plan knew of them."""
    planned = [placed for placed in rendition.placed if placed.call.stage != RoomToneFill.name]
    mixed = [
        replace(placed, span=placed.span.common(rendition.shown).shift(-rendition.shown.first))
        for placed in (*_repairs(rendition, notes), *_tone(rendition, notes))
        if placed.span.meets(rendition.shown)
    ]
    ends = (place for place, placed in enumerate(planned) if placed.call.stage in AFTER_SOUNDS)
    at = next(ends, len(planned))
    return (*planned[:at], *mixed, *planned[at:])


def _repairs(rendition: Rendition, notes: MixNotes) -> Iterator[Placed]:
    """Yields what was mended in each sound, over the frames of the whole film in which it is heard."""
    mended: dict[str, dict[str, None]] = {}  # by file: what was mended, each once, in order
    for note in notes.repairs:
        if note.mended:
            mended.setdefault(note.sha256, {})[note.what] = None
    mix, clock = rendition.mix, rendition.format.clock
    for event in mix.events:
        if event.repair and event.file.sha256 in mended:
            call = call_of(SoundRepair(mended=" ".join(mended[event.file.sha256])))
            yield Placed(call, sounding_frames(event, clock, mix.rate_hz))


def _tone(rendition: Rendition, notes: MixNotes) -> Iterator[Placed]:
    """Yields room tone over the frames of the whole film that it fills."""
    mix, clock = rendition.mix, rendition.format.clock
    if mix.tone is not None:
        call = call_of(RoomToneFill(gain=mix.tone.gain_db))
        yield from (Placed(call, clock.covering(span, mix.rate_hz)) for span in notes.tone)


def _declared(placed: Placed) -> Action | None:
    action = open_call(placed.call).declare(placed.span)
    if action is not None and not isinstance(action, Action):
        raise ProvenanceError(
            "a stage does not declare itself",
            where=placed.call.stage,
            expected="an Action, or None where it changes nothing",
            got=type(action).__name__,
            fix="a plan that holds it cannot be signed",
        )
    return action


def _joined(actions: Sequence[Action]) -> list[Action]:
    """Returns the actions with those joined that touch and differ only in their frames."""
    joined: list[Action] = []
    for action in actions:
        place = next((i for i, other in enumerate(joined) if _continues(other, action)), None)
        if place is None:
            joined.append(action)
            continue
        before = joined[place].where
        assert before is not None
        assert action.where is not None
        joined[place] = replace(action, where=_union(before, action.where))
    return joined


def _continues(a: Action, b: Action) -> bool:
    if a.where is None or b.where is None or replace(a, where=None) != replace(b, where=None):
        return False
    return a.where.first <= b.where.stop and b.where.first <= a.where.stop


def _union(a: Span, b: Span) -> Span:
    return Span(min(a.first, b.first), max(a.stop, b.stop))
