"""Computes where a caption stands: in the box that its file gives it, moved into the safe area."""

from __future__ import annotations

import math

from post.captions.model import Caption, CaptionBox
from post.picture.captions.layout import CaptionBlock, is_leftward, is_vertical
from post.picture.type.place import Bounds
from post.values.colour import Format

SHARES = {"left": 0.0, "center": 0.5, "right": 1.0, "top": 0.0, "middle": 0.5, "bottom": 1.0}
LEAST_ROOM = 5  # a box narrower than this part of the safe area is as wide as all of it


def language_of(said: Caption, own: str) -> str:
    """Returns the language that a caption is set by. Lines of Japanese break between phrases, not inside words."""
    language = next((run.language for run in said.runs if run.language), own)
    japanese = language.split("-")[0].lower() == "ja" and "@" not in language
    return f"{language}@lw=phrase" if japanese else language


def side_of(said: Caption) -> str:
    """Returns the side that a caption's lines lie against; in columns, "left" is their top."""
    if said.align == "center" or (said.align in ("left", "right") and not is_vertical(said)):
        return said.align
    leftward = said.direction == "rtl" or (not said.direction and is_leftward(said.text))
    first = said.align in ("start", "left")
    return "left" if first != (leftward and not is_vertical(said)) else "right"


def room_in(box: CaptionBox | None, canvas: Format, area: Bounds, *, columns: bool = False) -> Bounds:
    """Returns the part of the safe area in which a caption's lines, or its columns, may stand."""
    if box is None:
        return area
    left, top, right, bottom = box.inset
    inside = Bounds(
        max(area.left, round((box.left + left) * canvas.width)),
        max(area.top, round((box.top + top) * canvas.height)),
        min(area.right, round((box.left + box.width - right) * canvas.width)),
        min(area.bottom, round((box.top + box.height - bottom) * canvas.height)),
    )
    # A box that lies outside the safe area, or nearly, leaves no room: its place is moved then.
    if columns and inside.height < area.height // LEAST_ROOM:
        return Bounds(inside.left, area.top, inside.right, area.bottom)
    if not columns and inside.width < area.width // LEAST_ROOM:
        return Bounds(area.left, inside.top, area.right, inside.bottom)
    return inside


def place_in_box(said: Caption, box: Bounds, room: Bounds, area: Bounds) -> tuple[int, int]:
    """Returns the top left pixel of a caption that stands in its file's own box, moved into the safe area."""
    assert said.box is not None
    along, beside = SHARES[side_of(said)], SHARES[said.box.against]
    if is_vertical(said):  # "top" is the side of the first column
        across, down = (1 - beside if said.writing == "vertical-rl" else beside), along
    else:
        across, down = along, beside
    left = room.left + math.floor((room.width - box.width) * across)
    top = room.top + math.floor((room.height - box.height) * down)
    left = min(max(left, area.left), area.right - box.width)
    return left, min(max(top, area.top), area.bottom - box.height)


def panels_of(
    said: Caption, canvas: Format, room: Bounds, set_at: tuple[int, CaptionBlock]
) -> tuple[tuple[Bounds, str], ...]:
    """Returns what a file has behind a caption: its box's background, then that of its lines over the width of the box.

    set_at: the top of its lines in the frame, and the lines.
    """
    assert said.box is not None
    top, block = set_at
    left, over = said.box.left * canvas.width, said.box.top * canvas.height
    whole = Bounds(
        round(left), round(over), round(left + said.box.width * canvas.width),
        round(over + said.box.height * canvas.height),
    )  # fmt: skip
    lines = Bounds(room.left, top, room.right, top + block.height)
    pairs = ((whole, said.box.background), (lines, "" if is_vertical(said) else said.background))
    return tuple((box, colour) for box, colour in pairs if colour and box.width > 0 and box.height > 0)
