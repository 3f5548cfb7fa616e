"""Makes the JSON Schema of the motion brief, and the table of its checks, from what the loader reads by."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

# Importing a module declares its types of check.
from post.job.brief import edit_checks, motion_checks, picture_checks, word_checks  # noqa: F401
from post.job.brief.rule_check import CHECK_TYPES, RuleCheck, is_listed
from post.job.table.brief_table import BRIEF_FORMS
from post.job.table.schema import DRAFT, Schema, form_schema
from post.knob import Knob, knobs_of


def brief_schema() -> Schema:
    """Returns the JSON Schema (draft 7) of the brief, with every type of check and its parameters."""
    definitions = {name: form_schema(form) for name, form in BRIEF_FORMS.items()}
    names: Schema = {"enum": sorted(CHECK_TYPES), "description": "a type of check, with its defaults"}
    definitions["rule-check"] = {"anyOf": [_check(kind) for _, kind in sorted(CHECK_TYPES.items())]}
    checked = definitions["rule"]["properties"]["check"]
    definitions["rule"]["properties"]["check"] = {
        "description": checked["description"],
        "anyOf": [names, {"$ref": "#/definitions/rule-check"}],
    }
    for name in ("brief-copy",):
        definitions[name] = {"type": ["string", "number", "boolean"]}
    for name in ("beat-coverage", "check-params", "take-tags"):
        definitions[name]["additionalProperties"] = True
    return {
        "$schema": DRAFT,
        "title": "Answerprint brief",
        "$ref": "#/definitions/motion-brief",
        "definitions": definitions,
    }


def _check(kind: type[RuleCheck]) -> Schema:
    params = {name: _value(kind, name, about) for name, about in knobs_of(kind).items()}
    return {
        "type": "object",
        "description": first_words(kind),
        "properties": {
            "type": {"const": kind.type},
            "params": {"type": "object", "properties": params, "additionalProperties": False},
        },
        "required": ["type"],
        "additionalProperties": False,
    }


def _value(kind: type[RuleCheck], name: str, about: Knob) -> Schema:
    one = about.schema()
    if not is_listed(kind, name):
        return one
    return {"description": about.doc, "anyOf": [one, {"type": "array", "items": one}]}


def checks_markdown() -> str:
    """Returns a section for each type of check: what it is, and its parameters."""
    return "\n".join(_section(kind) for _, kind in sorted(CHECK_TYPES.items()))


def _section(kind: type[RuleCheck]) -> str:
    head = f"### `{kind.type}`\n\n{' '.join((kind.__doc__ or '').split())}\n"
    knobs, defaults = knobs_of(kind), {each.name: each.default for each in fields(kind)}
    if not knobs:
        return head
    rows = [
        f"| `{name}` | {_default(defaults[name])} | {_accepts(kind, name, about)} | {_doc(about)} |"
        for name, about in knobs.items()
    ]
    needs = (
        f"\nAt least one of {', '.join(f'`{name}`' for name in kind.needs)} is given.\n" if kind.needs else ""
    )
    return "\n".join((head, "| parameter | default | accepts | meaning |\n|---|---|---|---|", *rows, needs))


def _default(value: Any) -> str:
    if value in (None, "", ()):
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value).lower()


def _accepts(kind: type[RuleCheck], name: str, about: Knob) -> str:
    one = "a path" if name in kind.paths else about.expected.replace("|", "\\|")
    return f"one or a list, each {one}" if is_listed(kind, name) else one


def _doc(about: Knob) -> str:
    return f"{about.doc} ({about.source})" if about.source else about.doc


def first_words(kind: type[RuleCheck]) -> str:
    """Returns the first sentence of what a type of check is."""
    return " ".join((kind.__doc__ or "").split()).partition(". ")[0].rstrip(".")
