"""Returns the frames of a finished film, by their hashes, as an approval binds to them.

Segments are closed groups of pictures: what one decodes to does not depend on its neighbours. So the pictures of each
are hashed once, and kept beside it in the store; a film's list is made of its segments' lists. Its sound is hashed from
the film itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

from post.engine import Store
from post.errors import AnswerprintError
from post.prepare.kept_answer import find_answer, kept_answer
from post.prepare.toolchain import code_digest
from post.render.frame_hashes import hash_picture, hash_samples, hash_sound
from post.values import Rendition, digest
from post.values.time import Clock
from provenance.approval.frames import FilmFrames

# What hashes frames, below post/.
MODULES = ("render/frame_hashes.py", "render/sound/codec.py", "takes/frame_planes.py")


@dataclass(frozen=True, slots=True)
class PictureQuestion:
    """Everything that the hashes of a segment's frames depend on. code: of the modules that decode and hash."""

    segment: str
    code: str


@dataclass(frozen=True, slots=True)
class FramesQuestion:
    """Everything that a film's list of frames depends on. film: the SHA-256 of the film before it was signed."""

    film: str
    frames: int
    rate_hz: int
    code: str


@dataclass(frozen=True, slots=True)
class PictureHashes:
    """The SHA-256 of each frame of a segment."""

    frames: tuple[str, ...]


def film_frames(rendition: Rendition, film: Path, sha256: str, store: Store) -> FilmFrames:
    """Returns the frames of a film that was made of this rendition.

    film: the file before it was signed; sha256: of it; store: has the film's segments, and keeps the answer.
    Raises AnswerprintError (a bug) where the film does not have as many frames as planned.
    """
    question = _question(rendition, sha256)
    return kept_answer(store, question, FilmFrames, partial(_hash_film, rendition, film, store))


def frames_before(rendition: Rendition, sha256: str, store: Store) -> FilmFrames | None:
    """Returns the frames of a film as they were hashed before; None where they are not in the store."""
    return find_answer(store, _question(rendition, sha256), FilmFrames)


def frames_of_file(film: Path, rendition: Rendition) -> FilmFrames:
    """Returns the frames of any file that shows a rendition, decoded whole: for a film without its segments."""
    return _joined(rendition, hash_picture(film), film)


def frames_as_logged(film: Path, stems: Mapping[str, Path], logged: FilmFrames, rate_hz: int) -> FilmFrames:
    """Returns the frames of a file that is to show what a log says, decoded whole, with the stems beside it.

    stems: the file of each, by its name; rate_hz: samples a second of its sound. It equals `logged` where the file
    shows that. It reads foreign files: it is called where those may be read. Raises SourceError where one cannot be
    decoded, ValueError for a film without frames.
    """
    picture, clock = hash_picture(film), Clock(Fraction(logged.rate))
    heard = hash_sound(film, clock, rate_hz, len(picture)) if logged.sound else ()
    told = ((name, hash_samples(path)) for name, path in stems.items())
    return FilmFrames(logged.rate, picture, heard, tuple(sorted(told)))


def _question(rendition: Rendition, sha256: str) -> FramesQuestion:
    return FramesQuestion(sha256, len(rendition.shown), rendition.mix.rate_hz, code_digest(MODULES))


def _hash_film(rendition: Rendition, film: Path, store: Store) -> FilmFrames:
    return _joined(rendition, tuple(_pictures(rendition, store)), film)


def _joined(rendition: Rendition, picture: tuple[str, ...], film: Path) -> FilmFrames:
    clock, planned = rendition.format.clock, len(rendition.shown)
    if len(picture) != planned:
        expected = f"{planned} frames"
        raise AnswerprintError(
            "decodes to another length", where=film.name, expected=expected, got=len(picture)
        )
    heard = hash_sound(film, clock, rendition.mix.rate_hz, planned) if rendition.mix.events else ()
    return FilmFrames(f"{clock.rate.numerator}/{clock.rate.denominator}", picture, heard)


def _pictures(rendition: Rendition, store: Store) -> Iterator[str]:
    for segment in rendition.segments:
        key = digest(segment)
        question = PictureQuestion(key, code_digest(MODULES))
        yield from kept_answer(store, question, PictureHashes, partial(_hash_segment, key, store)).frames


def _hash_segment(key: str, store: Store) -> PictureHashes:
    with store.open(key) as file:
        return PictureHashes(hash_picture(file))
