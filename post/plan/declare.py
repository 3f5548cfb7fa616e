"""Collects what a film declares from the stages that render it: no other list of actions exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from post.errors import ProvenanceError
from post.stage import open_call
from post.values import Action, Placed, Rendition, Span


def actions_of(rendition: Rendition) -> tuple[Action, ...]:
    """Returns every action of a film, in house order; an action on spans that touch is one action.

    Raises ProvenanceError if a stage returns something that is not an action.
    """
    declared = [action for placed in rendition.placed if (action := _declared(placed)) is not None]
    whole = Span(0, len(rendition.shown))
    return tuple(replace(a, where=None) if a.where == whole else a for a in _joined(declared))


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
