"""Looks for faces in takes that labels stand over; what is found is kept by the take's content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from post.engine import Store
from post.errors import SourceError
from post.measure.attention.faces import FaceLook, FaceLooks, face_finder, find_faces
from post.prepare.kept_answer import kept_answer
from post.prepare.seen.sights import small_frames
from post.values import File, Picture, Span, Take

FACE_LOOKS = 1  # rises when the same frames may show other faces
LOOKS_A_SECOND = 2  # a head that talks moves less than its own width in half a second


@dataclass(frozen=True, slots=True)
class TakeFacesQuestion:
    """Everything that the answer depends on: its digest is its key.

    finders: the version of what looks, and the release of what finds faces; spans: the frames that are used.
    """

    file: File
    picture: Picture
    finders: tuple[str, ...]
    spans: tuple[Span, ...]


def faces_of(take: Take, spans: tuple[Span, ...], keep: Store | None) -> FaceLooks:
    """Returns the faces in the frames of a take, twice a second; none where they cannot be decoded, which is said
    later.

    spans: the frames that are used, in order and apart.
    """
    question = TakeFacesQuestion(take.file, take.picture, (str(FACE_LOOKS), face_finder()), spans)
    try:
        return kept_answer(keep, question, FaceLooks, partial(_seen, take, spans))
    except SourceError:
        return FaceLooks(())


def _seen(take: Take, spans: Sequence[Span]) -> FaceLooks:
    every = max(1, round(take.picture.grid.rate / LOOKS_A_SECOND))
    numbers = [number for span in spans for number in range(span.first, span.stop, every)]
    if take.picture.stands_still:
        numbers = numbers[:1]
    return FaceLooks(tuple(FaceLook(number, find_faces(rgb)) for number, rgb in small_frames(take, numbers)))
