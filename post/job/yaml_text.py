"""Writes text as YAML."""

from __future__ import annotations

import re

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
