"""Writes layers whose groups of groups fade as precomps: ThorVG fades each part of such a group by itself.

A layer of a precomp fades as a whole. So each group becomes a layer of one, with the group's transform as its own:

    layer "Logo": group "Mark" (fades), group "Name"
    ->  null with the layer's transform
        precomp, its child: layer of "Mark" (fades as a whole), layer of "Name"

A precomp is cut to its size from its origin on, so what it holds is moved by half of a size that cuts nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from post.picture.lottie.reading import Json

NAMED = "faded group "  # ids of the precomps that are made here
FADES = "fades"  # marks a rewritten group
HALF = 8192.0  # px
ALWAYS = 1e6  # frames
PRECOMP, NULL, SHAPE = 0, 3, 4
CARRIED = ("ddd", "nm", "sr", "ip", "op", "st", "parent", "ao", "ks")


def has_faded(layer: Json) -> bool:
    """Returns whether a rewritten layer holds a group that is marked."""
    return any(FADES in shape for shape in layer.get("shapes", ()))


def spread_faded(layers: list[Json], comps: list[Json]) -> list[Json]:
    """Returns the layers of a composition without such groups. comps: gets their precomps."""
    found: list[Json] = []
    nulls: list[Json] = []
    free = max((layer.get("ind", 0) for layer in layers), default=0) + 1
    for layer in layers:
        if not has_faded(layer):
            found.append(layer)
            continue
        name = f"{NAMED}{len(comps)}"
        rows = [_as_layer(group, number) for number, group in enumerate(layer["shapes"], 1)]
        comps.append({"id": name, "layers": rows})
        carrier = free + len(nulls)
        nulls.append({key: layer[key] for key in CARRIED if key in layer} | {"ty": NULL, "ind": carrier})
        found.append(_as_precomp(layer, name, carrier))
        for one in layers:
            if one.get("parent") == layer.get("ind", -1):
                one["parent"] = carrier
    return [*found, *nulls]


def _as_precomp(layer: Json, name: str, carrier: int) -> Json:
    """Returns the layer as a precomp that stands where its carrier is, and is masked and faded as the layer was."""
    kept = {key: value for key, value in layer.items() if key not in ("shapes", "ao", "ks", "parent")}
    made = kept | {"ty": PRECOMP, "refId": name, "w": 2 * HALF, "h": 2 * HALF, "parent": carrier}
    made["ks"] = _standing([0.0, 0.0]) | {"a": _still([HALF, HALF]), "o": layer["ks"]["o"]}
    if "masksProperties" in layer:
        made["masksProperties"] = [
            mask | {"pt": _moved_path(mask["pt"])} for mask in layer["masksProperties"]
        ]
    return made


def _as_layer(group: Json, number: int) -> Json:
    made: Json = {
        "ddd": 0,
        "ty": SHAPE,
        "nm": "",
        "ind": number,
        "sr": 1,
        "ip": -ALWAYS,
        "op": ALWAYS,
        "st": 0,
    }
    if FADES not in group:
        return made | {"ks": _standing([HALF, HALF]), "shapes": [group]}
    transform = next(item for item in group["it"] if item["ty"] == "tr")
    place = transform["p"]
    apart = {axis: _moved(place[axis]) for axis in ("x", "y") if axis in place}
    moved = place | apart if apart else _moved(place)
    kept = {key: value for key, value in transform.items() if key != "ty"}
    return made | {
        "ks": kept | {"p": moved},
        "shapes": [item for item in group["it"] if item is not transform],
    }


def _standing(place: Sequence[float]) -> Json:
    still = {"a": [0.0, 0.0], "s": [100.0, 100.0], "r": 0.0, "o": 100.0, "sk": 0.0, "sa": 0.0}
    return {"p": _still(list(place)), **{key: _still(value) for key, value in still.items()}}


def _still(value: Any) -> Json:
    return {"a": 0, "k": value}


def _moved(prop: Json) -> Json:
    """Returns a place, or one of its parts, moved by the half."""
    if prop["a"]:
        return prop | {"k": [key | {"s": [part + HALF for part in key["s"]]} for key in prop["k"]]}
    value = prop["k"]
    return prop | {"k": [part + HALF for part in value] if isinstance(value, list) else value + HALF}


def _moved_path(prop: Json) -> Json:
    if prop["a"]:
        return prop | {"k": [key | {"s": [_moved_points(key["s"][0])]} for key in prop["k"]]}
    return prop | {"k": _moved_points(prop["k"])}


def _moved_points(path: Json) -> Json:
    return path | {"v": [[x + HALF, y + HALF] for x, y in path["v"]]}
