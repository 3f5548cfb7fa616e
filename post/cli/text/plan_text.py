"""Draws a plan for a terminal: a timeline of bars in columns, what will be made and why, and the warnings."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len, set_cell_size

from post.cli.text.warning_text import warning_lines, wrapped

if TYPE_CHECKING:
    from post.report.timeline import Bar, TimelineRow
    from post.values import Plan

NAME, NOTE, INDENT = 20, 15, 2  # columns
# Seconds between two marks of the ruler, and the columns that a mark and its number need.
STEPS = (
    Fraction(1, 4),
    Fraction(1, 2),
    *map(Fraction, (1, 2, 3, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)),
)
MARK_COLUMNS = 9


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters that bars are drawn with, by pace; tick: of the ruler."""

    normal: str
    slow: str
    fast: str
    transition: str
    tick: str


BLOCKS = Glyphs("█", "▓", "▒", "╱", "|")
ASCII = Glyphs("=", "-", ">", "/", "|")


def stdout_glyphs() -> Glyphs:
    """Returns the glyphs that stdout can show."""
    try:
        "".join(astuple(BLOCKS)).encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return ASCII
    return BLOCKS


MEANINGS = {"transition": "transition", "slow": "slowed", "fast": "sped up"}


def plan_lines(
    plan: Plan, data: Mapping[str, Any], rows: Sequence[TimelineRow], columns: int, glyphs: Glyphs
) -> list[str]:
    """Returns what `plan` prints: at most `columns` wide, but for values that cannot be broken.

    data: the `plan` object of the command-line contract; rows: the film's timeline.
    """
    return [
        *_head(plan, data, columns),
        "",
        *_timeline(plan, rows, columns, glyphs),
        "",
        *_films(data, columns),
        "",
        *_to_make(data, columns),
        "",
        *(warning_lines(plan.warnings, columns) or ["no warnings"]),
    ]


def value_lines(data: Mapping[str, Any]) -> list[str]:
    """Returns each value that the plan rests on, and where it comes from."""
    rows = (f"  {row['place']:40} {row['value']:24} {row['origin']}" for row in data["values"])
    return ["", "values", *rows]


def _head(plan: Plan, data: Mapping[str, Any], columns: int) -> list[str]:
    film = plan.renditions[0]
    shots = len(film.shots)
    text = (
        f"{plan.title}: {data['seconds']:.2f} s, {film.format.length} frames at "
        f"{float(plan.clock.rate):.6g} fps, {shots} shot{'s' * (shots > 1)}"
    )
    return wrapped(text, columns)


def _timeline(plan: Plan, rows: Sequence[TimelineRow], columns: int, glyphs: Glyphs) -> Iterator[str]:
    length = plan.renditions[0].format.length
    wide = columns - INDENT - NAME - NOTE - 2
    yield from _ruler(float(plan.clock.seconds(length)), wide, glyphs)
    for group, members in groupby(rows, key=lambda row: row.group):
        yield group
        for row in members:
            name = set_cell_size(_short(row.name), NAME)
            yield f"{' ' * INDENT}{name} {_bars(row.bars, length, wide, glyphs)} {row.note}".rstrip()
    used = [pace for pace in MEANINGS if any(bar.pace == pace for row in rows for bar in row.bars)]
    if used:
        legend = "   ".join(f"{getattr(glyphs, pace)} {MEANINGS[pace]}" for pace in used)
        yield " " * (INDENT + NAME + 1) + legend


def _short(name: str) -> str:
    """Returns a name that fits its column, with dots for what is left out of its middle."""
    if cell_len(name) <= NAME:
        return name
    half = (NAME - 2) // 2
    return f"{set_cell_size(name, NAME - 2 - half).rstrip()}..{name[-half:]}"


def _ruler(seconds: float, wide: int, glyphs: Glyphs) -> Iterator[str]:
    step = next((each for each in STEPS if float(each) / seconds * wide >= MARK_COLUMNS), STEPS[-1])
    numbers, ticks = [" "] * (wide + MARK_COLUMNS), [" "] * wide
    for mark in range(int(Fraction(seconds) / step) + 1):
        at = int(float(step * mark) / seconds * wide)
        if at >= wide:
            break
        text = f"{float(step * mark):g}s"
        numbers[at : at + len(text)] = text
        ticks[at] = glyphs.tick
    left = " " * (INDENT + NAME + 1)
    yield (left + "".join(numbers)).rstrip()
    yield (left + "".join(ticks)).rstrip()


def _bars(bars: Sequence[Bar], length: int, wide: int, glyphs: Glyphs) -> str:
    """Returns a row's bars. A bar shorter than a column is drawn in one; a later bar over an earlier one."""
    cells = [" "] * wide
    for bar in bars:
        if not len(bar.span):
            continue
        first = min(bar.span.first * wide // length, wide - 1)
        stop = max(first + 1, min(-(-bar.span.stop * wide // length), wide))
        if bar.pace == "normal" and stop - first > 1 and bar.span.stop < length:
            stop = max(first + 1, bar.span.stop * wide // length)
        cells[first:stop] = getattr(glyphs, bar.pace) * (stop - first)
    return "".join(cells)


def _films(data: Mapping[str, Any], columns: int) -> Iterator[str]:
    yield "films"
    for each in data["deliverables"]:
        size = f"{each['width']}x{each['height']}"
        made = f"{each['cached']} of {each['segments']} segments made"
        yield from wrapped(f"  {each['name']:{NAME}} {size:9}  {each['codec']:8} {made}", columns, INDENT + 2)


def _to_make(data: Mapping[str, Any], columns: int) -> Iterator[str]:
    """Yields what will be made: the same part of several films for the same reasons once."""
    work, films = data["work"], [each["name"] for each in data["deliverables"]]
    if not data["remade"]:
        yield "to make: nothing; every segment is in the store"
        return
    left = work["unique"] - work["cached"]
    yield f"to make: {left} of {work['unique']} segments"
    if not any(each["finished_before"] for each in data["remade"]):
        yield "  all of it: no film of this job was finished before"
        return
    parts: dict[tuple[float, float, tuple[str, ...]], list[str]] = {}
    for each in data["remade"]:
        parts.setdefault((each["from_s"], each["to_s"], tuple(each["why"])), []).append(each["film"])
    for (first, stop, why), of in sorted(parts.items()):
        where = "" if of == films else f"{', '.join(of)}: "
        span = f"  {first:.2f} s to {stop:.2f} s"
        yield from wrapped(f"{span:22} {where}{', '.join(why)}", columns, indent=23)
