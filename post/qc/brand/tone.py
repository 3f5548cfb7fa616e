"""Measures how a film's picture looks, sample by sample: light, contrast and colour, in Oklab."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from post.measure.oklab import oklab
from post.qc.sampled import ShownReader, sampled_numbers
from post.takes.probe import probe
from post.values.array import Array
from post.values.brand.guide import LookTarget
from post.values.sights.brand import SeenTone, ToneSight

STEP = Fraction(1)  # seconds
MOST_SAMPLES = 240
SIDE = (96, 54)  # pixels: tone is of areas, not of grain


def measure_tone(path: Path) -> ToneSight:
    """Returns how a film looks, second by second. Call it in a worker.

    Raises SourceError where it cannot be read as a film.
    """
    picture = probe(path, path.name).picture
    numbers = sampled_numbers(picture, STEP, MOST_SAMPLES)
    seen = []
    with ShownReader(path, picture) as reader:
        for at, number in enumerate(numbers):
            end = numbers[at + 1] if at + 1 < len(numbers) else picture.length
            stretch = (picture.grid.seconds(number), picture.grid.seconds(end))
            target = tone_of(reader.rgb(number))
            seen.append(
                SeenTone(stretch, number, target.light, target.contrast, target.colourfulness, target.hues)
            )
    return ToneSight(tuple(seen))


def tone_of(rgb: Array) -> LookTarget:
    """Returns how one picture looks. rgb: (height, width, 3) uint8."""
    small = cv2.resize(rgb, SIDE, interpolation=cv2.INTER_AREA).reshape(-1, 3) / 255
    light, a, b = oklab(small).T
    low, middle, high = np.percentile(light, (10, 50, 90))
    return LookTarget(
        round(float(middle), 4), round(float(high - low), 4), round(float(np.hypot(a, b).mean()), 4),
        (round(float(a.mean()), 4), round(float(b.mean()), 4)),
    )  # fmt: skip


def look_of(tones: ToneSight) -> LookTarget:
    """Returns the look of a film that is taken as the brand's: the median of its samples. Raises ValueError without
    any."""
    if not tones.seen:
        raise ValueError("a film without samples has no look")
    rows = np.array([(each.light, each.contrast, each.colourfulness, *each.hues) for each in tones.seen])
    light, contrast, colourfulness, a, b = (round(float(each), 4) for each in np.median(rows, 0))
    return LookTarget(light, contrast, colourfulness, (a, b))
