"""Turns values into plain JSON and back, and computes the digests that address them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache
from json.encoder import encode_basestring_ascii as _quoted
from math import isfinite
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints
from weakref import ref

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
    """Returns the sha256 of a value's canonical JSON. A file counts by its content, not by its name.

    A frozen value with a slot for weak references, such as a segment, is written once while it lives.
    Raises TypeError for what is not a plain value, ValueError for a number that JSON lacks.
    """
    known = _digests.get(id(value))
    if known is not None and known[0]() is value:
        return known[1]
    made = hashlib.sha256(f"answerprint/{type(value).__name__}.1\0{_canonical(value)}".encode()).hexdigest()
    if _is_kept(type(value)):
        place = id(value)
        _digests[place] = ref(value, lambda _: _digests.pop(place, None)), made
    return made


# By where a value lies: a weak reference to it, for another may lie there later, and its digest.
_digests: dict[int, tuple[ref[Any], str]] = {}


def _is_kept(kind: type) -> bool:
    frozen = is_dataclass(kind) and kind.__dataclass_params__.frozen  # type: ignore[attr-defined]  # undocumented
    return frozen and kind.__weakrefoffset__ != 0


def _canonical(value: object) -> str:
    """Returns JSON with sorted keys and no spaces: what `plain` returns, with each file's content for the file."""
    write = _writers.get(type(value))
    if write is None:
        write = _writers[type(value)] = _writer_of(type(value))
    return write(value)


_writers: dict[type, Callable[[Any], str]] = {}


def _writer_of(kind: type) -> Callable[[Any], str]:
    """Returns what writes values of one type as canonical JSON, by the same rules as `plain`."""
    if is_dataclass(kind):
        return _fields_writer(kind)
    rows: tuple[tuple[type, Callable[[Any], str]], ...] = (
        (Fraction, lambda value: f'"{value.numerator}/{value.denominator}"'),
        (tuple, _items),
        (list, _items),
        (str, _quoted),
        (bool, {True: "true", False: "false"}.__getitem__),
        (int, int.__repr__),
        (float, _float),
        (NoneType, lambda _: "null"),
    )
    for base, write in rows:
        if issubclass(kind, base):
            return write
    raise TypeError(f"{kind.__name__} is not a plain value")


def _fields_writer(kind: type) -> Callable[[Any], str]:
    names = sorted(each.name for each in fields(kind))
    if issubclass(kind, File) or names == ["name", "sha256"]:
        return lambda value: _quoted(value.sha256)
    heads = [(f'"{name}":', name) for name in names]
    return lambda value: (
        "{" + ",".join([head + _canonical(getattr(value, name)) for head, name in heads]) + "}"
    )


def _items(value: Sequence[object]) -> str:
    return "[" + ",".join([_canonical(item) for item in value]) + "]"


def _float(value: float) -> str:
    if not isfinite(value):
        raise ValueError(f"JSON has no number {value}")
    return float.__repr__(value)


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
