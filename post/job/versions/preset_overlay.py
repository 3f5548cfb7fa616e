"""Lays what a preset says of a job that it does not know: only the keys that each title takes, and calm transitions."""

from __future__ import annotations

from collections.abc import Sequence

from post.errors import JobError, unknown
from post.job.diagnostics import Diagnostics
from post.job.sections.design.styles import STAGES
from post.knob import public_knobs
from post.stage import TransitionStage, find, stage_names
from presets import Node, Shelves

DISSOLVE = "dissolve"


def keys_it_takes(diagnostics: Diagnostics, job: Node, title: Node, over: Node, form: str) -> Node:
    """Returns what a preset lays over an entry, without the keys that its stage has not: a card has no plate."""
    if form != "title":
        return over
    style = title.mapping.get("style") or title.mapping.get("preset")
    stage = title.mapping.get("stage") or _stage_of(diagnostics.shelves, style or job.mapping.get("type"))
    kind = STAGES.get(stage.text if stage else "title")
    every = {key for each in STAGES.values() for key in public_knobs(each)}
    own = public_knobs(kind) if kind else {}
    return over.without(*(key for key in over.mapping if key in every and key not in own))


def _stage_of(shelves: Shelves, style: Node | None) -> Node | None:
    """Returns what a style says of its stage; None where it says nothing, or cannot be read: that is reported later."""
    if style is None:
        return None
    try:
        return shelves.resolve("type", style).mapping.get("stage")
    except JobError:
        return None


def calm_transitions(diagnostics: Diagnostics, shots: Sequence[Node], said: Node, place: str) -> list[Node]:
    """Returns shots whose transitions are all of some stages: others become `otherwise`, of the same length.

    said: {keep: [STAGE, ...], otherwise: STAGE}.
    """
    known = [name for name in stage_names() if issubclass(find(name), TransitionStage)]
    keep = said.mapping.get("keep")
    other = said.mapping.get("otherwise")
    words = [*(keep.items if keep else ()), *([other] if other else [])]
    if (
        keep is None
        or not isinstance(keep.value, tuple)
        or any(key not in ("keep", "otherwise") for key in said.mapping)
    ):
        expected = "{keep: [TRANSITION, ...], otherwise: TRANSITION}"
        diagnostics.say("not a choice of transitions", said, place, expected=expected, got=said.kind)
        return list(shots)
    for word in words:
        if word.text not in known:
            diagnostics.report(unknown(word.text, known, "", "transition"), word, place)
    kept, otherwise = (
        {word.text for word in keep.items},
        other or Node(DISSOLVE, said.line, said.file, DISSOLVE),
    )
    return [_calm(shot, kept, otherwise) for shot in shots]


def _calm(shot: Node, kept: set[str], otherwise: Node) -> Node:
    transition = shot.mapping.get("transition")
    if transition is None or not transition.mapping:  # a length alone is a dissolve
        return shot
    stage = transition.mapping.get("stage")
    if stage is None or stage.text in kept:
        return shot
    length = {key: item for key, item in transition.mapping.items() if key == "length"}
    calm = Node({"stage": otherwise, **length}, transition.line, transition.file)
    return Node({**shot.mapping, "transition": calm}, shot.line, shot.file)
