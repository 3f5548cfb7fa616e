"""Finds where the faces of takes are in a film, and how much of them a label covers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from post.measure.attention.faces import Face, FaceLooks
from post.measure.attention.sights import Box, Sights
from post.picture.label import Label
from post.picture.type.place import Bounds
from post.plan.layers import DrawnLayer
from post.plan.segments import ShotTreatment
from post.plan.shots import source_place
from post.values import Format, Shot, Span
from post.values.media import Fact
from post.values.warning import JobWarning

# Of a take's frame: its number, its faces, and small figures far away, where those were looked for.
_TakeLook = tuple[int, tuple[Face, ...], tuple[Box, ...]]
LOOKS_A_SECOND = 4  # of the film
SURE = 0.5  # what is less sure is seldom a face
# Of a face's height, from its brow: where its eyes are, with the lids.
EYES_TOP, EYES_BOTTOM = 0.15, 0.5
EYES = 4.0  # what covered eyes cost beside a covered face
TOUCHED = 0.02  # of a face: what is covered by less is not seen
TOLD = 0.1  # of the eyes: what a warning tells of
LEAST_HIGH = 0.06  # of the film's height: a smaller face is one of a crowd


@dataclass(frozen=True, slots=True)
class FilmFace:
    """A face in one frame of a film.

    face, eyes: their boxes in pixels, which may reach beyond the frame; weight: what it counts for, the share of the
    film's height that it takes.
    """

    frame: int
    face: Bounds
    eyes: Bounds
    weight: float


@dataclass(frozen=True, slots=True)
class FilmFaces:
    """The faces in a film. every: how many frames apart it was looked at."""

    found: tuple[FilmFace, ...] = ()
    every: int = 1

    def cost(self, box: Bounds, spans: Sequence[Span]) -> float:
        """Returns how much of faces, and of eyes above all, a box covers in the frames of spans; 0 for nothing."""
        return sum(
            each.weight * (_seen(_covered(box, each.face)) + EYES * _seen(_covered(box, each.eyes)))
            for each in self.within(spans)
        )

    def over_eyes(self, box: Bounds, spans: Sequence[Span]) -> list[FilmFace]:
        """Returns the faces whose eyes a box covers in the frames of spans, in order."""
        large = (each for each in self.within(spans) if each.weight >= LEAST_HIGH)
        return [each for each in large if _covered(box, each.eyes) > TOLD]

    def within(self, spans: Sequence[Span]) -> Iterator[FilmFace]:
        """Yields the faces in the frames of spans."""
        return (each for each in self.found if any(each.frame in span for span in spans))


def faces_in_film(
    shots: Sequence[Shot],
    treatments: Sequence[ShotTreatment],
    facts: Sequence[Mapping[str, Fact]],
    film: Format,
) -> FilmFaces:
    """Returns the faces that a film shows, and small figures, a few times a second, where its crops leave them.

    treatments, facts: of each shot; a shot has no faces whose facts are neither `sights` nor `faces`.
    """
    every = max(1, round(film.clock.rate / LOOKS_A_SECOND))
    rows = zip(shots, treatments, facts, strict=True)
    found = [face for shot, how, known in rows for face in _in_shot(shot, how, (_looks(known), film), every)]
    return FilmFaces(tuple(found), every)


def _looks(known: Mapping[str, Fact]) -> list[_TakeLook]:
    found = [known[name].value for name in ("sights", "faces") if name in known]
    for value in found:
        if isinstance(value, Sights):
            return [(look.at, look.faces, look.figures) for look in value.looks]
        if isinstance(value, FaceLooks):
            return [(look.at, look.faces, ()) for look in value.looks]
    return []


def _in_shot(
    shot: Shot, how: ShotTreatment, seen: tuple[list[_TakeLook], Format], every: int
) -> Iterator[FilmFace]:
    looks, film = seen
    if not any(faces or figures for _, faces, figures in looks):
        return
    numbers = [number for number, *_ in looks]
    for frame in range(shot.span.first, shot.span.stop, every):
        place = frame - shot.span.first
        number, _ = source_place(shot, shot.time(place))
        after = bisect_left(numbers, number)
        near = min(
            range(max(0, after - 1), min(after + 1, len(looks))), key=lambda at: abs(numbers[at] - number)
        )
        window = how.windows[place] if how.windows else how.window
        frame_of = tuple(float(side) for side in (window.left, window.top, window.width, window.height))
        _, faces, figures = looks[near]
        yield from (_film_face(frame, face, frame_of, film) for face in faces if face.sure >= SURE)
        for box in figures:  # too small for eyes
            figure = _film_face(frame, Face(*box, 1.0), frame_of, film)
            yield replace(figure, eyes=replace(figure.face, bottom=figure.face.top))


def _film_face(frame: int, face: Face, window: Sequence[float], film: Format) -> FilmFace:
    left, top, wide, high = window
    across = [round((edge - left) / wide * film.width) for edge in (face.left, face.right)]
    down = [(edge - top) / high * film.height for edge in (face.top, face.bottom)]
    tall = down[1] - down[0]
    eyes = round(down[0] + EYES_TOP * tall), round(down[0] + EYES_BOTTOM * tall)
    return FilmFace(
        frame,
        Bounds(across[0], round(down[0]), across[1], round(down[1])),
        Bounds(across[0], eyes[0], across[1], eyes[1]),
        tall / film.height,
    )


def _covered(box: Bounds, other: Bounds) -> float:
    """Returns the share of the other box that a box covers."""
    wide = min(box.right, other.right) - max(box.left, other.left)
    high = min(box.bottom, other.bottom) - max(box.top, other.top)
    area = other.width * other.height
    return wide * high / area if wide > 0 and high > 0 and area > 0 else 0.0


def _seen(share: float) -> float:
    return share if share > TOUCHED else 0.0


def face_warnings(
    films: Iterable[tuple[str, Sequence[DrawnLayer], FilmFaces, Format]], part: Span
) -> Iterator[JobWarning]:
    """Yields a warning for each label that lies over the eyes of a face in a film, in a part of it.

    films: the name of each, its layers, its faces and its format.
    """
    for name, layers, faces, film in films:
        labels = [
            each for each in layers if isinstance(each.timed.layer, Label) and each.placement.span.meets(part)
        ]
        for timed in {id(layer.timed): layer.timed for layer in labels}.values():
            showings = [each for each in labels if each.timed is timed]
            over = faces.over_eyes(showings[0].box, [each.placement.span.common(part) for each in showings])
            if over:
                first, last = over[0].frame, min(over[-1].frame + faces.every, film.length)
                times = " to ".join(f"{float(film.clock.seconds(frame)):.2f}" for frame in (first, last))
                fix = "crop the shot otherwise, or give the label a smaller height or another time"
                what = f"covers the eyes of a face in {name}"
                yield JobWarning(
                    "label-over-face",
                    what,
                    f"{times} s",
                    fix,
                    showings[0].name,
                    timed.where,
                    films=(name,),
                    frame=first,
                )
