"""Finds lines of text: strokes as wide as each other, close together, much lighter or darker than what is behind.

It reads nothing. Gratings, foliage and fences are told apart by what text has alone: both edges of each stroke, little
height for its length, and a ground that is plain above and below.
"""

from __future__ import annotations

import numpy as np

from post.values.array import Array

Box = tuple[float, float, float, float]

LEAST_STROKE = 28.0  # 8-bit codes by which a stroke stands out
LEAST_HEIGHT, MOST_HEIGHT = 0.018, 0.16  # of the picture's height
LEAST_LENGTH = 2.5  # over its height
LEAST_FILL, MOST_FILL = 0.12, 0.62  # of its box, that is stroke
LEAST_TURNS = 7.0  # edges from left to right in a row, for each height that it is long, over 4
PLAIN = 0.35  # of the strokes inside, at most, that may be above and below it


def find_text(rgb: Array) -> tuple[Box, ...]:
    """Returns boxes of lines of text, (left, top, right, bottom) in shares of the picture, top first.

    rgb: (height, width, 3) uint8, upright, some hundred pixels wide.
    """
    import cv2

    grey = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (7, 7))
    light = cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, kernel)
    dark = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel)
    boxes = [box for strokes in (light, dark) for box in _lines(np.asarray(strokes) > LEAST_STROKE)]
    return tuple(sorted(set(boxes), key=lambda box: (box[1], box[0])))


def _lines(strokes: Array) -> list[Box]:
    import cv2

    height, width = strokes.shape
    reach = max(3, round(0.02 * width))
    joined = cv2.morphologyEx(
        strokes.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, 2 * reach + 1), np.uint8)
    )
    count, _, rows, _ = cv2.connectedComponentsWithStats(joined, connectivity=4)
    found = []
    for x, y, wide, high, _ in rows[1:count]:
        if LEAST_HEIGHT * height <= high <= MOST_HEIGHT * height and wide >= LEAST_LENGTH * high:
            if _is_line(strokes, (int(x), int(y), int(wide), int(high))):
                edges = x / width, y / height, (x + wide) / width, (y + high) / height
                left, top, right, bottom = (round(float(edge), 4) for edge in edges)
                found.append((left, top, right, bottom))
    return found


def _is_line(strokes: Array, box: tuple[int, int, int, int]) -> bool:
    x, y, wide, high = box
    inside = strokes[y : y + high, x : x + wide]
    fill = float(inside.mean())
    if not LEAST_FILL <= fill <= MOST_FILL:
        return False
    middle = inside[high // 4 : max(high // 4 + 1, high - high // 4)]
    turns = float(np.abs(np.diff(middle.astype(np.int8), axis=1)).sum(axis=1).mean())
    if turns < LEAST_TURNS * wide / high / 4:
        return False
    around = [
        strokes[max(0, y - high // 2 - 1) : y, x : x + wide],
        strokes[y + high : y + high + high // 2 + 1, x : x + wide],
    ]
    return all(float(part.mean()) <= PLAIN * fill for part in around if part.size)
