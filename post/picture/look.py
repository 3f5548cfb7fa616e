"""Look: the picture's grade."""

from __future__ import annotations

from post.knob import RGB, knob
from post.picture.lut import cdl, open_lut
from post.stage import Array, ColourStage, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.media import File
from post.values.time import Span

ONES: RGB = (1.0, 1.0, 1.0)
NONE: RGB = (0.0, 0.0, 0.0)


@stage("look", version=1)
class Look(ColourStage):
    """CDL, contrast, saturation, then a look-up table file. Display-encoded Rec.709 in and out, unclamped."""

    slope: RGB = knob(default=ONES, lo=0, hi=4, doc="gain of red, green, blue", source="ASC CDL 1.2")
    offset: RGB = knob(default=NONE, lo=-1, hi=1, doc="added to red, green, blue", source="ASC CDL 1.2")
    power: RGB = knob(default=ONES, lo=0.1, hi=4, doc="exponent of red, green, blue", source="ASC CDL 1.2")
    contrast: float = knob(default=1.0, lo=0, hi=4, doc="slope about the pivot; 1 leaves it alone")
    pivot: float = knob(default=0.435, lo=0, hi=1, doc="what contrast turns about, display-encoded")
    saturation: float = knob(
        default=1.0, lo=0, hi=4, doc="0 is black and white; 1 leaves it alone", source="ASC CDL 1.2"
    )
    lut: File | None = knob(default=None, doc="a .cube, .3dl, .clf or .cdl file for display-encoded Rec.709")
    lut_strength: float = knob(default=1.0, lo=0, hi=1, doc="how much of the file's look: 0 none, 1 all")

    def colour(self, rgb: Array) -> Array:
        """Raises JobError where the look-up table file cannot be read."""
        if (self.slope, self.offset, self.power) != (ONES, NONE, ONES):
            rgb = cdl(self.slope, self.offset, self.power, 1.0)(rgb)
        if self.contrast != 1 or self.saturation != 1:
            # Contrast about a pivot is a slope and an offset: a second CDL does both.
            turn = self.pivot * (1 - self.contrast)
            rgb = cdl((self.contrast,) * 3, (turn,) * 3, ONES, self.saturation)(rgb)
        if self.lut is None or self.lut_strength == 0:
            return rgb
        return rgb + self.lut_strength * (open_lut(self.lut)(rgb) - rgb)

    def declare(self, where: Span) -> Action | None:
        if self == Look(pivot=self.pivot, lut=self.lut if self.lut_strength == 0 else None,
                        lut_strength=self.lut_strength):  # fmt: skip
            return None
        return Action("c2pa.adjustedColor", HUMAN_EDITS, where, parameters(self), "look")
