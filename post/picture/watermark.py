"""The stage `watermark`: hides an identifier in the picture, where it outlives the file."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from post.caching import shared
from post.errors import JobError
from post.knob import knob
from post.os_faults import retry_of
from post.stage import FinishStage, parameters, stage
from post.values.array import Array
from post.values.claim import Action
from post.values.media import File
from post.values.time import Span
from post.values.watermark_geometry import TILE, cell_size

BINS = 48  # bins of a pattern's spectrum that are used: its waves, and the rounding noise of 16 bits just above them

# Strength in 8-bit codes (standard deviation): in flat picture, for each code of detail, and the maximum, which
# gives a PSNR of 42.3 dB against the picture without it.
FLAT, BY_DETAIL, MOST = 0.65, 1.0, 1.9
BLOCK = 8  # pixels a side: detail is measured in blocks of this size
REACH = 7  # pixels a side: detail is the difference from a mean over this size
# The mark is 0 at black (so that black stays black) and above white, and full between these codes.
BLACK, DARK, LIGHT, WHITE = 16, 36, 225, 240
_IDENTIFIER = re.compile(r"[0-9a-fA-F]{8}\Z")


@stage("watermark", version=1)
class Watermark(FinishStage):
    """The invisible mark: a keyed pattern under the picture that carries an identifier.

    Durable, not tamper-proof: it can be read after re-encoding, scaling, cropping and grading. Whoever has the key
    can remove it, and a deliberate attack without the key is untested.
    """

    identifier: str = knob(default="", internal=True, doc="what it carries: 8 hex digits")
    carrier: File | None = knob(
        default=None, internal=True, doc="the pattern, drawn with this user's own key"
    )
    strength: float = knob(
        default=1.0,
        lo=0.5,
        hi=1.0,
        doc="1 leaves 42 dB or more to the picture without it; less is seen less still",
    )

    def agree(self) -> None:
        """Checks the knobs against each other. Raises JobError where they do not fit together."""
        if self.identifier and not _IDENTIFIER.fullmatch(self.identifier):
            raise JobError(
                "not an identifier",
                where="watermark.identifier",
                expected="8 hex digits such as 0a1b2c3d, or auto",
                got=repr(self.identifier),
                fix="put it in quotes",
            )

    def finish(self, luma: Array, depth: int, picture: tuple[slice, slice]) -> None:
        if self.carrier is None:
            raise JobError(
                "no watermark pattern",
                where="watermark.carrier",
                fix="ask for it under provenance.watermark",
            )
        # The pattern starts at the frame's corner, so that it does not move at a cut to a shot with other bars.
        pattern, inside = _laid_out(self.carrier.here, luma.shape)[picture], luma[picture]
        laid = mark_strength(inside if depth == 8 else (inside >> (depth - 8)).astype(np.uint8))
        laid *= pattern
        laid *= np.float32(self.strength * (1 << (depth - 8)))
        laid += inside
        np.rint(laid, out=laid)
        inside[...] = np.clip(laid, 0, (1 << depth) - 1, out=laid)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.watermarked.bound", "", where, parameters(self), "durable identifier")


def mark_strength(codes: Array) -> Array:
    """Returns how strong the mark may be at each pixel, in 8-bit codes: (h, w) float32 for (h, w) uint8 luma.

    A pattern is hidden by detail around it (contrast masking). Detail counts only where there is detail on
    every side: beside an edge, the flat side would show it.
    """
    import cv2

    cv2.setNumThreads(1)  # a worker has one core
    height, width = codes.shape
    blocks = (-(-width // BLOCK), -(-height // BLOCK))
    detail = cv2.absdiff(codes, cv2.blur(codes, (REACH, REACH)))
    around: Array = cv2.resize(detail, blocks, interpolation=cv2.INTER_AREA).astype(np.float32)
    around = cv2.blur(cv2.erode(around, np.ones((3, 3))), (3, 3))
    strong: Array = np.minimum(FLAT + BY_DETAIL * around, MOST) * _by_light(codes, blocks)
    return np.asarray(cv2.resize(strong, (width, height), interpolation=cv2.INTER_LINEAR))


def _by_light(codes: Array, blocks: tuple[int, int]) -> Array:
    import cv2

    light = cv2.resize(codes, blocks, interpolation=cv2.INTER_AREA).astype(np.float32)
    share = np.interp(light, (BLACK, DARK, LIGHT, WHITE), (0, 1, 1, 0)).astype(np.float32)
    # Bars within a clip stay black up to their last line.
    return np.asarray(cv2.erode(share, np.ones((3, 3))))


@shared(4)
def _laid_out(carrier: Path, shape: tuple[int, int]) -> Array:
    """Returns the pattern repeated over a whole picture, (h, w) float32, standard deviation 1."""
    height, width = shape
    drawn = resize_pattern(read_pattern(carrier), round(TILE * cell_size(shape)))
    side = len(drawn)
    return np.tile(drawn, (-(-height // side), -(-width // side)))[:height, :width]


def read_pattern(path: Path) -> Array:
    """Returns the pattern in a file: (TILE, TILE) float32. Raises JobError where the file holds none."""
    try:
        cells = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as fault:
        raise (
            retry_of(fault, str(path))
            or JobError("the pattern cannot be read", where=str(path), got=str(fault))
        ) from fault
    if cells.shape != (TILE, TILE) or cells.dtype != np.int16:
        raise JobError("not a watermark pattern", where=str(path), got=f"{cells.shape} of {cells.dtype}")
    drawn = cells.astype(np.float32)
    return np.asarray(drawn / drawn.std())


def resize_pattern(cells: Array, side: int) -> Array:
    """Returns a torus of waves resampled to `side` samples a side, exact for waves below BINS."""
    waves = np.fft.rfft2(cells)
    more = np.zeros((side, side // 2 + 1), waves.dtype)
    drawn_bins = slice(0, BINS)
    more[drawn_bins, drawn_bins], more[-BINS:, drawn_bins] = (
        waves[drawn_bins, drawn_bins],
        waves[-BINS:, drawn_bins],
    )
    drawn = np.fft.irfft2(more, (side, side))
    return np.asarray(drawn / drawn.std(), np.float32)
