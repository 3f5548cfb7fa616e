"""Finds where a browser puts a WebVTT cue (W3C 7.2, processing model): a box in shares of the frame.

Lines count by the height that browsers give a region's line, 5.33 % of the frame.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from post.captions.model import Against, CaptionBox
from post.captions.webvtt.syntax import WebVttRegion, WebVttSettings

LINE = Fraction(533, 10000)
NOWHERE = WebVttSettings()
OPPOSITE: dict[Against, Against] = {"top": "bottom", "bottom": "top", "middle": "middle"}


def place_cue(settings: WebVttSettings) -> CaptionBox | None:
    """Returns the box of a cue; None where its settings leave it to the player."""
    if settings.line == -1 and settings.snap:  # where a browser puts cues that say nothing
        settings = replace(settings, line=None, line_align="start")
    if replace(settings, align=NOWHERE.align) == NOWHERE:
        return None
    start, length = _along(settings)
    if settings.region is not None:
        left, top, width, height = _region(settings.region)
        return CaptionBox(left + start * width, top, length * width, height, "bottom")
    begin, depth, against = _across(settings)
    if not settings.vertical:
        return CaptionBox(start, begin, length, depth, against)
    if settings.vertical == "rl" and settings.snap:
        begin = 1 - begin - depth
    elif settings.vertical == "rl":
        against = OPPOSITE[against]
    return CaptionBox(begin, start, depth, length, against)


def _along(settings: WebVttSettings) -> tuple[Fraction, Fraction]:
    """Returns start and length of its lines, shares of the frame."""
    side, place = _side(settings), _position(settings)
    most = {"line-left": 1 - place, "line-right": place}.get(side, 2 * min(place, 1 - place))
    length = min(settings.size / 100, most)
    before = {"line-left": Fraction(0), "line-right": length}.get(side, length / 2)
    return place - before, length


def _side(settings: WebVttSettings) -> str:
    if settings.position_align:
        return settings.position_align
    return {"start": "line-left", "left": "line-left", "end": "line-right", "right": "line-right"}.get(
        settings.align, "center"
    )


def _position(settings: WebVttSettings) -> Fraction:
    if settings.position is not None:
        return settings.position / 100
    return {"start": Fraction(0), "left": Fraction(0), "end": Fraction(1), "right": Fraction(1)}.get(
        settings.align, Fraction(1, 2)
    )


def _across(settings: WebVttSettings) -> tuple[Fraction, Fraction, Against]:
    """Returns where its lines may stand: from the first line's side, how far, and against which side."""
    line = settings.line
    if line is None:
        return Fraction(0), Fraction(1), "bottom"
    if settings.snap and line >= 0:
        begin = min(line * LINE, 1 - LINE)
        return begin, 1 - begin, "top"
    if settings.snap:
        return Fraction(0), max(LINE, 1 - (-line - 1) * LINE), "bottom"
    at = line / 100
    if settings.line_align == "end":
        return Fraction(0), at, "bottom"
    if settings.line_align == "center":
        half = min(at, 1 - at)
        return at - half, 2 * half, "middle"
    return at, 1 - at, "top"


def _region(region: WebVttRegion) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    width, height = region.width / 100, min(region.lines * LINE, Fraction(1))
    left = region.viewport[0] / 100 - region.anchor[0] / 100 * width
    top = region.viewport[1] / 100 - region.anchor[1] / 100 * height
    return left, top, width, height
