"""Bounds how far the shapes of a rewritten file reach: from paths that are far too long, ThorVG does not come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import radians, tan

from post.picture.lottie.properties import still_values
from post.picture.lottie.reading import Json, LottieReading

FARTHEST = 1e7  # px from the origin; the largest picture is 16,384 wide
FLAT = 0.01  # degrees from a right angle
DEEPEST = 64  # precomps and parents


def check_reach(reading: LottieReading, made: Json) -> None:
    """Raises JobError where scales, one in another, make a shape too large to be drawn."""
    comps = {asset["id"]: asset["layers"] for asset in made["assets"] if "layers" in asset}
    kept: dict[str, float] = {}

    def reach(layers: Sequence[Json], depth: int = 0) -> float:
        if depth > DEEPEST:
            reading.broken("precomps too deep in each other", f"at most {DEEPEST}")
        numbers = {layer.get("ind"): layer for layer in layers}
        return max((_layer(layer, numbers, depth) for layer in layers), default=0.0)

    def _layer(layer: Json, numbers: Mapping[object, Json], depth: int) -> float:
        far = _reach(layer.get("shapes", ()))
        if "refId" in layer and layer["refId"] in comps:
            key = layer["refId"]
            if key not in kept:
                kept[key] = reach(comps[key], depth + 1)
            far = kept[key]
        at: Json | None = layer
        for _ in range(len(numbers) + 1):
            if at is None:
                break
            far = _carried(far, at["ks"])
            at = numbers.get(at["parent"]) if "parent" in at else None
        return far

    far = reach(made["layers"])
    if not far <= FARTHEST:
        reading.broken("shapes that reach too far", f"at most {FARTHEST:g} px", far, fix="scale them down")


def _reach(items: Sequence[Json]) -> float:
    return max((_element(item) for item in items), default=0.0) * _stretch(items)


def _element(item: Json) -> float:
    if item["ty"] == "gr":
        transform = next((one for one in item["it"] if one["ty"] == "tr"), None)
        far = _reach([one for one in item["it"] if one["ty"] != "tr"])
        return far if transform is None else _carried(far, transform)
    if item["ty"] == "sh":
        shape = item["ks"]
        paths = [key["s"][0] for key in shape["k"]] if shape["a"] else [shape["k"]]
        parts = [abs(part) for path in paths for side in "iov" for point in path[side] for part in point]
        return 2 * max(parts, default=0.0)
    return sum(_largest(item[key]) for key in ("p", "s", "or", "w") if isinstance(item.get(key), dict))


def _stretch(items: Sequence[Json]) -> float:
    """Returns how much what changes paths can make them longer."""
    return max((1 + _largest(item["a"]) / 100 for item in items if item["ty"] == "pb"), default=1.0)


def _carried(far: float, transform: Json) -> float:
    """Returns how far something reaches after a transform."""
    place = transform["p"]
    moved = sum(_largest(place[axis]) for axis in ("x", "y")) if "x" in place else _largest(place)
    skewed = 1 + max(_tangent(value[0]) for value in still_values(transform["sk"]))
    return (far + _largest(transform["a"])) * _largest(transform["s"]) / 100 * skewed + moved


def _tangent(degrees: float) -> float:
    """Returns the tangent of a skew; 0 where it flattens the shape, which is then not drawn."""
    return 0.0 if abs(degrees % 180 - 90) < FLAT else abs(tan(radians(degrees)))


def _largest(prop: Json) -> float:
    return max((abs(part) for value in still_values(prop) for part in value), default=0.0)
