"""Match: changes a shot's colour to that of another shot."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from post.errors import JobError
from post.knob import RGB, knob
from post.stage import ColourStage, parameters, stage
from post.values.array import Array
from post.values.claim import IPTC, Action
from post.values.colour import BT709
from post.values.media import File
from post.values.time import Span
from post.values.ycbcr import rgb_weights

NONE: RGB = (0.0, 0.0, 0.0)
ONES: RGB = (1.0, 1.0, 1.0)
Triple = RGB | Array
# Stops are of display light (ITU-R BT.1886, annex 1), so a gain in stops is exactly an ASC CDL slope.
DISPLAY_GAMMA = 2.4
LUMA = np.array(rgb_weights(BT709))  # ASC CDL 1.2's saturation has the same weights
CORRECTED = IPTC + "algorithmicallyEnhanced"  # the knobs come from measuring the picture, not from a person
NODES = 9  # of the residual along each axis
# A residual's step, in signal: an eighth of an 8-bit code. 16 bits of it reach 16 times the range.
STEP = 1 / 2040


@stage("match", version=1)
class ColourMatch(ColourStage):
    """An ASC CDL of ten parameters, then a smooth residual table. Display-encoded Rec.709, unclamped."""

    exposure: RGB = knob(
        default=NONE, lo=-4, hi=4, unit="stops", doc="gain of red, green, blue", source="ITU-R BT.1886"
    )
    offset: RGB = knob(default=NONE, lo=-1, hi=1, doc="added to red, green, blue", source="ASC CDL 1.2")
    gamma: RGB = knob(default=ONES, lo=0.1, hi=4, doc="exponent of red, green, blue", source="ASC CDL 1.2")
    saturation: float = knob(
        default=1.0, lo=0, hi=4, doc="0 is black and white; 1 leaves it alone", source="ASC CDL 1.2"
    )
    residual: str = knob(
        default="", doc="what the ten leave, a 9x9x9 table written by `match`; empty for none"
    )

    reference: File | None = knob(
        default=None, internal=True, doc="what it was matched to, where that is a file"
    )
    method: str = knob(default="", internal=True, doc="what it rests on: correspondence, palette or balance")
    forced: bool = knob(
        default=False, internal=True, doc="it was refused as unsure, and made because the job asks for it"
    )

    def agree(self) -> None:
        """Checks the residual. Raises JobError where it cannot be decoded."""
        if self.residual:
            read_residual(self.residual)

    @property
    def slope(self) -> RGB:
        """Returns the gain as an ASC CDL slope."""
        red, green, blue = (2 ** (stops / DISPLAY_GAMMA) for stops in self.exposure)
        return red, green, blue

    def weaker(self, share: float) -> ColourMatch:
        """Returns the same match at a share (0..1) of its strength: gains in stops, exponents and saturation scale."""
        residual = share * read_residual(self.residual) if self.residual else None
        return ColourMatch(
            exposure=_triple(share * stops for stops in self.exposure),
            offset=_triple(share * offset for offset in self.offset),
            gamma=_triple(gamma**share for gamma in self.gamma),
            saturation=self.saturation**share,
            residual="" if residual is None else write_residual(residual),
            reference=self.reference,
            method=self.method,
            forced=self.forced,
        )

    def colour(self, rgb: Array) -> Array:
        out = apply_cdl(rgb, self.slope, self.offset, self.gamma, self.saturation)
        if not self.residual:
            return out
        return out + trilinear(read_residual(self.residual), rgb)

    def declare(self, where: Span) -> Action | None:
        if self == ColourMatch(reference=self.reference, method=self.method, forced=self.forced):
            return None
        seen = (self.reference.sha256,) if self.reference else ()
        return Action("c2pa.adjustedColor", CORRECTED, where, parameters(self), "match", seen)


def _triple(numbers: Iterable[float]) -> RGB:
    red, green, blue = numbers
    return red, green, blue


def apply_cdl(rgb: Array, slope: Triple, offset: Triple, power: Triple, saturation: float) -> Array:
    """Returns (n, 3) R'G'B' after ASC CDL 1.2, without clamping: below 0 it applies no power."""
    out = rgb * np.asarray(slope) + np.asarray(offset)
    out = np.where(out > 0, np.maximum(out, 0) ** np.asarray(power), out)
    luma = (out @ LUMA)[:, None]
    return np.asarray(luma + saturation * (out - luma))


def write_residual(table: Array) -> str:
    """Returns a (9, 9, 9, 3) table, by red, green, blue, as the knob's text: rounded to 1/8 of an 8-bit code."""
    steps = np.clip(np.rint(table / STEP), -32767, 32767).astype("<i2")
    return base64.b85encode(zlib.compress(steps.tobytes(), 9)).decode("ascii") if steps.any() else ""


@lru_cache(maxsize=32)
def read_residual(text: str) -> Array:
    """Returns the table in a knob's text, (9, 9, 9, 3) float64. Raises JobError where there is none."""
    size = NODES**3 * 3 * 2
    try:
        raw = zlib.decompressobj().decompress(base64.b85decode(text), size + 1)
    except (ValueError, binascii.Error, zlib.error) as fault:
        raise _no_residual(str(fault)) from fault
    if len(raw) != size:
        raise _no_residual(f"{len(raw)} bytes")
    table = np.frombuffer(raw, "<i2").reshape(NODES, NODES, NODES, 3) * STEP
    table.setflags(write=False)
    return table


def _no_residual(got: str) -> JobError:
    return JobError(
        "not a residual table",
        where="match.residual",
        expected="what `answerprint match` wrote, or nothing",
        got=got,
        fix="leave it empty",
    )


def trilinear(table: Array, rgb: Array) -> Array:
    """Returns the table's value at (n, 3) R'G'B'; outside its range, the value at its edge."""
    node, weight = cell_corners(rgb, table.shape[0])
    flat = table.reshape(-1, 3)
    return np.asarray((flat[node] * weight[..., None]).sum(1))


def cell_corners(rgb: Array, nodes: int) -> tuple[Array, Array]:
    """Returns the eight nodes around each of (n, 3) R'G'B', (n, 8) intp, and their weights, (n, 8)."""
    place = np.clip(rgb, 0, 1) * (nodes - 1)
    low = np.minimum(place.astype(np.intp), nodes - 2)
    part = place - low
    bits = np.array([[r, g, b] for r in (0, 1) for g in (0, 1) for b in (0, 1)])
    at = low[:, None] + bits
    weight = np.where(bits, part[:, None], 1 - part[:, None]).prod(2)
    return (at[..., 0] * nodes + at[..., 1]) * nodes + at[..., 2], weight
