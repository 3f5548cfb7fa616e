"""Reads every text that a film shows: what it says, where, from when to when, and in which colours.

A frame every half second is searched for type (`search.py`), where it differs from the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from post.errors import JobError
from post.qc.brand.palette import CardMeter, colours_of_line
from post.qc.film_reader import FilmFrame, FilmReader
from post.qc.sampled import sampled_numbers, step_between
from post.qc.text.network import SCRIPTS, require_reader
from post.qc.text.recognise import script_of
from post.qc.text.search import TypeSearch
from post.qc.text.track import TypeTrack
from post.qc.text.words import word_likeness
from post.values import Picture
from post.values.claim import Stretch
from post.values.sights.brand import PaletteSight, SeenColour
from post.values.sights.text import SeenText, TextSight

STEP = Fraction(1, 2)  # seconds between samples
MOST_SAMPLES = 240  # of a longer film, samples are spread
# Texture that is taken for type gives no letters, and is seldom as likely or as lasting.
LIKELY_UNREAD, SAMPLES_UNREAD = 0.7, 2


@dataclass(frozen=True, slots=True)
class TypeSights:
    """What was seen of type in one film: what it says, and the colours of type and graphics."""

    text: TextSight
    palette: PaletteSight


@dataclass(frozen=True, slots=True)
class TypeQuestion:
    """Asks what is written in a film, and the colours of type and graphics. Its sight is a `TypeSights`; where the
    reader is not installed, that says so."""

    def meter(self, picture: Picture) -> TypeMeter:
        """Returns what measures it."""
        return TypeMeter(picture)

    def blind(self, why: str) -> TypeSights:
        """Returns the sights of a film that cannot be read."""
        return TypeSights(TextSight(fault=why), PaletteSight(fault=why))


class TypeMeter:
    """Takes the samples of one film in which type is searched, and those in which cards are."""

    def __init__(self, picture: Picture) -> None:
        self._picture, self._search, self._cards = picture, TypeSearch(), CardMeter(picture)
        self._samples = sampled_numbers(picture, STEP, MOST_SAMPLES)
        self._step = step_between(picture, self._samples, STEP)
        self._wanted, self._missing = frozenset(self._samples), _missing_reader()
        self.numbers = () if self._missing else sorted({*self._samples, *self._cards.numbers})
        # Frames between two samples that are further apart are read again, where a line comes or goes.
        self.look_back = STEP if self._step <= STEP else Fraction(0)

    def see(self, frame: FilmFrame, reader: FilmReader) -> None:
        """Takes the next frame."""
        if frame.number in self._wanted:
            self._search.see(frame, reader)
        if frame.number in self._cards.numbers:
            self._cards.see(frame)

    def found(self, reader: FilmReader) -> TypeSights:
        """Returns what was seen."""
        if self._missing:
            return TypeQuestion().blind(self._missing)
        lines = sorted(self._lines(reader.scale()), key=lambda each: _order(each[0]))
        colours, small = list[SeenColour](), 0
        for line, track in sorted(lines, key=lambda each: (each[0].frame, not each[0].text)):
            found = colours_of_line(track.part, line, track.area)
            small += found is None
            colours += found or ()
        seen = tuple(line for line, _ in lines)
        text = TextSight(
            tuple(each for each in seen if each.text),
            tuple(each for each in seen if not each.text),
            SCRIPTS,
            self._search.read,
            self._step,
            self._picture.grid.seconds(self._picture.length),
        )
        return TypeSights(text, PaletteSight((*colours, *self._cards.found()), small))

    def _lines(self, scale: float) -> Iterator[tuple[SeenText, TypeTrack]]:
        """Yields each text that counts, with all its stretches, and the track that shows it best."""
        kept = [each for each in self._search.tracks if _counts(each, self._picture)]
        shorter = float(min(self._picture.shown[0], Fraction(self._picture.shown[1])))
        for _, same in groupby(sorted(kept, key=_identity), key=_identity):
            tracks = list(same)
            best = max(tracks, key=lambda each: (each.reading.confidence, -each.best))
            box = tuple(round(each * scale) for each in best.box)
            text = best.reading.text if best.reading.is_read else ""
            line = SeenText(
                text,
                tuple(_joined(self._picture, sorted((each.start, each.stop) for each in tracks))),
                (box[0], box[1], box[2], box[3]),
                round(100 * (box[3] - box[1]) / shorter, 2),
                round(best.reading.confidence, 3),
                round(best.reading.digits, 3),
                script_of(text),
                round(word_likeness(text), 3),
                best.best,
            )
            yield line, best


def _missing_reader() -> str:
    """Returns why nothing can be read here, "" where the reader is installed."""
    try:
        require_reader()
    except JobError as missing:
        return f"{missing.what}; {missing.fix}"
    return ""


def _order(line: SeenText) -> tuple[Fraction, int, int, str]:
    return line.first, line.box[1], line.box[0], line.text


def _identity(track: TypeTrack) -> tuple[str, int, int]:
    """Returns what tracks of one text share: the text, and for one that is unread, its place."""
    place = (0, 0) if track.reading.is_read else (track.box[0] // 40, track.box[1] // 40)
    return track.reading.text if track.reading.is_read else "", *place


def _counts(track: TypeTrack, picture: Picture) -> bool:
    if track.reading.is_read:
        return True
    return track.likely >= LIKELY_UNREAD and (len(track.numbers) >= SAMPLES_UNREAD or picture.stands_still)


def _joined(picture: Picture, spans: list[tuple[int, int]]) -> Iterator[Stretch]:
    """Yields spans of frames as seconds, those that touch as one."""
    start, stop = spans[0]
    for first, last in spans[1:]:
        if first > stop + 1:
            yield picture.grid.seconds(start), picture.grid.seconds(stop + 1)
            start = first
        stop = max(stop, last)
    yield picture.grid.seconds(start), picture.grid.seconds(stop + 1)
