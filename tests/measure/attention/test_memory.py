"""A face that is not found for some looks is still there: it is followed, fades, and is forgotten at a cut."""

from __future__ import annotations

import numpy as np
import pytest

from post.measure.attention.faces import Face
from post.measure.attention.memory import FADES, remember_faces
from post.measure.attention.motion import Moved, moved, small_grey
from post.values.array import Array

SEEN = Face(0.30, 0.20, 0.45, 0.50, 0.9)


def picture(right: int = 0) -> Array:
    x, y = np.meshgrid(np.arange(160) - right, np.arange(90))
    return small_grey(128 + 40 * np.sin(0.5 * x + 0.2 * y) + 40 * np.sin(0.15 * x - 0.45 * y))


def motions(pictures: list[Array], cut: int = -1) -> list[Moved]:
    made = [moved(old, new) for old, new in zip([pictures[0], *pictures], pictures, strict=False)]
    return [Moved(each.camera, each.change, at == cut) for at, each in enumerate(made)]


def test_a_face_that_turned_away_goes_with_the_picture_and_fades() -> None:
    pictures = [picture(4 * look) for look in range(4)]
    after = remember_faces([(SEEN,), (), (), ()], pictures, motions(pictures))
    assert after[0] == (SEEN,)
    for look in (1, 2, 3):
        (face,) = after[look]
        assert face.left == pytest.approx(SEEN.left + look * 4 / 160, abs=0.004)
        assert face.sure == pytest.approx(0.9 * FADES**look, abs=0.01)


def test_it_was_there_before_it_was_seen_too() -> None:
    pictures = [picture()] * 3
    assert [len(faces) for faces in remember_faces([(), (), (SEEN,)], pictures, motions(pictures))] == [
        1,
        1,
        1,
    ]


def test_it_is_not_remembered_over_a_cut_nor_beside_itself_nor_if_it_was_hardly_seen() -> None:
    pictures = [picture()] * 3
    over = remember_faces([(SEEN,), (), ()], pictures, motions(pictures, cut=1))
    assert [len(faces) for faces in over] == [1, 0, 0]
    found = remember_faces([(SEEN,), (SEEN,), (SEEN,)], pictures, motions(pictures))
    assert [len(faces) for faces in found] == [1, 1, 1]
    faint = Face(0.30, 0.20, 0.45, 0.50, 0.4)
    assert remember_faces([(faint,), (), ()], pictures, motions(pictures))[1:] == [(), ()]
