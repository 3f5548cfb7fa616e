"""Reading fields out of what a service was asked and what it answered."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from provenance.record.secrets import LEFT_OUT, plainly, secret_name, without_secrets

# Longer than any prompt a service takes (Kling and Seedance: 3 500 characters).
LONGEST_VALUE = 32768
MOST_OTHER, LONGEST_OTHER, OTHER_CHARACTERS = 64, 512, 16384


def at(value: Any, path: str) -> Any:
    """What lies under a dotted path; None where nothing does. See `found`."""
    return found(value, path)[1]


def found(value: Any, path: str) -> tuple[str, Any]:
    """What lies under a dotted path, behind the path as it is really written; ("", None) for nothing.

    A key is found whichever way an SDK writes it; a number counts in a list, and `*` is what its one entry
    or its one key holds.
    """
    names = []
    for step in path.split("."):
        name, value = _step(value, step)
        if value is None:
            return "", None
        names.append(name)
    return ".".join(names), value


def text(value: Any) -> str:
    """A value as text, without secrets: line ends kept, other control characters and broken surrogates
    not, cut at 32 768 characters; "" for nothing."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        value = json.dumps(_kept(value), ensure_ascii=False, sort_keys=True)
    return without_secrets(_clean(value[:LONGEST_VALUE])).strip()


def others(value: Any, used: Collection[str]) -> tuple[tuple[str, str], ...]:
    """What is left of a request or an answer, as (dotted name, text): single values alone, without those
    that were `used`, at most 64 of them and 16 384 characters; secrets are named and left out."""
    kept: list[tuple[str, str]] = []
    room = OTHER_CHARACTERS
    for name, each, secret in _leaves(value):
        if name in used or each in (None, ""):
            continue
        said = LEFT_OUT if secret else text(each)[:LONGEST_OTHER]
        room -= len(name) + len(said)
        if len(kept) == MOST_OTHER or room < 0:
            return (*kept, ("more", "left out: too much to keep"))
        kept.append((name, said))
    return tuple(kept)


def _step(value: Any, step: str) -> tuple[str, Any]:
    if isinstance(value, Mapping):
        wanted = plainly(step)
        alone = step == "*" and len(value) == 1
        fits = (key for key in value if alone or plainly(str(key)) == wanted)
        key = next(fits, None)
        return str(key), value.get(key)
    if isinstance(value, list) and (step.isdecimal() or (step == "*" and len(value) == 1)):
        place = int(step) if step.isdecimal() else 0
        return str(place), value[place] if place < len(value) else None
    return "", None


def _leaves(value: Any) -> Iterator[tuple[str, Any, bool]]:
    """Every single value with the end of its dotted name, in order, and whether a key above it names it
    secret. Walks without recursion, and names nothing before it is there: a list may hold millions."""
    waiting = [_inside("", value, False)]
    while waiting:
        row = next(waiting[-1], None)
        if row is None:
            waiting.pop()
        elif isinstance(row[1], Mapping | list):
            waiting.append(_inside(*row))
        else:
            yield row


def _inside(name: str, value: Any, secret: bool) -> Iterator[tuple[str, Any, bool]]:
    rows = value.items() if isinstance(value, Mapping) else enumerate(value)
    for key, item in rows:
        # A secret is told by its whole name, before that is cut.
        told = without_secrets(_clean(str(key)[:LONGEST_OTHER]))[:80]
        yield f"{name}.{told}".lstrip(".")[-200:], item, secret or _secret(str(key))


def _secret(key: str) -> bool:
    return any(secret_name(part) for part in key.split("."))


def _kept(value: Any) -> Any:
    """A value that holds others, without what its keys name as secret. As deep as what was read: 64."""
    if isinstance(value, Mapping):
        return {key: LEFT_OUT if secret_name(str(key)) else _kept(item) for key, item in value.items()}
    return [_kept(item) for item in value] if isinstance(value, list) else value


def _clean(said: str) -> str:
    said = said.encode("utf-8", "replace").decode("utf-8")
    return "".join(c for c in said if (c >= " " and not "\x7f" <= c <= "\x9f") or c in "\n\t")
