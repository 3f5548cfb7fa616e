"""Look: the picture's grade."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from post.knob import RGB, knob
from post.picture.colour.lut_file import cdl, open_lut
from post.picture.colour.tone_curve import KNOTS, STRAIGHT, blend_by_luma, read_curve
from post.stage import ColourStage, parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.colour import BT709
from post.values.files.file_limits import LUT_MB
from post.values.media import File
from post.values.time import Span
from post.values.ycbcr import luma_of

ONES: RGB = (1.0, 1.0, 1.0)
NONE: RGB = (0.0, 0.0, 0.0)
CHANNELS = ("red", "green", "blue")
SATURATIONS = ("saturation_shadows", "saturation_mids", "saturation_highlights")


@stage("look", version=1)
class Look(ColourStage):
    """CDL, contrast, saturation, tone curves, saturation by luminance, then a look-up table file.

    Display-encoded Rec.709 in and out, unclamped.
    """

    slope: RGB = knob(default=ONES, lo=0, hi=4, doc="gain of red, green, blue", source="ASC CDL 1.2")
    offset: RGB = knob(default=NONE, lo=-1, hi=1, doc="added to red, green, blue", source="ASC CDL 1.2")
    power: RGB = knob(default=ONES, lo=0.1, hi=4, doc="exponent of red, green, blue", source="ASC CDL 1.2")
    contrast: float = knob(default=1.0, lo=0, hi=4, doc="slope about the pivot; 1 leaves it alone")
    pivot: float = knob(default=0.435, lo=0, hi=1, doc="what contrast turns about, display-encoded")
    saturation: float = knob(
        default=1.0, lo=0, hi=4, doc="0 is black and white; 1 leaves it alone", source="ASC CDL 1.2"
    )
    curve: str = knob(default=STRAIGHT, doc=f"the tone curve of all three channels: {KNOTS}")
    red: str = knob(default=STRAIGHT, doc="red's own tone curve, after the common one")
    green: str = knob(default=STRAIGHT, doc="green's own tone curve")
    blue: str = knob(default=STRAIGHT, doc="blue's own tone curve")
    saturation_shadows: float = knob(default=1.0, lo=0, hi=4, doc="saturation in black")
    saturation_mids: float = knob(default=1.0, lo=0, hi=4, doc="saturation at mid grey (0.5)")
    saturation_highlights: float = knob(default=1.0, lo=0, hi=4, doc="saturation in white")
    lut: File | None = knob(
        default=None, hi=LUT_MB, doc="a .cube, .3dl, .clf or .cdl file for display-encoded Rec.709"
    )
    lut_strength: float = knob(default=1.0, lo=0, hi=1, doc="how much of the file's look: 0 none, 1 all")

    def agree(self) -> None:
        """Checks the knobs against each other. Raises JobError where they do not fit together."""
        for name in ("curve", *CHANNELS):
            read_curve(getattr(self, name), f"look.{name}")

    def colour(self, rgb: Array) -> Array:
        """Returns the graded colour. Raises JobError where the look-up table file cannot be read."""
        if (self.slope, self.offset, self.power) != (ONES, NONE, ONES):
            rgb = cdl(self.slope, self.offset, self.power, 1.0)(rgb)
        if self.contrast != 1 or self.saturation != 1:
            # Contrast about a pivot is a slope and an offset: a second CDL does both.
            turn = self.pivot * (1 - self.contrast)
            rgb = cdl((self.contrast,) * 3, (turn,) * 3, ONES, self.saturation)(rgb)
        rgb = self._saturated(self._curved(rgb))
        if self.lut is None or self.lut_strength == 0:
            return rgb
        return rgb + self.lut_strength * (open_lut(self.lut)(rgb) - rgb)

    def _curved(self, rgb: Array) -> Array:
        """Returns the colour after the common tone curve, then each channel's own."""
        common = read_curve(self.curve, "look.curve")
        own = [read_curve(getattr(self, name), f"look.{name}") for name in CHANNELS]
        if not common.straight:
            rgb = common(rgb)
        if all(curve.straight for curve in own):
            return rgb
        rgb = rgb.copy()
        for channel, curve in enumerate(own):
            rgb[:, channel] = curve(rgb[:, channel])
        return rgb

    def _saturated(self, rgb: Array) -> Array:
        """Returns the colour with the saturation that its luma asks for. Luma does not change."""
        shares = [getattr(self, name) for name in SATURATIONS]
        if shares == [1, 1, 1]:
            return rgb
        luma = luma_of(rgb, BT709)[:, None]
        return np.asarray(luma + blend_by_luma(luma, *shares) * (rgb - luma))

    def declare(self, where: Span) -> Action | None:
        idle = Look(pivot=self.pivot, lut_strength=self.lut_strength)
        if replace(self, lut=self.lut if self.lut_strength else None) == idle:
            return None
        return Action("c2pa.adjustedColor", HUMAN_EDITS, where, parameters(self), "look")
