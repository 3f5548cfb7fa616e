"""Graphic: a brand element over the picture, such as a logo, an animation with transparency or an end card."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from post.caching import per_thread
from post.errors import JobError
from post.knob import duration_frames, duration_seconds, knob
from post.picture.blend.modes import BLEND_MODES, NORMAL
from post.picture.brand.element import BrandElement, open_element, seen_alpha
from post.picture.brand.raster import AUTO, PREMULTIPLIED, STRAIGHT
from post.picture.type.fade import EASE, envelope, read_easing
from post.picture.type.paint import hex_colour
from post.picture.type.place import PLACE, PLACES, place_box
from post.picture.type.standing import SafeAreaLayer
from post.stage import Pose, Raster, parameters, stage
from post.values.array import Array
from post.values.claim import Action
from post.values.colour import Format
from post.values.files.file_limits import CLIP_MB, FONT_MB
from post.values.media import File
from post.values.time import Clock, Span

SIZE, FIT, FILL = "size", "fit", "fill"
HOLD, LOOP, STOP = "hold", "loop", "stop"
BEGINNING = Fraction(0)
MOST_PIXELS = 64_000_000  # of an element as it is drawn, before the frame cuts it: 16K by 4K


@stage("graphic", version=2)
class Graphic(SafeAreaLayer):
    """A brand element: PNG, SVG, Lottie, an image sequence, an animation or a clip with transparency.

    Version 1 is the stage `bug` of earlier releases, which drew PNG alone.
    """

    file: File | None = knob(
        kind="file",
        hi=CLIP_MB,
        doc="a picture, SVG, Lottie JSON, image sequence (logo_%04d.png) or clip with alpha",
    )
    font: File | None = knob(
        default=None, hi=FONT_MB, doc="for the text of an SVG or a Lottie; no other font is used"
    )
    fit: str = knob(
        default=SIZE,
        choices=(SIZE, FIT, FILL),
        doc="size: as wide as `width`; fit: whole in the frame, without margins; fill: over the whole frame",
    )
    width: float = knob(
        default=12.0, lo=0.5, hi=100, unit="%", doc="of the frame's shorter side; height follows"
    )
    height: float = knob(
        default=0.0,
        lo=0,
        hi=100,
        unit="%",
        doc="of the frame's shorter side, in place of `width`; 0 follows it",
    )
    opacity: float = knob(default=1.0, lo=0.01, hi=1, doc="of the whole element")
    blend: str = knob(
        default=NORMAL, choices=BLEND_MODES, doc="how it mixes with the picture (W3C Compositing 1)"
    )
    place: str = knob(default="top-left", choices=tuple(PLACES), doc=PLACE)
    backdrop: bool = knob(
        default=False, doc="a flat colour over the whole frame, behind the element: an end card"
    )
    backdrop_colour: str = knob(default="#000000", kind="hex", doc="of the backdrop")
    alpha: str = knob(
        default=AUTO,
        choices=(AUTO, STRAIGHT, PREMULTIPLIED),
        doc="whether a clip's colour is multiplied by its alpha; auto looks at its half-clear pixels",
    )
    start: str = knob(default="0s", kind="duration", doc="where in its own time an element that moves starts")
    still: bool = knob(default=False, doc="an element that moves stands at `start`")
    after_end: str = knob(
        default=HOLD,
        choices=(HOLD, LOOP, STOP),
        doc="what is shown of an element that is shorter: its last picture, the element again, or nothing",
    )
    fade_in: str = knob(default="0.25s", kind="duration", doc="how long it fades in")
    fade_out: str = knob(default="0.25s", kind="duration", doc="how long it fades out")
    ease: str = knob(default="smooth", doc=EASE)

    def agree(self) -> None:
        """Checks the knobs against each other. Raises JobError where they do not fit together."""
        read_easing(self.ease, "graphic.ease")
        if self.file is None:
            raise JobError("no file", where="graphic.file", expected="a picture, an animation or a clip")

    def draw(self, canvas: Format) -> Raster:
        """Returns the element at rest: of one that moves, the picture at `start`.

        Raises SourceError where its file cannot be read, JobError where it is blank or does not fit.
        """
        position = self._position(self._element(canvas.clock), 0, canvas.clock)
        return _drawn(self, canvas, BEGINNING if position is None else position)

    def outline(self, canvas: Format) -> Raster:
        """Returns all that any picture of the element shows, without its backdrop. Raises what `draw` does."""
        alone, element = replace(self, backdrop=False), self._element(canvas.clock)
        if not element.moves or self.still:
            return alone.draw(canvas)
        size = self._size(element, canvas)
        alpha = seen_alpha(self._file, self.font, self.alpha, canvas.clock, size)
        return alone._placed(np.repeat(alpha[..., None], 4, 2), canvas)

    def draw_moment(self, canvas: Format, moment: tuple[int, ...]) -> Raster:
        """Returns one picture of an element that moves. moment: its position, as a fraction of whole numbers."""
        return _drawn(self, canvas, Fraction(*moment))

    def pose(self, frame: int, length: int, clock: Clock) -> Pose:
        fades = duration_frames(self.fade_in, clock), duration_frames(self.fade_out, clock)
        opacity = self.opacity * envelope(frame, length, *fades, read_easing(self.ease, "graphic.ease"))
        element = self._element(clock)
        if not element.moves or self.still:
            return Pose(opacity)
        at = self._position(element, frame, clock)
        if at is None:
            return Pose(0.0, moment=BEGINNING.as_integer_ratio())
        return Pose(opacity, moment=at.as_integer_ratio())

    def declare(self, where: Span) -> Action:
        return Action("c2pa.placed", "", where, parameters(self), "brand element", (self._file.sha256,))

    @property
    def _file(self) -> File:
        assert self.file is not None
        return self.file

    def _element(self, clock: Clock) -> BrandElement:
        return open_element(self._file, self.font, self.alpha, Clock(clock.rate))

    def _position(self, element: BrandElement, frame: int, clock: Clock) -> Fraction | None:
        """Returns where in the element a frame lies, counted from the first that shows it; None after its end."""
        since = duration_seconds(self.start, clock)
        if self.still:
            return element.position(since, BEGINNING, HOLD)
        return element.position(since + clock.seconds(frame), clock.seconds(1), self.after_end)

    def _size(self, element: BrandElement, canvas: Format) -> tuple[int, int]:
        """Returns its width and height in pixels. Raises JobError for one that is too large to be drawn."""
        short, shape = min(canvas.width, canvas.height), element.shape
        if self.fit != SIZE:
            wider = shape * canvas.height > canvas.width
            by_width = wider == (self.fit == FIT)
            across = canvas.width if by_width else round(canvas.height * shape)
            down = round(canvas.width / shape) if by_width else canvas.height
        elif self.height:
            down = max(round(self.height / 100 * short), 1)
            across = round(down * shape)
        else:
            across = max(round(self.width / 100 * short), 1)
            down = round(across / shape)
        across, down = max(across, 1), max(down, 1)
        if across * down > MOST_PIXELS:
            raise JobError(
                "the element is too large", where="graphic.width", expected=f"at most {MOST_PIXELS:,} pixels",
                got=f"{across}x{down} px", fix="make it smaller, or cut its file",
            )  # fmt: skip
        return across, down

    def _placed(self, pixels: Array, canvas: Format) -> Raster:
        """Returns premultiplied pixels of the element at their place in the frame, over the backdrop."""
        down, across = pixels.shape[:2]
        if self.fit == SIZE:
            area = self.safe.area(canvas, self.name)
            left, top = place_box(across, down, area, self.place, "graphic.width")
        else:
            left, top = (canvas.width - across) // 2, (canvas.height - down) // 2
            first, roof = max(-left, 0), max(-top, 0)
            pixels = pixels[roof : roof + canvas.height, first : first + canvas.width]
            left, top = max(left, 0), max(top, 0)
        if not self.backdrop:
            return Raster(pixels, left, top, True, self.blend)
        card = np.ones((canvas.height, canvas.width, 4), np.float32)
        card[..., :3] = hex_colour(self.backdrop_colour)
        part = card[top : top + pixels.shape[0], left : left + pixels.shape[1], :3]
        part[...] = pixels[..., :3] + part * (1 - pixels[..., 3:])
        return Raster(card, 0, 0, True, self.blend)


@per_thread(2)
def _drawn(graphic: Graphic, canvas: Format, at: Fraction) -> Raster:
    """Returns one picture of an element, placed: the last two are kept, for a film that is faster than the element."""
    element = graphic._element(canvas.clock)
    pixels = element.draw(at, *graphic._size(element, canvas))
    if not element.moves and not pixels[..., 3].any():
        raise JobError("the element is wholly transparent", where="graphic.file", got=graphic._file.name)
    return graphic._placed(pixels, canvas)
