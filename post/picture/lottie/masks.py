"""Rewrites the masks of a layer. ThorVG applies them in order, as After Effects does, in some combinations only."""

from __future__ import annotations

from post.picture.lottie.properties import is_always, rewrite_path, rewrite_value
from post.picture.lottie.reading import Json, Reading

MODES = {
    "a": "Add", "s": "Subtract", "i": "Intersect", "l": "Lighten", "d": "Darken", "f": "Difference", "n": "None",
}  # fmt: skip
# Of a single mask: what all modes but Subtract do is what Add does.
ADD, SUBTRACT = "a", "s"
TOGETHER = ("a", "s", "i")  # modes that may follow each other


def rewrite_masks(reading: Reading, layer: Json) -> list[Json]:
    """Returns the masks of a layer that do anything."""
    given = reading.items(layer.get("masksProperties"), "masksProperties")
    active = [(number, mask) for number, mask in enumerate(given, 1) if mask.get("mode", ADD) != "n"]
    found: list[Json] = []
    for number, mask in active:
        with reading.inside("mask", mask, number):
            made = _mask(reading, mask, alone=len(active) == 1, first=not found)
            if made is not None:
                found.append(made)
    modes = [mask["mode"] for mask in found]
    if len(modes) > 1 and modes[0] == SUBTRACT and any(mode != SUBTRACT for mode in modes):
        reading.lacks("masks that add to what a first mask subtracts")
    return found


def _mask(reading: Reading, mask: Json, *, alone: bool, first: bool) -> Json | None:
    mode, inverted = mask.get("mode", ADD), bool(mask.get("inv"))
    if mode not in MODES:
        reading.broken("a mask of an unknown mode", " | ".join(MODES), mode)
    if not is_always(rewrite_value(reading, mask.get("f"), "f", (0.0, 0.0)), 0.0, 0.0):
        reading.lacks("the feather of a mask")
    if not is_always(rewrite_value(reading, mask.get("x"), "x", (0.0,)), 0.0):
        reading.lacks("the expansion of a mask")
    if alone:
        inverted ^= mode == SUBTRACT
        mode = ADD
    elif mode not in TOGETHER or inverted:
        reading.lacks(f"a mask of the mode {MODES[mode]}{', inverted' * inverted} among others")
    elif first and mode == "i":
        mode = ADD
    path = rewrite_path(reading, mask.get("pt"), closed=True)
    if path is None:
        reading.lacks("a mask without a path")
        return None
    paths = [key["s"][0] for key in path["k"]] if path["a"] else [path["k"]]
    if not all(one["c"] for one in paths):
        reading.lacks("a mask whose path is open")
    opacity = rewrite_value(reading, mask.get("o"), "o", (100.0,))
    return {"inv": inverted, "mode": mode, "pt": path, "o": opacity, "x": {"a": 0, "k": 0}}
