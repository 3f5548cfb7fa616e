"""Reads the times and settings of WebVTT cues and regions (W3C 6.2 and 6.3)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from post.captions.clock import LONGEST_HOURS, seconds_of
from post.captions.webvtt.syntax import WebVttRegion, WebVttSettings

SPACE = " \t\n\f\r"
_STAMP = re.compile(r"(?:(\d+):)?(\d\d):(\d\d)\.(\d{3})", re.ASCII)
_TIMES = re.compile(rf"[{SPACE}]*([\d:]+\.\d+)[{SPACE}]*-->[{SPACE}]*([\d:]+\.\d+)(.*)", re.ASCII | re.DOTALL)
_SHARE = re.compile(r"(\d+(?:\.\d+)?)%", re.ASCII)
_LINE = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
LINE_ALIGNS, POSITION_ALIGNS = ("start", "center", "end"), ("line-left", "center", "line-right")
ALIGNS = ("start", "center", "end", "left", "right")
MOST_DIGITS = 1000  # longer numbers are read as none; the largest double has 309


def read_timestamp(text: str) -> Fraction | None:
    """Returns the seconds of "01:02:03.004" or "02:03.004"; None where it is no timestamp of WebVTT."""
    found = _STAMP.fullmatch(text)
    if found is None or len(found[1] or "") > LONGEST_HOURS or int(found[2]) > 59 or int(found[3]) > 59:
        return None
    return seconds_of(found[1] or 0, found[2], found[3], found[4])


def read_times(line: str) -> tuple[Fraction, Fraction, str] | None:
    """Returns the start and stop of a cue, seconds, and the settings behind them; None where a browser drops it."""
    found = _TIMES.fullmatch(line)
    if found is None:
        return None
    start, stop = read_timestamp(found[1]), read_timestamp(found[2])
    return None if start is None or stop is None else (start, stop, found[3])


def read_settings(text: str, regions: Mapping[str, WebVttRegion]) -> tuple[WebVttSettings, list[str]]:
    """Returns a cue's settings, and those that browsers pass over."""
    settings, ignored = WebVttSettings(), []
    for setting, name, value in _pairs(text):
        if name == "region" and value in regions:
            change: dict[str, Any] | None = {"region": regions[value]}
        else:
            change = _READERS.get(name, _unknown)(value)
        if change is None:
            ignored.append(setting)
        else:
            settings = replace(settings, **change)
    if settings.region and (settings.line is not None or settings.size != 100 or settings.vertical):
        settings = replace(settings, region=None)
        ignored.append("region (with line, size or vertical)")
    return settings, ignored


def read_region(text: str) -> tuple[WebVttRegion, list[str]]:
    """Returns a region from the lines of its block, and those settings that browsers pass over."""
    region, ignored = WebVttRegion(), []
    for setting, name, value in _pairs(text):
        change = _REGION_READERS.get(name, _unknown)(value)
        if change is None:
            ignored.append(setting)
        else:
            region = replace(region, **change)
    return region, ignored


def _pairs(text: str) -> Iterator[tuple[str, str, str]]:
    """Each setting, its name and its value; both are "" where it is none."""
    for setting in re.split(f"[{SPACE}]+", text.strip(SPACE)):
        name, colon, value = setting.partition(":")
        if name and colon and value:
            yield setting, name, value
        elif setting:
            yield setting, "", ""


def _share(text: str) -> Fraction | None:
    found = _SHARE.fullmatch(text)
    if found is None or len(text) > MOST_DIGITS:
        return None
    return value if (value := Fraction(found[1])) <= 100 else None


def _vertical(value: str) -> dict[str, Any] | None:
    return {"vertical": value} if value in ("rl", "lr") else None


def _line(value: str) -> dict[str, Any] | None:
    at, comma, align = value.partition(",")
    if comma and align not in LINE_ALIGNS:
        return None
    share = at.endswith("%")
    number = _share(at) if share else _line_number(at)
    if number is None:
        return None
    return {"line": number, "snap": not share} | ({"line_align": align} if comma else {})


def _line_number(text: str) -> Fraction | None:
    """Numbers beyond those of a double are none, as in a browser."""
    if not _LINE.fullmatch(text) or len(text) > MOST_DIGITS or math.isinf(float(text)):
        return None
    return Fraction(text)


def _position(value: str) -> dict[str, Any] | None:
    at, comma, align = value.partition(",")
    number = _share(at)
    if number is None or (comma and align not in POSITION_ALIGNS):
        return None
    return {"position": number} | ({"position_align": align} if comma else {})


def _size(value: str) -> dict[str, Any] | None:
    return None if (number := _share(value)) is None else {"size": number}


def _align(value: str) -> dict[str, Any] | None:
    return {"align": value} if value in ALIGNS else None


def _lines(value: str) -> dict[str, Any] | None:
    return {"lines": int(value)} if re.fullmatch(r"[0-9]{1,100}", value) else None


def _anchor(key: str) -> Callable[[str], dict[str, Any] | None]:
    def read(value: str) -> dict[str, Any] | None:
        across, _, down = value.partition(",")
        x, y = _share(across), _share(down)
        return None if x is None or y is None else {key: (x, y)}

    return read


def _width(value: str) -> dict[str, Any] | None:
    return None if (number := _share(value)) is None else {"width": number}


def _scroll(value: str) -> dict[str, Any] | None:
    return {"scroll": True} if value == "up" else None


def _unknown(_value: str) -> None:
    return None


_READERS: Mapping[str, Callable[[str], dict[str, Any] | None]] = {
    "vertical": _vertical, "line": _line, "position": _position, "size": _size, "align": _align,
}  # fmt: skip
_REGION_READERS: Mapping[str, Callable[[str], dict[str, Any] | None]] = {
    "id": lambda value: {"id": value},
    "width": _width,
    "lines": _lines,
    "regionanchor": _anchor("anchor"),
    "viewportanchor": _anchor("viewport"),
    "scroll": _scroll,
}
