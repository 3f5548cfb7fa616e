"""Turns values into plain JSON and back, and computes the digests that address them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from post.values.media import File

T = TypeVar("T")


def plain(value: object) -> Any:
    """Returns a value as JSON can hold it: fractions as "3/2", spans and the like as objects, no paths.

    Raises TypeError for a value of any other type.
    """
    if isinstance(value, File):
        return {"sha256": value.sha256, "name": value.name}
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"{type(value).__name__} is not a plain value")


def digest(value: object) -> str:
    """Returns the sha256 of a value's canonical JSON. A file counts by its content, not by its name."""
    text = json.dumps(_nameless(plain(value)), sort_keys=True, separators=(",", ":"), allow_nan=False)
    kind = type(value).__name__
    return hashlib.sha256(f"answerprint/{kind}.1\0{text}".encode()).hexdigest()


def _nameless(data: Any) -> Any:
    if isinstance(data, dict):
        if set(data) == {"sha256", "name"}:
            return data["sha256"]
        return {key: _nameless(item) for key, item in data.items()}
    return [_nameless(item) for item in data] if isinstance(data, list) else data


def from_plain(kind: type[T], data: Any, files: Mapping[str, Path] | None = None) -> T:
    """Returns the value of type `kind` that `plain` wrote. files: the path on this machine of each sha256."""
    made: T = _read(kind, data, files or {})
    return made


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, data: Any, files: Mapping[str, Path]) -> Any:  # noqa: PLR0911  a table of types
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _read_union(args, data, files)
    if origin is tuple:
        inner = args[:1] * len(data) if args[-1:] == (Ellipsis,) else args
        return tuple(_read(k, item, files) for k, item in zip(inner, data, strict=True))
    if origin is Literal or kind in (str, int, bool, object, Any, type(None)):
        return data
    if kind is float:
        return float(data)
    if kind is Fraction:
        return Fraction(data)
    if kind is File:
        return File(data["sha256"], data["name"], files.get(data["sha256"]))
    hints = _hints(kind)
    return kind(**{f.name: _read(hints[f.name], data[f.name], files) for f in fields(kind)})


def _read_union(options: tuple[Any, ...], data: Any, files: Mapping[str, Path]) -> Any:
    """Returns the value of the member of a union that JSON data stands for; the data's shape decides which."""
    if data is None:
        return None
    if isinstance(data, dict):
        return _read(next(k for k in options if is_dataclass(k)), data, files)
    if isinstance(data, list):
        return _list(data)
    if Fraction in options and isinstance(data, str):
        return Fraction(data)
    return data


def _list(data: list[Any]) -> tuple[Any, ...]:
    return tuple(_list(item) if isinstance(item, list) else item for item in data)
