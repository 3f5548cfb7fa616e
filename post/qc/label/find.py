"""Finds AI labels in the picture of any film, with no receipt: which text, where, how large, from when to when.

Places of type are searched in the mean of a second of the film, where a label stands still and the picture fades.
Each is compared, letter by letter, with the texts that are searched for. What is found is followed through the film,
and the first and last frame of each stretch are found by halving.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import median

from post.measure.attention.type_lines import LinePlace, find_lines
from post.qc.film_reader import FilmFrame, FilmReader
from post.qc.label.judge import LEAST_SCORE, is_text, sized, stands_alone
from post.qc.label.letters import CAPITAL, can_draw, split_text, square_height
from post.qc.label.reading import Responses, read_place
from post.qc.label.track import PRESENT, Track, track_of
from post.qc.label.windows import RUN, STEP, SampledRun, window_numbers
from post.qc.sampled import step_between
from post.values import Picture
from post.values.array import Array
from post.values.claim import Box, Stretch
from post.values.media import File
from post.values.sights.label import LabelSight, SeenLabel

MOST_PLACES = 12  # places of a window that are read
MOST_FOUND = 200  # places that are ranked
LEAST_ALIKE = 6  # of those brighter than their ground, and of those darker, where there are so many
SEARCH_AGAIN = 4  # windows: how often the film is searched while a label is there


@dataclass(frozen=True, slots=True)
class LabelQuestion:
    """Asks which labels a film shows. texts: those to search for; declared: further ones, which the film's manifest
    says it shows; fonts: for letters that Inter lacks. Its sight is a `LabelSight`."""

    texts: tuple[str, ...]
    declared: tuple[str, ...] = ()
    fonts: tuple[File, ...] = ()

    @property
    def wanted(self) -> tuple[str, ...]:
        """All texts, each once, in single spaces."""
        all_texts = (*self.declared, *self.texts)
        return tuple(dict.fromkeys(" ".join(text.split()) for text in all_texts if text.strip()))

    def meter(self, picture: Picture) -> LabelSearch:
        """Returns what searches for them. Raises JobError where a font cannot be read."""
        return LabelSearch(self, picture)

    def blind(self, why: str) -> LabelSight:
        """Returns the sight of a film that cannot be searched."""
        return LabelSight(texts=(*self.declared, *self.texts), fault=why)


class LabelSearch:
    """The search of one film, window by window."""

    look_back = Fraction(0)

    def __init__(self, question: LabelQuestion, picture: Picture) -> None:
        """Raises JobError where a font cannot be read."""
        self.picture, self._question = picture, question
        wordings = {text: split_text(text, question.fonts) for text in question.wanted}
        self._wordings = [each for each in wordings.values() if can_draw(each)]
        self._undrawn = tuple(text for text, each in wordings.items() if each not in self._wordings)
        windows = window_numbers(picture)
        self._ends = {window[-1] for window in windows}
        self.numbers = [number for window in windows for number in window]
        self.tracks: list[Track] = []
        self._lumas: list[tuple[int, Array]] = []
        self._before: SampledRun | None = None
        self._since = 0

    def see(self, frame: FilmFrame, _: FilmReader) -> None:
        """Takes the next sample; with the last of a window, follows the labels that are known through the window, and
        searches for others."""
        self._lumas.append((frame.number, frame.luma))
        if frame.number in self._ends:
            numbers, lumas = zip(*self._lumas, strict=True)
            self._lumas = []
            self._look(SampledRun(numbers, lumas))

    def found(self, reader: FilmReader) -> LabelSight:
        """Returns what was seen."""
        said = {" ".join(text.split()) for text in self._question.declared}
        seen = (replace(each, declared=each.text in said) for each in self._seen(reader))
        length = self.picture.grid.seconds(self.picture.length)
        width, height = (int(side) for side in self.picture.shown)
        return LabelSight(
            tuple(sorted(seen, key=lambda each: (-each.dwell, -each.score, each.text))),
            self._question.wanted, self._undrawn, step_between(self.picture, self.numbers, STEP), len(self.numbers),
            length, width=width, height=height,
        )  # fmt: skip

    def _look(self, window: SampledRun) -> None:
        present = [each for each in self.tracks if self._follow(each, window)]
        self._since += 1
        if not present or self._since >= SEARCH_AGAIN:
            self._since = 0
            for track in self._find(window):
                if not any(track.covers(other) for other in present):
                    self._begin(track, window)
                    present.append(track)
        self._before = window

    def _begin(self, track: Track, window: SampledRun) -> None:
        self.tracks.append(track)
        if self._before is not None:
            self._follow(track, self._before)
        self._follow(track, window)

    def _follow(self, track: Track, window: SampledRun) -> bool:
        """Returns whether the label is in every frame of the window."""
        full = self.picture.colour.range == "full"
        frames = zip(window.numbers, window.lumas, strict=True)
        found = [track.follow(*each, full_range=full) for each in frames]
        return all(found)

    def _find(self, window: SampledRun) -> Iterator[Track]:
        scale = window.mean.shape[0] / window.small.shape[0]
        for place in _likeliest(window.small):
            there = _scaled(place, scale)
            reading = read_place(window.mean, there, self._wordings, LEAST_SCORE)
            if reading is None:
                continue
            responses = Responses(reading.strip)
            best = sized(reading, responses)
            if is_text(best, responses):
                yield track_of(best, there, alone=stands_alone(best, responses))

    def _seen(self, reader: FilmReader) -> Iterator[SeenLabel]:
        """Yields each label text that was seen: alone, and among other words."""
        for kind in dict.fromkeys((track.text, track.alone) for track in self.tracks):
            tracks = [each for each in self.tracks if (each.text, each.alone) == kind]
            runs = _runs(self.numbers, tracks)
            if runs:
                stretches = tuple(self._stretch(tracks, run, reader) for run in runs)
                first = sorted(tracks, key=_present_in, reverse=True)
                yield self._describe(first, stretches, reader)

    def _stretch(self, tracks: Sequence[Track], run: tuple[int, int], reader: FilmReader) -> Stretch:
        """Returns the seconds of a run of samples, its edges found to the frame. run: its first and its last, as places
        in `numbers`."""
        numbers, end, (first, last) = self.numbers, len(self.numbers) - 1, run
        start, stop = numbers[first], numbers[last]
        if first > 0:
            start = _edge(tracks, numbers[first - 1], start, reader)
        if last < end:
            stop = _edge(tracks, numbers[last + 1], stop, reader)
        return self.picture.grid.seconds(start), self.picture.grid.seconds(stop + 1)

    def _least_contrast(self, tracks: Sequence[Track]) -> float:
        """Returns the least contrast of a label in any second of the film, the median of the frames that show it."""
        shown = {number: contrast for track in tracks for number, contrast in track.contrasts.items()}
        windows = (self.numbers[at : at + RUN] for at in range(0, len(self.numbers), RUN))
        each = ([shown[number] for number in window if number in shown] for window in windows)
        return round(min(median(found) for found in each if found), 2)

    def _describe(
        self, tracks: Sequence[Track], stretches: tuple[Stretch, ...], reader: FilmReader
    ) -> SeenLabel:
        """Describes a label by its tracks, the one that is seen most often first."""
        track = tracks[0]
        best = max(track.scores, key=lambda each: (round(track.scores[each], 2), -each))
        luma = reader.at(best).luma
        high = self.picture.shown[1]
        factor = high / luma.shape[0]
        reading = track.reading
        percent = 100 * CAPITAL * reading.size / reading.strip.scale / min(luma.shape)
        square = square_height(reading.wording)
        return SeenLabel(
            track.text,
            stretches,
            _enlarged(track.box, factor),
            round(percent, 2),
            self._least_contrast(tracks),
            round(reading.score, 3),
            best,
            alone=track.alone,
            character_percent=round(percent * square, 2) if square is not None else None,
            places=tuple(dict.fromkeys(_enlarged(each.reach, factor) for each in tracks if each.reach)),
        )


def _edge(tracks: Sequence[Track], absent: int, present: int, reader: FilmReader) -> int:
    """Returns the frame furthest towards `absent` that shows the label."""
    while abs(present - absent) > 1:
        middle = (present + absent) // 2
        luma = reader.at(middle).luma
        if any(track.score(luma)[0] >= PRESENT for track in tracks):
            present = middle
        else:
            absent = middle
    return present


def _enlarged(box: Box, factor: float) -> Box:
    left, top, right, bottom = (round(side * factor) for side in box)
    return left, top, right, bottom


def _likeliest(luma: Array) -> Iterator[LinePlace]:
    """Yields the places to be read, the likeliest first. A pattern, such as the cells of a grid, may look more like
    type than a faint label does, but is all darker or all brighter than its ground."""
    counts = {True: 0, False: 0}
    for at, place in enumerate(find_lines(luma, MOST_FOUND)):
        if at < MOST_PLACES or counts[place.bright] < LEAST_ALIKE:
            yield place
        counts[place.bright] += 1


def _scaled(place: LinePlace, scale: float) -> LinePlace:
    return replace(
        place, left=place.left * scale, top=place.top * scale, right=place.right * scale, bottom=place.bottom * scale,
        high=place.high * scale, low=place.low * scale,
    )  # fmt: skip


def _present_in(track: Track) -> int:
    return sum(score >= PRESENT for score in track.scores.values())


def _runs(numbers: Sequence[int], tracks: Iterable[Track]) -> list[tuple[int, int]]:
    """Returns the first and last place in `numbers` of each run of samples that show a label."""
    shown = {number for track in tracks for number, score in track.scores.items() if score >= PRESENT}
    runs: list[tuple[int, int]] = []
    for at, number in enumerate(numbers):
        if number not in shown:
            continue
        if runs and runs[-1][1] == at - 1:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs
