"""Looks for the marks that generators put on takes in the film that is made of them: each must still be seen.

A mark is searched for by its edges, as they are in a frame of the take, at many sizes: a crop that cuts it away, a blur
and a cover change them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np

from post.qc.brand.logo import SearchedFrame, find_edges
from post.qc.brand.template import LONG, MARGIN, LogoTemplate
from post.qc.film_reader import FilmFrame, FilmReader
from post.takes.probe import probe
from post.values import Picture
from post.values.array import Array
from post.values.brand.guide import VendorMark
from post.values.sights.content import MarkSample, MarkSight

STEP = Fraction(1, 2)  # seconds
MOST_SAMPLES = 40  # of one mark


@dataclass(frozen=True, slots=True)
class MarkQuestion:
    """Asks whether a film shows the marks of generators, wherever it shows their takes. Its sight is a `MarkSight`."""

    marks: tuple[VendorMark, ...]

    def meter(self, picture: Picture) -> MarkMeter:
        """Returns what searches for them. Raises SourceError where a take cannot be read."""
        return MarkMeter(self.marks, picture)

    def blind(self, why: str) -> MarkSight:
        """Returns the sight of a film that cannot be searched."""
        return MarkSight(fault=why)


class MarkMeter:
    """Takes frames that show takes with marks."""

    look_back = Fraction(0)

    def __init__(self, marks: Sequence[VendorMark], picture: Picture) -> None:
        self._picture = picture
        self._asked = [(mark, _drawn(mark), frozenset(_numbers(picture, mark))) for mark in marks]
        self.numbers = frozenset(number for _, _, numbers in self._asked for number in numbers)
        self._seen: list[list[MarkSample]] = [[] for _ in marks]

    def see(self, frame: FilmFrame, reader: FilmReader) -> None:
        """Takes the next sample."""
        number, scale, searched = frame.number, reader.scale(), SearchedFrame(frame.rgb)
        for (mark, template, numbers), seen in zip(self._asked, self._seen, strict=True):
            if number in numbers:
                score, box = find_edges(searched, template)
                scaled = tuple(round(each * scale) for each in box) if box else None
                where = (scaled[0], scaled[1], scaled[2], scaled[3]) if scaled else None
                at = self._picture.grid.seconds(number)
                seen.append(MarkSample(mark.id, at, number, round(score, 3), where))

    def found(self, _: FilmReader) -> MarkSight:
        """Returns whether each mark was seen."""
        return MarkSight(tuple(sample for seen in self._seen for sample in seen))


def _numbers(picture: Picture, mark: VendorMark) -> list[int]:
    """Returns the frames to look at: inside each stretch, half a step from its ends, where transitions are."""
    found = set[int]()
    for start, end in mark.shown:
        margin = min(STEP / 2, (end - start) / 2)
        count = max(1, int((end - start - 2 * margin) / STEP) + 1)
        found |= {
            min(picture.grid.frames(start + margin + at * STEP), picture.length - 1) for at in range(count)
        }
    numbers = sorted(found)
    chosen = np.linspace(0, len(numbers) - 1, min(len(numbers), MOST_SAMPLES)).round()
    return [numbers[int(at)] for at in chosen] if numbers else []


def _drawn(mark: VendorMark) -> LogoTemplate:
    """Returns the mark as it stands in its take: opaque, with what it stands on."""
    picture = probe(mark.take.here, mark.take.name).picture
    with FilmReader(mark.take.here, picture) as reader:
        frame = reader.at(mark.frame).rgb
        left, top, right, bottom = (round(each / reader.scale()) for each in mark.box)
    part: Array = frame[top:bottom, left:right].astype(np.float32) / 255
    scale = LONG / max(part.shape[:2])
    laid = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    framed = cv2.copyMakeBorder(laid, *(MARGIN,) * 4, cv2.BORDER_REPLICATE)
    alpha = np.ones(framed.shape[:2], np.float32)
    return LogoTemplate(framed, alpha, part.shape[1] / part.shape[0])
