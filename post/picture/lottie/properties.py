"""Rewrites values that may move: numbers, points, colours and paths, with their keyframes.

ThorVG reads one ease for all parts of a value, tells eases apart by two decimals, and is inexact where an ease leaves
0..1. So eases get names of their own, and keyframes that ThorVG would read wrongly become a keyframe for each frame.
Expressions are refused by the functions they call, except the one that repeats keyframes: `loopOut("cycle")`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any, TypeGuard

from post.picture.lottie.easing import Ease, eased
from post.picture.lottie.reading import Json, Reading

Value = Any  # a list of numbers, or a path: {"i", "o", "v": lists of points, "c": closed}
MOST_KEYS = 20_000  # of one value, with repeats
DOT = 0.01  # px: the length of a path that is a point
BEFORE = 1e-3  # frames: how long before a jump the value from which it jumps is named
_LOOP = re.compile(r"loopOut\((?:(['\"])cycle\1(?:,0)?)?\)")
_ASSIGNED = re.compile(r"(?:var\s*)?\$bm_rt\s*;?\s*\$bm_rt\s*=\s*|^\$bm_rt\s*=\s*")
_CALLED = re.compile(r"([A-Za-z_]\w*)\s*\(")
_PLAIN_WORDS = {"if", "for", "while", "function", "catch", "switch", "return", "try"}


@dataclass(frozen=True, slots=True)
class Key:
    """A keyframe. after: how it gets to the next one, an ease for each part; None in a straight line."""

    at: float
    value: Value
    end: Value | None = None
    after: tuple[Ease, ...] | None = None
    hold: bool = False
    leaves: list[float] | None = None
    enters: list[float] | None = None


def rewrite_value(reading: Reading, given: object, key: str, default: tuple[float, ...]) -> Json:
    """Returns a value of as many parts as the default has, as ThorVG reads it. given: None for the default."""
    if given is None:
        return _still(list(default))
    prop = resolve_slot(reading, given, key)
    found = prop.get("k")
    if _is_keyed(found):
        keys = _keys(reading, found, lambda value: reading.vector(value, key, default))
        return _moving(reading, _looped(reading, prop, keys))
    _refuse_expression(reading, prop, key)
    return _still(reading.vector(found, key, default))


def rewrite_path(reading: Reading, given: object, closed: bool | None = None) -> Json | None:
    """Returns a path as ThorVG reads it; None where it has no point. closed: where old files say it beside the path."""
    prop = resolve_slot(reading, given, "ks")
    found = prop.get("k")
    if not _is_keyed(found):
        _refuse_expression(reading, prop, "path")
        path = _path(reading, found, closed)
        return {"a": 0, "k": path} if path["v"] else None
    keys = _keys(reading, found, lambda value: _path(reading, value, closed))
    counts = {len(value["v"]) for key in keys for value in (key.value, key.end) if value is not None}
    if counts == {0}:
        return None
    if len(counts) > 1:
        reading.lacks("a path that changes its number of points")
        return None
    return _moving(reading, _looped(reading, prop, keys))


def resolve_slot(reading: Reading, given: object, key: str) -> Json:
    """Returns a value's object, from its slot where it names one."""
    prop = reading.object(given, key)
    slot = reading.slots.get(prop["sid"]) if isinstance(prop.get("sid"), str) else None
    return prop if slot is None else reading.object(reading.object(slot, "slots").get("p"), "p")


def still_values(prop: Json) -> list[list[float]]:
    """Returns every value that a rewritten value takes at its keyframes: one where it stands still."""
    found = [key["s"] for key in prop["k"]] if prop["a"] else [prop["k"]]
    return [value if isinstance(value, list) else [value] for value in found]


def bounded(prop: Json, low: float, high: float) -> Json:
    """Returns a rewritten number that is kept within bounds at its keyframes."""
    if not prop["a"]:
        return {"a": 0, "k": min(max(prop["k"], low), high)}
    return {"a": 1, "k": [key | {"s": [min(max(key["s"][0], low), high)]} for key in prop["k"]]}


def is_always(prop: Json, *value: float) -> bool:
    """Returns whether a rewritten value is never anything else."""
    return all(found == list(value) for found in still_values(prop))


def _still(value: list[float]) -> Json:
    return {"a": 0, "k": value[0] if len(value) == 1 else value}


def _is_keyed(found: object) -> TypeGuard[list[Any]]:
    return isinstance(found, list) and bool(found) and isinstance(found[0], dict) and "t" in found[0]


def _keys(reading: Reading, given: list[Any], value_of: Any) -> list[Key]:
    """Returns the keyframes in order, each with its value: old files give an end to each and none to the last."""
    if len(given) > MOST_KEYS:
        reading.broken("too many keyframes", f"at most {MOST_KEYS}", len(given))
    keys: list[Key] = []
    for one in given:
        row = reading.object(one, "keyframe")
        at = reading.number(row.get("t"), "t")
        if keys and at < keys[-1].at:
            reading.broken("keyframes are out of order", f"frame {keys[-1].at:g} or later", at)
        start, end = (None if row.get(part) is None else value_of(row[part]) for part in ("s", "e"))
        if start is None:
            start = (keys[-1].end or keys[-1].value) if keys else end
        if start is None:
            reading.broken("a keyframe without a value", "a value `s`")
        made = Key(at, start, end, _eases(reading, row), bool(row.get("h")), *_tangents(reading, row))
        if keys and keys[-1].at == at:
            keys.pop()
        keys.append(made)
    return keys


def _eases(reading: Reading, row: Json) -> tuple[Ease, ...] | None:
    """Returns the eases of a keyframe, one for each part of the value that has its own."""
    if not isinstance(row.get("o"), dict) or not isinstance(row.get("i"), dict):
        return None
    sides = [
        side if isinstance(side, list) else [side]
        for side in (row["o"].get("x"), row["o"].get("y"), row["i"].get("x"), row["i"].get("y"))
    ]
    if not all(sides):
        reading.broken("an ease without points", "`x` and `y`", row["o"])
    parts = max(len(side) for side in sides)
    found = [
        tuple(reading.number(side[min(part, len(side) - 1)], "ease") for side in sides)
        for part in range(parts)
    ]
    return tuple(Ease(min(max(x1, 0), 1), y1, min(max(x2, 0), 1), y2) for x1, y1, x2, y2 in found)


def _tangents(reading: Reading, row: Json) -> tuple[list[float] | None, list[float] | None]:
    found = [row.get("to"), row.get("ti")]
    if not all(isinstance(one, list) and one for one in found):
        return None, None
    leaves, enters = (reading.vector(one, "tangent", (0.0, 0.0)) for one in found)
    return (leaves, enters) if any(leaves) or any(enters) else (None, None)


def _path(reading: Reading, given: object, closed: bool | None) -> Json:
    if isinstance(given, list):
        given = given[0] if given else None
    path = reading.object(given, "path")
    rows = {side: _points(reading, path.get(side), side) for side in ("i", "o", "v")}
    if len({len(points) for points in rows.values()}) != 1:
        reading.broken(
            "a path with too few tangents", "as many `i` and `o` as `v`", {k: len(v) for k, v in rows.items()}
        )
    return _dotted({**rows, "c": bool(path.get("c", closed))})


def _dotted(path: Json) -> Json:
    """Returns the path; one that has no length gets a little: its round caps show, and ThorVG draws none of it."""
    points = path["v"]
    if (
        not points
        or any(point != points[0] for point in points)
        or any(any(p) for s in "io" for p in path[s])
    ):
        return path
    count = max(len(points), 2)
    still = [[0.0, 0.0]] * count
    moved = [points[0][0] + DOT, points[0][1]]
    return {"i": still, "o": still, "v": [*[points[0]] * (count - 1), moved], "c": False}


def _points(reading: Reading, given: object, key: str) -> list[list[float]]:
    if not isinstance(given, list):
        reading.broken(f"`{key}` is no list of points", "a list of points", given)
    return [reading.vector(point, key, (0.0, 0.0)) for point in given]


def _looped(reading: Reading, prop: Json, keys: list[Key]) -> list[Key]:
    """Returns the keyframes, repeated to the end of the layer where the expression says so."""
    text = prop.get("x")
    if not isinstance(text, str):
        return keys
    bare = re.sub(r"\s", "", _ASSIGNED.sub("", text)).rstrip(";")
    if not _LOOP.fullmatch(bare) or len(keys) < 2:
        _refuse_expression(reading, prop, "value")
        return keys
    period = keys[-1].at - keys[0].at
    rounds = ceil((reading.end - keys[0].at) / period)
    if rounds * len(keys) > MOST_KEYS:
        reading.broken("a loop with too many keyframes", f"at most {MOST_KEYS}", rounds * len(keys))
    last = keys[-1]
    jump = [] if last.value == keys[0].value else [replace(last, at=last.at - BEFORE, hold=True)]
    once = [*keys[:-1], *jump]
    every = [replace(key, at=key.at + period * turn) for turn in range(max(rounds, 1)) for key in once]
    return [*every, replace(last, at=keys[0].at + period * max(rounds, 1))]


def _refuse_expression(reading: Reading, prop: Json, key: str) -> None:
    text = prop.get("x")
    if isinstance(text, str):
        called = dict.fromkeys(word for word in _CALLED.findall(text) if word not in _PLAIN_WORDS)
        names = ", ".join(list(called)[:4]) or "no function"
        reading.lacks(f"an expression ({names}) on `{key}`")


def _moving(reading: Reading, keys: list[Key]) -> Json:
    rows: list[Json] = []
    for key, after in zip(keys, [*keys[1:], None], strict=True):
        if after is None:
            rows.append({"t": key.at, "s": _listed(key.value)})
            continue
        end = after.value if key.end is None else key.end
        jumps = end != after.value and not key.hold and after.at - key.at > 2 * BEFORE
        stop = after.at - BEFORE if jumps else after.at
        rows += _segment(reading, key, end, stop)
        if jumps:
            rows.append({"t": stop, "s": _listed(end), "h": 1})
    if len(rows) > MOST_KEYS:
        reading.broken("too many keyframes", f"at most {MOST_KEYS}", len(rows))
    return {"a": 1, "k": rows}


def _segment(reading: Reading, key: Key, end: Value, stop: float) -> list[Json]:
    """Returns the keyframes that lead from one to the next, without that one."""
    row: Json = {"t": key.at, "s": _listed(key.value)}
    if key.hold:
        return [{**row, "h": 1}]
    eases = key.after or (Ease(0.0, 0.0, 1.0, 1.0),)
    curved = key.leaves is not None
    if any(ease != eases[0] for ease in eases) or (eases[0].overshoots and not curved):
        return _sampled(key, end, stop, eases)
    x1, y1, x2, y2 = eases[0].points
    name = reading.eases.setdefault(eases[0].points, f"e{len(reading.eases)}")
    row |= {"i": {"x": [x2], "y": [y2]}, "o": {"x": [x1], "y": [y1]}, "n": name}
    return [row | {"to": key.leaves, "ti": key.enters}] if curved else [row]


def _sampled(key: Key, end: Value, stop: float, eases: Sequence[Ease]) -> list[Json]:
    """Returns a keyframe at every whole frame of the way, in straight lines between them."""
    times = [key.at, *(float(frame) for frame in range(floor(key.at) + 1, ceil(stop)))]
    shares = [[eased(ease, (at - key.at) / (stop - key.at)) for ease in eases] for at in times]
    return [
        {"t": at, "s": _listed(_between(key.value, end, share))}
        for at, share in zip(times, shares, strict=True)
    ]


def _between(start: Value, end: Value, shares: Sequence[float]) -> Value:
    if isinstance(start, dict):
        return {"c": start["c"]} | {
            side: [_between(a, b, shares[:1]) for a, b in zip(start[side], end[side], strict=True)]
            for side in ("i", "o", "v")
        }
    last = len(shares) - 1
    return [a + (b - a) * shares[min(n, last)] for n, (a, b) in enumerate(zip(start, end, strict=True))]


def _listed(value: Value) -> list[Any]:
    return value if isinstance(value, list) else [value]
