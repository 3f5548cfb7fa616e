"""Caption: what is said, burnt into the picture for as long as it is said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from post.captions.model import Caption as Said
from post.captions.model import CaptionRun
from post.knob import duration_frames, knob
from post.picture.captions.content import read_content
from post.picture.captions.layout import CaptionBlock, CaptionRoom, is_vertical, set_caption
from post.picture.captions.paint import CaptionPaint, extent, over_panels, paint_caption
from post.picture.captions.standing import language_of, panels_of, place_in_box, room_in, side_of
from post.picture.type.face import MOST_SETTING, FontSpec
from post.picture.type.fade import EASE, envelope, read_easing
from post.picture.type.fonts.families import INTER
from post.picture.type.paint import hex_colour
from post.picture.type.place import PLACES, Bounds, place_box
from post.picture.type.standing import SafeAreaLayer
from post.stage import Pose, Raster, parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.colour import Format
from post.values.files.file_limits import FONT_MB
from post.values.media import File
from post.values.time import Clock, Span

SHORT = "% of the frame's shorter side"
NETFLIX = "Netflix Timed Text Style Guide: English (adult programmes)"
BBC = "BBC Subtitle Guidelines"


@dataclass(frozen=True)
class SetCaption:
    """A caption, set for one canvas. box: the pixels of the frame that it takes, plates included; panels: what
    its file has behind it, in pixels of the frame, with colours, #rrggbb or #rrggbbaa."""

    said: Said
    block: CaptionBlock
    look: CaptionPaint
    box: Bounds
    panels: tuple[tuple[Bounds, str], ...] = ()


@stage("caption", version=1)
class CaptionLayer(SafeAreaLayer):
    """A caption in the picture. It keeps its own lines and its own place where they fit the safe area."""

    font: File | None = knob(
        default=None,
        hi=FONT_MB,
        doc="a TrueType or OpenType file; Inter where none is given or it lacks a letter",
    )
    family: str = knob(
        default=INTER,
        doc="an installed font family, where no `font` is given: Inter, or one of the extra `fonts`",
    )
    weight: float = knob(default=600.0, lo=0, hi=1000, doc="of the type; 0 is the font's own")
    size: float = knob(
        default=5.0, lo=1, hi=30, unit="%",
        doc=f"the em, in {SHORT}; a caption that does not fit is set smaller, down to 0.7 of it",
    )  # fmt: skip
    colour: str = knob(default="#ffffff", kind="hex", doc="of the type, where the file gives none")
    highlight: str = knob(
        default="#ffd640", kind="hex", doc="of the word that is being said, where the file times words"
    )
    follow: bool = knob(default=True, doc="the word that is being said has the colour `highlight`")
    file_colours: bool = knob(default=True, doc="the file's own colours are kept")
    file_sizes: bool = knob(default=False, doc="the file's own sizes of letters are kept")
    file_place: bool = knob(default=True, doc="the file's own places are kept, inside the safe area")
    tracking: float = knob(
        default=0.0, lo=-100, hi=1000, doc="added after each letter, in 1/1000 em; not where letters join"
    )
    leading: float = knob(default=1.25, lo=0.7, hi=4, doc="from baseline to baseline, in ems")
    place: str = knob(
        default="bottom", choices=tuple(PLACES), doc="where it stands, where the file says none"
    )
    lines: int = knob(default=2, lo=1, hi=20, source=NETFLIX, doc="how many it has where it is laid out anew")
    narrow_lines: int = knob(
        default=4, lo=1, hi=20, doc="the same, in a frame that is not wider than it is tall"
    )
    plate: bool = knob(default=True, doc="a flat panel behind each line")
    plate_colour: str = knob(default="#000000", kind="hex", doc="of the plate")
    plate_opacity: float = knob(default=0.75, lo=0, hi=1, doc="of the plate; 1 hides the picture")
    plate_padding: float = knob(default=0.9, lo=0, hi=20, unit="%", doc=f"beside each line, in {SHORT}")
    outline: float = knob(default=0.0, lo=0, hi=2, unit="%", doc=f"around the letters, in {SHORT}; 0 is none")
    outline_colour: str = knob(default="#000000", kind="hex", doc="of the outline")
    opacity: float = knob(default=1.0, lo=0.01, hi=1, doc="of the whole caption")
    fade_in: str = knob(default="0f", kind="duration", doc="how long it fades in")
    fade_out: str = knob(default="0f", kind="duration", doc="how long it fades out")
    ease: str = knob(default="smooth", doc=EASE)
    axes: str = knob(default="", hi=MOST_SETTING, doc="other axes of a variable font: wdth=75, GRAD=-20")
    features: str = knob(default="", hi=MOST_SETTING, doc="OpenType features: tnum, ss01=2")
    speakers: str = knob(
        default="none", choices=("none", "name", "colour"), source=BBC,
        doc="how captions tell who speaks, where the file says it: by a name in front, or a colour for each",
    )  # fmt: skip
    reading_speed: float = knob(
        default=20.0, lo=1, hi=100, unit="characters/s", source=NETFLIX, doc="more than this is warned of"
    )
    letters: int = knob(default=42, lo=5, hi=200, source=NETFLIX, doc="a longer line is warned of")
    shortest: str = knob(
        default="0.833s", kind="duration", source=NETFLIX, doc="a caption that is seen for less is warned of"
    )
    gap: str = knob(
        default="2f", kind="duration", source=NETFLIX, doc="a shorter gap between two captions is warned of"
    )
    content: str = knob(default="", internal=True, doc="the caption, as `write_content` writes it")
    language: str = knob(default="", internal=True, doc="BCP 47, for letter forms and line breaks")
    lift: int = knob(
        default=0, internal=True, doc="pixels that it is moved up, out of the way of other layers"
    )

    def agree(self) -> None:
        """Checks the knobs against each other. Raises JobError where they do not fit together."""
        read_easing(self.ease, "caption.ease")

    @property
    def text(self) -> str:
        """Returns what it says, for messages: all captions, where `content` holds several, a line each."""
        return " ".join(read_content(line).text for line in self.content.splitlines())

    def set(self, canvas: Format) -> SetCaption:
        """Returns the caption in lines, at its place. Raises JobError for a letter no font has, and where it does not
        fit."""
        said = read_content(self.content)
        short, area = min(canvas.width, canvas.height), self.safe.area(canvas, self.name)
        own = said.box if self.file_place else None
        room = room_in(own, canvas, area, columns=is_vertical(said))
        look = self._look(said, short)
        rim = extent(CaptionBlock((), (), 0, 0, 0.0, is_vertical(said)), look)
        limits, size_px = (room.width - rim.width, area.height - rim.height), self.size / 100 * short
        if is_vertical(said):
            limits = (area.height - rim.height, room.width - rim.width)
        measure = CaptionRoom(
            *limits,
            self.lines if canvas.width > canvas.height else self.narrow_lines,
            float(said.line) * short / size_px if said.line and self.file_sizes else self.leading,
            side_of(said),
            self.tracking,
            language_of(said, self.language),
            tuple(self._share(run, short, size_px) for run in said.runs),
        )
        cut = FontSpec(
            self.font,
            size_px,
            self.weight,
            self.size / 100 * 1080,
            self.axes,
            self.features,
            self.name,
            self.family,
        )
        block = set_caption(said, cut, measure)
        box = extent(block, look)
        if own is not None:
            left, top = place_in_box(said, box, room, area)
        else:
            left, top = place_box(box.width, box.height, area, self.place, self.name)
        top -= self.lift
        panels = panels_of(said, canvas, room, (top - box.top, block)) if own and self.file_colours else ()
        return SetCaption(said, block, look, Bounds(left, top, left + box.width, top + box.height), panels)

    def _share(self, run: CaptionRun, short: int, size_px: float) -> float:
        """Returns the size of a run's letters, as a share of the caption's."""
        return float(run.size) * short / size_px if self.file_sizes and run.size else 1.0

    def draw(self, canvas: Format) -> Raster:
        """Returns the caption as it looks while no timed word of it is said."""
        return self._painted(self.set(canvas), frozenset())

    def draw_moment(self, canvas: Format, moment: tuple[int, ...]) -> Raster:
        """Returns the caption while the word is said that a moment names: the number of its first run."""
        made = self.set(canvas)
        return self._painted(made, _said_together(made.said, moment[0]))

    def pose(self, frame: int, length: int, clock: Clock) -> Pose:
        fades = duration_frames(self.fade_in, clock), duration_frames(self.fade_out, clock)
        opacity = self.opacity * envelope(frame, length, *fades, read_easing(self.ease, "caption.ease"))
        said = _said_at(read_content(self.content), frame, clock) if self.follow and self.content else None
        return Pose(opacity, moment=None if said is None else (said,))

    def declare(self, where: Span) -> Action:
        return Action("c2pa.addedText", HUMAN_EDITS, where, parameters(self), "captions")

    def _painted(self, made: SetCaption, highlighted: frozenset[int]) -> Raster:
        look = replace(made.look, colour_of=lambda run: self._colour(made.said, run, highlighted))
        rgba, left, top = paint_caption(made.block, made.said.runs, look)
        box = extent(made.block, look)
        raster = Raster(rgba, made.box.left - box.left + left, made.box.top - box.top + top)
        return over_panels(raster, made.panels) if made.panels else raster

    def _look(self, said: Said, short: int) -> CaptionPaint:
        unit = short / 100
        pad = round(self.plate_padding * unit)
        return CaptionPaint(
            (hex_colour(self.plate_colour), self.plate_opacity) if self.plate else None,
            (pad, round(pad / 3)),
            self.outline * unit,
            hex_colour(self.outline_colour),
            lambda run: self._colour(said, run, frozenset()),
            self.file_colours,
            said.background if self.file_colours and not (self.file_place and said.box) else "",
        )

    def _colour(self, said: Said, run: int, highlighted: frozenset[int]) -> str:
        if run in highlighted:
            return self.highlight
        return (said.runs[run].colour if self.file_colours else "") or self.colour


def _said_at(said: Said, frame: int, clock: Clock) -> int | None:
    """Returns the first run of the word that is being said `frame` frames after a caption came, None before any is."""
    timed = [(number, clock.frames(run.at)) for number, run in enumerate(said.runs) if run.at is not None]
    last: tuple[int, int] | None = None
    for number, at in timed:
        if at <= frame and (last is None or at > last[1]):
            last = (number, at)
    return None if last is None else last[0]


def _said_together(said: Said, first: int) -> frozenset[int]:
    """Returns the runs that are said at the same time as one."""
    at: Fraction | None = said.runs[first].at
    return frozenset(number for number, run in enumerate(said.runs) if run.at == at)
