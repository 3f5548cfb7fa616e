"""Opens what segments need, and keeps it for the next one: stages, readers, framers, tables, noise and kernels."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from post.caching import per_thread, shared
from post.picture.composite import Overlay
from post.picture.grain.grain import Grain
from post.picture.kernel import (
    Kernel,
    KernelSpec,
    Lut3D,
    Noise,
    Planes,
    bake_lut,
    open_kernel,
)
from post.render.frame_planes import planes_of
from post.render.repair import RepairedClip, repaired_picture
from post.stage import (
    ColourStage,
    FieldStage,
    LayerStage,
    Stage,
    call_of,
    open_call,
)
from post.takes.conform import Framer
from post.takes.picture import PictureReader
from post.values import (
    ClipInSegment,
    Colour,
    Format,
    Picture,
    StageCall,
    Window,
)
from post.values.array import Array


@per_thread(64)
def opened_stage(call: StageCall) -> Stage:
    """Returns the stage of a call, made once in each thread."""
    return open_call(call)


# Two, as a transition shows: each open decoder keeps up to 16 frames, 200 MB at 2160p.
@per_thread(2)
def _reader(path: Path, picture: Picture) -> PictureReader:
    return PictureReader(path, picture)


@per_thread(16)
def _framer(picture: Picture, window: Window, film: Format) -> Framer:
    return Framer(picture, window, film)


# Each keeps the frames its repairs read at once, in 16 bits: 31 MB at 1080p where five are averaged.
@per_thread(2)
def _repaired_clip(path: Path, picture: Picture, repairs: tuple[StageCall, ...]) -> RepairedClip:
    # Asked for anew each time: a reader kept here would be one more open decoder.
    return RepairedClip(lambda number: _reader(path, picture).frame(number), picture, repairs)


def source_planes(reading: ClipInSegment, film: Format, number: int) -> tuple[Planes, Framer]:
    """Returns source frame `number` of a clip, repaired and in the geometry of the film, and its framer."""
    picture, path = reading.picture, reading.file.here
    framer = framer_of(reading, film)
    if reading.repairs:
        frame = _repaired_clip(path, picture, reading.repairs).frame(number)
    else:
        frame = _reader(path, picture).frame(number)
    return planes_of(framer.frame(frame)), framer


def framer_of(reading: ClipInSegment, film: Format) -> Framer:
    """Returns the framer of a clip, which reads repaired frames where the clip has repairs."""
    picture = repaired_picture(reading.picture) if reading.repairs else reading.picture
    return _framer(picture, reading.window, film)


@shared(8)
def colour_table(calls: tuple[StageCall, ...], source: Colour, film: Colour) -> Lut3D:
    """Returns the table that does all colour stages of a shot."""
    stages = [ColourStage.require(opened_stage(call)) for call in calls]

    def colour(rgb: Array) -> Array:
        for stage in stages:
            rgb = stage.colour(rgb)
        return rgb

    return bake_lut(colour, source, film)


# Two, as a transition shows: what is kept here keeps its fields too, 12 MB at 2160p.
@shared(2)
def shot_noise(call: StageCall, film: Format) -> Noise:
    """Shots that get more or less of one grain share its fields, which take most time and room."""
    stage = FieldStage.require(opened_stage(call))
    alike = call_of(stage.texture) if isinstance(stage, Grain) else call
    return _noise_fields(alike, film).as_strong_as(stage)


@shared(2)
def _noise_fields(call: StageCall, film: Format) -> Noise:
    stage = FieldStage.require(opened_stage(call))
    return Noise.of(stage, film.height, film.width, film.chroma)


@shared(16)
def overlay(call: StageCall, film: Format) -> Overlay:
    """Returns the drawn layer of a stage."""
    stage = LayerStage.require(opened_stage(call))
    return Overlay(stage.draw(film), film)


def kernel_spec(
    film: Format, framer: Framer | None = None, depth_out: Literal[8, 10, 16] | None = None
) -> KernelSpec:
    """The kernel for frames a framer gives, or (without one) for 16-bit intermediates."""
    chroma: Literal["420", "422"] = "422" if film.chroma == "422" else "420"
    if framer is None:
        return KernelSpec(film.depth, film.depth, chroma, film.colour, film.colour)
    depth_in: Literal[8, 10] = 10 if framer.pixel_format.endswith("10le") else 8
    return KernelSpec(depth_in, depth_out or film.depth, chroma, framer.colour, film.colour)


@shared(8)
def kernel(shape: KernelSpec) -> Kernel:
    """Returns the kernel, compiled once in the process."""
    return open_kernel(shape)
