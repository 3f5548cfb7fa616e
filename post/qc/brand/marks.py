"""Looks for the marks that generators put on takes in the film that is made of them: each must still be seen.

A mark is searched for by its edges, as they are in a frame of the take, at many sizes: a crop that cuts it away, a blur
and a cover change them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from post.qc.brand.logo import find_edges
from post.qc.brand.template import LONG, MARGIN, LogoTemplate
from post.qc.sampled import ShownReader
from post.takes.probe import probe
from post.values import Picture
from post.values.array import Array
from post.values.brand.guide import VendorMark
from post.values.sights.content import MarkSample, MarkSight

STEP = Fraction(1, 2)  # seconds
MOST_SAMPLES = 40  # of one mark


def find_marks(path: Path, marks: Sequence[VendorMark]) -> MarkSight:
    """Returns whether a film shows each mark, wherever it shows its take. Call it in a worker.

    Raises SourceError where it, or a take, cannot be read.
    """
    picture = probe(path, path.name).picture
    with ShownReader(path, picture) as reader:
        seen = [sample for mark in marks for sample in _samples(reader, picture, mark)]
    return MarkSight(tuple(seen))


def _samples(reader: ShownReader, picture: Picture, mark: VendorMark) -> Iterator[MarkSample]:
    template = _drawn(mark)
    for number in _numbers(picture, mark):
        score, box = find_edges(reader.rgb(number), template)
        scaled = tuple(round(each * reader.scale()) for each in box) if box else None
        where = (scaled[0], scaled[1], scaled[2], scaled[3]) if scaled else None
        yield MarkSample(mark.id, picture.grid.seconds(number), number, round(score, 3), where)


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
    with ShownReader(mark.take.here, picture) as reader:
        frame = reader.rgb(mark.frame)
        left, top, right, bottom = (round(each / reader.scale()) for each in mark.box)
    part: Array = frame[top:bottom, left:right].astype(np.float32) / 255
    scale = LONG / max(part.shape[:2])
    laid = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    framed = cv2.copyMakeBorder(laid, *(MARGIN,) * 4, cv2.BORDER_REPLICATE)
    alpha = np.ones(framed.shape[:2], np.float32)
    return LogoTemplate(framed, alpha, part.shape[1] / part.shape[0])
