"""Titles, labels and logos, and when they are on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from post.job.diagnostics import Diagnostics
from post.job.model import Timed
from post.job.reader import Section
from post.job.sections.entries import EntryIds
from post.job.sections.motion import read_asserted, read_motion_key
from post.job.sections.style import Placed, Style
from post.picture.bug import Bug
from post.picture.grain.grain import Grain
from post.picture.label import Label
from post.picture.title import Title
from post.stage import LayerStage
from presets import Node


def read_titles(diagnostics: Diagnostics, job: Section, style: Style) -> tuple[Timed, ...]:
    """The job's titles, each laid over the house's title style."""
    if style.type is not None:
        # Opening a section reports its unknown keys, also in a job without titles. Titles read the style itself.
        Section(diagnostics, "type", style.type, "type")
    laid = [(diagnostics.over("type", style.type, node, place), place) for node, place in job.items("titles")]
    written = [(node, place) for node, place in laid if node is not None]
    return _timed(diagnostics, written, "title", Title)


def read_marks(diagnostics: Diagnostics, style: Style) -> tuple[Timed, ...]:
    """The logos, then the visible AI labels, which nothing covers; from the first frame to the last where not said."""
    labels = _timed(diagnostics, style.labels, "label", Label)
    return _timed(diagnostics, style.bugs, "bug", Bug) + labels


def read_grain(diagnostics: Diagnostics, style: Style) -> Grain | None:
    """Returns the film's grain; None if it has none."""
    if style.grain is None:
        return None
    return Section(diagnostics, "grain", style.grain, "grain").stage(Grain)


def _timed(
    diagnostics: Diagnostics, written: Sequence[Placed], form: str, kind: type[LayerStage]
) -> tuple[Timed, ...]:
    read, ids = [], EntryIds()
    for node, place in written:
        section = Section(diagnostics, form, node, place)
        own = ids.read(section)
        at, length = section.text("at", "0s"), section.text("length")
        layer = section.stage(kind, read_motion_key(section)) if kind is Title else section.stage(kind)
        if isinstance(layer, Title):
            layer = replace(layer, nearest_weight=_takes_nearest_weight(diagnostics, node))
        if layer is not None:
            asserted = read_asserted(section) if kind is Title else None
            read.append(Timed(layer, at, length, node.where, own, asserted))
    return tuple(read)


def _takes_nearest_weight(diagnostics: Diagnostics, title: Node) -> bool:
    """Returns whether a title's weight is a style's and its font is not: then the nearest weight that it has will do.

    A weight that the job itself asks for, or that stands beside the font, must be one that the font has.
    """
    weight = title.mapping.get("weight")
    font = title.mapping.get("font") or title.mapping.get("family")
    return (
        weight is not None and font is not None and weight.file.path not in (diagnostics.path, font.file.path)
    )
