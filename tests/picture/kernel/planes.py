"""Pictures for the kernel's tests, and a float64 chain that computes the expected result."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from post.picture.kernel import KernelSpec, Planes, new_planes
from post.values.array import Array
from post.values.colour import BT709, Colour


def noise_planes(height: int, width: int, depth: int, chroma: str = "420", seed: int = 0) -> Planes:
    """Returns planes with every code in each; most triples are outside R'G'B'."""
    rng = np.random.default_rng(seed)
    made = new_planes(height, width, 8 if depth == 8 else 16, chroma)
    for plane in made:
        plane[...] = rng.integers(0, 1 << depth, plane.shape)
    return made


def scene(height: int, width: int) -> Array:
    """Returns (height, width, 3) float64 R'G'B': hues, a ramp into black and white, an edge, sensor noise."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    rgb = np.stack([0.5 + 0.45 * np.sin(x / 19 + y / 31), y / height, 0.5 + 0.45 * np.cos(x / 11)], axis=-1)
    rgb[:, width // 3 : width // 2] *= 0.4
    return np.asarray(np.clip(rgb + np.random.default_rng(1).normal(0, 0.004, rgb.shape), 0, 1))


def store(y: Array, cb: Array, cr: Array, depth: int) -> Planes:
    """Returns planes of a depth, rounded from float planes of 16-bit codes."""
    kind, step = (np.uint8 if depth == 8 else np.uint16), 2.0 ** (16 - depth)
    top = (1 << depth) - 1
    return Planes(*(np.clip(np.rint(p / step), 0, top).astype(kind) for p in (y, cb, cr)))


def codes(planes: Planes, depth: int) -> tuple[Array, Array, Array]:
    """Returns float planes of 16-bit codes."""
    y, cb, cr = (p.astype(np.float64) * 2.0 ** (16 - depth) for p in planes)
    return y, cb, cr


def spread(c: Array, chroma: str) -> Array:
    """Returns chroma at luma's samples, float64, from its left site, sample by sample as H.273 draws it."""
    height, width = c.shape[0] * (2 if chroma == "420" else 1), c.shape[1] * 2
    down = (np.arange(height) - 0.5) / 2 if chroma == "420" else np.arange(height, dtype=float)
    across = np.arange(width) / 2
    down, across = np.clip(down, 0, c.shape[0] - 1), np.clip(across, 0, c.shape[1] - 1)
    top, left = np.floor(down).astype(int), np.floor(across).astype(int)
    below, right = np.minimum(top + 1, c.shape[0] - 1), np.minimum(left + 1, c.shape[1] - 1)
    v, h = (down - top)[:, None], (across - left)[None, :]
    upper = c[top][:, left] * (1 - h) + c[top][:, right] * h
    lower = c[below][:, left] * (1 - h) + c[below][:, right] * h
    return np.asarray(upper * (1 - v) + lower * v)


def rgb_of(y: Array, cb: Array, cr: Array, colour: Colour = BT709) -> Array:
    """Returns R'G'B' from 16-bit codes of limited range, or of full range at 10 bits."""
    limited = colour.range == "limited"
    black, luma, chroma = (64, 876, 896) if limited else (0, 1023, 1023)
    kr, kb = colour.luma_weights
    light, blue, red = (y / 64 - black) / luma, (cb / 64 - 512) / chroma, (cr / 64 - 512) / chroma
    r, b = light + 2 * (1 - kr) * red, light + 2 * (1 - kb) * blue
    return np.stack([r, (light - kr * r - kb * b) / (1 - kr - kb), b], axis=-1)


def ycc_of(rgb: Array, colour: Colour = BT709) -> tuple[Array, Array, Array]:
    """Returns the 16-bit limited-range codes of R'G'B'."""
    kr, kb = colour.luma_weights
    y = rgb @ np.array([kr, 1 - kr - kb, kb])
    cb, cr = (rgb[..., 2] - y) / (2 * (1 - kb)), (rgb[..., 0] - y) / (2 * (1 - kr))
    return 64 * (64 + 876 * y), 64 * (512 + 896 * cb), 64 * (512 + 896 * cr)


def source_of(rgb: Array, depth: int, colour: Colour = BT709, chroma: str = "420") -> Planes:
    """Returns a scene as a decoded frame."""
    y, cb, cr = ycc_of(rgb, colour)
    if chroma == "420":
        cb, cr = ((c[::2] + c[1::2]) / 2 for c in (cb, cr))
    return store(y, cb[:, ::2], cr[:, ::2], depth)


def float_chain(
    source: Planes, shape: KernelSpec, look: Callable[[Array], Array]
) -> tuple[Array, Array, Array]:
    """Returns the expected grade, float64, as 16-bit codes: luma at luma's samples, chroma at chroma's."""

    def graded(y: Array, cb: Array, cr: Array) -> tuple[Array, Array, Array]:
        rgb = np.clip(rgb_of(y, cb, cr, shape.colour_in), 0, 1)
        return ycc_of(look(rgb.reshape(-1, 3)).reshape(rgb.shape), shape.colour_out)

    y, cb, cr = codes(source, shape.depth_in)
    luma = graded(y, spread(cb, shape.chroma), spread(cr, shape.chroma))[0]
    at_chroma = y[:, ::2]
    if shape.chroma == "420":
        at_chroma = (at_chroma[::2] + at_chroma[1::2]) / 2
    return luma, *graded(at_chroma, cb, cr)[1:]


def worst(a: Planes, b: Planes) -> int:
    """Returns the largest difference between two frames, in codes."""
    return max(int(np.abs(p.astype(np.int64) - q).max()) for p, q in zip(a, b, strict=True))
