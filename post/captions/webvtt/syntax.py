"""Defines the parts of a WebVTT file as its parser leaves them: cues, regions and what their settings say."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from post.errors import JobError

CueAlign = Literal["start", "center", "end", "left", "right"]


@dataclass(frozen=True, slots=True)
class WebVttRegion:
    """A region (W3C 3.4). Shares of 100: width, anchors (in the region, in the frame). lines: its height."""

    id: str = ""
    width: Fraction = Fraction(100)
    lines: int = 3
    anchor: tuple[Fraction, Fraction] = (Fraction(0), Fraction(100))
    viewport: tuple[Fraction, Fraction] = (Fraction(0), Fraction(100))
    scroll: bool = False


@dataclass(frozen=True, slots=True)
class WebVttSettings:
    """What stands behind the times of a cue (W3C 4.4). line, position, size: numbers as written; None is "auto".

    snap: `line` counts lines from the top, or from the bottom where it is negative; else it is a share of 100.
    """

    vertical: Literal["", "rl", "lr"] = ""
    line: Fraction | None = None
    snap: bool = True
    line_align: Literal["start", "center", "end"] = "start"
    position: Fraction | None = None
    position_align: Literal["", "line-left", "center", "line-right"] = ""
    size: Fraction = Fraction(100)
    align: CueAlign = "center"
    region: WebVttRegion | None = None


@dataclass(frozen=True, slots=True)
class WebVttCue:
    """A cue. start, stop: seconds; text: as in the file; line: of the file, from 1, that its times stand in."""

    id: str
    start: Fraction
    stop: Fraction
    settings: WebVttSettings
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class WebVttFile:
    """What a browser reads of a file, and what it does not.

    styles: (text, line it begins in) of each STYLE block; faults: what loses a cue, each with file and line;
    ignored: settings that are passed over, as "file:line: which".
    """

    cues: tuple[WebVttCue, ...] = ()
    styles: tuple[tuple[str, int], ...] = ()
    header: tuple[str, ...] = ()
    faults: tuple[JobError, ...] = ()
    ignored: tuple[str, ...] = ()
