"""Opens what rendering needs and keeps it between frames and between segments.

Each result depends on its arguments alone, so any order of work gives the same film. A stage is opened once for
each thread: the stage of a plug-in need not allow calls from two threads at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Literal

from post.caching import per_thread, shared
from post.picture.composite import Overlay
from post.picture.grain.grain import Grain
from post.picture.kernel import Kernel, KernelSpec, Lut3D, Noise, bake_lut, is_compiling, open_kernel
from post.render.between import InBetweens
from post.render.repair import RepairedClip
from post.stage import ColourStage, FieldStage, LayerStage, Stage, call_of, open_call
from post.takes.conform import Framer
from post.takes.decoded.blurred_ground import BlurredFramer
from post.takes.decoded.moving import MovingFramer
from post.takes.open_picture import open_picture
from post.takes.picture import PictureReader
from post.takes.stills.reader import StillReader
from post.values import Colour, Format, Picture, StageCall, Window
from post.values.array import Array

AnyFramer = Framer | MovingFramer | BlurredFramer

# Lanes are the parallelism of a film: there a decoder has one thread.
_decoder_threads: ContextVar[int] = ContextVar("decoder_threads", default=1)
_quickly: ContextVar[bool] = ContextVar("quickly", default=False)


@per_thread(64)
def open_stage(call: StageCall) -> Stage:
    """Returns the stage that plan data names. Raises RetryError if another version of it is installed."""
    return open_call(call)


@contextmanager
def decoding_with(threads: int) -> Iterator[None]:
    """Has each decoder of this thread's block run in that many threads: for one frame that somebody waits for."""
    token = _decoder_threads.set(threads)
    try:
        yield
    finally:
        _decoder_threads.reset(token)


def open_reader(path: Path, picture: Picture) -> PictureReader | StillReader:
    """Returns the decoder of a take."""
    return _open_reader(path, picture, _decoder_threads.get())


# Two, as many as a transition shows: each open decoder keeps up to 16 frames, 200 MB at 2160p.
@per_thread(2)
def _open_reader(path: Path, picture: Picture, threads: int) -> PictureReader | StillReader:
    return open_picture(path, picture, threads)


@contextmanager
def drawing_quickly() -> Iterator[None]:
    """Has this thread's block scale, and bake tables, as a preview does: quickly."""
    token = _quickly.set(True)
    try:
        yield
    finally:
        _quickly.reset(token)


def open_framer(picture: Picture, window: Window, film: Format) -> Framer:
    """Returns the scaler that brings a clip's frames to the film's size."""
    return _open_framer(picture, window, film, _quickly.get())


@per_thread(16)
def _open_framer(picture: Picture, window: Window, film: Format, quick: bool) -> Framer:
    return Framer(picture, window, film, quick=quick)


@per_thread(4)
def open_moving_framer(picture: Picture, window: Window, film: Format) -> MovingFramer:
    """Returns the scaler of a clip whose window moves. window: one of its windows, which all have its size."""
    return MovingFramer(picture, window, film)


def open_blurred_framer(picture: Picture, window: Window, film: Format) -> BlurredFramer:
    """Returns the scaler of a clip that lies on itself, enlarged and blurred."""
    return _open_blurred_framer(picture, window, film, _quickly.get())


@per_thread(4)
def _open_blurred_framer(picture: Picture, window: Window, film: Format, quick: bool) -> BlurredFramer:
    return BlurredFramer(picture, window, film, quick=quick)


# Each keeps the frames its repairs read at once, in 16 bits: 31 MB at 1080p where five are averaged.
@per_thread(2)
def open_repaired_clip(path: Path, picture: Picture, repairs: tuple[StageCall, ...]) -> RepairedClip:
    """Returns a clip with its repairs."""
    # The reader is opened anew for each frame: one kept here would be one more open decoder.
    return RepairedClip(lambda number: open_reader(path, picture).frame(number), picture, repairs)


# Each keeps two frames in 16 bits, and their motion: 33 MB at 1080p.
@per_thread(2)
def open_in_betweens(
    path: Path, picture: Picture, repairs: tuple[StageCall, ...], sampling: str
) -> InBetweens:
    """Returns a clip, with its repairs, that has frames between its frames."""
    return InBetweens(open_repaired_clip(path, picture, repairs), sampling)


def bake_shot_lut(calls: tuple[StageCall, ...], source: Colour, film: Colour) -> Lut3D:
    """Returns a shot's colour stages as one table, from the clip's colour to the film's."""
    return _bake_shot_lut(calls, source, film, _quickly.get())


@shared(8)
def _bake_shot_lut(calls: tuple[StageCall, ...], source: Colour, film: Colour, quick: bool) -> Lut3D:
    stages = [ColourStage.require(open_stage(call)) for call in calls]

    def colour(rgb: Array) -> Array:
        for stage in stages:
            rgb = stage.colour(rgb)
        return rgb

    return bake_lut(colour, source, film, quick=quick)


# Two, as many as a transition shows: with its fields, each takes 12 MB at 2160p.
@shared(2)
def make_noise(call: StageCall, film: Format) -> Noise:
    """Returns a grain ready for the film's frames.

    Shots that get more or less of one grain share its fields, which take most of the time and the memory.
    """
    stage = FieldStage.require(open_stage(call))
    texture = call_of(stage.texture) if isinstance(stage, Grain) else call
    return _make_fields(texture, film).as_strong_as(stage)


@shared(2)
def _make_fields(call: StageCall, film: Format) -> Noise:
    stage = FieldStage.require(open_stage(call))
    return Noise.of(stage, film.height, film.width, film.chroma)


def draw_overlay(call: StageCall, film: Format, moment: tuple[int, ...] | None) -> Overlay:
    """Returns a layer, drawn and made ready for the film's planes. At rest it is drawn once, for all its frames."""
    if moment is None:
        return _draw_at_rest(call, film)
    stage = LayerStage.require(open_stage(call))
    return Overlay(stage.draw_moment(film, moment), film)


@shared(16)
def _draw_at_rest(call: StageCall, film: Format) -> Overlay:
    stage = LayerStage.require(open_stage(call))
    return Overlay(stage.draw(film), film)


def kernel_between(
    film: Format, framer: AnyFramer | None = None, depth_out: Literal[8, 10, 16] | None = None
) -> Kernel:
    """Returns the kernel from a framer's frames to the film's, or without a framer from 16-bit intermediates.

    depth_out: the film's depth if not given; 16 is the intermediate.
    """
    chroma: Literal["420", "422"] = "422" if film.chroma == "422" else "420"
    compiled = is_compiling()
    if framer is None:
        return _open_kernel(KernelSpec(film.depth, film.depth, chroma, film.colour, film.colour), compiled)
    depth_in: Literal[8, 10] = 10 if framer.pixel_format.endswith("10le") else 8
    return _open_kernel(
        KernelSpec(depth_in, depth_out or film.depth, chroma, framer.colour, film.colour), compiled
    )


@shared(8)
def _open_kernel(spec: KernelSpec, compiled: bool) -> Kernel:
    return open_kernel(spec, numpy=not compiled)
