"""Measures where regions stand from the left and the top.

ttconv takes an offset from the right or the bottom for one of the region's left or top side (TTML 2, tts:position).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ttconv import model
from ttconv import style_properties as styles
from ttconv.style_properties import LengthType, PositionType
from ttconv.style_properties import StyleProperties as Style

WHOLE = 100
PERCENT = LengthType.Units.pct
WIDTH, HEIGHT = LengthType.Units.rw, LengthType.Units.rh  # hundredths of the frame


def measure_from_top_left(document: model.ContentDocument) -> None:
    """Rewrites each tts:position of a document, in place, so that it counts from the left and the top edge.

    A region that would begin outside the frame begins at its edge, since ttconv has no offsets below 0.
    """
    for region in document.iter_regions():
        extent = region.get_style(Style.Extent) or document.get_initial_value(Style.Extent)
        size = extent or Style.Extent.make_initial_value()
        own = region.get_style(Style.Position)
        if own is not None:
            region.set_style(Style.Position, _from_top_left(own, size, document))
        for step in list(region.iter_animation_steps()):
            if step.style_property is Style.Position:
                region.remove_animation_step(step)
                region.add_animation_step(replace(step, value=_from_top_left(step.value, size, document)))


def _from_top_left(position: PositionType, size: styles.ExtentType, document: Any) -> PositionType:
    across, down, pixels = position.h_offset, position.v_offset, document.get_px_resolution()
    if position.h_edge is PositionType.HEdge.right:
        across = _from_start(across, size.width, WIDTH, pixels.width)
    if position.v_edge is PositionType.VEdge.bottom:
        down = _from_start(down, size.height, HEIGHT, pixels.height)
    return PositionType(across, down)


def _from_start(offset: LengthType, size: LengthType, unit: LengthType.Units, pixels: int) -> LengthType:
    """Returns an offset from the far edge as one from the near edge. unit: of the frame; pixels: that it has along it.

    A percentage is of the room that the region leaves, and a length is from edge to edge.
    """
    if offset.units is PERCENT:
        return LengthType(max(WHOLE - offset.value, 0), PERCENT)
    taken, beyond = (
        each.value * WHOLE / pixels if each.units is LengthType.Units.px else each.value
        for each in (size, offset)
    )
    return LengthType(max(WHOLE - taken - beyond, 0), unit)
