"""Reads every text that a film shows: what it says, where, and from when to when.

A frame every half second is searched for type. A line is read again only where its place looks different from before.
The frames at which a line comes and goes are then looked for between two samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np

from post.errors import JobError
from post.qc.sampled import ShownReader, sampled_numbers, step_between
from post.qc.text.detect import TypeLine, find_type
from post.qc.text.network import SCRIPTS, require_reader
from post.qc.text.recognise import read_line, script_of
from post.qc.text.track import (
    PRESENT,
    SAME_PICTURE,
    SAME_PLACE,
    WITHIN,
    TypeTrack,
    inside,
    likeness,
    overlap,
    patch_of,
)
from post.qc.text.words import word_likeness
from post.takes.probe import probe
from post.values import Picture
from post.values.array import Array
from post.values.claim import Stretch
from post.values.sights.text import SeenText, TextSight

STEP = Fraction(1, 2)  # seconds between samples
MOST_SAMPLES = 240  # of a longer film, samples are spread
STILL = 0.25  # 8-bit codes by which two samples differ on average, where nothing changed
SMALL = 96  # pixels: the height that samples are compared at
# Texture that is taken for type gives no letters, and is seldom as likely or as lasting.
LIKELY_UNREAD, SAMPLES_UNREAD = 0.7, 2


def find_text(path: Path) -> TextSight:
    """Returns the texts that a film shows. The file may be anything: call it in a worker.

    Raises SourceError where it cannot be read as a film. Where the reader is not installed, the sight says so.
    """
    try:
        require_reader()
    except JobError as missing:
        return TextSight(fault=f"{missing.what}; {missing.fix}")
    picture = probe(path, path.name).picture
    numbers = sampled_numbers(picture, STEP, MOST_SAMPLES)
    with ShownReader(path, picture) as reader:
        search = _TextSearch(reader)
        for number in numbers:
            search.look(number)
        seen = list(_seen(search, picture, numbers, reader))
    order = sorted(seen, key=lambda each: (each.first, each.box[1], each.box[0], each.text))
    return TextSight(
        tuple(each for each in order if each.text),
        tuple(each for each in order if not each.text),
        SCRIPTS,
        search.read,
        step_between(picture, numbers, STEP),
        picture.grid.seconds(picture.length),
    )


class _TextSearch:
    """The search of one film. tracks: every line, in the order in which they came; read: frames that were searched."""

    def __init__(self, reader: ShownReader) -> None:
        self._reader = reader
        self.tracks: list[TypeTrack] = []
        self.read = 0
        self._present: list[TypeTrack] = []
        self._before: Array | None = None

    def look(self, number: int) -> None:
        """Searches the next sample."""
        rgb = self._reader.rgb(number)
        grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
        small = cv2.resize(
            grey, (SMALL * grey.shape[1] // grey.shape[0] or 1, SMALL), interpolation=cv2.INTER_AREA
        )
        still = self._before is not None and _apart(small, self._before) < STILL
        if still:
            for track in self._present:
                track.stay(number)
            return
        self._before, self.read = small, self.read + 1
        sample = _Sample(number, rgb, grey, list(self._present))
        for line in find_type(rgb):
            self._match(sample, line)
        for track in sample.waiting:  # the network may miss what it saw before
            box, patch = track.last
            replaced = any(overlap(each.last[0], box) > SAME_PLACE for each in sample.present)
            if not replaced and likeness(patch_of(grey, box), patch) >= PRESENT:
                track.stay(number)
                sample.present.append(track)
        self._present = sample.present

    def _match(self, sample: _Sample, line: TypeLine) -> None:
        """Gives a line to the track that it belongs to, or begins one."""
        box, patch = line.box, patch_of(sample.grey, line.box)
        near = [each for each in sample.waiting if overlap(each.last[0], box) > SAME_PLACE]
        for track in near:
            if likeness(patch_of(sample.grey, track.last[0]), track.last[1]) >= SAME_PICTURE:
                sample.take(track)
                return
        reading = read_line(sample.rgb, line)
        moved = (
            each
            for each in sample.waiting
            if each not in near and reading.is_read and each.reading.text == reading.text
        )
        wider = (each for each in sample.waiting if each not in near and inside(each.last[0], box) > WITHIN)
        for track in (*near, *moved, *wider):
            if track.says_same(reading):
                sample.waiting.remove(track)
                sample.present.append(track)
                track.see(sample.number, reading, box, patch, line.likely)
                return
        for track in (*sample.waiting, *sample.present):
            if track.holds(reading, box):
                if track in sample.waiting:
                    sample.take(track)
                return
        begun = TypeTrack(reading, box, patch, [sample.number], line.likely)
        self.tracks.append(begun)
        sample.present.append(begun)


@dataclass(eq=False)
class _Sample:
    """A frame that is searched. waiting: tracks of the sample before that are not found yet; present: those found."""

    number: int
    rgb: Array
    grey: Array
    waiting: list[TypeTrack]
    present: list[TypeTrack] = field(default_factory=list)

    def take(self, track: TypeTrack) -> None:
        """Finds a track unchanged."""
        self.waiting.remove(track)
        self.present.append(track)
        track.stay(self.number)


def _apart(one: Array, other: Array) -> float:
    return float(np.abs(one.astype(np.int16) - other).mean()) if one.shape == other.shape else 255.0


def _seen(
    search: _TextSearch, picture: Picture, numbers: list[int], reader: ShownReader
) -> Iterator[SeenText]:
    """Yields each text that counts, with all its stretches."""
    kept = [each for each in search.tracks if _counts(each, picture)]
    edges = _edges(kept, numbers, reader)
    scale = reader.scale()
    shorter = float(min(picture.shown[0], Fraction(picture.shown[1])))
    for _, same in groupby(sorted(kept, key=_identity), key=_identity):
        tracks = list(same)
        best = max(tracks, key=lambda each: (each.reading.confidence, -each.best))
        spans = sorted(edges[id(each)] for each in tracks)
        box = tuple(round(each * scale) for each in best.box)
        reading = best.reading if best.reading.is_read else None
        text = reading.text if reading else ""
        yield SeenText(
            text,
            tuple(_joined(picture, spans)),
            (box[0], box[1], box[2], box[3]),
            round(100 * (box[3] - box[1]) / shorter, 2),
            round(best.reading.confidence, 3),
            round(best.reading.digits, 3),
            script_of(text),
            round(word_likeness(text), 3),
            best.best,
        )


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


def _edges(tracks: list[TypeTrack], numbers: list[int], reader: ShownReader) -> dict[int, tuple[int, int]]:
    """Returns the first and the last frame of each track, by its id. Frames between samples are read once for all."""
    place = {number: at for at, number in enumerate(numbers)}
    found = {id(each): [each.numbers[0], each.numbers[-1]] for each in tracks}
    asked: dict[tuple[int, int], list[tuple[TypeTrack, int]]] = {}
    for track in tracks:
        first, last = place[track.numbers[0]], place[track.numbers[-1]]
        if first > 0:
            asked.setdefault((numbers[first - 1], numbers[first]), []).append((track, 0))
        if last < len(numbers) - 1:
            asked.setdefault((numbers[last], numbers[last + 1]), []).append((track, 1))
    for (start, stop), ends in sorted(asked.items()):
        _look_between(start, stop, ends, reader, found)
    return {key: (first, last) for key, (first, last) in found.items()}


def _look_between(
    start: int, stop: int, ends: list[tuple[TypeTrack, int]], reader: ShownReader, found: dict[int, list[int]]
) -> None:
    """Moves the ends of tracks to the furthest frame between two samples that looks more like the sample with the
    line than like the one without it."""
    greys = [cv2.cvtColor(reader.rgb(number), cv2.COLOR_RGB2GRAY) for number in range(start, stop + 1)]
    for track, end in ends:
        box, shown = track.first if end == 0 else track.last
        patches = [patch_of(grey, box) for grey in greys]
        if end == 0:
            patches.reverse()
        without = patches[-1]
        reach = 0
        while reach + 1 < len(patches) - 1:
            like = likeness(patches[reach + 1], shown)
            if like < PRESENT or like <= likeness(patches[reach + 1], without):
                break
            reach += 1
        found[id(track)][end] = stop - reach if end == 0 else start + reach
