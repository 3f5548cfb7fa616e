"""The part of JSON Schema draft 7 that the schemas of the job and the brief use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Check = Callable[[Any, Any, "DraftSeven"], bool]
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "boolean": (bool,), "integer": (int,),
    "number": (int, float),
}  # fmt: skip


def _typed(value: Any, wanted: str | list[str], _: DraftSeven) -> bool:
    kinds = [wanted] if isinstance(wanted, str) else wanted
    return any(
        isinstance(value, _TYPES[kind]) and (isinstance(value, bool) <= (kind == "boolean")) for kind in kinds
    )


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# As draft 7 has it: a keyword says nothing of values of another type.
_KEYWORDS: dict[str, Check] = {
    "type": _typed,
    "const": lambda value, wanted, _: bool(value == wanted),
    "enum": lambda value, wanted, _: value in wanted,
    "pattern": lambda value, wanted, _: not isinstance(value, str) or bool(re.search(wanted, value)),
    "minimum": lambda value, wanted, _: not _number(value) or value >= wanted,
    "maximum": lambda value, wanted, _: not _number(value) or value <= wanted,
    "minItems": lambda value, wanted, _: not isinstance(value, list) or len(value) >= wanted,
    "maxItems": lambda value, wanted, _: not isinstance(value, list) or len(value) <= wanted,
    "required": lambda value, wanted, _: not isinstance(value, dict) or set(wanted) <= set(value),
    "anyOf": lambda value, wanted, of: any(of.accepts(value, each) for each in wanted),
    "allOf": lambda value, wanted, of: all(of.accepts(value, each) for each in wanted),
    "items": lambda value, wanted, of: (
        not isinstance(value, list) or all(of.accepts(item, wanted) for item in value)
    ),
}
_SILENT = {
    "description",
    "title",
    "$schema",
    "definitions",
    "if",
    "else",
    "properties",
    "additionalProperties",
}


@dataclass(frozen=True)
class DraftSeven:
    """A schema whose definitions are referred to. root: the whole schema."""

    root: Mapping[str, Any]

    def accepts(self, value: Any, schema: Any) -> bool:
        """Whether a value is as a part of the schema says; a keyword that is not known here raises."""
        if isinstance(schema, bool):
            return schema
        if "$ref" in schema:
            # Draft 7, 8.3: what stands beside $ref is ignored.
            return self.accepts(value, self.root["definitions"][schema["$ref"].rpartition("/")[2]])
        if (
            "if" in schema
            and not self.accepts(value, schema["if"])
            and not self.accepts(value, schema["else"])
        ):
            return False
        said = {key: wanted for key, wanted in schema.items() if key not in _SILENT}
        known = all(_KEYWORDS[key](value, wanted, self) for key, wanted in said.items())
        return self._keys(value, schema) and known

    def _keys(self, value: Any, schema: Any) -> bool:
        if not isinstance(value, dict):
            return True
        own, rest = schema.get("properties", {}), schema.get("additionalProperties", True)
        return all(self.accepts(item, own.get(key, rest)) for key, item in value.items())
