"""Weighs what was seen in a take: how much a window that starts anywhere would lose of what counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from post.measure.attention.faces import Face
from post.measure.attention.sights import Sight
from post.measure.subjects import BINS
from post.plan.camera.path import PLACES
from post.values.array import Array

# What each counts for, where there is any of it.
FACES, SHOWN, MOVING = 6.0, 1.0, 2.5
FIGURES = 3.0  # where there is no face
# How sure a face is that counts for nothing, and for all. Between, it is weighed by the cube of its place there, at
# least of LEAST_FACE: what is sure to a half is seldom a face.
DOUBTFUL, FULLY, LEAST_FACE = 0.25, 0.9, 0.02
HEAD = 0.4  # of a face's width: what its head is wider on each side
ABOVE, BELOW = 0.35, 0.9  # of a face's height: hair above, and neck and shoulders below
# Of what a face counts down the picture, the share of the face itself, with its hair: a window that cannot hold its
# shoulders too cuts those, not its eyes.
FACE_ITSELF = 0.75
SPEAKING = 6.0  # how much more a face counts whose mouth moves with the voice than one whose does not
LEAST_MOUTH, MORE_MOUTH = 0.4, 1.5  # 8-bit codes a frame: less is noise; over the next face's
AROUND = 2  # looks each way
MOST_MOVING = 0.25  # of the picture: where more moves, it is no thing that moves
ALL_THE_TIME = 0.7  # of what moves at one place in half of the looks, that is laid aside
# Of the loss of everything: what lies at the edge of the window costs this beside its middle.
OFF_CENTRE = 0.25


@dataclass(frozen=True, slots=True)
class Interest:
    """What counts at one look along one axis. profile: in each of BINS parts, its sum 1, or 0 where nothing counts."""

    profile: Array
    weight: float


def interest_of(looks: Sequence[Sight], axis: int, speaking: Sequence[Sequence[float]]) -> list[Interest]:
    """Returns what counts at each look. axis: 0 across, 1 down; speaking: of each look's faces, 0 to 1."""
    moving = _by_themselves(looks, axis)
    return [_interest(*each, axis) for each in zip(looks, moving, speaking, strict=True)]


def _by_themselves(looks: Sequence[Sight], axis: int) -> Array:
    """Returns what moves at each look, (looks, BINS), without most of what moves all the time at the same place, as
    leaves, water and their shadows do."""
    found = np.array(
        [look.moving * np.array(look.moving_down if axis else look.moving_across) for look in looks]
    )
    return np.asarray(np.maximum(found - ALL_THE_TIME * np.median(found, axis=0), 0))


def _interest(look: Sight, moving: Array, speaking: Sequence[float], axis: int) -> Interest:
    shown = np.array(look.down if axis else look.across)
    alone = 1 - min(look.moving / MOST_MOVING, 1.0)
    sure = max((face.sure for face in look.faces), default=0.0)
    faces = _faces(look.faces, axis, speaking)
    figures = sum((_spread(box[axis], box[axis + 2]) for box in look.figures), np.zeros(BINS))
    parts = [(SHOWN, shown), (MOVING * alone, moving), (FACES * sure, faces), (FIGURES * (1 - sure), figures)]
    parts = [(weight, profile) for weight, profile in parts if profile.sum() > 0]
    total = sum(weight for weight, _ in parts)
    if total <= 0:
        return Interest(np.zeros(BINS), 0.0)
    profile = np.sum([weight * profile / profile.sum() for weight, profile in parts], axis=0)
    return Interest(profile / total, min(1.0, total / FACES))


def _faces(faces: Sequence[Face], axis: int, speaking: Sequence[float]) -> Array:
    made = np.zeros(BINS)
    for face, share in zip(faces, speaking, strict=True):
        size = float(np.sqrt((face.right - face.left) * (face.bottom - face.top)))
        believed = max(LEAST_FACE, (face.sure - DOUBTFUL) / (FULLY - DOUBTFUL)) ** 3
        first, stop = head_of(face, axis)
        shape = _spread(first, stop)
        if axis == 1:
            shape = FACE_ITSELF * _spread(first, face.bottom) + (1 - FACE_ITSELF) * shape
        made += believed * size * (1 + SPEAKING * share) * shape
    return made


def head_of(face: Face, axis: int) -> tuple[float, float]:
    """Returns from where to where a face's head and shoulders reach."""
    if axis == 0:
        wide = face.right - face.left
        return face.left - HEAD * wide, face.right + HEAD * wide
    high = face.bottom - face.top
    return face.top - ABOVE * high, face.bottom + BELOW * high


def _spread(first: float, stop: float) -> Array:
    """Returns a weight of 1 laid evenly from `first` to `stop`, of which what lies outside the picture is lost."""
    edges = np.linspace(0, 1, BINS + 1)
    inside = np.clip(edges[1:], first, stop) - np.clip(edges[:-1], first, stop)
    return np.asarray(inside / max(stop - first, 1e-6))


def shares_of_voice(looks: Sequence[Sight]) -> list[tuple[float, ...]]:
    """Returns how surely each face of each look is the one that speaks, 0 to 1.

    Of several faces, it is the one whose mouth moves while there is voice, over about a second. While nobody speaks it
    is whoever spoke last, and at the start whoever speaks first: a camera stays with them.
    """
    spoke = [_heard_at(looks, number) for number in range(len(looks))]
    loudest = max((look.voice for look in looks), default=0.0)
    speaker: list[float | None] = [
        _centre(look.faces[heard.index(max(heard))]) if _is_sure(heard, loudest) else None
        for look, heard in zip(looks, spoke, strict=True)
    ]
    last = next((centre for centre in speaker if centre is not None), None)
    made = []
    for look, centre in zip(looks, speaker, strict=True):
        last = last if centre is None else centre
        nearest = min(look.faces, key=lambda face: abs(_centre(face) - (last or 0.0)), default=None)
        if last is None or nearest is None or abs(_centre(nearest) - last) > nearest.right - nearest.left:
            made.append((0.0,) * len(look.faces))
            continue
        last = _centre(nearest)
        made.append(tuple(1.0 if face is nearest else 0.0 for face in look.faces))
    return made


def _is_sure(heard: Sequence[float], loudest: float) -> bool:
    first, second = ([*sorted(heard, reverse=True), 0.0, 0.0])[:2]
    return len(heard) > 1 and loudest > 0 and first >= LEAST_MOUTH * loudest and first >= MORE_MOUTH * second


def _heard_at(looks: Sequence[Sight], number: int) -> list[float]:
    """Returns how much the mouth of each face of a look moves with the voice, over AROUND looks each way."""
    near = looks[max(0, number - AROUND) : number + AROUND + 1]
    return [
        sum(look.voice * _mouth_near(look, face) for look in near) / len(near) for face in looks[number].faces
    ]


def _centre(face: Face) -> float:
    return (face.left + face.right) / 2


def _mouth_near(look: Sight, face: Face) -> float:
    """Returns how much the mouth moves of the face of a look that is nearest to another look's."""
    centre = face.left + face.right
    near = [each for each in look.faces if abs(each.left + each.right - centre) < face.right - face.left]
    return min(near, key=lambda each: abs(each.left + each.right - centre)).mouth if near else 0.0


def losses_of(interests: Sequence[Interest], window: float) -> Array:
    """Returns what windows lose of what counts at each look, (looks, PLACES), 0 to 1. window: in shares."""
    starts = np.linspace(0, 1 - window, PLACES)
    edges = np.linspace(0, 1, BINS + 1)
    centres = (edges[1:] + edges[:-1]) / 2
    off = np.abs(centres[None] - (starts[:, None] + window / 2)) / (window / 2)
    lost = np.clip((off - 1) * window * BINS / 2 + 0.5, 0, 1)  # parts at its edge count in part
    price = lost + (1 - lost) * OFF_CENTRE * np.minimum(off, 1) ** 2
    rows = [each.weight * (price @ each.profile) for each in interests]
    centred = 0.02 * np.abs(starts / max(1 - window, 1e-6) * 2 - 1)  # where nothing counts, the centre
    return np.asarray(rows) + centred[None]


def kept_share(interests: Sequence[Interest], starts: Array, window: float) -> float:
    """Returns how much of what counts windows keep, 0 to 1: over all looks. starts: of the window at each look."""
    edges = np.linspace(0, 1, BINS + 1)
    kept = total = 0.0
    for each, start in zip(interests, starts, strict=True):
        running = np.concatenate([[0.0], np.cumsum(each.profile)])
        inside = np.interp(start + window, edges, running) - np.interp(start, edges, running)
        kept, total = kept + each.weight * float(inside), total + each.weight
    return kept / total if total else 1.0
