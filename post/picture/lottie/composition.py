"""Rewrites a whole Lottie file as ThorVG reads it: only what was checked is passed on."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from post.picture.lottie.document import Document
from post.picture.lottie.glyphs import Fonts
from post.picture.lottie.layers import Stock, rewrite_layers
from post.picture.lottie.pictures import rewrite_image
from post.picture.lottie.reading import Json, Reading
from post.picture.lottie.text import TextWriter
from post.values.media import File

LONGEST_SIDE = 16384
FASTEST, MOST_FRAMES = 1000, 1_000_000
COLOURS_TO_255 = (4, 1, 9)  # files of earlier versions have colours of 0 to 255
_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})\.(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Composition:
    """A file that can be drawn. json: as ThorVG reads it; the rest as the file has it. length: in frames."""

    json: Json
    width: int
    height: int
    rate: Fraction
    first: Fraction
    length: Fraction


def rewrite_composition(
    reading: Reading, document: Document, fonts: Mapping[str, File], words: Mapping[str, str]
) -> Composition:
    """Returns what ThorVG draws. Raises JobError, or Problems, for what is broken and for what it cannot draw.

    words: texts to show instead of the file's own, by the name of their layer.
    """
    given = copy.deepcopy(document.json) if _is_old(document.json) else document.json
    if given is not document.json:
        _scale_colours(given)
    width, height = (_side(reading, given.get(key), key) for key in ("w", "h"))
    rate, first, stop = (_exact(reading, given.get(key), key) for key in ("fr", "ip", "op"))
    if not 0 < rate <= FASTEST:
        reading.broken("a frame rate out of bounds", f"above 0, to {FASTEST}", float(rate))
    if not 0 < stop - first <= MOST_FRAMES:
        reading.broken(
            "an animation without frames", f"`op` after `ip`, 1 to {MOST_FRAMES} frames", float(stop - first)
        )
    assets = _assets(reading, given)
    comps = {key: asset for key, asset in assets.items() if "layers" in asset}
    _check_nesting(reading, comps, given)
    pictures = {}
    for key, asset in assets.items():
        with reading.inside("asset", key):
            if (
                key not in comps
                and _is_image(asset)
                and (made := rewrite_image(reading, asset, document.images))
            ):
                pictures[key] = made
    text = TextWriter(Fonts(given, fonts), words)
    stock = Stock(float(rate), frozenset(comps), frozenset(pictures) | _images(assets), text)
    inner = []
    for key, asset in comps.items():
        with reading.inside("precomp", asset.get("nm") or key):
            inner.append({"id": key, "layers": rewrite_layers(reading, asset["layers"], stock, inner=True)})
    layers = rewrite_layers(reading, given["layers"], stock, inner=False)
    text.check_words(reading)
    reading.finish()
    made = {
        "v": "5.7.0", "fr": float(rate), "ip": float(first), "op": float(stop), "w": width, "h": height, "ddd": 0,
        "assets": [*pictures.values(), *inner], "layers": layers,
    }  # fmt: skip
    return Composition(made, width, height, rate, first, stop - first)


def _side(reading: Reading, given: object, key: str) -> int:
    side = reading.number(given, key)
    if not 1 <= side <= LONGEST_SIDE:
        reading.broken("a size out of bounds", f"1 to {LONGEST_SIDE} px", side)
    return round(side)


def _exact(reading: Reading, given: object, key: str) -> Fraction:
    reading.number(given, key)
    return Fraction(str(given))


def _assets(reading: Reading, given: Json) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for asset in reading.items(given.get("assets"), "assets"):
        if not isinstance(asset.get("id"), str):
            reading.broken("an asset without an id", "`id`", asset.get("id"))
        found[asset["id"]] = asset
    return found


def _is_image(asset: Json) -> bool:
    return "p" in asset and not str(asset["p"]).startswith("data:audio/")


def _images(assets: Mapping[str, Json]) -> frozenset[str]:
    """Returns the ids of all images, so that one that cannot be drawn is told once, at the image."""
    return frozenset(key for key, asset in assets.items() if "layers" not in asset and _is_image(asset))


def _check_nesting(reading: Reading, comps: Mapping[str, Json], given: Json) -> None:
    """Raises JobError for precomps in each other, and for more layers than can be drawn, each in its place."""
    counts: dict[str, int] = {}
    open_ids: list[str] = []

    def count(layers: object) -> int:
        total = 0
        for layer in reading.items(layers, "layers"):
            total += 1
            key = str(layer.get("refId"))
            if layer.get("ty") != 0 or key not in comps:
                continue
            if key in open_ids:
                reading.broken("precomps that hold each other", "no circle", [*open_ids, key])
            if key not in counts:
                open_ids.append(key)
                counts[key] = count(comps[key].get("layers"))
                open_ids.pop()
            total += counts[key]
            reading.copies = 0
            reading.count(total)
        return total

    count(given.get("layers"))
    reading.copies = 0


def _is_old(given: Json) -> bool:
    found = _VERSION.match(str(given.get("v", "")))
    return found is not None and tuple(int(part) for part in found.groups()) < COLOURS_TO_255


def _scale_colours(found: Any) -> None:
    """Turns the colours of fills and strokes from 0..255 into 0..1, in place."""
    todo = [found]
    while todo:
        one = todo.pop()
        if isinstance(one, list):
            todo += one
        elif isinstance(one, dict):
            if one.get("ty") in ("fl", "st") and isinstance(one.get("c"), dict):
                _scale_colour(one["c"])
            todo += one.values()


def _scale_colour(colour: Json) -> None:
    rows = colour.get("k")
    if not isinstance(rows, list):
        return
    if rows and isinstance(rows[0], dict):
        for row in rows:
            for key in ("s", "e"):
                if isinstance(row.get(key), list):
                    row[key] = [part / 255 if isinstance(part, int | float) else part for part in row[key]]
    else:
        colour["k"] = [part / 255 if isinstance(part, int | float) else part for part in rows]
