"""Reads what a line of type says, character by character.

Source: PP-OCRv6's recogniser: columns of a strip 48 pixels high, each with how likely every character is there; equal
neighbours are one character (A. Graves et al., "Connectionist Temporal Classification", ICML 2006).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass

import cv2
import numpy as np

from post.qc.text.detect import TypeLine
from post.qc.text.network import RECOGNISER, characters, open_network
from post.values.array import Array

HIGH = 48  # pixels of a strip
NARROWEST, WIDEST = 16, 3200  # pixels of a strip
UPRIGHT = 1.5  # of its width: a line that is higher runs downwards, and is laid on its side
SURE = 0.7  # mean of the characters: below, nothing was read
COLUMN = 8  # pixels of a strip to each column of the network's result
WIDEST_GAP = (
    2.5  # heights of a line without a character: what stands there is of a script that the reader lacks
)


@dataclass(frozen=True, slots=True)
class LineReading:
    """What a line says. sure: of each character, 0..1; gap: the widest without a character, in heights of it."""

    text: str
    sure: tuple[float, ...]
    gap: float

    @property
    def confidence(self) -> float:
        """Mean of its characters, 0..1."""
        return float(np.mean(self.sure)) if self.sure else 0.0

    @property
    def digits(self) -> float:
        """Of the least certain digit, 1 where it has none."""
        return min(
            (sure for each, sure in zip(self.text, self.sure, strict=True) if each.isdigit()), default=1.0
        )

    @property
    def is_read(self) -> bool:
        """Whether the line could be read: in a script that the reader lacks it says little, and is not sure."""
        return bool(self.text) and self.confidence >= SURE and self.gap < WIDEST_GAP


def read_line(rgb: Array, line: TypeLine) -> LineReading:
    """Returns what a line in a frame says. rgb: (height, width, 3) uint8."""
    strip = cut_line(rgb, line)
    wide = min(max(NARROWEST, int(np.ceil(HIGH * strip.shape[1] / strip.shape[0]))), WIDEST)
    laid = cv2.resize(strip, (wide, HIGH), interpolation=cv2.INTER_LINEAR)
    given = (laid[..., ::-1].astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)[None]
    likely = np.asarray(open_network(RECOGNISER).run(None, {"x": np.ascontiguousarray(given)})[0][0])
    best, sure = likely.argmax(1), likely.max(1)
    known = characters()
    first = (best > 0) & np.concatenate([[True], best[1:] != best[:-1]])
    return _reading([known[each] for each in best[first]], sure[first], np.flatnonzero(first), wide)


def cut_line(rgb: Array, line: TypeLine) -> Array:
    """Returns a line cut out and laid level: (height, width, 3) uint8."""
    wide, high = (max(1, int(each)) for each in line.size)
    into = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    turn = cv2.getPerspectiveTransform(np.ascontiguousarray(line.corners), into)
    cut = cv2.warpPerspective(rgb, turn, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(np.rot90(cut) if high >= UPRIGHT * wide else cut)


def _reading(read: list[str], sure: Array, columns: Array, wide: int) -> LineReading:
    """Returns the reading without spaces at its ends. columns: of each character; wide: of the strip."""
    shown = [at for at, each in enumerate(read) if not each.isspace()]
    if not shown:
        return LineReading("", (), wide / HIGH)
    ends = np.concatenate([[0], COLUMN * columns[shown], [wide]]) / HIGH
    kept = slice(shown[0], shown[-1] + 1)
    text = "".join(each[:1] for each in read[kept])
    return LineReading(text, tuple(float(each) for each in sure[kept]), float(np.diff(ends).max()))


_NAMED = {"CJK": "Han", "LATIN": "Latin", "GREEK": "Greek", "HIRAGANA": "Hiragana", "KATAKANA": "Katakana",
          "CYRILLIC": "Cyrillic", "HANGUL": "Hangul", "ARABIC": "Arabic", "DEVANAGARI": "Devanagari",
          "HEBREW": "Hebrew", "THAI": "Thai"}  # fmt: skip


def script_of(text: str) -> str:
    """Returns the script of most of a text's letters, "" where it has none."""
    letters = (unicodedata.name(each, "?").split()[0] for each in text if each.isalpha())
    counts = Counter(_NAMED.get(each, each.title()) for each in letters)
    return counts.most_common(1)[0][0] if counts else ""
