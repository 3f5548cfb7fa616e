"""Rewrites the shapes of a layer: groups, paths, fills, strokes, and what changes paths.

Rules of what ThorVG 1.0.5 lacks were found by drawing each feature beside lottie-web 5.12 (tests/picture/lottie).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from post.picture.lottie.properties import bounded, is_always, rewrite_path, rewrite_value, still_values
from post.picture.lottie.reading import Json, Reading
from post.picture.lottie.repeater import PATHS, overlaps, repeated

PAINTS = ("fl", "st", "gf", "gs")
NAMES = {
    "rc": "rectangle", "el": "ellipse", "sr": "star", "sh": "path", "gr": "group", "fl": "fill", "st": "stroke",
    "gf": "gradient fill", "gs": "gradient stroke", "tr": "transform", "tm": "trim", "rp": "repeater",
    "rd": "rounded corners", "pb": "pucker and bloat", "mm": "merge paths", "op": "offset paths", "zz": "zig zag",
    "tw": "twist",
}  # fmt: skip
LACKING = {"op": "offset paths", "zz": "zig zag", "tw": "twist"}
DEEPEST = 64  # groups in groups
SHORTEST_DASH = 0.05  # px of a dash and its gap
FARTHEST = 99.0  # per cent of the radius: where players leave the highlight of a radial gradient
MOST_DASHES = 100_000
MERGE_ALL = 1  # of merge paths: as if it were not there
INDIVIDUALLY = 2  # of trim: one path after the other


def rewrite_shapes(reading: Reading, given: object, depth: int = 0) -> list[Json]:
    """Returns the elements of a layer or group as ThorVG reads them, hidden ones left out."""
    if depth > DEEPEST:
        reading.broken("groups too deep in each other", f"at most {DEEPEST}")
    found: list[Json] = []
    for number, item in enumerate(reading.items(given, "shapes"), 1):
        if item.get("hd") is True or item.get("ty") == "no":
            continue
        kind = item.get("ty")
        with reading.inside(NAMES.get(str(kind), "shape"), item, number):
            reading.count(1)
            if kind == "rp":
                found = repeated(reading, item, found)
            elif (made := _element(reading, item, kind, found, depth)) is not None:
                found.append(made)
    return found


def _element(reading: Reading, item: Json, kind: object, before: list[Json], depth: int) -> Json | None:
    if kind == "gr":
        return _group(reading, item, depth)
    if kind == "mm":
        _check_merge(reading, item, before)
        return None
    if kind == "tm":
        return _trim(reading, item, before)
    write = WRITERS.get(str(kind))
    if write is None:
        reading.lacks(LACKING.get(str(kind), f"a shape element of the type {str(kind)[:8]!r}"))
        return None
    made = write(reading, item)
    if made is not None and made.get("d") and kind in ("st", "gs"):
        _check_dashes(reading, made["d"], before)
    return None if made is None else {"ty": kind, **made}


def _group(reading: Reading, item: Json, depth: int) -> Json | None:
    if item.get("bm"):
        reading.lacks("the blend mode of a group")
    items = rewrite_shapes(reading, item.get("it"), depth + 1)
    fades = any(it["ty"] == "tr" and not is_always(it["o"], 100.0) for it in items)
    if fades and overlaps(items):
        reading.lacks("the opacity of a group of groups")
    # ThorVG draws from the last element up, so that the transform counts wherever it stands; players have it last.
    items.sort(key=lambda it: it["ty"] == "tr")
    return {"ty": "gr", "it": items}


def rewrite_transform(reading: Reading, item: Json) -> Json:
    """Returns position, anchor, scale, rotation, opacity and skew."""
    two = (0.0, 0.0)
    made = {
        "a": rewrite_value(reading, item.get("a"), "a", two),
        "s": rewrite_value(reading, item.get("s"), "s", (100.0, 100.0)),
        "r": rewrite_value(reading, item.get("r", item.get("rz")), "r", (0.0,)),
        "o": rewrite_value(reading, item.get("o"), "o", (100.0,)),
        "sk": rewrite_value(reading, item.get("sk"), "sk", (0.0,)),
        "sa": rewrite_value(reading, item.get("sa"), "sa", (0.0,)),
    }
    place = item.get("p")
    if isinstance(place, dict) and isinstance(place.get("x"), dict):
        apart = {axis: rewrite_value(reading, place.get(axis), axis, (0.0,)) for axis in ("x", "y")}
        return {"p": {"s": True, **apart}, **made}
    return {"p": rewrite_value(reading, place, "p", two), **made}


def _rectangle(reading: Reading, item: Json) -> Json:
    return {
        "d": reading.whole(item.get("d"), "d", 1),
        "p": rewrite_value(reading, item.get("p"), "p", (0.0, 0.0)),
        "s": rewrite_value(reading, item.get("s"), "s", (0.0, 0.0)),
        "r": rewrite_value(reading, item.get("r"), "r", (0.0,)),
    }


def _ellipse(reading: Reading, item: Json) -> Json:
    return {key: value for key, value in _rectangle(reading, item).items() if key != "r"}


def _star(reading: Reading, item: Json) -> Json:
    sides = reading.whole(item.get("sy"), "sy", 1)
    keys = ("pt", "r", "or", "os", *(("ir", "is") if sides == 1 else ()))
    made = {key: rewrite_value(reading, item.get(key), key, (0.0,)) for key in keys}
    points = still_values(made["pt"])
    if len(points) > 1 or points[0][0] % 1:
        reading.lacks("a star whose number of points moves or is no whole number")
    elif not 0 <= points[0][0] <= 1000:
        reading.broken("a star with too many points", "0 to 1000", points[0][0])
    place = rewrite_value(reading, item.get("p"), "p", (0.0, 0.0))
    return {"sy": sides, "d": reading.whole(item.get("d"), "d", 1), "p": place, **made}


def _path(reading: Reading, item: Json) -> Json | None:
    closed = item.get("closed")
    path = rewrite_path(reading, item.get("ks"), closed if isinstance(closed, bool) else None)
    return None if path is None else {"d": reading.whole(item.get("d"), "d", 1), "ks": path}


def _paint(reading: Reading, item: Json) -> Json:
    if item.get("bm"):
        reading.lacks("the blend mode of a fill or stroke")
    return {"o": rewrite_value(reading, item.get("o"), "o", (100.0,))}


def _fill(reading: Reading, item: Json) -> Json:
    colour = rewrite_value(reading, item.get("c"), "c", (0.0, 0.0, 0.0))
    return {**_paint(reading, item), "c": colour, "r": reading.whole(item.get("r"), "r", 1)}


def _stroke(reading: Reading, item: Json) -> Json:
    colour = rewrite_value(reading, item.get("c"), "c", (0.0, 0.0, 0.0))
    return {**_paint(reading, item), **_line(reading, item), "c": colour}


def _line(reading: Reading, item: Json) -> Json:
    limit = item.get("ml", 4)
    if "ml2" in item:
        values = still_values(rewrite_value(reading, item["ml2"], "ml2", (4.0,)))
        if len(values) > 1:
            reading.lacks("a mitre limit that moves")
        limit = values[0][0]
    made = {
        "w": rewrite_value(reading, item.get("w"), "w", (1.0,)),
        "lc": min(max(reading.whole(item.get("lc"), "lc", 2), 1), 3),
        "lj": min(max(reading.whole(item.get("lj"), "lj", 2), 1), 3),
        "ml": reading.number(limit, "ml"),
    }
    dashes = _dashes(reading, item)
    return made | ({"d": dashes} if dashes else {})


def _dashes(reading: Reading, item: Json) -> list[Json]:
    rows = [
        {"n": part["n"], "v": rewrite_value(reading, part.get("v"), "dash", (0.0,))}
        for part in reading.items(item.get("d") or None, "d")
        if part.get("n") in ("d", "g", "o")
    ]
    if all(row["n"] == "o" for row in rows) or _shortest(rows) < SHORTEST_DASH:
        return []  # a solid line
    return rows


def _check_dashes(reading: Reading, dashes: list[Json], before: list[Json]) -> None:
    """Raises JobError where a path would fall into more dashes than can be drawn in a moment."""
    length = 4 * sum(_extent(item) for item in before)
    if length / _shortest(dashes) > MOST_DASHES:
        reading.broken("dashes too short for their path", f"at most {MOST_DASHES} of them", length)


def _shortest(dashes: list[Json]) -> float:
    return sum((min(value[0] for value in still_values(row["v"])) for row in dashes if row["n"] != "o"), 0.0)


def _extent(item: Json) -> float:
    """Returns how far an element reaches, in px: half of its outline at most, for a path without loops."""
    if item["ty"] == "gr":
        return sum(_extent(one) for one in item["it"])
    if item["ty"] in ("rc", "el"):
        return max((abs(part) for value in still_values(item["s"]) for part in value), default=0.0)
    if item["ty"] == "sr":
        return max(abs(value[0]) for value in still_values(item["or"])) * 4
    if item["ty"] == "sh":
        paths = [key["s"][0] for key in item["ks"]["k"]] if item["ks"]["a"] else [item["ks"]["k"]]
        steps = ([zip(*pair, strict=True) for pair in pairwise(path["v"])] for path in paths)
        return max((sum((abs(b - a) for step in path for a, b in step), 0.0) for path in steps), default=0.0)
    return 0.0


def _gradient(reading: Reading, item: Json) -> Json:
    kind = reading.whole(item.get("t"), "t", 1)
    if kind not in (1, 2):
        reading.lacks(f"a gradient of the type {kind}")
    given = reading.object(item.get("g"), "g")
    stops = reading.whole(given.get("p"), "p")
    two = (0.0, 0.0)
    made = {
        **_paint(reading, item), "t": kind, "g": {"p": stops, "k": _stops(reading, given, stops)},
        "s": rewrite_value(reading, item.get("s"), "s", two), "e": rewrite_value(reading, item.get("e"), "e", two),
    }  # fmt: skip
    if kind == 2:
        made["h"] = bounded(rewrite_value(reading, item.get("h"), "h", (0.0,)), -FARTHEST, FARTHEST)
        made["a"] = rewrite_value(reading, item.get("a"), "a", (0.0,))
    return made


def _stops(reading: Reading, given: Json, stops: int) -> Json:
    values = given.get("k")
    first = values.get("k") if isinstance(values, dict) else None
    if isinstance(first, list) and first and isinstance(first[0], dict):
        first = first[0].get("s")
    length = len(first) if isinstance(first, list) else 0
    if not 1 <= stops <= 256 or length < 4 * stops or (length - 4 * stops) % 2:
        reading.broken(
            "a gradient whose stops do not fit its numbers", f"4 numbers for each of {stops} stops", length
        )
    return rewrite_value(reading, values, "g", (0.0,) * length)


def _gradient_fill(reading: Reading, item: Json) -> Json:
    return {**_gradient(reading, item), "r": reading.whole(item.get("r"), "r", 1)}


def _gradient_stroke(reading: Reading, item: Json) -> Json:
    return {**_gradient(reading, item), **_line(reading, item)}


def _radius(reading: Reading, item: Json) -> Json:
    return {"r": rewrite_value(reading, item.get("r"), "r", (0.0,))}


def _amount(reading: Reading, item: Json) -> Json:
    return {"a": rewrite_value(reading, item.get("a"), "a", (0.0,))}


def _trim(reading: Reading, item: Json, before: list[Json]) -> Json:
    groups = [it for it in before if it["ty"] == "gr"]
    mode = reading.whole(item.get("m"), "m", 1)
    if mode == INDIVIDUALLY and any(part["ty"] in PAINTS for group in groups for part in group["it"]):
        reading.lacks("a trim of groups one after the other")
    if any(_stretches(part) for group in groups for part in group["it"] if part["ty"] == "tr"):
        reading.lacks("a trim of groups that are stretched or skewed")
    ends = {
        key: rewrite_value(reading, item.get(key), key, (value,))
        for key, value in (("s", 0.0), ("e", 100.0), ("o", 0.0))
    }
    return {"ty": "tm", "m": mode, **ends}


def _stretches(transform: Json) -> bool:
    sizes = [abs(a) - abs(b) for a, b in still_values(transform["s"])]
    return any(sizes) or not is_always(transform["sk"], 0.0)


def _check_merge(reading: Reading, item: Json, before: list[Json]) -> None:
    several = sum(1 for it in before if it["ty"] in PATHS) + 2 * sum(1 for it in before if it["ty"] == "gr")
    if reading.whole(item.get("mm"), "mm", 1) != MERGE_ALL and several > 1:
        reading.lacks("merge paths that add, subtract, intersect or exclude")


WRITERS: dict[str, Callable[[Reading, Json], Json | None]] = {
    "rc": _rectangle, "el": _ellipse, "sr": _star, "sh": _path, "fl": _fill, "st": _stroke, "gf": _gradient_fill,
    "gs": _gradient_stroke, "rd": _radius, "pb": _amount, "tr": rewrite_transform,
}  # fmt: skip
