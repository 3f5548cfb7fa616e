"""Conforms decoded frames to the geometry of the film: turned upright, cropped, scaled, with bars.

The matrix, transfer and primaries of the source stay: colour is converted once, in the table of the kernel. Only
a source without limited-range YUV (RGB, palettes, full range) is converted to it here, with an explicit matrix
and explicit ranges, so that swscale never guesses.

Working depth: a frame whose samples are not touched keeps its own 8 or 10 bits. A frame that is scaled or
converted comes out at 10, even from 8: a resampled value falls between codes, and rounding it to 8 bits
makes bands under a grade. swscale works at 15 bits inside either way: 10 bits cost it 5 to 28 % more time.

Crops are rounded to the chroma grid (2 pixels across, and down for 4:2:0), in the source and in the film:
each edge is at most 1 source pixel from where the window says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from av import VideoFrame
from av.filter import Graph
from av.video.format import VideoFormat

from post.errors import SourceError
from post.takes.container import ffmpeg_errors
from post.takes.decoded.orientation import Step, upright_steps
from post.takes.decoded.pixel_format import chroma_step, is_rgb
from post.takes.decoded.scale_names import MATRIX_NAMES, RANGE_NAMES, matrix_name
from post.takes.frame_planes import plane_codes, repeat_right_edge, stamp_frame
from post.values.colour import Colour, Format
from post.values.media import Picture
from post.values.plan import Window
from post.values.time import round_half_up

# Lanczos over bicubic: 0.2 to 0.9 dB nearer the truth on twofold enlargements, at 1.2 to 1.8 times the
# time (3.7 ms against 2.8 from 1792x1024 to 1080p). accurate_rnd and bitexact give every processor the same
# bytes.
FLAGS = "lanczos+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact"
# For a preview: 1.8 times as fast as a Lanczos without chroma at full size, 2.8 times as fast as the film's.
QUICK_FLAGS = "bilinear+accurate_rnd+bitexact"
# A source that is turned goes through 4:4:4: turning subsampled chroma would move where it sits.
UPRIGHT_FORMAT = "yuv444p10le"


@dataclass(frozen=True, slots=True)
class PixelBox:
    """A rectangle of whole pixels."""

    x: int
    y: int
    width: int
    height: int


class Framer:
    """Turns the decoded frames of a take into frames of the size of a film.

    picture, window: the take, and the part of it that is shown; film: the size and chroma of the output;
    quick: scale as a preview does.
    The attributes `colour` and `pixel_format` (yuv420p, yuv422p10le, ...) describe the output.
    Raises ValueError for a window that shows nothing of the source.
    """

    def __init__(self, picture: Picture, window: Window, film: Format, *, quick: bool = False) -> None:
        self._picture, self._film = picture, film
        self._flags = QUICK_FLAGS if quick else FLAGS
        self._turned = picture.rotation % 180 != 0
        step = chroma_step(picture.pixel_format) if picture.upright else (1, 1)
        self._source, self._target = _boxes(step, self._upright, window, film)
        self.colour: Colour = replace(picture.colour, range="limited")
        self.pixel_format: str = self._format_out()

    @property
    def box(self) -> PixelBox:
        """The part of the film that the picture fills; bars surround it."""
        return self._target

    @property
    def untouched(self) -> bool:
        """Whether frames pass through as they were decoded."""
        return not self._steps and not self._barred

    def frame(self, decoded: VideoFrame) -> VideoFrame:
        """Returns the frame in the geometry of the film: (film.height, film.width) luma, limited range.

        Returns `decoded` itself if nothing has to be done. Raises SourceError if the clip changes its size or
        format from frame to frame.
        """
        self._refuse_a_change(decoded)
        if self.untouched:
            return decoded
        made = self._through(decoded) if self._steps else decoded
        made = self._with_bars(made) if self._barred else made
        stamp_frame(made, decoded, self.colour)
        return made

    def _through(self, decoded: VideoFrame) -> VideoFrame:
        with ffmpeg_errors("scaling"):
            self._graph.vpush(decoded)
            return self._graph.vpull()

    @property
    def _barred(self) -> bool:
        return (self._target.width, self._target.height) != (self._film.width, self._film.height)

    def _with_bars(self, inside: VideoFrame) -> VideoFrame:
        """Returns the frame with black bars. Own code: FFmpeg's `pad` makes 10-bit black chroma 514, not 512."""
        made = VideoFrame(self._film.width, self._film.height, self.pixel_format)
        unit = 1 << (made.format.components[0].bits - 8)
        for number, black in enumerate((16 * unit, 128 * unit, 128 * unit)):
            into, part = plane_codes(made, number), plane_codes(inside, number)
            across = self._film.width // into.shape[1]
            down = self._film.height // into.shape[0]
            top, left = self._target.y // down, self._target.x // across
            into[:] = black
            into[top : top + part.shape[0], left : left + part.shape[1]] = part
        repeat_right_edge(made)
        return made

    @property
    def _upright(self) -> tuple[int, int]:
        wide, high = self._picture.width, self._picture.height
        return (high, wide) if self._turned else (wide, high)

    def _resampled(self) -> bool:
        """Returns whether samples are computed anew: scaled, turned, or converted."""
        same_size = (self._source.width, self._source.height) == (self._target.width, self._target.height)
        return not same_size or not self._picture.upright or not self._ready_made()

    def _ready_made(self) -> bool:
        """Returns whether the samples of the source can be used in the film unchanged."""
        names = {f"yuv{self._film.chroma}p", f"yuv{self._film.chroma}p10le"}
        return self._picture.pixel_format in names and self._picture.colour.range == "limited"

    def _format_out(self) -> str:
        return f"yuv{self._film.chroma}p10le" if self._resampled() else self._picture.pixel_format

    @cached_property
    def _steps(self) -> tuple[Step, ...]:
        return (*self._turning(), *self._cropping(), *self._scaling())

    def _turning(self) -> Iterator[Step]:
        if self._picture.upright:
            return
        yield "scale", self._scale(self._picture.width, self._picture.height, self._picture.colour)
        yield "format", UPRIGHT_FORMAT
        yield from upright_steps(self._picture)

    def _cropping(self) -> Iterator[Step]:
        box = self._source
        if (box.width, box.height) != self._upright:
            yield "crop", f"{box.width}:{box.height}:{box.x}:{box.y}:exact=1"

    def _scaling(self) -> Iterator[Step]:
        if not self._resampled():
            return
        comes = self._picture.colour if self._picture.upright else self.colour
        yield "scale", self._scale(self._target.width, self._target.height, comes)
        yield "format", self.pixel_format

    def _scale(self, width: int, height: int, comes: Colour) -> str:
        matrix = matrix_name(comes)
        return (
            f"{width}:{height}:flags={self._flags}:in_color_matrix={matrix}:out_color_matrix={matrix}"
            f":in_range={RANGE_NAMES[comes.range]}:out_range=tv:in_chroma_loc=left:out_chroma_loc=left"
        )

    @cached_property
    def _graph(self) -> Graph:
        graph = Graph()
        graph.threads = 1
        picture = self._picture
        source = (
            f"video_size={picture.width}x{picture.height}:pix_fmt={picture.pixel_format}:time_base=1/90000"
            f":pixel_aspect=1/1:range={RANGE_NAMES[picture.colour.range]}"
        )
        if not is_rgb(VideoFormat(picture.pixel_format)) and picture.colour.matrix in MATRIX_NAMES:
            source += f":colorspace={picture.colour.matrix}"
        nodes = [graph.add("buffer", source)]
        nodes += [graph.add(name, args or None) for name, args in self._steps]
        nodes.append(graph.add("buffersink"))
        graph.link_nodes(*nodes).configure(auto_buffer=False)
        return graph

    def _refuse_a_change(self, decoded: VideoFrame) -> None:
        got = (decoded.width, decoded.height, decoded.format.name)
        wanted = (self._picture.width, self._picture.height, self._picture.pixel_format)
        if got != wanted:
            raise SourceError(
                "changes its size or format within the clip",
                where="clip",
                expected="{}x{} {}".format(*wanted),
                got="{}x{} {}".format(*got),
                fix="cut it where it changes, or export it again",
            )


def _boxes(
    step: tuple[int, int], upright: tuple[int, int], window: Window, film: Format
) -> tuple[PixelBox, PixelBox]:
    """Returns the part of the upright source that is shown, and the part of the film that it fills.

    step: pixels to a chroma sample of the source, across and down.
    """
    target = (2, 2 if film.chroma == "420" else 1)
    across = _lines(upright[0], window.left, window.width, film.width, (step[0], target[0]))
    down = _lines(upright[1], window.top, window.height, film.height, (step[1], target[1]))
    return PixelBox(across[0], down[0], across[1], down[1]), PixelBox(across[2], down[2], across[3], down[3])


def _lines(
    size: int, start: Fraction, share: Fraction, film: int, steps: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Returns, along one axis, the first and the number of source pixels, and the same of the film."""
    first, last = max(start, Fraction(0)), min(start + share, Fraction(1))
    if last <= first:
        raise ValueError(
            f"a window from {float(start):g}, {float(share):g} wide, shows nothing of the source"
        )
    a, b = _to_grid(first * size, steps[0], size), _to_grid(last * size, steps[0], size)
    c = _to_grid((first - start) / share * film, steps[1], film)
    d = _to_grid((last - start) / share * film, steps[1], film)
    a, c = min(a, size - steps[0]), min(c, film - steps[1])
    return a, max(b - a, min(steps[0], size)), c, max(d - c, steps[1])


def _to_grid(at: Fraction, step: int, size: int) -> int:
    """Returns the nearest chroma boundary; the far edge of the picture counts as one."""
    if at >= size:
        return size
    return min(round_half_up(at / step) * step, size)
