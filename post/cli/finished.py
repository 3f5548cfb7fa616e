"""Tells of finished films."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from post.api.signoff.told import UnapprovedFilms
from post.cli.environment import read_environment
from post.cli.output import print_note, print_result
from post.cli.stopwatch import COMMAND
from post.cli.text.warning_text import row_lines, wrapped


def finished_lines(data: dict[str, Any]) -> list[str]:
    """Returns the lines that a person reads of a finished job."""
    rows = [line for each in data["deliverables"] for line in _film_lines(each)]
    warnings = row_lines(data["warnings"], read_environment().columns)
    report = [f"report: {data['report']}"] if data["report"] else []
    return [*rows, *warnings, *report, f"{data['seconds']:.1f} s"]


@contextmanager
def shown_if_waiting(*, as_json: bool, shown: bool, may_wait: bool = False) -> Iterator[None]:
    """Prints the candidates and what is asked, where the block ends because films wait for approval.

    shown: else it does not; may_wait: the command ends with 0 then, for that is no failure.
    """
    try:
        yield
    except UnapprovedFilms as fault:
        if shown:
            data = {**fault.data, "seconds": COMMAND.seconds()}
            print_result(data, as_json, finished_lines(data))
        if not may_wait:
            raise
        for each in fault.faults:
            print_note(str(each))
        raise typer.Exit(0) from None


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
