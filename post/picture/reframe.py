"""Reframe: which part of a source fills the frame."""

from __future__ import annotations

from fractions import Fraction

from post.knob import knob
from post.stage import Setting, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.plan import Window
from post.values.plan.segment import BLACK, BLUR
from post.values.time import Span

AUTO = "auto"


@stage("reframe", version=1)
class Reframe(Setting):
    """Scales and crops a source, upright and in square pixels, to the frame. A shot says what cropping keeps
    by its key `focus: [x, y]`."""

    does = "frame"
    fit: str = knob(
        default="fill",
        choices=("fill", "fit"),
        doc="fill crops what does not fit; fit shows all of it between bars",
    )
    fill: str = knob(
        default="crop",
        choices=("crop", "pad", "blur", "auto"),
        doc="crop does as fit says; pad and blur show all of it, on pad_colour or on itself, large and blurred; "
        "auto crops, and blurs where no crop keeps whole what must be seen: the plan says why",
    )
    pad_colour: str = knob(default=BLACK, kind="hex", doc="of the bars")
    focus_x: float = knob(
        default=0.5, lo=0, hi=1, internal=True, doc="what to keep when cropping: 0 the left edge, 1 the right"
    )
    focus_y: float = knob(
        default=0.5, lo=0, hi=1, internal=True, doc="what to keep when cropping: 0 the top, 1 the bottom"
    )
    zoom: float = knob(default=1.0, lo=1, hi=8, doc="enlarges about the focus; 1 shows as much as fits")

    path: str = knob(
        default="",
        internal=True,
        doc="where the window goes in the shot, in shares of the source: from and to",
    )
    reason: str = knob(default="", internal=True, doc="why no crop works, where `fill: auto` found none")

    @property
    def shows_all(self) -> bool:
        """Whether nothing is cropped: what the picture leaves free is filled."""
        return self.fit == "fit" or self.fill in ("pad", BLUR)

    @property
    def ground(self) -> str:
        """What lies beside a picture that does not fill the frame: BLUR, or a colour as #rrggbb."""
        return BLUR if self.fill in (BLUR, AUTO) else self.pad_colour

    def window(self, shown: tuple[Fraction, int], width: int, height: int) -> Window:
        """Returns the part of a source of size `shown` that a width x height frame shows."""
        source, frame = shown[0] / shown[1], Fraction(width, height)
        wider = source > frame
        if self.shows_all:
            wider = not wider
        # Along one axis the frame shows the whole source; along the other a share of it, or bars beside it.
        across = frame / source if wider else Fraction(1)
        down = Fraction(1) if wider else source / frame
        zoom = Fraction(self.zoom).limit_denominator(10000)
        across, down = across / zoom, down / zoom
        return Window(_place(across, self.focus_x), _place(down, self.focus_y), across, down)

    def declare(self, where: Span) -> Action | None:
        kind = "c2pa.edited" if self.shows_all and self.ground == BLUR else "c2pa.cropped"
        return Action(kind, HUMAN_EDITS, where, parameters(self), "reframed")


def _place(share: Fraction, focus: float) -> Fraction:
    """Returns where a window of that share starts: centred on the focus, but kept inside the source."""
    if share >= 1:
        return (1 - share) / 2
    point = Fraction(focus).limit_denominator(10000)
    return min(max(point - share / 2, Fraction(0)), 1 - share)
