"""Card: a ground over the whole frame with type on it: an end card, a slate."""

from __future__ import annotations

from dataclasses import replace

from post.errors import JobError
from post.knob import duration_frames, knob
from post.picture.brand.graphic import Graphic
from post.picture.slate import STILL
from post.picture.supers.fit import largest_that_fits
from post.picture.supers.lower_third import reads_leftward
from post.picture.supers.sheet import Item, Panel, stacked, typed
from post.picture.type.block import ALIGN, MOST_LETTERS, TextSpec, set_type
from post.picture.type.face import FontSpec, with_fallback
from post.picture.type.fade import EASE, envelope, read_easing
from post.picture.type.paint import hex_colour
from post.picture.type.place import Bounds, around
from post.picture.type.standing import SafeAreaLayer
from post.stage import Pose, Raster, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.colour import Format
from post.values.files.file_limits import FONT_MB, STILL_MB
from post.values.media import File
from post.values.time import Clock, Span

SHORT = "% of the frame's shorter side"
LEGAL = "Clearcast: 26 lines of 1080 on a block of one colour; a capital of Inter is 0.73 of its em"
MEASURE = 0.92  # of the safe area's width, for type: it does not run from edge to edge
BETWEEN = 2  # spaces of a column's end, in ems


@stage("card", version=1)
class Card(SafeAreaLayer):
    """A ground over the whole frame: a logo, a headline, a second text and a call to action, one under the other in the
    middle of the safe area, and small print at its foot."""

    text: str = knob(hi=MOST_LETTERS, doc="the headline; a line break in it is kept, others are found")
    second: str = knob(default="", hi=MOST_LETTERS, doc="the text under the headline")
    columns: bool = knob(
        default=False, doc="sets each line `Name: value` of the second text in two columns, as on a slate"
    )
    call: str = knob(default="", hi=80, doc="the call to action, in a box of the accent colour")
    legal: str = knob(default="", hi=MOST_LETTERS, doc="small print at the foot of the safe area")
    logo: File | None = knob(
        default=None, hi=STILL_MB, doc="above the headline: PNG, SVG, a Lottie's first picture"
    )
    logo_width: float = knob(default=30.0, lo=1, hi=100, unit="%", doc=f"its width, in {SHORT}")
    ground: str = knob(default="#10141a", kind="hex", doc="the colour of the ground")
    ground_opacity: float = knob(default=1.0, lo=0, hi=1, doc="of the ground; 1 hides the picture")
    font: File | None = knob(default=None, hi=FONT_MB, doc="of headline and call; Inter where none is given")
    second_font: File | None = knob(
        default=None, hi=FONT_MB, doc="of all other type; Inter where none is given"
    )
    weight: float = knob(default=700.0, lo=0, hi=1000, doc="of headline and call: 100 to 900")
    second_weight: float = knob(default=450.0, lo=0, hi=1000, doc="of all other type")
    size: float = knob(default=11.0, lo=1, hi=60, unit="%", doc=f"the headline's em, in {SHORT}")
    least_size: float = knob(
        default=5.0, lo=0, hi=60, unit="%", doc="how small it may become, and all but the small print with it"
    )
    second_size: float = knob(
        default=45.0, lo=10, hi=150, unit="%", doc="of the headline's size; the call's too"
    )
    legal_size: float = knob(default=3.4, lo=1, hi=10, unit="%", source=LEGAL, doc=f"its em, in {SHORT}")
    leading: float = knob(default=1.1, lo=0.7, hi=4, doc="of the headline, in ems; other type has 1.35")
    tracking: float = knob(default=-8.0, lo=-100, hi=1000, doc="of the headline, in 1/1000 em")
    lines: int = knob(default=3, lo=1, hi=20, doc="of the headline, how many are allowed")
    colour: str = knob(default="#ffffff", kind="hex", doc="of the headline")
    second_colour: str = knob(default="#c9d1db", kind="hex", doc="of all other type")
    accent: str = knob(default="#ffc400", kind="hex", doc="of the call's box and of the rule")
    call_colour: str = knob(default="#10141a", kind="hex", doc="of the call's type")
    rule: bool = knob(default=False, doc="a short rule of the accent colour over the headline")
    radius: float = knob(
        default=0.6, lo=0, hi=50, unit="%", doc=f"of the corners of the call's box, in {SHORT}"
    )
    gap: float = knob(default=4.0, lo=0, hi=20, unit="%", doc=f"between the parts, in {SHORT}")
    align: str = knob(default="center", choices=tuple(ALIGN), doc="of all but the small print")
    opacity: float = knob(default=1.0, lo=0.01, hi=1, doc="of the whole card")
    fade_in: str = knob(default="0.4s", kind="duration", doc="how long it fades in")
    fade_out: str = knob(default="0f", kind="duration", doc="how long it fades out")
    ease: str = knob(default="smooth", doc=EASE)
    language: str = knob(default="", doc="BCP 47, such as ar or ja; for letter forms and line breaks")

    def agree(self) -> None:
        """Checks the knobs against each other. Raises JobError where they do not fit together."""
        read_easing(self.ease, "card.ease")
        if not self.text.strip():
            raise JobError("no text", where="card.text", expected="what the card says", fix="write it")

    def draw(self, canvas: Format) -> Raster:
        """Returns the card at rest. Raises JobError where its type does not fit, even at its least size."""
        ground = Panel(
            Bounds(0, 0, canvas.width, canvas.height), hex_colour(self.ground), self.ground_opacity
        )
        return stacked([ground, *(layer for item in self._items(canvas) for layer in item.layers)])

    def parts(self, canvas: Format) -> tuple[Bounds, ...]:
        """Returns the boxes of its logo, its texts and its call: the ground may be covered."""
        return tuple(item.box for item in self._items(canvas))

    def pose(self, frame: int, length: int, clock: Clock) -> Pose:
        fades = duration_frames(self.fade_in, clock), duration_frames(self.fade_out, clock)
        return Pose(self.opacity * envelope(frame, length, *fades, read_easing(self.ease, "card.ease")))

    def declare(self, where: Span) -> Action:
        return Action("c2pa.addedText", HUMAN_EDITS, where, parameters(self), "card")

    def _items(self, canvas: Format) -> list[Item]:
        return largest_that_fits(
            self.size, self.least_size, lambda size: replace(self, size=size, least_size=0.0)._stack(canvas)
        )

    def _stack(self, canvas: Format) -> list[Item]:
        """Returns all parts at their places. Raises JobError where they are too high together."""
        area, unit = self.safe.area(canvas, self.name), min(canvas.width, canvas.height) / 100
        gap, small = round(self.gap * unit), self._small_print(area, unit)
        foot = small[0].box.top - gap if small else area.bottom
        items = self._parts(area, unit)
        height = sum(item.box.height for item in items) + gap * (len(items) - 1)
        if height > foot - area.top:
            raise JobError(
                f"does not fit the safe area by {height - foot + area.top} px",
                where="card.text",
                expected=f"at most {foot - area.top} px in height",
                got=f"{height} px",
                fix="use a smaller size, less text or smaller margins",
            )
        top, placed = area.top + (foot - area.top - height) // 2, list[Item]()
        share = 1 - ALIGN[self.align] if reads_leftward(self.text) else ALIGN[self.align]
        for item in items:
            left = area.left + int((area.width - item.box.width) * share)
            placed.append(item.moved(left - item.box.left, top - item.box.top))
            top += item.box.height + gap
        return [*placed, *small]

    def _parts(self, area: Bounds, unit: float) -> list[Item]:
        """Returns the parts of the stack, from the top, each from its own corner."""
        width, size = round(area.width * MEASURE), self.size * unit
        made = list[Item]()
        if self.logo is not None:
            made.append(self._logo(unit))
        if self.rule:
            box = Bounds(0, 0, max(round(size * 0.9), 2), max(round(0.9 * unit), 1))
            made.append(Item((Panel(box, hex_colour(self.accent)),), box))
        head = TextSpec(
            self.text.strip(), width, self.lines, self.align, self.tracking, self.leading, self.language
        )
        made.append(typed(set_type(head, self._cuts(size, True), tight=True), hex_colour(self.colour)))
        if self.second.strip():
            made.append(self._second(width, size * self.second_size / 100))
        if self.call.strip():
            made.append(self._call(width, size * self.second_size / 100, unit))
        return made

    def _logo(self, unit: float) -> Item:
        side = 2 * max(round(50 * unit), 8)
        graphic = Graphic(file=self.logo, width=self.logo_width, place="top-left", margin=0, still=True)
        drawn = graphic.draw(Format(side, side, STILL, 1))
        height, width = drawn.rgba.shape[:2]
        return Item((replace(drawn, left=0, top=0),), Bounds(0, 0, width, height))

    def _second(self, width: int, size_px: float) -> Item:
        colour = hex_colour(self.second_colour)
        text, cuts = self.second.strip(), self._cuts(size_px, False)
        lines = [line.strip() for line in text.splitlines()]
        named = any(line.partition(":")[0].strip() for line in lines if ":" in line)
        if not (self.columns and named):
            spec = TextSpec(text, width, 20, self.align, leading=1.35, language=self.language)
            return typed(set_type(spec, cuts, tight=True), colour)
        names = "\n".join(line.partition(":")[0].strip() if ":" in line else " " for line in lines)
        values = "\n".join(line.partition(":")[2].strip() or line for line in lines)
        spec = TextSpec(names, width, len(lines), leading=1.6, language=self.language)
        first = set_type(spec, cuts, tight=True)
        over = first.inked_width + round(BETWEEN * size_px)
        told = set_type(
            replace(spec, text=values, width_px=width - over), self._cuts(size_px, True), tight=True
        )
        left, right = typed(first, colour), typed(told, hex_colour(self.colour))
        right = right.moved(over, 0)
        return Item((*left.layers, *right.layers), around([left.box, right.box]))

    def _call(self, width: int, size_px: float, unit: float) -> Item:
        across, down = round(1.1 * size_px), round(0.7 * size_px)
        spec = TextSpec(self.call.strip(), width - 2 * across, 1, "center", language=self.language)
        block = set_type(spec, self._cuts(size_px, True), tight=True)
        word = typed(block, hex_colour(self.call_colour))
        # Tails and marks hang into the padding: such boxes are of one height, whatever letters they hold.
        top, foot = (
            min(-down, word.box.top - down // 3),
            max(block.height + down, word.box.bottom + down // 3),
        )
        plate = Bounds(word.box.left - across, top, word.box.right + across, foot)
        return Item((Panel(plate, hex_colour(self.accent), 1.0, self.radius * unit), *word.layers), plate)

    def _small_print(self, area: Bounds, unit: float) -> list[Item]:
        if not self.legal.strip():
            return []
        spec = TextSpec(self.legal.strip(), area.width, 8, "center", 0.0, 1.3, self.language)
        item = typed(
            set_type(spec, self._cuts(self.legal_size * unit, False), tight=True),
            hex_colour(self.second_colour),
        )
        left = area.left + (area.width - item.box.width) // 2
        return [item.moved(left - item.box.left, area.bottom - item.box.bottom)]

    def _cuts(self, size_px: float, head: bool) -> list[FontSpec]:
        """Returns the fonts of headline and call, or of all other type, then Inter for what they lack."""
        font, weight = (self.font, self.weight) if head else (self.second_font, self.second_weight)
        return with_fallback(FontSpec(font, size_px, weight, place=self.name))
