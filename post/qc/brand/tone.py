"""Measures how a film's picture looks, sample by sample: light, contrast and colour, in Oklab."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np

from post.measure.oklab import oklab
from post.qc.film_reader import FilmFrame, FilmReader
from post.qc.sampled import sampled_numbers
from post.values import Picture
from post.values.array import Array
from post.values.brand.guide import LookTarget
from post.values.sights.brand import SeenTone, ToneSight

STEP = Fraction(1)  # seconds
MOST_SAMPLES = 240
SIDE = (96, 54)  # pixels: tone is of areas, not of grain


@dataclass(frozen=True, slots=True)
class ToneQuestion:
    """Asks how a film looks, second by second. Its sight is a `ToneSight`."""

    def meter(self, picture: Picture) -> ToneMeter:
        """Returns what measures it."""
        return ToneMeter(picture)

    def blind(self, why: str) -> ToneSight:
        """Returns the sight of a film that cannot be measured."""
        return ToneSight(fault=why)


class ToneMeter:
    """Takes frames a second apart."""

    look_back = Fraction(0)

    def __init__(self, picture: Picture) -> None:
        self._picture, self._seen = picture, list[tuple[int, LookTarget]]()
        self.numbers = sampled_numbers(picture, STEP, MOST_SAMPLES)

    def see(self, frame: FilmFrame, _: FilmReader) -> None:
        """Takes the next frame."""
        self._seen.append((frame.number, tone_of(frame.rgb)))

    def found(self, _: FilmReader) -> ToneSight:
        """Returns what was seen."""
        seconds, ends = self._picture.grid.seconds, (*self.numbers[1:], self._picture.length)
        return ToneSight(
            tuple(
                SeenTone(
                    (seconds(number), seconds(end)), number, tone.light, tone.contrast, tone.colourfulness,
                    tone.hues,
                )
                for (number, tone), end in zip(self._seen, ends, strict=True)
            )
        )  # fmt: skip


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
