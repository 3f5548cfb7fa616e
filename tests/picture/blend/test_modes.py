"""Compares blend modes with W3C Compositing and Blending Level 1, written for single colours in plain Python."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.picture.blend.modes import BLEND_MODES, blended

Colour = tuple[float, float, float]
share = st.one_of(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.floats(0, 1, width=16))
colours = st.tuples(share, share, share)


def hard_light(b: float, s: float) -> float:
    return b * 2 * s if s <= 0.5 else b + (2 * s - 1) - b * (2 * s - 1)


def soft_light(b: float, s: float) -> float:
    if s <= 0.5:
        return b - (1 - 2 * s) * b * (1 - b)
    d = ((16 * b - 12) * b + 4) * b if b <= 0.25 else b**0.5
    return b + (2 * s - 1) * (d - b)


def color_dodge(b: float, s: float) -> float:
    return 0 if b == 0 else 1 if s == 1 else min(1, b / (1 - s))


def color_burn(b: float, s: float) -> float:
    return 1 if b == 1 else 0 if s == 0 else 1 - min(1, (1 - b) / s)


# The separable modes, 9.1, each as the standard writes it.
CHANNELS: dict[str, Callable[[float, float], float]] = {
    "normal": lambda _, s: s,
    "multiply": lambda b, s: b * s,
    "screen": lambda b, s: b + s - b * s,
    "overlay": lambda b, s: hard_light(s, b),
    "darken": min,
    "lighten": max,
    "color-dodge": color_dodge,
    "color-burn": color_burn,
    "hard-light": hard_light,
    "soft-light": soft_light,
    "difference": lambda b, s: abs(b - s),
    "exclusion": lambda b, s: b + s - 2 * b * s,
}


def lum(c: Colour) -> float:
    return 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2]


def clip_color(c: list[float]) -> list[float]:
    light, low, high = lum((c[0], c[1], c[2])), min(c), max(c)
    if low < 0:
        c = [light + (part - light) * light / (light - low) for part in c]
    if high > 1:
        c = [light + (part - light) * (1 - light) / (high - light) for part in c]
    return c


def set_lum(c: Colour, light: float) -> Colour:
    r, g, b = clip_color([part + light - lum(c) for part in c])
    return r, g, b


def set_sat(c: Colour, s: float) -> Colour:
    low, high = min(c), max(c)
    r, g, b = ((part - low) * s / (high - low) if high > low else 0.0 for part in c)
    return r, g, b


def sat(c: Colour) -> float:
    return max(c) - min(c)


def by_hand(mode: str, below: Colour, layer: Colour) -> Colour:
    match mode:
        case "hue":
            return set_lum(set_sat(layer, sat(below)), lum(below))
        case "saturation":
            return set_lum(set_sat(below, sat(layer)), lum(below))
        case "color":
            return set_lum(layer, lum(below))
        case "luminosity":
            return set_lum(below, lum(layer))
        case _:
            r, g, b = (CHANNELS[mode](b, s) for b, s in zip(below, layer, strict=True))
            return r, g, b


@pytest.mark.parametrize("mode", [mode for mode in BLEND_MODES if mode != "add"])
@given(below=colours, layer=colours, alpha=share)
@settings(max_examples=60, deadline=None)
def test_a_mode_gives_what_the_standard_says(mode: str, below: Colour, layer: Colour, alpha: float) -> None:
    cells = [np.array(colour, np.float32).reshape(3, 1, 1) for colour in (below, layer)]
    got = blended(mode, cells[0], cells[1], np.full((1, 1), alpha, np.float32))
    want = (np.array(by_hand(mode, below, layer)) - below) * alpha
    # Dodge and burn divide by what may be near 0.
    assert got[:, 0, 0] == pytest.approx(want, abs=2e-3 if mode in ("color-dodge", "color-burn") else 2e-4)


@given(below=share, layer=share, alpha=share)
def test_add_never_passes_white(below: float, layer: float, alpha: float) -> None:
    cells = [np.full((3, 1, 1), part, np.float32) for part in (below, layer)]
    got = blended("add", cells[0], cells[1], np.full((1, 1), alpha, np.float32))
    assert got[0, 0, 0] == pytest.approx(min(layer * alpha, 1 - below), abs=1e-6)


def test_an_unknown_mode_is_refused() -> None:
    cell = np.zeros((3, 1, 1), np.float32)
    with pytest.raises(KeyError):
        blended("dissolve", cell, cell, cell[0])
