"""Measures all that is asked about the picture of a film in one pass of its decoder.

A `LookQuestion` is a value that travels to a worker, such as `LogoQuestion(logos)`. Its meter names the frames that it
looks at, takes them in order, and returns a sight. Frames are decoded once, and each view of a frame is made once, for
all meters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from post.errors import SourceError
from post.qc.film_reader import FilmFrame, FilmReader
from post.takes.probe import probe
from post.values import Picture

Sight = TypeVar("Sight", covariant=True)


class FilmMeter(Protocol[Sight]):
    """Takes frames of one film in order."""

    @property
    def numbers(self) -> Iterable[int]:
        """The frames that it looks at, each once."""

    @property
    def look_back(self) -> Fraction:
        """How many seconds back it may ask for frames while it takes one."""

    def see(self, frame: FilmFrame, reader: FilmReader) -> None:
        """Takes the next of its frames. reader: gives the frames before it."""

    def found(self, reader: FilmReader) -> Sight:
        """Returns its sight. reader: gives any frame again. Raises SourceError where one is damaged."""


class LookQuestion(Protocol[Sight]):
    """Something to be measured in the picture of a film: a value that can be compared and sent to a worker."""

    def meter(self, picture: Picture) -> FilmMeter[Sight]:
        """Returns what measures it in a film, of which `probe` returned the picture. Raises SourceError or JobError
        where what the film is compared with cannot be read or used."""

    def blind(self, why: str) -> Sight:
        """Returns the sight of a film that cannot be measured, for this reason."""


def measure_film(path: Path, questions: Sequence[LookQuestion[Any]]) -> tuple[Any, ...]:
    """Returns the sight of each question, in their order. The file may be anything: call it in a worker.

    A question that needs a damaged frame is blind. Raises SourceError where the file cannot be read as a film, JobError
    where a question cannot be asked.
    """
    picture = probe(path, path.name).picture
    asked = [_AskedMeter(question, picture) for question in questions]
    by_number: dict[int, list[_AskedMeter]] = {}
    for each in asked:
        for number in each.meter.numbers if each.meter else ():
            by_number.setdefault(number, []).append(each)
    look_back = max((each.meter.look_back for each in asked if each.meter), default=Fraction(0))
    with FilmReader(path, picture, look_back=look_back) as reader:
        for number in sorted(by_number):
            seeing = [each for each in by_number[number] if not each.fault]
            if seeing:
                _show(reader, number, seeing)
        return tuple(each.sight(reader) for each in asked)


def measure_one(path: Path, question: LookQuestion[Sight]) -> Sight:
    """Returns the sight of one question. Raises what `measure_film` does."""
    return cast("Sight", measure_film(path, (question,))[0])


class _AskedMeter:
    """A question and its meter. fault: why the film cannot be measured for it, "" where it can; meter: None where it
    could not be made."""

    def __init__(self, question: LookQuestion[Any], picture: Picture) -> None:
        self.question, self.fault = question, ""
        self.meter: FilmMeter[Any] | None = None
        try:
            self.meter = question.meter(picture)
        except SourceError as fault:
            self.fault = fault.what

    def see(self, frame: FilmFrame, reader: FilmReader) -> None:
        try:
            if self.meter:
                self.meter.see(frame, reader)
        except SourceError as fault:
            self.fault = fault.what

    def sight(self, reader: FilmReader) -> Any:
        try:
            if self.meter and not self.fault:
                return self.meter.found(reader)
        except SourceError as fault:
            self.fault = fault.what
        return self.question.blind(self.fault)


def _show(reader: FilmReader, number: int, seeing: Sequence[_AskedMeter]) -> None:
    """Gives a frame to the meters that look at it."""
    try:
        frame = reader.at(number)
    except SourceError as fault:
        for each in seeing:
            each.fault = fault.what
        return
    for each in seeing:
        each.see(frame, reader)
