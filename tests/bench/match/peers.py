"""Other published methods of matching, for the same pairs."""

from __future__ import annotations

import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from post.values.array import Array

Peer = Callable[[Array, Array], Array]
# color-matcher is GPL-3: never imported, run by a Python that has it, on files.
COLOR_MATCHER = """
import sys, numpy as np
from color_matcher import ColorMatcher
for folder in sys.stdin.read().split():
    t, r = (np.load(f"{folder}/{n}.npy").astype(float) for n in ("target", "reference"))
    np.save(f"{folder}/out.npy", np.asarray(ColorMatcher().transfer(src=t, ref=r, method="hm-mvgd-hm")))
"""


def reinhard(target: Array, reference: Array) -> Array:
    """Returns the target matched in CIELAB.

    Source: E. Reinhard et al., "Color Transfer between Images", IEEE CG&A 21(5), 2001.
    """
    from skimage.color import lab2rgb, rgb2lab

    t, r = (rgb2lab(each.astype(np.float64)) for each in (target, reference))
    scale = r.std((0, 1)) / np.maximum(t.std((0, 1)), 1e-9)
    moved = np.clip((t - t.mean((0, 1))) * scale + r.mean((0, 1)), (0, -128, -128), (100, 127, 127))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about colours beyond sRGB, which the method clips
        return np.asarray(lab2rgb(moved))


def histograms(target: Array, reference: Array) -> Array:
    """Returns the target matched by scikit-image's match_histograms, channel by channel."""
    from skimage.exposure import match_histograms

    codes = [np.rint(each * 255) for each in (target, reference)]
    return np.asarray(match_histograms(*codes, channel_axis=-1)) / 255


def monge_kantorovich(target: Array, reference: Array) -> Array:
    """Returns the target matched by a linear map.

    Source: F. Pitie and A. Kokaram, "The linear Monge-Kantorovitch linear colour mapping", CVMP 2007.
    """
    t, r = (each.reshape(-1, 3).astype(np.float64) for each in (target, reference))
    here, there = (np.cov(each.T) + 1e-6 * np.eye(3) for each in (t, r))
    half = _root(here)
    back = np.linalg.inv(half)
    linear = back @ _root(half @ there @ half) @ back
    return np.asarray(((t - t.mean(0)) @ linear.T + r.mean(0)).reshape(target.shape))


def _root(matrix: Array) -> Array:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T)


HERE: dict[str, Peer] = {
    "reinhard": reinhard,
    "match_histograms": histograms,
    "monge-kantorovich": monge_kantorovich,
}


def color_matcher(python: Path, pairs: list[tuple[Array, Array]]) -> list[Array]:
    """Returns every target matched by color-matcher's hm-mvgd-hm, its default for footage, in one other process."""
    with TemporaryDirectory() as root:
        folders = [Path(root) / str(n) for n in range(len(pairs))]
        for folder, (target, reference) in zip(folders, pairs, strict=True):
            folder.mkdir()
            np.save(folder / "target.npy", target)
            np.save(folder / "reference.npy", reference)
        words = "\n".join(map(str, folders))
        subprocess.run(
            [str(python), "-c", COLOR_MATCHER], input=words, text=True, check=True, capture_output=True
        )
        return [np.load(folder / "out.npy") for folder in folders]
