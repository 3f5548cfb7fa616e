"""A film's own fingerprint: what its frames look like at fixed times, whole and as they may be cropped.

Each frame is kept as 256 signs: whether the slow waves of its brightness are above or below their median.
Grading, noise and re-encoding leave most of them as they are; another crop does not, which is why a
registered film keeps the signs of several crops of itself. Source of the idea: DCT hashing as in PDQ
(Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019, 4.2).
"""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from post.values.array import Array

# The binding's name. It is not on the public list of soft binding algorithms, so it is under our own domain.
ALGORITHM = "org.answerprint.fingerprint.1"
SIDE = 128  # of the small pictures a film is seen as
STEP_S = 0.2  # between them; a frame no more than a tenth of a second away still looks the same
MOST = 300  # of them: a film over a minute is seen at longer steps
KEPT_EVERY = 3  # of a registered film, one in so many is kept; of a copy, all are looked at
WAVES = 16  # across and down
WORDS = WAVES * WAVES // 64
# A region as flat as this, in 8-bit codes of standard deviation, looks like any other.
FLAT = 3.0
# Bars around a picture: this dark and this even all the time, in 8-bit codes.
BAR_LEVEL, BAR_SPREAD = 40.0, 3.0
# Beyond this many of 256 signs, it is another film. Of 17 clips, each copied in 13 ways, no copy was further
# than 50 (titles over a third of the picture) and no other film nearer than 94 (tests/bench/recover.py).
LIMIT = 72
# What a registered film keeps itself as: its centre, by scale or in another shape (width over height).
SCALES = (1.0, 0.9, 0.8)
SHAPES = (9 / 16, 4 / 5, 1.0, 16 / 9)
REGIONS = ("whole", "90 %", "80 %", "9:16", "4:5", "1:1", "16:9")


@dataclass(frozen=True, slots=True, eq=False)
class Viewing:
    """A film as its fingerprints see it.

    pictures: (n, SIDE, SIDE) uint8, luma, upright, the whole frame stretched to a square; step_s: seconds
    between two; aspect: width over height as shown; seconds: how long the film is.
    """

    pictures: Array
    step_s: float
    aspect: float
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """What is kept of a registered film: (times, regions, WORDS) uint64; 0 where there is nothing to see."""

    signs: Array

    @property
    def seen(self) -> bool:
        return bool(self.signs.any())

    @property
    def coarse(self) -> Array:
        """The slowest 64 waves of each, (times * regions,) uint64: what is searched first."""
        return np.ascontiguousarray(self.signs[..., 0]).reshape(-1)

    def packed(self) -> bytes:
        return self.signs.astype("<u8").tobytes()


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near a copy is to a registered film.

    distance: 0..256, of the middle one of the copy's moments from the nearest moment of the film; mean: of
    all its moments; region: of the film that the copy shows; film, copy: how much of the one is found in
    the other, 0..1.
    """

    distance: int
    mean: float
    region: str
    film: float
    copy: float

    @property
    def close(self) -> bool:
        return self.distance <= LIMIT

    @property
    def cost(self) -> float:
        """What sorts films: how far apart they are, and how much of either the other lacks."""
        return self.mean + 32 * (2 - self.film - self.copy)


def unpacked(data: bytes) -> Print:
    """The print in the bytes of `packed`. Raises ValueError where they hold none."""
    return Print(np.frombuffer(data, "<u8").reshape(-1, len(REGIONS), WORDS))


def step_s(seconds: float) -> float:
    """How far apart a film of this length is looked at."""
    return max(STEP_S, seconds / MOST)


def print_of(viewing: Viewing) -> Print:
    """What a registry keeps of a film."""
    every = max(1, round(KEPT_EVERY * STEP_S / viewing.step_s))
    pictures = (
        viewing.pictures[every // 2 :: every] if len(viewing.pictures) > every else viewing.pictures[:1]
    )
    parts = [_signs(_cut(pictures, *size)) for size in _sizes(viewing.aspect)]
    return Print(np.stack(parts, axis=1))


def written(viewing: Viewing) -> str:
    """A film's fingerprint as its manifest states it: the signs of the whole frame, base64; "" where there is
    nothing to see."""
    kept = print_of(viewing).signs[:, 0]
    return base64.b64encode(kept.astype("<u8").tobytes()).decode() if kept.any() else ""


def read(text: str) -> Array | None:
    """The look in what `written` gave; None where it holds none."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    if not data or len(data) % (8 * WORDS) or len(data) > 8 * WORDS * MOST:
        return None
    signs = np.frombuffer(data, "<u8").reshape(-1, WORDS)
    return signs[signs.any(axis=1)] if signs.any() else None


def looks(viewing: Viewing) -> tuple[Array, ...]:
    """A copy as it may be one of a film: whole, and without the bars around it where it has some.

    Each is (times, WORDS) uint64, without the moments at which there is nothing to see; none where there
    is nothing to see at all.
    """
    pictures = viewing.pictures
    inner = within_bars(pictures)
    views = (
        [pictures]
        if inner == (0, SIDE, 0, SIDE)
        else [pictures, pictures[:, slice(*inner[:2]), slice(*inner[2:])]]
    )
    signs = [_signs(view) for view in views]
    return tuple(each[each.any(axis=1)] for each in signs if each.any())


def within_bars(pictures: Array) -> tuple[int, int, int, int]:
    """Top, bottom, left and right of what is left without black bars; all of it where all is black."""
    rows = _lit(pictures.max(axis=0).astype(np.float32))
    columns = _lit(pictures.max(axis=0).astype(np.float32).T)
    if not rows.any() or not columns.any():
        return 0, SIDE, 0, SIDE
    top, left = int(rows.argmax()), int(columns.argmax())
    return top, SIDE - int(rows[::-1].argmax()), left, SIDE - int(columns[::-1].argmax())


def compare(look: Array, kept: Print) -> Likeness:
    """How near one look at a copy is to a registered film, by the region that it is nearest to."""
    apart = np.bitwise_count(look[:, None, None] ^ kept.signs[None]).sum(axis=-1, dtype=np.int16)
    moments = windowed(apart.min(axis=1))
    middle = np.median(moments, axis=0)
    region = int(middle.argmin())
    seen = kept.signs[:, region].any(axis=-1)
    nearest = apart[:, seen, region].min(axis=0, initial=WAVES * WAVES)
    film = float((nearest <= LIMIT).mean()) if seen.any() else 0.0
    copy = float((moments[:, region] <= LIMIT).mean())
    mean = float(moments[:, region].mean())
    return Likeness(round(float(middle[region])), mean, REGIONS[region], film, copy)


def windowed(distances: Array) -> Array:
    """The least of every KEPT_EVERY in a row along the first axis: one of them is near a moment kept."""
    if len(distances) <= KEPT_EVERY:
        return np.asarray(distances.min(axis=0, keepdims=True))
    runs = np.lib.stride_tricks.sliding_window_view(distances, KEPT_EVERY, axis=0)
    return np.asarray(runs.min(axis=-1))


def _sizes(aspect: float) -> list[tuple[float, float]]:
    """Width and height of every region, as shares of the frame."""
    shapes = [(min(1.0, shape / aspect), min(1.0, aspect / shape)) for shape in SHAPES]
    return [(scale, scale) for scale in SCALES] + shapes


def _cut(pictures: Array, width: float, height: float) -> Array:
    """The centre of each picture."""
    across, down = (max(WAVES, round(share * SIDE)) for share in (width, height))
    left, top = (SIDE - across) // 2, (SIDE - down) // 2
    return pictures[:, top : top + down, left : left + across]


def _signs(pictures: Array) -> Array:
    """(n, h, w) uint8 to (n, WORDS) uint64; 0 where a picture is flat."""
    down, across = _waves(pictures.shape[1]), _waves(pictures.shape[2])
    strengths = (down @ pictures.astype(np.float32) @ across.T).reshape(len(pictures), -1)[:, _slow_first()]
    above = strengths > np.median(strengths, axis=1, keepdims=True)
    above &= (pictures.std(axis=(1, 2)) > FLAT)[:, None]
    return np.packbits(np.ascontiguousarray(above), axis=1).view("<u8")


@cache
def _waves(length: int) -> Array:
    """The DCT-II's rows 1 to WAVES over so many samples, (WAVES, length) float32."""
    at = (2 * np.arange(length) + 1) * math.pi / (2 * length)
    return np.cos(np.arange(1, WAVES + 1)[:, None] * at).astype(np.float32)


@cache
def _slow_first() -> Array:
    down, across = np.mgrid[0:WAVES, 0:WAVES]
    return np.argsort((down + across).ravel(), kind="stable")


def _lit(most: Array) -> Array:
    """Which rows are no bar, of the brightest that each pixel ever is."""
    return np.asarray((most.mean(axis=1) > BAR_LEVEL) | (most.std(axis=1) > BAR_SPREAD))
