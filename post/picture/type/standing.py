"""The knobs for a layer's place in the frame, shared by every layer that has one, and the box it is seen in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.knob import knob
from post.picture.type.place import (
    CLEAR,
    MARGIN,
    R95,
    REELS,
    TALL_BOTTOM,
    TALL_SIDES,
    TALL_TOP,
    Bounds,
    SafeMargins,
)
from post.stage import LayerStage, Raster
from post.values.colour import Format

# Less of a layer's alpha is the rim of a soft shadow.
SEEN_ALPHA = 0.25


@dataclass(frozen=True, kw_only=True)
class SafeAreaLayer(LayerStage):
    """A layer inside a safe area. Each stage adds its own `place`."""

    margin: float = knob(default=5.0, lo=0, hi=40, unit="%", source=R95, doc=MARGIN)
    tall_top: float = knob(default=14.0, lo=0, hi=45, unit="%", source=REELS, doc=TALL_TOP)
    tall_bottom: float = knob(default=35.0, lo=0, hi=45, unit="%", source=REELS, doc=TALL_BOTTOM)
    tall_sides: float = knob(default=6.0, lo=0, hi=45, unit="%", source=REELS, doc=TALL_SIDES)

    clear: tuple[float, ...] = knob(default=(), lo=0, hi=70, unit="%", internal=True, doc=CLEAR)

    @property
    def safe(self) -> SafeMargins:
        """Returns the margins in these knobs."""
        return SafeMargins(self.margin, self.tall_top, self.tall_bottom, self.tall_sides, self.clear)

    def sway_px(self, canvas: Format) -> int:  # noqa: ARG002  most layers stand still
        """Returns how far from its place it sways, in pixels, all the time that it shows."""
        return 0

    def parts(self, canvas: Format) -> tuple[Bounds, ...]:  # noqa: ARG002  all of it counts
        """Returns the boxes of it that nothing may cover; () where that is all that is seen of it."""
        return ()


def seen_box(raster: Raster) -> Bounds:
    """Returns the box around what is seen of a drawn layer; an empty one where nothing is."""
    seen = raster.rgba[..., 3] > SEEN_ALPHA
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    if not rows.size:
        return Bounds(raster.left, raster.top, raster.left, raster.top)
    left, top = raster.left + int(columns[0]), raster.top + int(rows[0])
    return Bounds(left, top, raster.left + int(columns[-1]) + 1, raster.top + int(rows[-1]) + 1)
