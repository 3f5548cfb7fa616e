"""Finds the logos of a brand in a film: which, where, from when to when, and how they are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from post.qc.brand.fit import LogoInFrame, fit_logo
from post.qc.brand.logo import SearchedFrame, find_logo
from post.qc.brand.template import LogoTemplate, draw_logo
from post.qc.film_reader import FilmFrame, FilmReader
from post.qc.sampled import sampled_numbers, step_between
from post.values import Picture
from post.values.array import Array
from post.values.brand.guide import LogoFile
from post.values.claim import Stretch
from post.values.sights.brand import LogoSight, SeenLogo

STEP = Fraction(1, 2)  # seconds between samples
SEARCH_EVERY = 2  # samples: how often the whole frame is searched for a logo that is not there
MOST_SAMPLES = 240
MOVED = 0.5  # of its width: a logo that is found this far away is another showing of it


@dataclass(eq=False)
class _LogoShowing:
    """A logo that is followed. by_number: what was measured in each sample that shows it."""

    logo: LogoFile
    template: LogoTemplate
    by_number: dict[int, LogoInFrame] = field(default_factory=dict)

    @property
    def last(self) -> LogoInFrame:
        return next(reversed(self.by_number.values()))


@dataclass(frozen=True, slots=True)
class LogoQuestion:
    """Asks which of some logos a film shows. Its sight is a `LogoSight`."""

    logos: tuple[LogoFile, ...]

    def meter(self, picture: Picture) -> LogoMeter:
        """Returns what searches for them. Raises SourceError or JobError where a logo cannot be drawn."""
        return LogoMeter(self.logos, picture)

    def blind(self, why: str) -> LogoSight:
        """Returns the sight of a film that cannot be searched."""
        return LogoSight(fault=why)


class LogoMeter:
    """Takes frames half a second apart, and follows each logo from one to the next."""

    look_back = Fraction(0)

    def __init__(self, logos: Sequence[LogoFile], picture: Picture) -> None:
        self._picture, self._at = picture, 0
        self.numbers = sampled_numbers(picture, STEP, MOST_SAMPLES)
        self._drawn = [(logo, draw_logo(logo.file)) for logo in logos]
        self._showings: list[_LogoShowing] = []
        self._present: dict[str, _LogoShowing] = {}

    def see(self, frame: FilmFrame, _: FilmReader) -> None:
        """Takes the next sample."""
        search = self._at % SEARCH_EVERY == 0
        self._at += 1
        searched = SearchedFrame(frame.rgb)
        for logo, template in self._drawn:
            found = _look(searched, template, self._present.get(logo.id), search=search)
            _keep(found, frame.number, logo, template, self._present, self._showings)

    def found(self, reader: FilmReader) -> LogoSight:
        """Returns the logos that were seen."""
        _yield_to_likelier(self._showings)
        picture, numbers = self._picture, self.numbers
        seen = [_seen(each, numbers, reader, picture) for each in self._showings if each.by_number]
        ordered = tuple(sorted(seen, key=lambda each: (each.first, each.id)))
        step, (wide, high) = step_between(picture, numbers, STEP), picture.shown
        return LogoSight(ordered, len(numbers), step, picture.grid.seconds(picture.length), round(wide), high)


def _look(
    frame: SearchedFrame, template: LogoTemplate, showing: _LogoShowing | None, *, search: bool
) -> LogoInFrame | None:
    if showing is not None:
        found = _again(frame.rgb, template, showing.last)
        if found:
            return found
    return find_logo(frame, template) if search or showing is not None else None


def _again(rgb: Array, template: LogoTemplate, last: LogoInFrame) -> LogoInFrame | None:
    """Returns the logo where it was."""
    (left, top), (width, height) = last.corners[0], last.size
    return fit_logo(rgb, template, (float(left), float(top), width, height))


def _keep(
    found: LogoInFrame | None,
    number: int,
    logo: LogoFile,
    template: LogoTemplate,
    present: dict[str, _LogoShowing],
    showings: list[_LogoShowing],
) -> None:
    if found is None:
        present.pop(logo.id, None)
        return
    showing = present.get(logo.id)
    if showing is None or _moved(showing.last, found):
        showing = present[logo.id] = _LogoShowing(logo, template)
        showings.append(showing)
    showing.by_number[number] = found


def _moved(one: LogoInFrame, other: LogoInFrame) -> bool:
    apart = np.linalg.norm(one.corners.mean(0) - other.corners.mean(0))
    return bool(apart > MOVED * max(one.size[0], other.size[0]))


def _yield_to_likelier(showings: Sequence[_LogoShowing]) -> None:
    """Takes samples from a logo where another, at the same place, is the likelier: versions of a logo resemble it."""
    for one in showings:
        for number, mine in list(one.by_number.items()):
            rivals = [
                theirs
                for other in showings
                if other.logo.id != one.logo.id and (theirs := other.by_number.get(number))
            ]
            if any(each.score > mine.score and not _moved(each, mine) for each in rivals):
                del one.by_number[number]


def _seen(showing: _LogoShowing, numbers: list[int], reader: FilmReader, picture: Picture) -> SeenLogo:
    found = list(showing.by_number.values())
    frame, best = max(showing.by_number.items(), key=lambda each: each[1].score)
    scale = reader.scale()
    box = tuple(round(each * scale) for each in best.box)
    opacities = [each.opacity for each in found if each.opacity is not None]
    stretch = np.median([each.size[0] / each.size[1] for each in found]) / showing.template.shape
    return SeenLogo(
        showing.logo.id,
        showing.logo.retired,
        tuple(_stretches(showing, numbers, reader, picture)),
        (box[0], box[1], box[2], box[3]),
        round(100 * best.size[0] * scale / float(picture.shown[0]), 2),
        round(float(stretch), 4),
        round(float(np.median([each.shear_degrees for each in found])), 2),
        round(max(opacities), 3) if opacities else None,
        round(min(each.delta_e for each in found), 2),
        round(float(np.median([each.covered for each in found])), 3),
        round(best.score, 3),
        frame,
    )


def _stretches(
    showing: _LogoShowing, numbers: list[int], reader: FilmReader, picture: Picture
) -> Iterator[Stretch]:
    """Yields the seconds of each run of samples, its edges found to the frame."""
    places = [at for at, number in enumerate(numbers) if number in showing.by_number]
    while places:
        count = next((at for at in range(1, len(places)) if places[at] != places[at - 1] + 1), len(places))
        first, last = places[0], places[count - 1]
        places = places[count:]
        start = numbers[first] if first == 0 else _edge(showing, reader, numbers[first - 1], numbers[first])
        end = (
            numbers[last]
            if last == len(numbers) - 1
            else _edge(showing, reader, numbers[last + 1], numbers[last])
        )
        yield picture.grid.seconds(start), picture.grid.seconds(end + 1)


def _edge(showing: _LogoShowing, reader: FilmReader, absent: int, present: int) -> int:
    """Returns the frame furthest towards `absent` that shows the logo where it is."""
    known = showing.by_number[present]
    while abs(present - absent) > 1:
        middle = (present + absent) // 2
        if _again(reader.at(middle).rgb, showing.template, known):
            present = middle
        else:
            absent = middle
    return present
