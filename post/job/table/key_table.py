"""Writes the keys of a job file as tables for the README, from the table that the loader reads by."""

from __future__ import annotations

from post.job.table.form import Form, Part
from post.job.table.schema_table import FORMS, NONE
from post.knob import Knob
from post.stage import find

_MANY = {
    "one": "{}",
    "list": "a list, each {}",
    "some": "one or a list, each {}",
    "map": "names, each with {}",
}


def job_markdown() -> str:
    """Returns one section for each form that has keys of its own: key, what it takes, meaning."""
    return "\n".join(_section(name, form) for name, form in FORMS.items() if form.keys)


def _section(name: str, form: Form) -> str:
    rows = [
        f"| {_name(key, form)} | {_cell(_takes(item))} | {_cell(item.doc)} |"
        for key, item in form.keys.items()
    ]
    old = [f"`{old}` is the old name of `{new}`." for old, new in form.renamed.items()]
    notes = [*_further(form), *old]
    return "\n".join(
        (
            f"### `{name}`\n\n{form.doc}.\n\n| key | takes | meaning |\n|---|---|---|",
            *rows,
            *([f"\n{' '.join(notes)}"] if notes else []),
            "",
        )
    )


def _name(key: str, form: Form) -> str:
    if key not in form.required:
        return f"`{key}`"
    return f"`{key}` (required, here or in the preset)" if "preset" in form.keys else f"`{key}` (required)"


def _further(form: Form) -> list[str]:
    """Returns what a form takes besides the keys of its table, in sentences."""
    found = []
    if form.stages:
        found.append(f"It also takes the knobs of {_stages(form)}, written beside these keys.")
    if form.open:
        found.append("Its other keys are knobs of the stage that it names.")
    return found


def _takes(item: Knob | Part) -> str:
    if isinstance(item, Knob):
        return item.expected
    ways = [_MANY[item.many].format(_form(item.form))]
    if item.preset:
        ways.append("a preset's name")
    if item.short is not None:
        ways.append(item.short.expected if item.short.choices else item.short.doc)
    if item.none:
        ways.append(f"`{NONE}`")
    return ", or ".join(ways)


def _form(name: str) -> str:
    form = FORMS[name]
    if form.keys:
        return f"[`{name}`](#{name})"
    if form.stages:
        return f"knobs of {_stages(form)}"
    return "any keys" if form.open else f"{form.doc[0].lower()}{form.doc[1:]}"


def _stages(form: Form) -> str:
    return " and ".join(f"[`{name}`](#{name}-{find(name).does})" for name in form.stages)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
