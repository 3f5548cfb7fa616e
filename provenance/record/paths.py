"""Reads values by dotted paths out of a service's JSON, as text without secrets."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from post.printable import without_controls
from provenance.record.secrets import LEFT_OUT, is_secret_name, normalise_name, remove_secrets

# Longer than any prompt a service accepts (Kling and Seedance: 3 500 characters).
MAX_VALUE_CHARACTERS = 32768
# Of the values that have no field of their own: how many, how long each, and how long all together.
MAX_OTHERS, MAX_OTHER_CHARACTERS, MAX_ALL_OTHERS = 64, 512, 16384


def get(value: Any, path: str) -> Any:
    """Returns the value at a dotted path; None if there is none. See `find`."""
    return find(value, path)[1]


def find(value: Any, path: str) -> tuple[str, Any]:
    """Returns the path as the JSON spells it, and the value there; ("", None) if there is none.

    Keys are compared without case and underscores, because SDKs differ in them. A number is a place in a list, and
    `*` stands for the only entry of a list or the only key of an object.
    """
    names = []
    for step in path.split("."):
        name, value = _step(value, step)
        if value is None:
            return "", None
        names.append(name)
    return ".".join(names), value


def to_text(value: Any) -> str:
    """Returns a value as text without secrets, at most 32 768 characters; "" for nothing.

    Line ends stay; other control characters and unpaired surrogates do not.
    """
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        value = json.dumps(_without_secret_keys(value), ensure_ascii=False, sort_keys=True)
    return remove_secrets(without_controls(value[:MAX_VALUE_CHARACTERS])).strip()


def list_others(value: Any, used: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Returns the single values of a request or an answer as (dotted name, text), without those that were `used`.

    At most 64, of 16 384 characters together. A secret is listed by its name, and its value left out.
    """
    listed: list[tuple[str, str]] = []
    room = MAX_ALL_OTHERS
    for name, each, secret in _leaves(value):
        if name in used or each in (None, ""):
            continue
        text = LEFT_OUT if secret else to_text(each)[:MAX_OTHER_CHARACTERS]
        room -= len(name) + len(text)
        if len(listed) == MAX_OTHERS or room < 0:
            return (*listed, ("more", "left out: too much to keep"))
        listed.append((name, text))
    return tuple(listed)


def _step(value: Any, step: str) -> tuple[str, Any]:
    """Returns the key or place that one step of a path means, and the value there."""
    if isinstance(value, Mapping):
        wanted = normalise_name(step)
        alone = step == "*" and len(value) == 1
        fitting = (key for key in value if alone or normalise_name(str(key)) == wanted)
        key = next(fitting, None)
        return str(key), value.get(key)
    if isinstance(value, list) and (step.isdecimal() or (step == "*" and len(value) == 1)):
        place = int(step) if step.isdecimal() else 0
        return str(place), value[place] if place < len(value) else None
    return "", None


def _leaves(value: Any) -> Iterator[tuple[str, Any, bool]]:
    """Yields every single value with the end of its dotted name, in order, and whether a key above it is a secret's.

    It does not recurse, and makes each name only when its value comes: a list may hold millions.
    """
    waiting = [_children("", value, False)]
    while waiting:
        row = next(waiting[-1], None)
        if row is None:
            waiting.pop()
        elif isinstance(row[1], Mapping | list):
            waiting.append(_children(*row))
        else:
            yield row


def _children(name: str, value: Any, secret: bool) -> Iterator[tuple[str, Any, bool]]:
    rows = value.items() if isinstance(value, Mapping) else enumerate(value)
    for key, item in rows:
        # Secrets are recognised in the whole name, before it is cut.
        shown = remove_secrets(without_controls(str(key)[:MAX_OTHER_CHARACTERS]))[:80]
        yield f"{name}.{shown}".lstrip(".")[-200:], item, secret or _is_secret(str(key))


def _is_secret(key: str) -> bool:
    return any(is_secret_name(part) for part in key.split("."))


def _without_secret_keys(value: Any) -> Any:
    """Returns a value with the values of secret keys left out. Recurses as deep as what was read: 64 levels."""
    if isinstance(value, Mapping):
        return {
            key: LEFT_OUT if is_secret_name(str(key)) else _without_secret_keys(item)
            for key, item in value.items()
        }
    return [_without_secret_keys(item) for item in value] if isinstance(value, list) else value
