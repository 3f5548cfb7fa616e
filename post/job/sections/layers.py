"""Titles, labels and logos, and when they are on."""

from __future__ import annotations

from collections.abc import Sequence

from post.job.model import Timed
from post.job.reader import Desk, Section
from post.job.sections.style import Placed, Style
from post.stage import FieldStage, LayerStage


def read_titles(desk: Desk, job: Section, style: Style) -> tuple[Timed, ...]:
    """The job's titles, each laid over the house's title style."""
    if style.type is not None:
        Section(desk, "type", style.type, "type")
    laid = [(desk.over("type", style.type, node, place), place) for node, place in job.items("titles")]
    written = [(node, place) for node, place in laid if node is not None]
    return _timed(desk, written, "title", "title")


def read_marks(desk: Desk, style: Style) -> tuple[Timed, ...]:
    """The visible AI labels, then the logos; from the first frame to the last where not said."""
    return _timed(desk, style.labels, "label", "mark") + _timed(desk, style.bugs, "bug", "bug")


def read_grain(desk: Desk, style: Style) -> FieldStage | None:
    """The film's grain; None for none."""
    if style.grain is None:
        return None
    made = Section(desk, "grain", style.grain, "grain").stage("grain")
    return made if isinstance(made, FieldStage) else None


def _timed(desk: Desk, written: Sequence[Placed], form: str, stage: str) -> tuple[Timed, ...]:
    read = []
    for node, place in written:
        section = Section(desk, form, node, place)
        at, length = section.text("at", "0s"), section.text("length")
        layer = section.stage(stage)
        if isinstance(layer, LayerStage):
            read.append(Timed(layer, at, length, node.where))
    return tuple(read)
