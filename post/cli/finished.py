"""Tells of finished films."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from post.cli.environment import read_environment
from post.cli.text.warning_text import row_lines, wrapped


def finished_lines(data: dict[str, Any]) -> list[str]:
    """Returns the lines that a person reads of a finished job."""
    rows = [line for each in data["deliverables"] for line in _film_lines(each)]
    warnings = row_lines(data["warnings"], read_environment().columns)
    report = [f"report: {data['report']}"] if data["report"] else []
    return [*rows, *warnings, *report, f"{data['seconds']:.1f} s"]


def _film_lines(film: dict[str, Any]) -> list[str]:
    from post.deliver.sound.account import sound_line

    lines = [
        f"{film['name']:20} {film['width']}x{film['height']} {film['frames']} frames, "
        f"{film['segments']} segments ({film['reused']} reused), {_kind(film)}: {film['path']}"
    ]
    if film["sound"]:
        lines += wrapped(f"  sound: {sound_line(film['sound'])}", read_environment().columns, 4)
    lines += [
        f"  {made['format']} {made['language'] or 'captions'}: {made['path']}" for made in film["sidecars"]
    ]
    if film["stems"]:
        lines.append(f"  {len(film['stems'])} stems, unsigned: {Path(film['stems'][0]['path']).parent}")
    return lines


def _kind(film: dict[str, Any]) -> str:
    """Returns whether a film is signed, now or before, or which frames of an unsigned part it is."""
    if film["signed"]:
        return "kept as it was signed" if film["kept"] else "signed"
    if "range" not in film:
        return "unsigned, waits for approval"
    part = film["range"]
    return f"a range (frames {part['first']} to {part['stop'] - 1} of {part['of']}), unsigned"
