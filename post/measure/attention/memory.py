"""Remembers faces: one that was seen, and is not found in the next looks, has turned away and is still there.

It is followed by what is in its box, forwards and backwards in time, less surely with every look, until it is found
again, leaves the picture, or the shot changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from post.measure.attention.faces import Face
from post.measure.attention.motion import Moved, follow_places
from post.values.array import Array

SURE = 0.55  # a face below this is not remembered
FADES = 0.88  # how sure a face is that is not found, of how sure it was a look before
FAINTEST = 0.2  # what is less sure is forgotten
PLACES = 6  # across and down a face that are followed
LEAST_FOUND = 0.3  # of those, where the face is
SAME = 0.6  # of its width: a face nearer than this to another is the same


def remember_faces(
    faces: Sequence[tuple[Face, ...]], pictures: Sequence[Array], motions: Sequence[Moved]
) -> list[tuple[Face, ...]]:
    """Returns the faces of each look, with those that are remembered behind those that are found.

    pictures: of each look, as `small_grey` gives them; motions: what happened before each look.
    """
    order = list(range(len(faces)))
    after = _followed(faces, pictures, motions, order)
    before = _followed(faces, pictures, motions, order[::-1])
    made = []
    for found, *remembered in zip(faces, after, before, strict=True):
        kept = list(found)
        for face in sorted((*remembered[0], *remembered[1]), key=lambda each: (-each.sure, each.left)):
            if not any(_same(face, other) for other in kept):
                kept.append(face)
        made.append(tuple(kept))
    return made


def _followed(
    faces: Sequence[tuple[Face, ...]], pictures: Sequence[Array], motions: Sequence[Moved], order: list[int]
) -> list[list[Face]]:
    """Returns the faces that are remembered at each look, from those that were met before in an order of looks."""
    made: list[list[Face]] = [[] for _ in faces]
    held: list[Face] = []
    last = None
    for look in order:
        if last is not None and motions[max(last, look)].cut:
            held = []
        if last is not None and held:
            moved = (_moved(face, pictures[last], pictures[look]) for face in held)
            held = [face for face in moved if face is not None]
        held = [face for face in held if not any(_same(face, other) for other in faces[look])]
        made[look] = list(held)
        held += [replace(face, mouth=0.0) for face in faces[look] if face.sure >= SURE]
        last = look
    return made


def _same(face: Face, other: Face) -> bool:
    near = SAME * max(face.right - face.left, other.right - other.left)
    return abs(face.left + face.right - other.left - other.right) < 2 * near


def _moved(face: Face, before: Array, now: Array) -> Face | None:
    """Returns a face where it is in another look; None where it left the picture or is not sure any more.

    Where what is in its box is not found again, its head turned: it stays where it was.
    """
    sure = round(face.sure * FADES, 3)
    if sure < FAINTEST:
        return None
    height, width = now.shape
    steps = np.linspace(0.15, 0.85, PLACES)
    x = (face.left + steps * (face.right - face.left)) * width
    y = (face.top + steps * (face.bottom - face.top)) * height
    places = np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)
    there, found = follow_places(before, now, places)
    dx = dy = 0.0
    if found.mean() >= LEAST_FOUND:
        dx, dy = (float(each) for each in np.median((there - places)[found], axis=0) / (width, height))
    centre = (face.left + face.right) / 2 + dx, (face.top + face.bottom) / 2 + dy
    if not all(0 < each < 1 for each in centre):
        return None
    left, right = round(face.left + dx, 4), round(face.right + dx, 4)
    top, bottom = round(face.top + dy, 4), round(face.bottom + dy, 4)
    return replace(face, left=left, top=top, right=right, bottom=bottom, sure=sure)
