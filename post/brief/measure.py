"""Measures what the rules of a brief ask: of takes, of what shots show of them, and of finished films."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np

from post.brief.checks import FILM_JUDGES, FOOTAGE_JUDGES, NEEDS, OPENING_JUDGES, TAKE_JUDGES
from post.brief.footage import FacesInFrame, Footage
from post.engine import Store
from post.job.brief.model import BriefRule, MotionBrief
from post.job.brief.picture_checks import PeopleCheck
from post.job.model import Job, TakeRef
from post.measure import facts_of
from post.measure.attention.faces import SIDE, face_finder, find_faces

# Importing a measure declares it.
from post.measure.film import camera, softness  # noqa: F401
from post.prepare.facts import file_picture
from post.prepare.kept_answer import kept_answer
from post.takes.probe import probe
from post.takes.still import read_stills
from post.values import File, Picture, Shot, Take
from post.values.media import Fact
from post.values.time import Span
from provenance.record import merge

LOOKS_A_SECOND = 2
MOST_LOOKS = 60


def measures_for(rules: Iterable[BriefRule], *, film: bool = False) -> tuple[str, ...]:
    """Returns the measures that rules need, in order: of a finished film, or of takes."""
    asked = {type(rule.check) for rule in rules if rule.check}
    of_takes = {*FOOTAGE_JUDGES, *TAKE_JUDGES, *OPENING_JUDGES}
    of_films = {*FOOTAGE_JUDGES, *OPENING_JUDGES, *FILM_JUDGES}
    # A film's own frames are measured as policies measure them.
    wanted = asked & of_films - (TAKE_JUDGES.keys() & FILM_JUDGES.keys()) if film else asked & of_takes
    return tuple(sorted({name for kind in wanted for name in NEEDS.get(kind, ())}))


def looks_for_people(brief: MotionBrief) -> bool:
    """Returns whether a rule counts faces."""
    return any(isinstance(rule.check, PeopleCheck) for rule in brief.rules)


def take_footage(
    job: Job, ref: TakeRef, take: Take, keep: Store | None, known: Mapping[str, Fact] | None = None
) -> Footage | None:
    """Returns a whole take with what the job's brief asks of it; None where it has no brief with rules.

    keep: where measurements are looked up first, and kept; known: what was measured already. The file is decoded once,
    or not at all. A frame that is damaged leaves what was asked unmeasured.
    """
    brief = job.motion_brief
    if brief is None or not brief.rules:
        return None
    picture, names = take.picture, measures_for(brief.rules)
    found = dict(known or {})
    if missing := [name for name in names if name not in found]:
        found |= facts_of(take.file.here, file_picture(job, take, keep), take.file.sha256, keep, missing)
    facts = {name: fact.value for name, fact in found.items()}
    faces = _faces_kept(take.file, picture, keep) if looks_for_people(brief) else None
    record = tuple((field, value) for field, value, _ in merge(ref.record, take.record))
    generated = not (ref.camera or ref.graphic or ref.made is not None)
    span = Span(0, picture.length)
    return Footage(
        f"take {ref.name}", take.file.here, picture, span, facts, faces, record, generated, ref.beat
    )


def shot_footage(whole: Footage, shot: Shot, rate: Fraction) -> Footage:
    """Returns what a shot shows of its take, at the speed of the cut. whole: its take; rate: the film's, in frames a
    second."""
    last = whole.picture.length - 1
    places = tuple(min(max(shot.time(at), Fraction(0)), Fraction(last)) for at in range(len(shot.span)))
    span = Span(int(min(places)), int(max(places)) + 1)
    faces = whole.faces
    if faces is not None and not whole.picture.stands_still:
        faces = tuple(each for each in faces if span.first <= each.frame < span.stop)
    name = f"shot {shot.name} ({whole.name})"
    return replace(whole, name=name, span=span, places=places, rate=rate, faces=faces)


def _faces_kept(file: File, picture: Picture, keep: Store | None) -> tuple[FacesInFrame, ...] | None:
    if not face_finder():
        return None
    question = FaceQuestion(file.sha256, picture, face_finder())
    return kept_answer(keep, question, FacesSeen, partial(_faces, file.here, picture)).looks


@dataclass(frozen=True, slots=True)
class FaceQuestion:
    """Everything that the faces of a file depend on: they are kept under its digest."""

    asset: str
    picture: Picture
    finder: str


@dataclass(frozen=True, slots=True)
class FacesSeen:
    """The faces of a file, look by look."""

    looks: tuple[FacesInFrame, ...]


def _faces(path: Path, picture: Picture) -> FacesSeen:
    step = max(1, round(float(picture.grid.rate) / LOOKS_A_SECOND))
    numbers: Collection[int] = [0] if picture.stands_still else range(step // 2, picture.length, step)
    chosen = list(numbers)[:: -(-len(numbers) // MOST_LOOKS)] if numbers else [0]
    width, height = (float(side) for side in picture.shown)
    scale = SIDE / max(width, height)
    area = round(width * scale * height * scale)
    looks = []
    for number, image in read_stills(path, picture, chosen, area):
        sure = tuple(sorted((round(each.sure, 3) for each in find_faces(np.asarray(image))), reverse=True))
        looks.append(FacesInFrame(number, sure))
    return FacesSeen(tuple(looks))


def film_footage(path: Path, names: tuple[str, ...], *, people: bool) -> Footage:
    """Returns a finished film with what was measured of it, in one pass of its decoder. Call it in a worker.

    names: the measures; people: whether faces are looked for. Raises SourceError where it cannot be read as a film.
    """
    picture = probe(path, path.name).picture
    found = facts_of(path, picture, "", None, names) if names else {}
    faces = _faces(path, picture).looks if people and face_finder() else None
    facts = {name: fact.value for name, fact in found.items()}
    return Footage("the film", path, picture, Span(0, picture.length), facts, faces)
