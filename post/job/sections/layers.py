"""Brand elements, titles, logos and labels, and when they are on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from post.job.diagnostics import Diagnostics
from post.job.model import Timed
from post.job.reader import Section
from post.job.sections.design.motion import read_asserted, read_motion_key
from post.job.sections.design.styles import styled_titles
from post.job.sections.entries import EntryIds
from post.job.sections.style import Placed, Style
from post.picture.brand.graphic import Graphic
from post.picture.grain.grain import Grain
from post.picture.label import Label
from post.picture.title import Title
from post.stage import LayerStage
from presets import Node

# A logo lets a little of the picture through, where its house or job does not say otherwise.
LOGO_OPACITY = 0.9


def read_brand(diagnostics: Diagnostics, job: Section, style: Style) -> tuple[Timed, ...]:
    """The job's brand elements; from the first frame to the last where not said."""
    return _timed(diagnostics, _filled(diagnostics, style, job.items("brand"), Graphic), "brand", Graphic)


def read_titles(diagnostics: Diagnostics, job: Section, style: Style) -> tuple[Timed, ...]:
    """The job's titles, each laid over its style, or the house's."""
    ids = EntryIds()
    return tuple(
        timed
        for written, kind in styled_titles(diagnostics, job, style)
        for timed in _timed(diagnostics, [written], "title", kind, ids)
    )


def read_marks(diagnostics: Diagnostics, style: Style) -> tuple[Timed, ...]:
    """The logos, then the visible AI labels, which nothing covers; from the first frame to the last where not said."""
    labels = _filled(diagnostics, style, style.labels, Label)
    logos = _filled(diagnostics, style, [(_as_logo(node), place) for node, place in style.bugs], Graphic)
    return _timed(diagnostics, logos, "bug", Graphic) + _timed(diagnostics, labels, "label", Label)


def read_grain(diagnostics: Diagnostics, style: Style) -> Grain | None:
    """Returns the film's grain; None if it has none."""
    if style.grain is None:
        return None
    return Section(diagnostics, "grain", style.grain, "grain").stage(Grain)


def _as_logo(node: Node) -> Node:
    """Returns the keys of a logo with the opacity that a logo has."""
    if not isinstance(node.value, dict) or "opacity" in node.mapping:
        return node
    opacity = Node(LOGO_OPACITY, node.line, node.file, str(LOGO_OPACITY))
    return Node({**node.mapping, "opacity": opacity}, node.line, node.file)


def _filled(
    diagnostics: Diagnostics, style: Style, written: Sequence[Placed], kind: type[LayerStage]
) -> list[Placed]:
    """Returns layers with the brand's tokens in their places."""
    return [(style.tokens.fill(diagnostics, node, kind, place), place) for node, place in written]


def _timed(
    diagnostics: Diagnostics,
    written: Sequence[Placed],
    form: str,
    kind: type[LayerStage],
    ids: EntryIds | None = None,
) -> tuple[Timed, ...]:
    read, ids = [], ids or EntryIds()
    for whole, place in written:
        node = _with_one_font(diagnostics, whole, place) if issubclass(kind, Title) else whole
        section = Section(diagnostics, form, node, place)
        own = ids.read(section)
        last = section.text("last") if "last" in section.form.keys else ""
        given = [key for key in ("at", "length") if last and key in section.node.mapping]
        for key in given:
            fix = f"keep one of `last` and `{key}`"
            diagnostics.say("given beside `last`", section.node.mapping[key], section.spot(key), fix=fix)
        at, length = section.text("at", "0s"), section.text("length")
        layer = (
            section.stage(kind, read_motion_key(section)) if issubclass(kind, Title) else section.stage(kind)
        )
        if isinstance(layer, Title):
            layer = replace(layer, nearest_weight=_takes_nearest_weight(diagnostics, node))
        if layer is not None:
            asserted = read_asserted(section) if form == "title" else None
            said = _said_by_job(diagnostics, section.node) if form == "label" else ()
            read.append(Timed(layer, at, length, node.where, own, last, asserted, said=said))
    return tuple(read)


def _said_by_job(diagnostics: Diagnostics, node: Node) -> tuple[str, ...]:
    """Returns the keys of a layer that the job's own file writes."""
    return tuple(sorted(key for key, item in node.mapping.items() if item.file.path == diagnostics.path))


def _with_one_font(diagnostics: Diagnostics, title: Node, place: str) -> Node:
    """Returns a title whose font is a file or a family: where a style has one of them and the job the other, the job's.

    Reports a fault where one file asks for both.
    """
    font, family = title.mapping.get("font"), title.mapping.get("family")
    if font is None or family is None:
        return title
    if font.file.path == family.file.path:
        diagnostics.say(
            "a title has a font or a family, not both", family, f"{place}.family",
            got=f"{family.text} beside {font.text}", fix="leave one of them out",
        )  # fmt: skip
    passed_over = "font" if family.file.path == diagnostics.path else "family"
    return replace(title, value={key: item for key, item in title.mapping.items() if key != passed_over})


def _takes_nearest_weight(diagnostics: Diagnostics, title: Node) -> bool:
    """Returns whether a title's weight is a style's and its font is not: then the nearest weight that it has will do.

    A weight that the job itself asks for, or that stands beside the font, must be one that the font has.
    """
    weight = title.mapping.get("weight")
    font = title.mapping.get("font") or title.mapping.get("family")
    return (
        weight is not None and font is not None and weight.file.path not in (diagnostics.path, font.file.path)
    )
