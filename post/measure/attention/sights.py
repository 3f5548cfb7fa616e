"""Looks at a take several times a second: what stands out, what moves, faces and mouths, small figures, and lines of
text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from post.measure.attention.faces import SIDE, Face, find_faces
from post.measure.attention.lone_figure import find_figures, lasting_figures
from post.measure.attention.memory import remember_faces
from post.measure.attention.motion import Moved, moved, small_grey
from post.measure.attention.standing_text import Closer, standing_text
from post.measure.attention.text_lines import find_text
from post.measure.subjects import BINS, binned_profile, stands_out
from post.values.array import Array

LOOKS = 4  # rises when the same frames may show other sights
MAP_SIDE = 64  # pixels of the longer side of the picture in which things stand out: at 96 it takes four times as long
LEAST_FACE, LIPS = 12, 0.62  # pixels; of a face's height, from where its mouth is

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen in one frame of a take. at: its number; faces: surest first, then those that are remembered; text:
    boxes of lines of text that stand still on the screen, as titles and the marks of generators do; figures: boxes of
    small upright figures on plain ground.

    across, down: how much stands out in each of BINS equal parts of the width and height, and moving_across,
    moving_down: how much moves there by itself, without the camera; each sums to 1, or to 0 where nothing does.
    moving: the share of the picture that moves by itself; voice: how loud the take is then, 0 to 1.
    """

    at: int
    across: tuple[float, ...]
    down: tuple[float, ...]
    moving_across: tuple[float, ...]
    moving_down: tuple[float, ...]
    moving: float
    faces: tuple[Face, ...] = ()
    text: tuple[Box, ...] = ()
    voice: float = 0.0
    figures: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Sights:
    """What is seen in a take, look by look, in order."""

    looks: tuple[Sight, ...]


def look_at(frames: Iterable[tuple[int, Array, bool]], closer: Closer) -> Sights:
    """Returns what is seen in frames. frames: (number, (height, width, 3) uint8 R'G'B', upright, of SIDE pixels,
    whether to look at it), in order; frames between looks tell which mouths move. closer: gives the luma of a frame by
    its number, (height, width) uint8, upright, its shorter side some 540 pixels. Of each look, a grey picture of some
    14 kB is held until the end."""
    seen = list(_seen(frames))
    looks = [sight for sight, _, _ in seen]
    motions = [motion for _, _, motion in seen]
    faces = remember_faces([sight.faces for sight in looks], [grey for _, grey, _ in seen], motions)
    cuts = [place for place, motion in enumerate(motions) if motion.cut and place]
    texts = standing_text([sight.text for sight in looks], cuts, lambda place: closer(looks[place].at))
    figures = lasting_figures([sight.figures for sight in looks], cuts)
    rows = zip(looks, faces, texts, figures, strict=True)
    return Sights(
        tuple(replace(sight, faces=found, text=text, figures=shapes) for sight, found, text, shapes in rows)
    )


def _seen(frames: Iterable[tuple[int, Array, bool]]) -> Iterator[tuple[Sight, Array, Moved]]:
    """Yields each look, with its grey picture and what happened since the look before."""
    held: tuple[Sight, Array, Moved] | None = None
    former = None
    mouths: list[tuple[float, ...]] = []
    for number, rgb, looked in frames:
        grey = rgb.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
        if held is not None and former is not None and held[0].faces:
            mouths.append(tuple(_mouth_change(former, grey, face) for face in held[0].faces))
        former = grey
        if not looked:
            continue
        small = small_grey(grey)
        motion = moved(small if held is None else held[1], small)
        if held is not None:
            yield _with_mouths(held[0], mouths), *held[1:]
        held, mouths = (_sight(number, rgb, motion), small, motion), []
    if held is not None:
        yield _with_mouths(held[0], mouths), *held[1:]


def _with_mouths(sight: Sight, mouths: list[tuple[float, ...]]) -> Sight:
    if not mouths:
        return sight
    means = np.mean(np.array(mouths), axis=0)
    faces = (
        replace(face, mouth=round(float(mean), 2)) for face, mean in zip(sight.faces, means, strict=True)
    )
    return replace(sight, faces=tuple(faces))


def _mouth_change(old: Array, new: Array, face: Face) -> float:
    """Returns how much more the lower third of a face changes than its upper part does, once its head is held still."""
    height, width = new.shape
    left, right = int(face.left * width), int(np.ceil(face.right * width))
    top, bottom = int(face.top * height), int(np.ceil(face.bottom * height))
    if right - left < LEAST_FACE or bottom - top < LEAST_FACE:
        return 0.0
    part = slice(top, bottom), slice(left, right)
    change = np.abs(new[part] - _held_still(old[part], new[part]))
    high = len(change)
    lips = change[int(LIPS * high) :, int(0.2 * (right - left)) : int(0.8 * (right - left))]
    return max(0.0, float(lips.mean()) - float(change[: high // 2].mean()))


def _held_still(old: Array, new: Array) -> Array:
    """Returns the old picture moved over the new one."""
    import cv2

    shape = new.shape[1], new.shape[0]
    old, new = np.ascontiguousarray(old), np.ascontiguousarray(new)
    (dx, dy), _ = cv2.phaseCorrelate(old, new, cv2.createHanningWindow(shape, cv2.CV_32F))
    if max(abs(dx), abs(dy)) > 0.1 * max(shape):
        return old
    turn = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    return np.asarray(cv2.warpAffine(old, turn, shape, borderMode=cv2.BORDER_REPLICATE))


def _sight(number: int, rgb: Array, motion: Moved) -> Sight:
    shown = stands_out(np.asarray(rgb, np.float32) / 255, MAP_SIDE) ** 2
    moves = motion.change
    return Sight(
        at=number,
        across=_profile(shown, 0),
        down=_profile(shown, 1),
        moving_across=_profile(moves, 0),
        moving_down=_profile(moves, 1),
        moving=round(float((moves > 0).mean()), 4),
        faces=find_faces(rgb),
        text=find_text(rgb),
        figures=find_figures(rgb),
    )


def _profile(plane: Array, axis: int) -> tuple[float, ...]:
    total = float(plane.sum())
    if total <= 0:
        return (0.0,) * BINS
    return binned_profile(plane.sum(axis=axis) / total)


def looked_size(width: float, height: float) -> tuple[int, int]:
    """Returns the size of the pictures that are looked at, whose longer side is SIDE."""
    scale = SIDE / max(width, height)
    return max(2, round(width * scale)), max(2, round(height * scale))
