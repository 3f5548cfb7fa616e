"""Draws the scenes of synthetic clips: pure functions of place and time, so that any frame can be drawn again.

Each scene takes (width, height, seconds) and returns RGB, (height, width, 3) float32, display-encoded, 0..1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Image: TypeAlias = NDArray[np.float32]
Scene = Callable[[int, int, float], Image]


def dusk(width: int, height: int, seconds: float) -> Image:
    """Draws a sun that sets behind three ranges of hills, each further one paler and slower."""
    x, y = _places(width, height)
    sun_x, sun_y = 0.58 + 0.015 * seconds, 0.40 + 0.035 * seconds
    away = np.hypot(x - sun_x * width / height, y - sun_y)
    image = _blend(_rgb(0.16, 0.21, 0.42), _rgb(0.96, 0.62, 0.38), np.clip(y * 1.35, 0, 1))
    image += (np.exp(-away * 5.0) * 0.55)[..., None] * _rgb(1.0, 0.72, 0.42)
    image = _over(image, _rgb(1.0, 0.93, 0.78), _edge(0.085 - away, 220))
    for far, (base, tone) in enumerate(((0.58, 0.42), (0.68, 0.26), (0.80, 0.11))):
        drift = x + seconds * 0.02 * (far + 1)
        ridge = base + 0.05 * np.sin(drift * (3.1 + far) + far * 2) + 0.018 * np.sin(drift * (11 + 3 * far))
        image = _over(image, _rgb(tone * 1.05, tone * 0.8, tone * 1.15), _edge(y - ridge, 260))
    return _finish(image)


def sea(width: int, height: int, seconds: float) -> Image:
    """Draws waves under a morning sky, with reflections of its light."""
    x, y = _places(width, height)
    sky = _blend(_rgb(0.36, 0.58, 0.80), _rgb(0.93, 0.88, 0.80), np.clip(y / 0.42, 0, 1))
    depth = np.clip((y - 0.42) / 0.58, 1e-3, 1)
    near = 1.0 / (depth + 0.06)
    swell = np.sin(x * near * 2.2 + seconds * 1.3) * np.sin(near * 7 - seconds * 2.1 + x * 2)
    swell += 0.5 * np.sin(x * near * 5.1 - seconds * 1.9 + near * 3)
    water = _blend(_rgb(0.30, 0.55, 0.62), _rgb(0.03, 0.19, 0.28), depth)
    water += (swell * 0.07 * np.sqrt(depth))[..., None] * _rgb(0.8, 1.0, 1.0)
    glint = np.clip(swell - 0.75, 0, 1) * np.exp(-((x - 0.5 * width / height) ** 2) * 7 / (depth + 0.15))
    water += glint[..., None] * _rgb(1.1, 1.0, 0.75)
    return _finish(_over(sky, water, _edge(y - 0.42, 300)))


def lights(width: int, height: int, seconds: float) -> Image:
    """Draws soft discs of coloured light that drift over a dark street."""
    x, y = _places(width, height)
    image = _blend(_rgb(0.05, 0.06, 0.12), _rgb(0.13, 0.07, 0.11), y)
    for i in range(14):
        phase = i * 2.39996  # the golden angle spreads them evenly
        speed = 0.05 + 0.02 * (i % 4)
        at_x = (0.5 + 0.47 * np.sin(phase + seconds * speed * 3)) * width / height
        at_y = 0.5 + 0.38 * np.cos(phase * 1.7 + seconds * speed * 2)
        size = 0.05 + 0.018 * (i % 5)
        hue = _rgb(*(0.5 + 0.5 * np.cos(phase * 1.3 + np.array([0.0, 2.1, 4.2]))))
        image += (_edge(size - np.hypot(x - at_x, y - at_y), 55) * 0.42)[..., None] * hue
    return _finish(image)


def bars(width: int, height: int, seconds: float) -> Image:
    """Draws seven 75 % bars over a grey ramp, with a white mark that crosses every two seconds."""
    x, y = _places(width, height)
    share = x * height / width
    lit = 7 - np.minimum((share * 7).astype(np.int32), 6)
    image = np.stack([(lit >> bit) & 1 for bit in (1, 2, 0)], axis=-1).astype(np.float32) * np.float32(0.75)
    image = np.where((y > 0.75)[..., None], share[..., None], image)
    return _finish(_over(image, _rgb(1, 1, 1), (np.abs(share - seconds % 2 / 2) < 0.004).astype(np.float32)))


def noise(width: int, height: int, seconds: float) -> Image:
    """Draws white noise about mid grey, new in every frame: the hardest picture for a codec."""
    seed = round(seconds * 1_000_000)
    grain = np.random.default_rng(seed).standard_normal((height, width, 3), np.float32)
    return _finish(np.float32(0.5) + grain * np.float32(0.12))


def black(width: int, height: int, _seconds: float) -> Image:
    """Draws black."""
    return np.zeros((height, width, 3), np.float32)


SCENES: dict[str, Scene] = {
    "dusk": dusk, "sea": sea, "lights": lights, "bars": bars, "noise": noise, "black": black,
}  # fmt: skip


def _places(width: int, height: int) -> tuple[Image, Image]:
    """Returns x and y of every pixel's middle, in picture heights, from the top left."""
    x = ((np.arange(width) + 0.5) / height).astype(np.float32)
    y = ((np.arange(height) + 0.5) / height).astype(np.float32)
    return np.broadcast_to(x, (height, width)), np.broadcast_to(y[:, None], (height, width))


def _rgb(red: float, green: float, blue: float) -> Image:
    return np.array([red, green, blue], np.float32)


def _blend(a: Image, b: Image, weight: Image) -> Image:
    return a + (b - a) * weight[..., None]


def _over(below: Image, above: Image, cover: Image) -> Image:
    return below + (above - below) * cover[..., None]


def _edge(inside: Image, sharpness: float) -> Image:
    """Returns 1 where `inside` is above 0, with a soft edge."""
    return _finish(inside * np.float32(sharpness) + np.float32(0.5))


def _finish(image: NDArray[np.floating]) -> Image:
    return np.asarray(np.clip(image, 0, 1), np.float32)
