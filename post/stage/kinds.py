"""Defines the kinds of stages: what each is given, and what it gives back."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from post.stage.registry import Stage
from post.values.array import Array
from post.values.colour import Format
from post.values.plan import Pose
from post.values.time import Clock

Planes16 = tuple[Array, Array, Array]


class RepairStage(Stage):
    """Repairs a clip's own frames before anything else is done to them.

    Frames are planes of Y', Cb and Cr, uint16, as the clip has them: not cropped, not scaled, with the chroma
    subsampling of the clip. Codes are 10-bit limited-range codes times 64, whatever the file's own are.
    """

    does = "repair"

    @property
    def reach(self) -> int:
        """The number of frames on either side that it reads to repair one."""
        return 0

    @abstractmethod
    def repair(self, frame: int, near: Mapping[int, Planes16]) -> Planes16:
        """Returns the frame, repaired. Must not change what is in `near`.

        frame: its number on the clip's grid; near: that frame and those of the clip up to `reach` from it, by
        number.
        """


class ColourStage(Stage):
    """A function of colour alone. All of a shot's colour stages become one table."""

    does = "colour"

    @abstractmethod
    def colour(self, rgb: Array) -> Array:
        """Returns other colours for (n, 3) float64 display-encoded R'G'B', 0..1: the same shape. May leave 0..1."""


class FieldStage(Stage):
    """Adds a seeded field of noise to finished colour (grain)."""

    does = "field"

    @abstractmethod
    def sigma(self, luma: Array) -> Array:
        """Returns the strength in 8-bit codes for luma (0..1): the same shape."""

    @abstractmethod
    def tile(self, height: int, width: int, frame_height: int) -> Array:
        """Returns a field of unit variance that repeats without a seam (a torus), (height, width) float32.

        frame_height: of the film; the size of the noise scales with it.
        """


class FrameEffect(Stage):
    """Any function of whole frames. It costs more than a colour stage. Plug-ins, moviepy effects and ffmpeg filters
    are of this kind."""

    does = "frames"

    @abstractmethod
    def frames(self, rgb: Array, frame: int) -> Array:
        """Returns another frame for (height, width, 3) float32 display-encoded R'G'B', 0..1: the same shape.

        frame: its number in its shot, from 0, for what changes with time. Must not change `rgb`, nor depend on earlier
        calls: frames come in any order, in several processes, and in several threads of one process (each
        with an instance of its own).
        """


@dataclass(frozen=True)
class Raster:
    """A drawn layer.

    rgba: (height, width, 4) float32, 0..1, display-encoded; left, top: its position in pixels of the film's frame.
    premultiplied: whether its colours are multiplied by alpha already; else alpha is straight. blend: a blend mode of
    `post.picture.blend.modes`; under: what is laid first, or None.
    """

    rgba: Array
    left: int
    top: int
    premultiplied: bool = False
    blend: str = "normal"
    under: Raster | None = None

    @property
    def alpha(self) -> Array:
        """Returns how much of each pixel it covers: (height, width)."""
        return self.rgba[..., 3]

    def multiplied(self) -> Raster:
        """Returns the same picture with its colours multiplied by alpha."""
        if self.premultiplied:
            return self
        rgba = self.rgba.copy()
        rgba[..., :3] *= rgba[..., 3:]
        return replace(self, rgba=rgba, premultiplied=True)

    def straight(self) -> Raster:
        """Returns the same picture with straight alpha; what is clear is black where it was premultiplied."""
        if not self.premultiplied:
            return self
        rgba, alpha = self.rgba.copy(), self.rgba[..., 3:]
        np.divide(rgba[..., :3], alpha, out=rgba[..., :3], where=alpha > 0)
        return replace(self, rgba=rgba, premultiplied=False)


@dataclass(frozen=True)
class FlatRaster:
    """A drawn layer of a few flat colours, which is made ready for the film in a third of the time of a Raster.

    alphas: of each colour, lowest first, (height, width) float32, 0..1, all of one shape; colours: display-encoded
    R'G'B', 0..1; left, top, under: as in a Raster. Each colour is laid over those before it.
    """

    alphas: tuple[Array, ...]
    colours: tuple[tuple[float, float, float], ...]
    left: int
    top: int
    under: Raster | None = None

    @property
    def alpha(self) -> Array:
        """Returns how much of each pixel it covers: (height, width)."""
        left = np.ones(self.alphas[0].shape, np.float32)
        for alpha in self.alphas:
            left *= 1 - alpha
        return np.asarray(1 - left, np.float32)

    def to_raster(self) -> Raster:
        """Returns the same picture as a Raster of premultiplied colours."""
        rgba = np.zeros((*self.alphas[0].shape, 4), np.float32)
        for alpha, colour in zip(self.alphas, self.colours, strict=True):
            rgba *= 1 - alpha[..., None]
            rgba += alpha[..., None] * np.array((*colour, 1), np.float32)
        return Raster(rgba, self.left, self.top, premultiplied=True, under=self.under)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen of a layer in one frame. left, top, right, bottom: its box in the film's frame, all 0 where nothing
    is; share: of its opacity at rest, 0..1, of its least visible part."""

    left: int
    top: int
    right: int
    bottom: int
    share: float


class LayerStage(Stage):
    """Draws type, brand elements and marks over the finished picture, inside their own box."""

    does = "layer"

    @abstractmethod
    def draw(self, canvas: Format) -> Raster:
        """Returns the layer at rest. Raises JobError if it cannot be drawn (no glyph, no room)."""

    @abstractmethod
    def pose(self, frame: int, length: int, clock: Clock) -> Pose:
        """Returns its pose `frame` frames into the `length` frames that it is shown."""

    def draw_moment(self, canvas: Format, moment: tuple[int, ...]) -> Raster | FlatRaster:  # noqa: ARG002  nothing moves
        """Returns the layer as it looks at a moment that one of its poses names."""
        return self.draw(canvas)

    def seen_in(self, canvas: Format, frame: int, length: int) -> Seen | None:  # noqa: ARG002  nothing moves
        """Returns what is seen `frame` frames into the `length` frames that it is shown; None for a layer that is
        always where `draw` has it."""
        return None


class FinishStage(Stage):
    """Changes the luma of finished frames, titles included, in the encoder's own codes."""

    does = "finish"

    @abstractmethod
    def finish(self, luma: Array, depth: int, picture: tuple[slice, slice]) -> None:
        """Changes one frame's luma in place: (height, width) limited-range codes, uint8 at a depth of 8, uint16 at 10.

        picture: its rows and columns without the bars, which must stay as they are.
        """


class TransitionStage(Stage):
    """Mixes the end of one shot into the start of the next."""

    does = "transition"

    @abstractmethod
    def weight(self, share: float) -> float:
        """Returns the incoming shot's weight, 0..1. share: of the transition's length that has passed, 0..1."""


class Setting(Stage):
    """A stage that the planner reads: its knobs become a time map, a window, sound events or encoder settings."""
