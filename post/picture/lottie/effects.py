"""Rewrites the effects of a layer, and refuses those that ThorVG lacks or draws otherwise, by their names."""

from __future__ import annotations

import re

from post.picture.lottie.properties import rewrite_value
from post.picture.lottie.reading import Json, Reading

CONTROLS = (
    5  # a slider, a colour or another value that only expressions read; also every effect without a type
)
FILL = 21
NAMES = {
    20: "Tint", 22: "Stroke", 23: "Tritone", 24: "Pro Levels", 25: "Drop Shadow", 26: "Radial Wipe",
    27: "Displacement Map", 28: "Set Matte", 29: "Gaussian Blur", 30: "Twirl", 31: "Mesh Warp", 32: "Wavy",
    33: "Spherize", 34: "Puppet", 35: "Transform",
}  # fmt: skip
# What After Effects calls the parts of Fill, by their number.
COLOUR, OPACITY = 2, 6
_CONTROL = re.compile(r"Pseudo/.*|ADBE \w+ Control(?:-\d+)?")


def rewrite_effects(reading: Reading, given: object) -> list[Json]:
    """Returns the effects of a layer that are on."""
    found = []
    for number, effect in enumerate(reading.items(given, "ef"), 1):
        if not reading.whole(effect.get("en"), "en", 1):
            continue
        with reading.inside("effect", effect, number):
            kind = reading.whole(effect.get("ty"), "ty")
            if kind == FILL:
                found.append(_fill(reading, effect))
            elif kind != CONTROLS or not _CONTROL.fullmatch(str(effect.get("mn", ""))):
                reading.lacks(f"the effect {NAMES.get(kind) or effect.get('nm') or kind}")
    return found


def _fill(reading: Reading, effect: Json) -> Json:
    parts = reading.items(effect.get("ef"), "ef")
    if len(parts) <= OPACITY:
        reading.broken("a Fill with too few parts", f"{OPACITY + 1} or more", len(parts))
    values: list[Json] = [{"ty": 0, "v": {"a": 0, "k": 0}} for _ in range(OPACITY + 1)]
    values[COLOUR] = {"ty": 2, "v": rewrite_value(reading, parts[COLOUR].get("v"), "colour", (0.0, 0.0, 0.0))}
    values[OPACITY] = {"ty": 0, "v": rewrite_value(reading, parts[OPACITY].get("v"), "opacity", (1.0,))}
    return {"ty": FILL, "en": 1, "ef": values}
