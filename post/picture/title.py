"""Title: one or a few lines of type over the picture."""

from __future__ import annotations

from post.errors import JobError
from post.knob import duration_frames, knob
from post.picture.type.block import ALIGN, MOST_LETTERS, TextSpec, set_type
from post.picture.type.face import MOST_SETTING, FontSpec, with_fallback
from post.picture.type.fade import EASE, envelope, read_easing
from post.picture.type.fonts.families import INTER
from post.picture.type.paint import Plate, Shadow, TypePaint, extent, hex_colour, paint
from post.picture.type.place import PLACE, PLACES, place_box
from post.picture.type.standing import SafeAreaLayer
from post.stage import Pose, Raster, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.colour import Format
from post.values.files.file_limits import FONT_MB
from post.values.media import File
from post.values.time import Clock, Span

SHORT = "% of the frame's shorter side"


@stage("title", version=1)
class Title(SafeAreaLayer):
    """Type over the picture. Sizes are of the shorter side, so one title serves 16:9 and 9:16."""

    text: str = knob(hi=MOST_LETTERS, doc="what it says; a line break in it is kept, others are found")
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
    size: float = knob(
        default=7.0, lo=1, hi=60, unit="%", doc=f"the em (a capital of Inter is 0.73 of it), in {SHORT}"
    )
    colour: str = knob(default="#ffffff", kind="hex", doc="of the type")
    tracking: float = knob(
        default=0.0, lo=-100, hi=1000, doc="added after each letter, in 1/1000 em; not where letters join"
    )
    leading: float = knob(default=1.2, lo=0.7, hi=4, doc="from baseline to baseline, in ems")
    align: str = knob(
        default="auto", choices=("auto", *ALIGN), doc="lines to each other; auto follows `place`"
    )
    place: str = knob(default="lower-third", choices=tuple(PLACES), doc=PLACE)
    lines: int = knob(default=2, lo=1, hi=20, doc="how many are allowed")
    plate: bool = knob(default=False, doc="a flat panel behind the type")
    plate_colour: str = knob(default="#000000", kind="hex", doc="of the plate")
    plate_opacity: float = knob(default=0.6, lo=0, hi=1, doc="of the plate; 1 hides the picture")
    plate_padding: float = knob(default=1.5, lo=0, hi=20, unit="%", doc=f"around the type, in {SHORT}")
    shadow: float = knob(default=0.5, lo=0, hi=1, doc="strength of a soft black shadow; 0 is none")
    shadow_size: float = knob(
        default=0.6, lo=0.05, hi=3, unit="%", doc=f"softness of the shadow (one sigma), in {SHORT}"
    )
    opacity: float = knob(default=1.0, lo=0.01, hi=1, doc="of the whole title")
    fade_in: str = knob(default="0.25s", kind="duration", doc="how long it fades in")
    fade_out: str = knob(default="0.25s", kind="duration", doc="how long it fades out")
    ease: str = knob(default="smooth", doc=EASE)
    language: str = knob(
        default="",
        doc="BCP 47, such as ar or ja; for letter forms and line breaks; ja@lw=phrase keeps phrases whole",
    )
    axes: str = knob(default="", hi=MOST_SETTING, doc="other axes of a variable font: wdth=75, GRAD=-20")
    features: str = knob(default="", hi=MOST_SETTING, doc="OpenType features: tnum, ss01=2")
    family: str = knob(
        default=INTER,
        hi=MOST_SETTING,
        doc="an installed font family, where no `font` is given: Inter, or one of the extra `fonts`",
    )
    nearest_weight: bool = knob(
        default=False,
        internal=True,
        doc="whether the weight is a style's, and the font is not: the nearest that it has will do",
    )
    writing: str = knob(
        default="horizontal",
        choices=("horizontal", "vertical"),
        doc="vertical: in columns from right to left, as Japanese; `align: left` is their top",
    )
    balance: bool = knob(
        default=True, doc="lines of about even length; without it, each is as long as it may be"
    )

    def agree(self) -> None:
        """Checks the knobs against each other. Raises JobError where they do not fit together."""
        read_easing(self.ease, "title.ease")
        if not self.text.strip():
            raise JobError(
                "no text",
                where="title.text",
                expected="what the title says",
                fix="write it, or drop the title",
            )

    def draw(self, canvas: Format) -> Raster:
        """Returns the title at rest. Raises JobError for a letter no font has, and for text that does not
        fit."""
        short, look = min(canvas.width, canvas.height), self._look(canvas)
        area = self.safe.area(canvas, self.name)
        padding = look.plate.padding if look.plate else 0
        copy = TextSpec(
            self.text.strip(), (area.height if self._is_vertical else area.width) - 2 * padding, self.lines,
            self._align, self.tracking, self.leading, self.language, self._is_vertical, self.balance,
        )  # fmt: skip
        block = set_type(copy, self._cuts(self.size / 100 * short))
        box = extent(block, look.plate)
        left, top = place_box(box.width, box.height, area, self.place, "title.text")
        rgba, over, up = paint(block, look)
        return Raster(rgba, left - box.left + over, top - box.top + up)

    def pose(self, frame: int, length: int, clock: Clock) -> Pose:
        fades = duration_frames(self.fade_in, clock), duration_frames(self.fade_out, clock)
        return Pose(self.opacity * envelope(frame, length, *fades, read_easing(self.ease, "title.ease")))

    def declare(self, where: Span) -> Action:
        return Action("c2pa.addedText", HUMAN_EDITS, where, parameters(self), "title")

    @property
    def _is_vertical(self) -> bool:
        return self.writing == "vertical"

    @property
    def _align(self) -> str:
        if self.align != "auto":
            return self.align
        if self._is_vertical:
            return "left"
        sides = [side for side in ("left", "right") if side in self.place]
        return "left" if self.place == "lower-third" else sides[0] if sides else "center"

    def _cuts(self, size_px: float) -> list[FontSpec]:
        """Returns the font asked for, then Inter for the characters it lacks."""
        optical = self.size / 100 * 1080
        return with_fallback(
            FontSpec(
                self.font,
                size_px,
                self.weight,
                optical,
                self.axes,
                self.features,
                self.name,
                self.family,
                self.nearest_weight,
            )
        )

    def _look(self, canvas: Format) -> TypePaint:
        unit = min(canvas.width, canvas.height) / 100
        plate = Plate(hex_colour(self.plate_colour), self.plate_opacity, round(self.plate_padding * unit))
        sigma = self.shadow_size * unit
        shadow = Shadow(self.shadow, sigma, round(sigma / 2))
        return TypePaint(
            hex_colour(self.colour), plate if self.plate else None, shadow if self.shadow else None
        )
