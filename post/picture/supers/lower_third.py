"""Sets two texts, one under the other, on plates with an accent bar: a lower third, and what looks like one."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from post.picture.supers.sheet import Panel, stacked
from post.picture.type.block import ALIGN, TextSpec, TypeBlock, set_type
from post.picture.type.face import FontSpec
from post.picture.type.paint import Colour, Plate, Shadow, TypePaint, extent, paint
from post.picture.type.place import Bounds, around, place_box
from post.stage import Raster

# The share of the padding that marks above capitals, and tails below the baseline, may take before the plate grows:
# plates of one style are of one height, whatever letters a name has.
INTO_PADDING = 0.6
CLEAR_OF_TAILS = 0.25  # of the gap, between the tails of one text and the marks of the next


@dataclass(frozen=True, slots=True)
class SetText:
    """One of the two texts. spec: what is set; its width is decided here; cuts: its fonts, in order."""

    spec: TextSpec
    cuts: Sequence[FontSpec]
    colour: Colour


@dataclass(frozen=True, slots=True)
class SuperLook:
    """What surrounds the type. plate, second_plate: None for none; bar: "none" | "side" | "over" | "under"; bar_px,
    padding, gap, radius: pixels."""

    plate: Plate | None
    second_plate: Plate | None
    shadow: Shadow | None
    bar: str
    bar_colour: Colour
    bar_px: int
    padding: int
    gap: int
    radius: float

    @property
    def inset(self) -> int:
        """The pixels from a text to the end of what stands beside it."""
        return self.padding if self.plate or self.second_plate else 0

    @property
    def beside(self) -> int:
        """The pixels that the bar takes at the side, with the room between it and type that has no plate."""
        if self.bar != "side":
            return 0
        return self.bar_px + (0 if self.inset else self.padding)


@dataclass(frozen=True, slots=True)
class _Row:
    """A set text and where its block lies, from the corner of the whole."""

    text: SetText
    block: TypeBlock
    left: int
    top: int

    @property
    def bounds(self) -> Bounds:
        """The box of its lines and its ink."""
        return extent(self.block, None).moved(self.left, self.top)


def reads_leftward(text: str) -> bool:
    """Returns whether the first strong letter of a text runs from right to left (UAX 9, P2 and P3)."""
    strong = (kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL"))
    return next(strong, "L") != "L"


def set_super(texts: Sequence[SetText], look: SuperLook, area: Bounds, place: str, where: str) -> Raster:
    """Returns one or two texts, with plates and bar, at a named place of the safe area.

    In the lower third, what reads from right to left stands at the right. where: the knob that errors name.
    Raises JobError where they do not fit, or a letter is in no font.
    """
    leftward = reads_leftward(texts[0].spec.text)
    rows = _rows(texts, look, area.width, leftward)
    panels = _panels(rows, look, leftward)
    whole = around([*(panel.box for panel in panels), *(row.bounds for row in rows)])
    left, top = place_box(whole.width, whole.height, area, place, where)
    if place == "lower-third" and leftward:
        left = area.left + area.right - left - whole.width
    left, top = left - whole.left, top - whole.top
    layers: list[Panel | Raster] = [panel.moved(left, top) for panel in panels]
    for row in rows:
        rgba, over, up = paint(row.block, TypePaint(row.text.colour, None, look.shadow))
        layers.append(Raster(rgba, left + row.left + over, top + row.top + up))
    return stacked(layers)


def _rows(texts: Sequence[SetText], look: SuperLook, width: int, leftward: bool) -> list[_Row]:
    """Returns the texts set, each under the one before it. The first one's capitals begin at row 0."""
    room = width - 2 * look.inset - look.beside
    blocks = [set_type(replace(text.spec, width_px=room), text.cuts, tight=True) for text in texts]
    widest = max(block.inked_width for block in blocks)
    rows, top = list[_Row](), 0
    for text, block in zip(texts, blocks, strict=True):
        box = extent(block, None)
        if rows:
            top += _gap(rows[-1].block, block, look)
        share = ALIGN[text.spec.align]
        share = 1 - share if leftward and text.spec.align == "left" else share
        rows.append(_Row(text, block, round((widest - box.width) * share) - box.left, top))
        top += block.height
    return rows


def _gap(above: TypeBlock, below: TypeBlock, look: SuperLook) -> int:
    """Returns the pixels from the last baseline of one text to the capitals of the next."""
    tails = max(extent(above, None).bottom - above.height, 0)
    marks = max(-extent(below, None).top, 0)
    if look.second_plate:
        return _padded(tails, look) + _padded(marks, look)
    return max(look.gap, tails + marks + round(CLEAR_OF_TAILS * look.gap))


def _padded(beyond: int, look: SuperLook) -> int:
    """Returns the padding above capitals or under a baseline, where ink reaches so many pixels beyond them."""
    return max(look.padding, beyond + look.padding - round(INTO_PADDING * look.padding))


def _panels(rows: Sequence[_Row], look: SuperLook, leftward: bool) -> list[Panel]:
    """Returns the plates and the bar, from the corner that the rows count from."""
    plates = _plates(rows, look)
    body = around([panel.box for panel in plates] or [row.bounds for row in rows])
    bars = [] if look.bar == "none" else [Panel(_bar(body, look, leftward), look.bar_colour)]
    if not plates:
        return bars
    whole = around([panel.box for panel in (*plates, *bars)])
    return [replace(panel, radius=look.radius, body=whole) for panel in (*plates, *bars)]


def _plates(rows: Sequence[_Row], look: SuperLook) -> list[Panel]:
    left = min(row.bounds.left for row in rows) - look.inset
    right = max(row.bounds.right for row in rows) + look.inset
    first, last = rows[0], rows[-1]
    top = first.top - _padded(first.top - first.bounds.top, look)
    foot = last.top + last.block.height
    foot += _padded(last.bounds.bottom - foot, look)
    whole = Bounds(left, top, right, foot)
    if not look.second_plate or len(rows) == 1:
        return [_plate(look.plate, whole)] if look.plate else []
    tails = first.bounds.bottom - first.top - first.block.height
    seam = first.top + first.block.height + _padded(tails, look)
    lower = _plate(look.second_plate, replace(whole, top=seam))
    return [*([_plate(look.plate, replace(whole, bottom=seam))] if look.plate else []), lower]


def _plate(plate: Plate, box: Bounds) -> Panel:
    return Panel(box, plate.colour, plate.opacity)


def _bar(body: Bounds, look: SuperLook, leftward: bool) -> Bounds:
    """Returns the bar at the body's side, over it or under it."""
    away = 0 if look.inset else look.padding
    if look.bar == "over":
        return Bounds(body.left, body.top - away - look.bar_px, body.right, body.top - away)
    if look.bar == "under":
        return Bounds(body.left, body.bottom + away, body.right, body.bottom + away + look.bar_px)
    if leftward:
        return Bounds(body.right + away, body.top, body.right + away + look.bar_px, body.bottom)
    return Bounds(body.left - away - look.bar_px, body.top, body.left - away, body.bottom)
