"""Makes the JSON Schema of the job file from the table that the loader reads by."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from post.job.table.form import Form, Part
from post.job.table.schema_table import FORMS, NONE
from post.knob import Knob, public_knobs
from post.stage import find, stage_names

# yaml-language-server reads draft 7 and below.
DRAFT = "http://json-schema.org/draft-07/schema#"
Schema = dict[str, Any]
_NUMBER = re.compile(r"(0|[1-9]\d*)(\.\d+)?")  # YAML reads such a word as a number


def job_schema() -> Schema:
    """Returns the JSON Schema (draft 7) of the job file, with every knob of every installed stage."""
    definitions = {name: form_schema(form) for name, form in FORMS.items()}
    share = {"type": "number", "minimum": 0, "maximum": 1}
    definitions["point"] = {"type": "array", "items": share, "minItems": 2, "maxItems": 2}
    definitions["box"] = {"type": "array", "items": share, "minItems": 4, "maxItems": 4}
    when, then = _key(Knob("when in the shot", "duration")), {"$ref": "#/definitions/point"}
    definitions["focus-key"] = {"type": "array", "items": [when, then], "minItems": 2, "maxItems": 2}
    definitions["stage"] = {"anyOf": [_by_name(name) for name in _doing("colour", "frames")]}
    definitions["transition"] = {
        "anyOf": [_by_name(name, FORMS["transition"]) for name in _doing("transition")],
    }
    return {
        "$schema": DRAFT,
        "title": "Answerprint job",
        "$ref": "#/definitions/job",
        "definitions": definitions,
    }


def form_schema(form: Form) -> Schema:
    """Returns the schema of one mapping."""
    keys: dict[str, Knob | Part] = {
        key: about for name in form.stages for key, about in public_knobs(find(name)).items()
    }
    layer = any(find(name).does == "layer" for name in form.stages)
    shown = _with_token if layer else _key
    known = {
        **{key: shown(item) for key, item in keys.items()},
        **{k: _key(item) for k, item in form.keys.items()},
    }
    keys |= form.keys
    made: Schema = {
        "type": "object",
        "description": form.doc,
        "properties": {**known, **_old_keys(form, keys)},
        "additionalProperties": form.open,
    }
    needs = {"required": list(form.required)} if form.required else {}
    if "preset" in form.keys and needs:
        # What is needed may come from the preset.
        named = [{"required": [key]} for key in ("preset", "style") if key in form.keys]
        return {**made, "if": {"anyOf": named} if len(named) > 1 else named[0], "else": needs}
    return {**made, **needs}


def _old_keys(form: Form, keys: Mapping[str, Knob | Part]) -> Schema:
    """Returns the keys of earlier releases: they still load, and an editor shows their new names."""
    return {
        old: {**_key(keys[new]), "description": f"the old name of `{new}`", "deprecated": True}
        for old, new in form.renamed.items()
    }


def _key(item: Knob | Part) -> Schema:
    return _knob(item) if isinstance(item, Knob) else _part(item)


def _with_token(item: Knob | Part) -> Schema:
    """Returns a layer's knob, which may also name one of the brand's tokens."""
    made = _key(item)
    if not isinstance(item, Knob) or item.kind not in ("hex", "whole"):
        return made
    token = {"type": "string", "pattern": r"^\$[A-Za-z0-9._-]+$"}
    said = made.pop("description")
    return {"description": said, "anyOf": [made, token]}


def _knob(about: Knob) -> Schema:
    made = about.schema()
    if about.kind == "text":
        return {**made, "type": ["string", "number", "boolean"]}
    if about.kind == "choice":
        numbers = [json.loads(choice) for choice in about.choices if _NUMBER.fullmatch(choice)]
        return {**made, "enum": [*about.choices, *numbers]}
    return made


def _part(part: Part) -> Schema:
    one: Schema = {"$ref": f"#/definitions/{part.form}"}
    words = [_named(part)] if part.preset else [{"const": NONE}] if part.none else []
    short = [_knob(part.short)] if part.short else []
    single = {"anyOf": [one, *words, *short]} if words or short else one
    some: Schema = {"type": "array", "items": single}
    shape = {
        "one": single,
        "list": some,
        "some": {"anyOf": [single, some]},
        "map": {"type": "object", "additionalProperties": single},
    }[part.many]
    # Draft 7 ignores what stands beside a $ref.
    return {"description": part.doc, "allOf": [shape]}


def _named(part: Part) -> Schema:
    none = f", or {NONE}" if part.none else ""
    return {"type": "string", "description": f"a {part.preset} preset by name, or a path to one{none}"}


def _doing(*kinds: str) -> list[str]:
    return [name for name in stage_names() if find(name).does in kinds]


def _by_name(name: str, form: Form | None = None) -> Schema:
    """Returns the schema of {stage: NAME, its knobs}, with the keys of `form` too."""
    keys = dict(form.keys) if form else {}
    named: Schema = {"const": name, "description": (find(name).__doc__ or "").partition("\n")[0]}
    knobs = {key: _knob(about) for key, about in public_knobs(find(name)).items()}
    own = {key: _key(item) for key, item in keys.items() if key != "stage"}
    return {
        "type": "object",
        "properties": {**knobs, **own, "stage": named},
        "required": list(form.required) if form else ["stage"],
        "additionalProperties": False,
    }
