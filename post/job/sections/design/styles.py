"""Reads titles: each in a style, by the stage that draws it, with the brand's tokens in their places."""

from __future__ import annotations

from dataclasses import replace

from post.errors import unknown
from post.job.diagnostics import Diagnostics
from post.job.reader import Section
from post.job.sections.style import Placed, Style
from post.job.table.schema_table import FORMS
from post.knob import public_knobs
from post.picture.supers.card import Card
from post.picture.supers.countdown import Countdown
from post.picture.title import Title
from post.stage import LayerStage
from presets import Node

CALM = "calm"  # what the job's type says of all titles, whatever their styles
STAGES: dict[str, type[LayerStage]] = {"title": Title, "card": Card, "countdown": Countdown}


def styled_titles(
    diagnostics: Diagnostics, job: Section, style: Style
) -> list[tuple[Placed, type[LayerStage]]]:
    """Returns the keys of each title over those of its style, with its dotted place, and the stage that draws it.

    A title that names no style has the house's.
    """
    if style.type is not None:
        # Opening a section reports its unknown keys, also in a job without titles. Titles read the style itself.
        _stage_of(diagnostics, style.type, "type")
        Section(diagnostics, "type", style.type, "type")
    made = []
    for node, place in job.items("titles"):
        laid = diagnostics.over("type", style.type, _named(diagnostics, node, place), place)
        if laid is None:
            continue
        kind = _stage_of(diagnostics, laid, place)
        laid = _as_calm(laid, style.type, kind)
        _report_others(diagnostics, laid, kind, place)
        filled = style.tokens.fill(diagnostics, laid, kind, place)
        made.append(((filled.without("stage"), place), kind))
    return made


def _named(diagnostics: Diagnostics, node: Node, place: str) -> Node:
    """Returns a title's keys with its style under `preset`, as all presets are named."""
    style = node.mapping.get("style")
    if style is None:
        return node
    if "preset" in node.mapping:
        diagnostics.say(
            "given twice", node.mapping["preset"], f"{place}.preset", fix="keep one of `style` and `preset`"
        )
    return Node({**node.without("style").mapping, "preset": style}, node.line, node.file)


def _as_calm(laid: Node, whole: Node | None, kind: type[LayerStage]) -> Node:
    """Returns a title that is calm where the job's `type` says so: in a style of its own too, where it does not say."""
    calm = whole.mapping.get(CALM) if whole is not None else None
    if calm is None or CALM in laid.mapping or CALM not in public_knobs(kind):
        return laid
    return replace(laid, value={**laid.mapping, CALM: calm})


def _stage_of(diagnostics: Diagnostics, keys: Node, place: str) -> type[LayerStage]:
    """Returns the stage that draws a style; the title's, with a fault, where it names none that can."""
    named = keys.mapping.get("stage")
    if named is not None and named.text not in STAGES:
        diagnostics.report(unknown(named.text, STAGES, "", "stage of titles"), named, f"{place}.stage")
    elif named is not None:
        diagnostics.credit(f"{place}.stage", named.text, named.origin)
    return STAGES.get(named.text if named is not None else "title", Title)


def _report_others(diagnostics: Diagnostics, keys: Node, kind: type[LayerStage], place: str) -> None:
    """Reports keys that titles of another stage have, and this one has not."""
    every = {key for each in STAGES.values() for key in public_knobs(each)}
    keys_of_all = {key: item for key, item in FORMS["title"].keys.items() if key not in every}
    own = {**public_knobs(kind), **keys_of_all}
    for key, item in keys.mapping.items():
        if key in every and key not in own:
            diagnostics.report(unknown(key, own, "", f"key of a {kind.name}"), item, f"{place}.{key}")
