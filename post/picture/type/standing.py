"""The knobs for a layer's place in the frame, shared by every layer that has one."""

from __future__ import annotations

from dataclasses import dataclass

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
from post.stage import LayerStage
from post.values.colour import Format


@dataclass(frozen=True, kw_only=True)
class SafeAreaLayer(LayerStage):
    """A layer inside a safe area. Each stage adds its own `place`."""

    margin: float = knob(default=5.0, lo=0, hi=40, unit="%", source=R95, doc=MARGIN)
    tall_top: float = knob(default=14.0, lo=0, hi=45, unit="%", source=REELS, doc=TALL_TOP)
    tall_bottom: float = knob(default=35.0, lo=0, hi=45, unit="%", source=REELS, doc=TALL_BOTTOM)
    tall_sides: float = knob(default=6.0, lo=0, hi=45, unit="%", source=REELS, doc=TALL_SIDES)

    clear: tuple[float, ...] = knob(default=(), lo=0, hi=45, unit="%", internal=True, doc=CLEAR)

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
