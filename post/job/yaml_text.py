"""Writes text as YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_DURATION = re.compile(r"\d+(?:\.\d+)?(?:f|s|ms)\Z", re.ASCII)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./ -]*\Z")
# Words that YAML 1.1 or 1.2 readers take for something other than text.
_TAKEN = frozenset(("true", "false", "yes", "no", "on", "off", "null", "none", "y", "n"))


def scalar(text: str) -> str:
    """Returns the text as a YAML scalar on one line: plain if that is safe, else in double quotes."""
    if _PLAIN.match(text) and text.lower() not in _TAKEN and not text.endswith(" "):
        return text
    return '"' + "".join(_escaped(letter) for letter in text) + '"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    if letter.isprintable():
        return letter
    code = ord(letter)
    return {"\n": "\\n", "\t": "\\t"}.get(letter, f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def flow_text(value: Any) -> str:
    """Returns a value as YAML on one line; durations such as 12f are written plain."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {flow_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow_text, value)) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return repr(value)
    return value if _DURATION.match(str(value)) else scalar(str(value))
