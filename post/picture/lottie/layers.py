"""Rewrites the layers of a composition: where they stand, when they show, and what they draw."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from post.picture.lottie.effects import rewrite_effects
from post.picture.lottie.masks import rewrite_masks
from post.picture.lottie.properties import bounded, is_always, rewrite_value
from post.picture.lottie.reading import LARGEST, Json, Reading
from post.picture.lottie.shapes import rewrite_shapes, rewrite_transform

PRECOMP, SOLID, IMAGE, NULL, SHAPE, TEXT = range(6)
SOUND = 6
NAMES = {SOUND: "sound", 7: "a video layer", 8: "an image sequence", 9: "a video layer", 13: "a 3D camera"}
BLENDS = {
    1: "Multiply", 2: "Screen", 3: "Overlay", 4: "Darken", 5: "Lighten", 6: "Color Dodge", 7: "Color Burn",
    8: "Hard Light", 9: "Soft Light", 10: "Difference", 11: "Exclusion", 12: "Hue", 13: "Saturation", 14: "Color",
    15: "Luminosity", 16: "Add", 17: "Hard Mix",
}  # fmt: skip
GOOD_BLENDS = (2, 5, 10, 11)  # right over what is half transparent, too
MATTES = range(1, 5)
LAST_PART = 0.01  # frames before its end, where a time remap that reaches the end shows a precomp
_HEX = re.compile(r"#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})(?:[0-9A-Fa-f]{2})?\Z")


@dataclass(frozen=True, slots=True)
class Stock:
    """What layers refer to. comps: the frames of precomps, by id; pictures: ids of images; glyphs: writes text."""

    rate: float
    comps: frozenset[str]
    pictures: frozenset[str]
    text: Callable[[Reading, Json], list[Json]]


def rewrite_layers(reading: Reading, given: object, stock: Stock, *, inner: bool) -> list[Json]:
    """Returns the layers of a composition as ThorVG reads them. inner: it is a precomp."""
    layers = reading.items(given, "layers")
    numbers = [reading.whole(layer.get("ind"), "ind", -1) for layer in layers]
    _check_parents(reading, layers, numbers)
    parents = {layer.get("parent") for layer in layers}
    found = []
    for index, layer in enumerate(layers):
        with reading.inside("layer", layer, index + 1):
            reading.count(1)
            made = _layer(reading, layer, stock, inner=inner)
            if made is None:
                made = _empty(reading, layer)
            if layer.get("hd") is True and not layer.get("td"):
                if numbers[index] not in parents and not _is_matte(layers, index):
                    continue
                made = _empty(reading, layer)
            if made.get("tt") and "tp" not in made and index == 0:
                reading.broken("a matte without a layer above it", "a layer above")
            found.append(made)
    return found


def _is_matte(layers: Sequence[Json], index: int) -> bool:
    below = layers[index + 1] if index + 1 < len(layers) else {}
    return bool(below.get("tt")) and "tp" not in below


def _check_parents(reading: Reading, layers: Sequence[Json], numbers: Sequence[int]) -> None:
    """Raises JobError for a parent or a matte that does not exist, and for a layer that is its own ancestor."""
    by_number = dict(zip(numbers, layers, strict=True))
    for number, layer in by_number.items():
        for key in ("parent", "tp"):
            if layer.get(key) is not None and reading.whole(layer[key], key) not in by_number:
                reading.broken("a layer that does not exist", f"`{key}` is the `ind` of a layer", layer[key])
        for key in ("parent", "tp"):
            seen, at = {number}, layer
            while at.get(key) is not None:
                following = reading.whole(at[key], key)
                if following in seen:
                    reading.broken("layers that are each other's " + key, "no circle", sorted(seen)[:4])
                seen.add(following)
                at = by_number[following]


def _layer(reading: Reading, layer: Json, stock: Stock, *, inner: bool) -> Json | None:
    kind = reading.whole(layer.get("ty"), "ty", -1)
    content = CONTENTS.get(kind)
    if content is None:
        fix = "lay it under `sound:`" if kind == SOUND else "leave it out"
        reading.lacks(NAMES.get(kind, f"a layer of the type {kind}"), fix)
        return None
    _refuse_layer_features(reading, layer, inner=inner)
    return _frame(reading, layer) | content(reading, layer, stock)


def _empty(reading: Reading, layer: Json) -> Json:
    """Returns a layer that only moves others."""
    return _frame(reading, layer, masks=False) | {"ty": NULL}


def _refuse_layer_features(reading: Reading, layer: Json, *, inner: bool) -> None:
    for style in reading.items(layer.get("sy"), "sy"):
        if not style.get("hd"):
            reading.lacks(f"the layer style {style.get('nm') or style.get('ty')}")
    blend = reading.whole(layer.get("bm"), "bm")
    if blend and (blend not in GOOD_BLENDS or inner):
        reading.lacks(f"the blend mode {BLENDS.get(blend, blend)}" + " inside a precomp" * inner)
    if layer.get("mb") is True:
        reading.lacks("motion blur")
    if layer.get("ddd"):
        _refuse_depth(reading, layer)


def _refuse_depth(reading: Reading, layer: Json) -> None:
    """Notes a layer that is turned or moved in depth; a 3D layer that lies in the picture's plane is drawn."""
    given = reading.object(layer.get("ks"), "ks")
    turned = any(
        not is_always(rewrite_value(reading, given.get(key), key, (0.0,)), 0.0) for key in ("rx", "ry")
    )
    oriented = not is_always(rewrite_value(reading, given.get("or"), "or", (0.0, 0.0, 0.0)), 0.0, 0.0, 0.0)
    if turned or oriented:
        reading.lacks("a layer that is turned in 3D")


def _frame(reading: Reading, layer: Json, *, masks: bool = True) -> Json:
    """Returns what every layer has, in the order in which ThorVG must read it."""
    first, stop = (reading.number(layer.get(key), key) for key in ("ip", "op"))
    stretch = reading.number(layer.get("sr", 1), "sr")
    start = reading.number(layer.get("st", 0), "st")
    if stretch == 0:
        reading.broken("a layer that is stretched to nothing", "another `sr` than 0")
    reading.end = max(abs(stop - start), abs(stop)) / min(abs(stretch), 1) + 1
    made: Json = {"ddd": 0, "ty": NULL, "nm": "", "sr": stretch, "ip": first, "op": stop, "st": start}
    for key in ("ind", "parent", "tp", "td", "ao"):
        if layer.get(key) is not None:
            made[key] = reading.whole(layer[key], key)
    made["ks"] = rewrite_transform(reading, reading.object(layer.get("ks", {}), "ks"))
    if masks:
        blend = reading.whole(layer.get("bm"), "bm")
        matte = reading.whole(layer.get("tt"), "tt")
        if matte and matte not in MATTES:
            reading.broken("a matte of an unknown type", "1 to 4", matte)
        made |= ({"bm": blend} if blend else {}) | ({"tt": matte} if matte else {})
        if found := rewrite_masks(reading, layer):
            made |= {"hasMask": True, "masksProperties": found}
        if effects := rewrite_effects(reading, layer.get("ef")):
            made["ef"] = effects
    return made


def _precomp(reading: Reading, layer: Json, stock: Stock) -> Json:
    if layer.get("refId") not in stock.comps:
        reading.broken("a precomp that the file does not hold", "the id of a precomp", layer.get("refId"))
    size = {key: reading.number(layer.get(key), key) for key in ("w", "h")}
    made: Json = {"ty": PRECOMP, "refId": layer["refId"], **size}
    if layer.get("tm") is not None:
        last = (reading.number(layer.get("op"), "op") - LAST_PART) / stock.rate
        made["tm"] = bounded(rewrite_value(reading, layer["tm"], "tm", (0.0,)), -LARGEST, last)
    return made


def _image(reading: Reading, layer: Json, stock: Stock) -> Json:
    if layer.get("refId") not in stock.pictures:
        reading.broken("an image that the file does not hold", "the id of an image", layer.get("refId"))
    return {"ty": IMAGE, "refId": layer["refId"]}


def _null(_: Reading, __: Json, ___: Stock) -> Json:
    return {"ty": NULL}


def _shape(reading: Reading, layer: Json, _: Stock) -> Json:
    return {"ty": SHAPE, "shapes": rewrite_shapes(reading, layer.get("shapes"))}


def _text(reading: Reading, layer: Json, stock: Stock) -> Json:
    return {"ty": SHAPE, "shapes": stock.text(reading, layer)}


def _solid(reading: Reading, layer: Json, _: Stock) -> Json:
    """Returns a solid as a shape: ThorVG fades a solid twice."""
    found = _HEX.match(str(layer.get("sc", "")))
    if found is None:
        reading.broken("a solid without a colour", "#rrggbb", layer.get("sc"))
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    width, height = (reading.number(layer.get(key), key) for key in ("sw", "sh"))
    colour = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    still = {"p": [width / 2, height / 2], "s": [width, height], "r": 0}
    rectangle = {"ty": "rc", "d": 1, **{key: {"a": 0, "k": value} for key, value in still.items()}}
    fill = {"ty": "fl", "c": {"a": 0, "k": colour}, "o": {"a": 0, "k": 100}, "r": 1}
    return {"ty": SHAPE, "shapes": [rectangle, fill]}


CONTENTS: dict[int, Callable[[Reading, Json, Stock], Json]] = {
    PRECOMP: _precomp, SOLID: _solid, IMAGE: _image, NULL: _null, SHAPE: _shape, TEXT: _text,
}  # fmt: skip
