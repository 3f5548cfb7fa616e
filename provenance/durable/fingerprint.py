"""Fingerprints films from the look of their frames at fixed times, whole and cropped.

    frame -> 128 x 128 luma -> its 16 x 16 slowest cosine waves -> 256 bits: is each wave above their median?

Grading, noise and re-encoding leave most bits as they are. A crop does not, so a registered film keeps the bits of
several crops of itself. The idea is DCT hashing as in PDQ.
Source: Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019, 4.2.
"""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from post.values.array import Array

# The soft binding's name. It is not on the public list of algorithms, so it is under our own domain.
ALGORITHM = "org.answerprint.fingerprint.1"
SIDE = 128  # pixels of the small pictures, across and down
STEP_S = 0.2  # seconds between two; a frame up to a tenth of a second away still looks the same
MAX_SAMPLES = 300  # a film over a minute is sampled at longer steps
KEEP_EVERY = 3  # of a registered film, one sample in so many is kept; of a copy, all are compared
WAVES = 16  # across and down
WORDS = WAVES * WAVES // 64
# A picture as flat as this, in 8-bit codes of standard deviation, looks like any other and gets no bits.
FLAT_STD = 3.0
# Bars around a picture always stay below this level and this deviation, in 8-bit codes.
BAR_LEVEL, BAR_STD = 40.0, 3.0
# With more of 256 bits different, it is another film. Of 17 clips, each copied in 13 ways, no copy was further than
# 50 (titles over a third of the picture) and no other film nearer than 94 (tests/bench/recover.py).
MAX_DISTANCE = 72
# The crops of itself that a registered film keeps: its centre by scale, and in other shapes (width over height).
SCALES = (1.0, 0.9, 0.8)
SHAPES = (9 / 16, 4 / 5, 1.0, 16 / 9)
REGIONS = ("whole", "90 %", "80 %", "9:16", "4:5", "1:1", "16:9")


@dataclass(frozen=True, slots=True, eq=False)
class FilmSamples:
    """A film's small pictures at fixed times.

    pictures: (n, SIDE, SIDE) uint8 luma, upright, the whole frame stretched to a square; step_s: seconds between
    two; aspect: width over height as shown; seconds: the film's length.
    """

    pictures: Array
    step_s: float
    aspect: float
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """The fingerprint that a registry stores of a film's picture.

    bits: (samples, regions, WORDS) uint64, 256 bits each; 0 for a flat picture.
    """

    bits: Array

    @property
    def has_content(self) -> bool:
        """Returns False if every sample is flat: then there is nothing to compare."""
        return bool(self.bits.any())

    @property
    def coarse(self) -> Array:
        """Returns the bits of the slowest 64 waves, (samples * regions,) uint64: they are searched first."""
        return np.ascontiguousarray(self.bits[..., 0]).reshape(-1)

    def pack(self) -> bytes:
        """Returns the bits as little-endian bytes, for `unpack`."""
        return self.bits.astype("<u8").tobytes()


@dataclass(frozen=True, slots=True)
class Similarity:
    """How near a copy is to a registered film.

    distance: of the copy's median sample from the nearest sample of the film, 0..256 bits; mean: of all its samples;
    region: the crop of the film that the copy shows; film_share: how much of the film is found in the copy, 0..1;
    copy_share: how much of the copy is found in the film, 0..1.
    """

    distance: int
    mean: float
    region: str
    film_share: float
    copy_share: float

    @property
    def close(self) -> bool:
        """Returns whether the copy counts as a copy of this film."""
        return self.distance <= MAX_DISTANCE

    @property
    def cost(self) -> float:
        """Returns what films are ranked by, the least first: distance in bits, plus what each lacks of the other."""
        return self.mean + 32 * (2 - self.film_share - self.copy_share)


def unpack(data: bytes) -> Fingerprint:
    """Returns the fingerprint that `Fingerprint.pack` wrote. Raises ValueError if the bytes are not one."""
    return Fingerprint(np.frombuffer(data, "<u8").reshape(-1, len(REGIONS), WORDS))


def sampling_step(seconds: float) -> float:
    """Returns the seconds between two samples of a film of this length."""
    return max(STEP_S, seconds / MAX_SAMPLES)


def fingerprint_film(samples: FilmSamples) -> Fingerprint:
    """Returns the fingerprint that a registry stores: every third sample, in every region."""
    every = max(1, round(KEEP_EVERY * STEP_S / samples.step_s))
    pictures = (
        samples.pictures[every // 2 :: every] if len(samples.pictures) > every else samples.pictures[:1]
    )
    parts = [_bits_of(_crop(pictures, *size)) for size in _region_sizes(samples.aspect)]
    return Fingerprint(np.stack(parts, axis=1))


def encode(samples: FilmSamples) -> str:
    """Returns the text that a film's manifest states: base64 of the whole frame's bits, "" for a flat film."""
    whole = fingerprint_film(samples).bits[:, 0]
    return base64.b64encode(whole.astype("<u8").tobytes()).decode() if whole.any() else ""


def decode(text: str) -> Array | None:
    """Returns the bits in the text of `encode`, (samples, WORDS) uint64; None if the text holds none."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    if not data or len(data) % (8 * WORDS) or len(data) > 8 * WORDS * MAX_SAMPLES:
        return None
    bits = np.frombuffer(data, "<u8").reshape(-1, WORDS)
    return bits[bits.any(axis=1)] if bits.any() else None


def fingerprint_copy(samples: FilmSamples) -> tuple[Array, ...]:
    """Returns the bits of a copy's whole frame and, if it has bars, those of the picture within the bars.

    Each is (samples, WORDS) uint64 without the flat samples. Returns () for a copy that is flat all the time.
    """
    pictures = samples.pictures
    inner = find_active_picture(pictures)
    views = (
        [pictures]
        if inner == (0, SIDE, 0, SIDE)
        else [pictures, pictures[:, slice(*inner[:2]), slice(*inner[2:])]]
    )
    bits = [_bits_of(view) for view in views]
    return tuple(each[each.any(axis=1)] for each in bits if each.any())


def find_active_picture(pictures: Array) -> tuple[int, int, int, int]:
    """Returns top, bottom, left and right of the picture within black bars; the whole of it if all is black.

    pictures: (n, SIDE, SIDE) uint8.
    """
    rows = _is_lit(pictures.max(axis=0).astype(np.float32))
    columns = _is_lit(pictures.max(axis=0).astype(np.float32).T)
    if not rows.any() or not columns.any():
        return 0, SIDE, 0, SIDE
    top, left = int(rows.argmax()), int(columns.argmax())
    return top, SIDE - int(rows[::-1].argmax()), left, SIDE - int(columns[::-1].argmax())


def compare(copy: Array, film: Fingerprint) -> Similarity:
    """Returns how near a copy is to a registered film, in the region that is nearest.

    copy: (samples, WORDS) uint64, as `fingerprint_copy` returns it.
    """
    apart = np.bitwise_count(copy[:, None, None] ^ film.bits[None]).sum(axis=-1, dtype=np.int16)
    samples = min_of_runs(apart.min(axis=1))
    medians = np.median(samples, axis=0)
    region = int(medians.argmin())
    shown = film.bits[:, region].any(axis=-1)
    nearest = apart[:, shown, region].min(axis=0, initial=WAVES * WAVES)
    film_share = float((nearest <= MAX_DISTANCE).mean()) if shown.any() else 0.0
    copy_share = float((samples[:, region] <= MAX_DISTANCE).mean())
    mean = float(samples[:, region].mean())
    return Similarity(round(float(medians[region])), mean, REGIONS[region], film_share, copy_share)


def min_of_runs(distances: Array) -> Array:
    """Returns the least of every KEEP_EVERY in a row along the first axis: one of them is near a sample kept."""
    if len(distances) <= KEEP_EVERY:
        return np.asarray(distances.min(axis=0, keepdims=True))
    runs = np.lib.stride_tricks.sliding_window_view(distances, KEEP_EVERY, axis=0)
    return np.asarray(runs.min(axis=-1))


def _region_sizes(aspect: float) -> list[tuple[float, float]]:
    """Returns width and height of every region, as shares of the frame."""
    shapes = [(min(1.0, shape / aspect), min(1.0, aspect / shape)) for shape in SHAPES]
    return [(scale, scale) for scale in SCALES] + shapes


def _crop(pictures: Array, width: float, height: float) -> Array:
    """Returns the centre of each picture. width, height: shares of the picture."""
    across, down = (max(WAVES, round(share * SIDE)) for share in (width, height))
    left, top = (SIDE - across) // 2, (SIDE - down) // 2
    return pictures[:, top : top + down, left : left + across]


def _bits_of(pictures: Array) -> Array:
    """Returns the bits of (n, h, w) uint8 pictures as (n, WORDS) uint64; 0 for a flat picture."""
    down, across = _cosines(pictures.shape[1]), _cosines(pictures.shape[2])
    strengths = (down @ pictures.astype(np.float32) @ across.T).reshape(len(pictures), -1)[:, _slow_first()]
    above = strengths > np.median(strengths, axis=1, keepdims=True)
    above &= (pictures.std(axis=(1, 2)) > FLAT_STD)[:, None]
    return np.packbits(np.ascontiguousarray(above), axis=1).view("<u8")


@cache
def _cosines(length: int) -> Array:
    """Returns rows 1 to WAVES of the DCT-II over so many samples, (WAVES, length) float32."""
    at = (2 * np.arange(length) + 1) * math.pi / (2 * length)
    return np.cos(np.arange(1, WAVES + 1)[:, None] * at).astype(np.float32)


@cache
def _slow_first() -> Array:
    """Returns the order of the waves by frequency, (WAVES * WAVES,) int."""
    down, across = np.mgrid[0:WAVES, 0:WAVES]
    return np.argsort((down + across).ravel(), kind="stable")


def _is_lit(brightest: Array) -> Array:
    """Returns which rows are not a bar, (h,) bool. brightest: of each pixel over the whole film, (h, w) float32."""
    return np.asarray((brightest.mean(axis=1) > BAR_LEVEL) | (brightest.std(axis=1) > BAR_STD))
