"""Finds AI labels in the picture of any film, with no receipt: which text, where, how large, from when to when.

Places of type are searched in the mean of a second of the film, where a label stands still and the picture fades.
Each is compared, letter by letter, with the texts that are searched for. What is found is followed through the film,
and the first and last frame of each stretch are found by halving.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from post.measure.attention.type_lines import LinePlace, find_lines
from post.qc.label.judge import LEAST_SCORE, is_text, sized, stands_alone
from post.qc.label.letters import CAPITAL, Wording, can_draw, split_text, square_height
from post.qc.label.reading import Responses, read_place
from post.qc.label.track import PRESENT, Track, track_of
from post.qc.label.windows import RUN, STEP, LumaReader, SampledRun, walk_windows
from post.qc.sampled import step_between
from post.takes.probe import probe
from post.values import Picture
from post.values.claim import Box, Stretch
from post.values.media import File
from post.values.sights.label import LabelSight, SeenLabel

MOST_PLACES = 12  # places of a window that are read
SEARCH_AGAIN = 4  # windows: how often the film is searched while a label is there


def find_labels(
    path: Path, texts: Sequence[str], declared: Sequence[str] = (), fonts: Sequence[File] = ()
) -> LabelSight:
    """Returns the labels that a film shows.

    texts: those to search for; declared: further ones, which the film's manifest says it shows; fonts: for letters
    that Inter lacks. The file may be anything: call it in a worker. Raises SourceError where it cannot be read as a
    film, JobError where a font cannot be read.
    """
    wanted = tuple(dict.fromkeys(" ".join(text.split()) for text in (*declared, *texts) if text.strip()))
    wordings = {text: split_text(text, tuple(fonts)) for text in wanted}
    drawn = [each for each in wordings.values() if can_draw(each)]
    undrawn = tuple(text for text, each in wordings.items() if each not in drawn)
    picture = probe(path, path.name).picture
    with LumaReader(path, picture) as reader:
        search = _LabelSearch(reader, picture, drawn)
        for window in walk_windows(reader, picture):
            search.look(window)
        said = {" ".join(text.split()) for text in declared}
        seen = tuple(replace(each, declared=each.text in said) for each in search.seen())
    ordered = sorted(seen, key=lambda each: (-each.dwell, -each.score, each.text))
    length = picture.grid.seconds(picture.length)
    width, height = (int(side) for side in picture.shown)
    return LabelSight(
        tuple(ordered), wanted, undrawn, step_between(picture, search.numbers, STEP), search.frames, length,
        width=width, height=height,
    )  # fmt: skip


@dataclass(eq=False)
class _LabelSearch:
    """The search of one film, window by window."""

    reader: LumaReader
    picture: Picture
    wordings: list[Wording]

    def __post_init__(self) -> None:
        self.tracks: list[Track] = []
        self.numbers: list[int] = []
        self._before: SampledRun | None = None
        self._since = 0

    @property
    def frames(self) -> int:
        """How many frames were looked at."""
        return len(self.numbers)

    def look(self, window: SampledRun) -> None:
        """Follows the labels that are known through a window, and searches for others."""
        self.numbers += window.numbers
        present = [each for each in self.tracks if self._follow(each, window)]
        self._since += 1
        if not present or self._since >= SEARCH_AGAIN:
            self._since = 0
            for track in self._found(window):
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

    def _found(self, window: SampledRun) -> Iterator[Track]:
        scale = window.mean.shape[0] / window.small.shape[0]
        for place in find_lines(window.small, MOST_PLACES):
            there = _scaled(place, scale)
            reading = read_place(window.mean, there, self.wordings, LEAST_SCORE)
            if reading is None:
                continue
            responses = Responses(reading.strip)
            best = sized(reading, responses)
            if is_text(best, responses):
                yield track_of(best, there, alone=stands_alone(best, responses))

    def seen(self) -> Iterator[SeenLabel]:
        """Yields each label text that was seen: alone, and among other words."""
        for kind in dict.fromkeys((track.text, track.alone) for track in self.tracks):
            tracks = [each for each in self.tracks if (each.text, each.alone) == kind]
            runs = _runs(self.numbers, tracks)
            if runs:
                stretches = tuple(self._stretch(tracks, *run) for run in runs)
                yield self._describe(sorted(tracks, key=_present_in, reverse=True), stretches)

    def _stretch(self, tracks: Sequence[Track], first: int, last: int) -> Stretch:
        """Returns the seconds of a run of samples, its edges found to the frame. first, last: places in `numbers`."""
        numbers, end = self.numbers, len(self.numbers) - 1
        start = numbers[first] if first == 0 else self._edge(tracks, numbers[first - 1], numbers[first])
        stop = numbers[last] if last == end else self._edge(tracks, numbers[last + 1], numbers[last])
        return self.picture.grid.seconds(start), self.picture.grid.seconds(stop + 1)

    def _edge(self, tracks: Sequence[Track], absent: int, present: int) -> int:
        """Returns the frame furthest towards `absent` that shows the label."""
        while abs(present - absent) > 1:
            middle = (present + absent) // 2
            luma = self.reader.luma(middle)
            if any(track.score(luma)[0] >= PRESENT for track in tracks):
                present = middle
            else:
                absent = middle
        return present

    def _least_contrast(self, tracks: Sequence[Track]) -> float:
        """Returns the least contrast of a label in any second of the film, the median of the frames that show it."""
        shown = {number: contrast for track in tracks for number, contrast in track.contrasts.items()}
        windows = (self.numbers[at : at + RUN] for at in range(0, len(self.numbers), RUN))
        each = ([shown[number] for number in window if number in shown] for window in windows)
        return round(min(median(found) for found in each if found), 2)

    def _describe(self, tracks: Sequence[Track], stretches: tuple[Stretch, ...]) -> SeenLabel:
        """Describes a label by its tracks, the one that is seen most often first."""
        track = tracks[0]
        best = max(track.scores, key=lambda each: (round(track.scores[each], 2), -each))
        luma = self.reader.luma(best)
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


def _enlarged(box: Box, factor: float) -> Box:
    left, top, right, bottom = (round(side * factor) for side in box)
    return left, top, right, bottom


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
