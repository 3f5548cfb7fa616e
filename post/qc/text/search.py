"""Searches the samples of a film for lines of type, and follows each line from sample to sample.

A line is read again only where its place looks different from before. Where one comes or goes, the frames between two
samples are looked at: a line is there as long as a frame looks more like the sample with it than like the one without.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from post.qc.film_reader import FilmFrame, FilmReader
from post.qc.text.detect import TypeLine, find_type
from post.qc.text.recognise import read_line
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
from post.values.array import Array

STILL = 0.25  # 8-bit codes by which two samples differ on average, where nothing changed
SMALL = 96  # pixels: the height that samples are compared at


class TypeSearch:
    """The search of one film. tracks: every line, in the order in which they came; read: frames that were searched."""

    def __init__(self) -> None:
        self.tracks: list[TypeTrack] = []
        self.read = 0
        self._present: list[TypeTrack] = []
        self._number = -1  # of the last sample
        self._before: Array | None = None

    def see(self, frame: FilmFrame, reader: FilmReader) -> None:
        """Searches the next sample. reader: gives the frames between it and the one before."""
        number, luma = frame.number, frame.luma
        small = cv2.resize(
            luma, (SMALL * luma.shape[1] // luma.shape[0] or 1, SMALL), interpolation=cv2.INTER_AREA
        )
        still = self._before is not None and _apart(small, self._before) < STILL
        before, self._number = self._number, number
        if still:
            for track in self._present:
                track.stay(number)
            return
        self._before, self.read = small, self.read + 1
        sample = _Sample(number, frame.rgb, luma, list(self._present))
        came = [track for line in find_type(frame.rgb) for track in self._match(sample, line)]
        for track in sample.waiting:  # the network may miss what it saw before
            box, patch = track.last
            replaced = any(overlap(each.last[0], box) > SAME_PLACE for each in sample.present)
            if not replaced and likeness(patch_of(luma, box), patch) >= PRESENT:
                track.stay(number)
                sample.present.append(track)
        went = [track for track in self._present if track not in sample.present]
        self._present = sample.present
        if before >= 0 and (came or went):
            _find_edges(range(before, number + 1), came, went, reader)

    def _match(self, sample: _Sample, line: TypeLine) -> Iterable[TypeTrack]:
        """Gives a line to the track that it belongs to, or begins one, which it returns."""
        box, patch = line.box, patch_of(sample.luma, line.box)
        near = [each for each in sample.waiting if overlap(each.last[0], box) > SAME_PLACE]
        for track in near:
            if likeness(patch_of(sample.luma, track.last[0]), track.last[1]) >= SAME_PICTURE:
                sample.take(track)
                return ()
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
                track.see(sample.number, reading, box, patch, line.likely, sample.rgb)
                return ()
        for track in (*sample.waiting, *sample.present):
            if track.holds(reading, box):
                if track in sample.waiting:
                    sample.take(track)
                return ()
        begun = TypeTrack(reading, box, patch, sample.number, line.likely, sample.rgb)
        self.tracks.append(begun)
        sample.present.append(begun)
        return (begun,)


@dataclass(eq=False)
class _Sample:
    """A frame that is searched. waiting: tracks of the sample before that are not found yet; present: those found."""

    number: int
    rgb: Array
    luma: Array
    waiting: list[TypeTrack]
    present: list[TypeTrack] = field(default_factory=list)

    def take(self, track: TypeTrack) -> None:
        """Finds a track unchanged."""
        self.waiting.remove(track)
        self.present.append(track)
        track.stay(self.number)


def _apart(one: Array, other: Array) -> float:
    return float(np.abs(one.astype(np.int16) - other).mean()) if one.shape == other.shape else 255.0


def _find_edges(
    span: range, came: Sequence[TypeTrack], went: Sequence[TypeTrack], reader: FilmReader
) -> None:
    """Moves the edges of tracks to the furthest frame between two samples that shows them. span: the frames from the
    sample before to this one."""
    asked = [(track, *track.first) for track in came] + [(track, *track.last) for track in went]
    patches: list[list[Array]] = [[] for _ in asked]
    for number in span:
        luma = reader.at(number).luma
        for (_, box, _), found in zip(asked, patches, strict=True):
            found.append(patch_of(luma, box))
    for at, ((track, _, shown), found) in enumerate(zip(asked, patches, strict=True)):
        if at < len(came):
            track.start = span[-1] - _reach(found[::-1], shown)
        else:
            track.stop = span[0] + _reach(found, shown)


def _reach(patches: Sequence[Array], shown: Array) -> int:
    """Returns how many frames, on from the sample with a line, look more like it than like the one without. patches:
    from the sample with it to the one without."""
    reach = 0
    while reach + 1 < len(patches) - 1:
        like = likeness(patches[reach + 1], shown)
        if like < PRESENT or like <= likeness(patches[reach + 1], patches[-1]):
            break
        reach += 1
    return reach
