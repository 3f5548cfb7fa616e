"""Makes the reference of stages and knobs from the knobs themselves, for `answerprint stages` and the README."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from post.knob import public_knobs
from post.stage import Stage, find, stage_names
from post.values.short_text import short_text


def stage_table(only: str = "") -> list[dict[str, Any]]:
    """Returns each stage with its knobs, as plain data. Raises JobError if there is no stage named `only`."""
    return [_stage_row(find(name)) for name in ([only] if only else stage_names())]


def stage_lines(rows: list[dict[str, Any]]) -> list[str]:
    """Returns the rows of `stage_table` as lines for a person."""
    lines = []
    for row in rows:
        lines.append(f"{row['name']} ({row['does']}, version {row['version']}): {row['doc']}")
        lines += [
            f"    {knob['name']:16} {short_text(knob['default']):14} {knob['expected']:34} {knob['doc']}"
            for knob in row["knobs"]
        ]
    return lines


def stage_markdown() -> str:
    """Returns every stage with a table of its knobs, in Markdown, for the README."""
    parts = []
    for row in stage_table():
        parts.append(f"#### `{row['name']}` ({row['does']})\n\n{row['doc']}\n")
        if row["knobs"]:
            parts.append("| knob | default | accepts | meaning |\n|---|---|---|---|")
            parts += [_markdown_row(knob) for knob in row["knobs"]]
            parts.append("")
    return "\n".join(parts)


def _stage_row(kind: type[Stage]) -> dict[str, Any]:
    defaults = {f.name: f.default for f in fields(kind)}  # type: ignore[arg-type]  # a dataclass once declared
    return {
        "name": kind.name,
        "version": kind.version,
        "does": kind.does,
        "doc": " ".join((kind.__doc__ or "").split()),
        "knobs": [
            {
                "name": name,
                "default": _default(defaults[name]),
                "expected": knob.expected,
                "unit": knob.unit,
                "doc": knob.doc,
                "source": knob.source,
            }
            for name, knob in public_knobs(kind).items()
        ],
    }


def _default(value: object) -> object:
    if value is MISSING:
        return "required"
    return list(value) if isinstance(value, tuple) else value


def _markdown_row(knob: dict[str, Any]) -> str:
    cells = (short_text(knob[column]) for column in ("default", "expected", "doc"))
    return f"| `{knob['name']}` | " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
