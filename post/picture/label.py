"""The stage `label`: a visible text that says the picture was made with AI."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product

import numpy as np

from post.caching import per_thread
from post.errors import JobError
from post.knob import duration_frames, knob
from post.picture.type.block import MOST_LETTERS, TextSpec, set_type
from post.picture.type.contrast import LEAST_CONTRAST, contrast, luminance
from post.picture.type.face import FontSpec, Typeface, with_fallback
from post.picture.type.paint import Colour, Plate, TypePaint, extent, hex_colour, paint
from post.picture.type.place import PLACE, PLACES, Bounds, place_box
from post.picture.type.standing import SafeAreaLayer
from post.stage import Pose, Raster, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.colour import Format
from post.values.files.file_limits import FONT_MB
from post.values.media import File
from post.values.time import Clock, Span

GB = "GB 45438-2025, 5.4: letters at least 5 % of the shorter side of the picture"
DWELL = "GB 45438-2025: a video's label shows for at least 2 seconds"
# The EU Code of Practice suggests the top right. The other corners follow, then the middles of the sides.
ORDER = ("top-right", "top-left", "bottom-right", "bottom-left", "top", "bottom", "right", "left")
GIVEN, SWAPPED = "given", "swapped"
AUTO, INITIAL, LEAST_DWELL_S = "auto", "initial", 2
SUBPIXELS = 16  # steps of a pixel in which a label drifts
CODE = "EU Code of Practice on marking and labelling, 1.1(a): the capitals AI come first"


@stage("label", version=1)
class Label(SafeAreaLayer):
    """The visible AI label: type on a plate, legible over any picture.

    It does not fade. The job says when it shows and for how long.
    """

    text: str = knob(default="AI GENERATED", hi=MOST_LETTERS, source=CODE, doc="what it says")
    font: File | None = knob(
        default=None,
        hi=FONT_MB,
        doc="a TrueType or OpenType file; Inter where none is given or it lacks a letter",
    )
    weight: float = knob(
        default=0.0,
        lo=0,
        hi=1000,
        doc="a variable font's weight, 100 to 900; 0 is the font's own (Inter: 600)",
    )
    height: float = knob(
        default=5.0, lo=1, hi=30, unit="%", source=GB, doc="of a capital, of the frame's shorter side"
    )
    colour: str = knob(default="#ffffff", kind="hex", doc="of the type")
    plate_colour: str = knob(default="#000000", kind="hex", doc="of the plate")
    plate_opacity: float = knob(
        default=0.75,
        lo=0,
        hi=1,
        source="WCAG 2.2, 1.4.3: 4.5:1, kept over black, white and everything between",
        doc="of the plate",
    )
    plate_padding: float = knob(default=0.4, lo=0.1, hi=2, doc="around the type, in heights of a capital")
    polarity: str = knob(
        default=GIVEN,
        choices=(GIVEN, SWAPPED, AUTO),
        doc="swapped: type and plate change colours; auto: whichever can be read better on the picture, for each shot",
    )
    opacity: float = knob(default=1.0, lo=0.5, hi=1, doc="of the whole label")
    place: str = knob(
        default=AUTO,
        choices=(AUTO, *PLACES),
        doc=f"{PLACE}; auto: the first of the corners and sides where nothing else is, the top right before all others",
    )
    show: str = knob(
        default="continuous",
        choices=("continuous", INITIAL),
        doc="all the time, or for `dwell` at first and again at intervals of `every`",
    )
    dwell: str = knob(
        default="3s", kind="duration", source=DWELL, doc="how long it shows each time, where not all the time"
    )
    every: str = knob(
        default="0s", kind="duration", doc="from one time that it shows to the next; 0s shows it once"
    )
    drift: float = knob(
        default=0.0,
        lo=0,
        hi=3,
        unit="%",
        doc="how far it circles round its place, of the frame's shorter side: one crop does not cut it off everywhere",
    )
    drift_time: str = knob(default="24s", kind="duration", doc="how long one circle takes")
    lines: int = knob(default=1, lo=1, hi=4, doc="how many are allowed")
    language: str = knob(
        default="",
        doc="BCP 47, such as zh or ja; for letter forms and line breaks; ja@lw=phrase keeps phrases whole",
    )

    def agree(self) -> None:
        """Checks the knobs against each other. Raises JobError where they do not fit together."""
        if not self.text.strip():
            raise JobError(
                "no text",
                where="label.text",
                expected="what the label says",
                fix="write it, or drop the label",
            )
        if self.contrast < LEAST_CONTRAST:
            raise JobError(
                "the label cannot be read over every picture",
                where="label.plate_opacity",
                expected=f"a contrast of at least {LEAST_CONTRAST:g}:1 (WCAG 2.2, 1.4.3)",
                got=f"{self.contrast:.2f}:1 over the worst background",
                fix="raise plate_opacity or opacity, or move colour and plate_colour apart",
            )

    @property
    def contrast(self) -> float:
        """Returns the lowest contrast of type to plate over any flat background, 1..21 (WCAG 2.2); of both polarities
        where the picture decides between them."""
        type_, plate = self.colours
        pairs = ((type_, plate), (plate, type_)) if self.polarity == AUTO else ((type_, plate),)
        lowest = min(
            _contrast(
                _over(ground, ink, self.opacity), _over(ground, panel, self.opacity * self.plate_opacity)
            )
            for ground in _GROUNDS
            for ink, panel in pairs
        )
        return round(lowest, 9)  # the last bits of NumPy's power depend on the processor

    @property
    def colours(self) -> tuple[Colour, Colour]:
        """Returns the colours of type and plate, as they are shown."""
        type_, plate = hex_colour(self.colour), hex_colour(self.plate_colour)
        return (plate, type_) if self.polarity == SWAPPED else (type_, plate)

    def draw(self, canvas: Format) -> Raster:
        """Returns the label at rest. Raises JobError for a letter no font has, and for a label that does not fit."""
        capital_px = math.ceil(self.height / 100 * min(canvas.width, canvas.height) - 1e-9)
        colour, panel = self.colours
        plate = Plate(panel, self.plate_opacity, max(round(self.plate_padding * capital_px), 1))
        area = self._area(canvas)
        copy = TextSpec(
            self.text.strip(), area.width - 2 * plate.padding, self.lines, "center", language=self.language
        )
        block = set_type(copy, self._cuts(capital_px), tight=True)
        box = extent(block, plate)
        place = ORDER[0] if self.place == AUTO else self.place
        left, top = place_box(box.width, box.height, area, place, "label.text")
        rgba, over, up = paint(block, TypePaint(colour, plate))
        return Raster(rgba, left - box.left + over, top - box.top + up)

    def draw_moment(self, canvas: Format, moment: tuple[int, ...]) -> Raster:
        """Returns the label at a moment of its drift: (frames since the circle began, frames of the circle)."""
        turn, radius = 2 * math.pi * moment[0] / moment[1], self.sway_px(canvas) - 1
        steps = (round(radius * part * SUBPIXELS) for part in (math.cos(turn), math.sin(turn)))
        return shifted(_at_rest(self, canvas), *steps)

    def pose(self, frame: int, length: int, clock: Clock) -> Pose:
        circle = max(duration_frames(self.drift_time, clock), 1)
        moment = (frame % circle, circle) if self.drift else None
        return Pose(self.opacity if 0 <= frame < length else 0.0, moment=moment)

    def sway_px(self, canvas: Format) -> int:
        """Returns how far it drifts, in pixels; the last of them holds what sub-pixel steps spread."""
        return math.ceil(self.drift / 100 * min(canvas.width, canvas.height)) + 1 if self.drift else 0

    def clear_of(self, canvas: Format, *, top: float = 0.0, bottom: float = 0.0) -> Label:
        """Returns the label with more of a canvas kept clear above or below it, in percent of its height."""
        above, right, below, left = self.safe.insets(canvas)
        return replace(self, clear=(max(above, top), right, max(below, bottom), left))

    def _area(self, canvas: Format) -> Bounds:
        """Returns the safe area, less what the drift needs: the whole circle stays inside."""
        area, sway = self.safe.area(canvas, self.name), self.sway_px(canvas)
        return Bounds(area.left + sway, area.top + sway, area.right - sway, area.bottom - sway)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.addedText", HUMAN_EDITS, where, parameters(self), "visible AI label")

    def _cuts(self, capital_px: int) -> list[FontSpec]:
        """Returns each font at the em size that gives its capitals this height."""
        return [
            self._at_height(cut, capital_px)
            for cut in with_fallback(FontSpec(self.font, 1000, self.weight, place=self.name))
        ]

    @staticmethod
    def _at_height(cut: FontSpec, capital_px: int) -> FontSpec:
        return replace(cut, size_px=cut.size_px * capital_px / Typeface(cut).cap_height)


@per_thread(2)
def _at_rest(label: Label, canvas: Format) -> Raster:
    """Returns a label that drifts where it stands at rest: it is set once, and moved in every frame."""
    return label.draw(canvas)


def shifted(raster: Raster, across: int, down: int) -> Raster:
    """Returns a raster moved by so many sixteenths of a pixel, premultiplied, its box one pixel larger on each side."""
    left, top = across // SUBPIXELS, down // SUBPIXELS
    x, y = across % SUBPIXELS / SUBPIXELS, down % SUBPIXELS / SUBPIXELS
    height, width = raster.rgba.shape[:2]
    pixels = np.zeros((height + 2, width + 2, 4), np.float32)
    pixels[1:-1, 1:-1] = raster.multiplied().rgba
    pixels[:, 1:] = pixels[:, 1:] * np.float32(1 - x) + pixels[:, :-1] * np.float32(x)
    pixels[1:] = pixels[1:] * np.float32(1 - y) + pixels[:-1] * np.float32(y)
    return Raster(pixels, raster.left - 1 + left, raster.top - 1 + top, premultiplied=True)


# The mix of type and plate is worst at an extreme of the background or where their luminances cross.
_GROUNDS: tuple[Colour, ...] = (
    *((step / 16, step / 16, step / 16) for step in range(17)),
    *((r, g, b) for r, g, b in product((0.0, 1.0), repeat=3)),
)


def _over(ground: Colour, ink: Colour, alpha: float) -> Colour:
    red, green, blue = (g + alpha * (i - g) for g, i in zip(ground, ink, strict=True))
    return red, green, blue


def _contrast(a: Colour, b: Colour) -> float:
    """Returns the WCAG 2.2 contrast ratio of two display-encoded colours."""
    return float(contrast(luminance(np.array(a)), luminance(np.array(b))))
