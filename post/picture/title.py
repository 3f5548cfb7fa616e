"""Title: one or a few lines of type over the picture."""

from __future__ import annotations

from dataclasses import replace

from post.caching import per_thread
from post.errors import JobError
from post.knob import duration_frames, knob
from post.picture.motion.moves import MOST_MOTION, TypeMotion, read_motion
from post.picture.motion.moving_raster import MovingRaster
from post.picture.motion.moving_type import MovingType, SetType
from post.picture.motion.sprite import Sheet
from post.picture.motion.states import WHOLE, TitleMoment, TypeScale, moment_of, state_at
from post.picture.motion.units import most_parts
from post.picture.supers.fit import largest_that_fits
from post.picture.supers.knobs import SHORT, SuperLayer
from post.picture.supers.lower_third import SetText, SuperLook, set_super
from post.picture.type.block import ALIGN, MOST_LETTERS, TextSpec, set_type
from post.picture.type.face import MOST_SETTING, FontSpec, Typeface, with_fallback
from post.picture.type.fade import EASE, envelope, read_easing
from post.picture.type.fonts.families import INTER
from post.picture.type.glow import TypeGlow
from post.picture.type.paint import Plate, Shadow, TypePaint, extent, hex_colour, paint
from post.picture.type.place import PLACE, PLACES, place_box
from post.stage import FlatRaster, Pose, Raster, Seen, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.colour import Format
from post.values.files.file_limits import FONT_MB
from post.values.media import File
from post.values.time import Clock, Span

CAPITAL_EM = 1000.0  # pixels, to measure a capital at
CALM = "for those whom motion disturbs: it fades where it would move; `type: {calm: true}` says so for all titles"
MOTION = "how it comes, stays and goes: a preset's name, or keys; its `in` and `out` stand in the place of the fades"


@stage("title", version=1)
class Title(SuperLayer):
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
    glow: float = knob(default=0.0, lo=0, hi=3, doc="light thrown around the type, added as light; 0 is none")
    glow_size: float = knob(
        default=1.2, lo=0.05, hi=6, unit="%", doc=f"how far it spreads (one sigma), in {SHORT}"
    )
    glow_colour: str = knob(default="#ffffff", kind="hex", doc="of that light")
    opacity: float = knob(default=1.0, lo=0.01, hi=1, doc="of the whole title")
    fade_in: str = knob(default="0.25s", kind="duration", doc="how long it fades in")
    fade_out: str = knob(default="0.25s", kind="duration", doc="how long it fades out")
    ease: str = knob(default="smooth", doc=EASE)
    motion: str = knob(default="", hi=MOST_MOTION, doc=MOTION)
    calm: bool = knob(default=False, doc=CALM)
    small_print: bool = knob(
        default=False, doc="a super that has to be found and read: Clearcast's time is asked for it"
    )
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
        motion = self.moves
        if motion is not None and not (self.is_plain and self.writing == "horizontal"):
            motion.check_as_one_piece("title.motion")
        if self.glow and not (self.is_plain and self.writing == "horizontal"):
            raise JobError(
                "a glow around more than a line of type",
                where="title.glow",
                expected="no second line, bar, round plate or vertical writing",
                fix="leave out `glow`",
            )
        if not self.text.strip():
            raise JobError(
                "no text",
                where="title.text",
                expected="what the title says",
                fix="write it, or drop the title",
            )
        if self._is_vertical and not self.is_plain:
            raise JobError(
                "columns have no second line, no bar and no rounded plate",
                where="title.writing",
                expected="horizontal",
                got="vertical",
                fix="leave these out, or write horizontally",
            )

    def draw(self, canvas: Format) -> Raster:
        """Returns the title at rest. Raises JobError for a letter no font has, and for text that does not
        fit, even at its least size."""
        return largest_that_fits(
            self.size, self.least_size, lambda size: replace(self, size=size)._drawn(canvas)
        )

    def _drawn(self, canvas: Format) -> Raster:
        if not self.is_plain:
            return self._super(canvas)
        made = self._set(canvas)
        rgba, over, up = paint(made.block, made.look)
        ink = made.block.ink
        light = made.light_of(Sheet(ink.coverage, ink.left, ink.top))
        return Raster(rgba, made.left + over, made.top + up, under=light)

    def draw_moment(self, canvas: Format, moment: tuple[int, ...]) -> Raster | FlatRaster:
        """Returns the title at a moment of its motion."""
        return _moving(self, canvas).draw(TitleMoment(*moment))

    def pose(self, frame: int, length: int, clock: Clock) -> Pose:
        motion = self.moves
        fades = duration_frames(self.fade_in, clock), duration_frames(self.fade_out, clock)
        if motion is None:
            return Pose(self.opacity * envelope(frame, length, *fades, read_easing(self.ease, "title.ease")))
        # A motion's own way in or out stands in the place of the fade.
        fades = 0 if motion.into else fades[0], 0 if motion.out else fades[1]
        opacity = self.opacity * envelope(frame, length, *fades, read_easing(self.ease, "title.ease"))
        if not 0 <= frame < length:
            return Pose(0.0)
        moment = moment_of(motion, frame, length, self._most_parts, clock)
        if moment is None or not motion.only_fades:
            return Pose(opacity, moment=moment.plain if moment else None)
        return Pose(opacity * state_at(motion, moment, WHOLE, TypeScale(1, 1.0), clock).opacity)

    def seen_in(self, canvas: Format, frame: int, length: int) -> Seen | None:
        if self.moves is None:
            return None
        pose, moving = self.pose(frame, length, canvas.clock), _moving(self, canvas)
        moment = TitleMoment(*pose.moment) if pose.moment else None
        box = moving.box(moment) if pose.opacity > 0 else None
        if box is None:
            return Seen(0, 0, 0, 0, 0.0)
        share = pose.opacity / self.opacity * moving.opacity(moment)
        return Seen(box.left, box.top, box.right, box.bottom, share)

    @property
    def moves(self) -> TypeMotion | None:
        """The motion that it has."""
        motion = read_motion(self.motion, "title.motion")
        return motion.calm if motion and self.calm else motion

    @property
    def _most_parts(self) -> dict[str, int]:
        return most_parts(self.text.strip(), self.language, self.lines)

    def _set(self, canvas: Format) -> SetType:
        """Returns the title's type, set and placed."""
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
        em, anchor = self.size / 100 * short, ALIGN[self._align]
        glow = TypeGlow(hex_colour(self.glow_colour), self.glow, self.glow_size / 100 * short)
        corner = left - box.left, top - box.top
        return SetType(block, look, *corner, em, anchor, short, self.language, glow if self.glow else None)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.addedText", HUMAN_EDITS, where, parameters(self), "title")

    @property
    def capital_share(self) -> float:
        """Returns the height of a capital, as a share of the frame's shorter side."""
        face = Typeface(self._cuts(CAPITAL_EM)[0])
        return self.size / 100 * face.cap_height / CAPITAL_EM

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
                self.font, size_px, self.weight, optical, self.axes, self.features, self.name, self.family,
                self.nearest_weight,
            )
        )  # fmt: skip

    def _super(self, canvas: Format) -> Raster:
        """Returns the title with its second line, its bar and its rounded plates."""
        unit, look = min(canvas.width, canvas.height) / 100, self._look(canvas)
        spec = TextSpec(
            self.text.strip(), 0, self.lines, self._align, self.tracking, self.leading, self.language
        )
        texts = [SetText(spec, self._cuts(self.size * unit), look.colour)]
        if self.second.strip():
            smaller = replace(spec, text=self.second.strip(), lines=self.second_lines, tracking=0.0)
            cuts = replace(self, weight=self.second_weight)._cuts(self.size * self.second_size / 100 * unit)
            texts.append(SetText(smaller, cuts, hex_colour(self.second_colour)))
        own = Plate(hex_colour(self.second_plate_colour), self.plate_opacity, 0)
        around = SuperLook(
            look.plate, own if self.second_plate else None, look.shadow, self.bar, hex_colour(self.bar_colour),
            max(round(self.bar_size * unit), 1), round(self.plate_padding * unit), round(self.gap * unit),
            self.plate_radius * unit,
        )  # fmt: skip
        return set_super(texts, around, self.safe.area(canvas, self.name), self.place, "title.text")

    def _look(self, canvas: Format) -> TypePaint:
        unit = min(canvas.width, canvas.height) / 100
        plate = Plate(hex_colour(self.plate_colour), self.plate_opacity, round(self.plate_padding * unit))
        sigma = self.shadow_size * unit
        shadow = Shadow(self.shadow, sigma, round(sigma / 2))
        return TypePaint(
            hex_colour(self.colour), plate if self.plate else None, shadow if self.shadow else None
        )


@per_thread(4)
def _moving(title: Title, canvas: Format) -> MovingType | MovingRaster:
    """Returns a title made ready for its motion. Each thread has its own: it keeps what it draws."""
    motion, short = title.moves, min(canvas.width, canvas.height)
    assert motion is not None
    if not title.is_plain:
        scale = TypeScale(short, title.size / 100 * short)
        return MovingRaster(title.draw(canvas), motion, scale, canvas.clock)
    made = largest_that_fits(
        title.size, title.least_size, lambda size: replace(title, size=size)._set(canvas)
    )
    ink = made.block.ink
    # Colour glyphs are no flat colour, and columns are one piece.
    if ink.picture is None and not title._is_vertical:
        return MovingType(made, motion, canvas.clock)
    letters = Sheet(ink.coverage, made.left + ink.left, made.top + ink.top)
    light = (letters, made.glow) if made.glow else None
    return MovingRaster(title.draw(canvas), motion, TypeScale(short, made.em), canvas.clock, light)
