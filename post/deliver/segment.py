"""One segment's picture, from source frames to encoded bytes: what an engine runs."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np

from post.deliver.encoder import open_encoder
from post.deliver.planes import planes_of
from post.errors import JobError
from post.keep import own, shared
from post.picture.kernel import (
    Kernel,
    Noise,
    Planes,
    Shape,
    Table,
    bake,
    from_rgb,
    new_planes,
    open_kernel,
    to_rgb,
)
from post.picture.lay import Overlay, lay
from post.stage import Array, ColourStage, FieldStage, FramesStage, LayerStage, open_call
from post.takes.normalise import Framer
from post.takes.picture import PictureReader
from post.values import Colour, Format, Picture, Reading, Segment, Shown, StageCall, Window, from_plain


def make(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """A Segment (plain) to an encoded file at `path`. Its bytes depend on `data` alone."""
    segment = from_plain(Segment, data, files)
    with open_encoder(path, segment.format, segment.encoder) as encoder:
        for frame in segment.span:
            picture = encoder.blank()
            draw(segment, frame, planes_of(picture))
            encoder.write(picture)


def draw(segment: Segment, frame: int, out: Planes) -> None:
    """One finished frame of the film, by its absolute number, into `out`."""
    showing = [reading for reading in segment.readings if frame in reading.span]
    noise = _noise(segment.grain, segment.format) if segment.grain else None
    if len(showing) == 1 and _straight(showing[0], frame):
        _grade(showing[0], segment.format, frame, noise, out)
    else:
        mixed = _mixed(showing, segment.format, frame)
        _kernel(_shape(segment.format)).finish(mixed, out, noise, frame)
    for layer in segment.layers:
        if frame in layer.span:
            _lay(layer, segment.format, frame, out)


def _straight(reading: Reading, frame: int) -> bool:
    """Whether one source frame becomes this frame with nothing between: the fast path."""
    _, weight = reading.frames[frame - reading.span.first]
    return weight == 0 and not reading.doors


def _grade(reading: Reading, film: Format, frame: int, noise: Noise | None, out: Planes) -> None:
    number, _ = reading.frames[frame - reading.span.first]
    source, framer = _source(reading, film, number)
    table = _table(reading.colour, framer.colour, film.colour)
    _kernel(_shape(film, framer)).grade(source, out, table, noise, frame)


def _mixed(showing: list[Reading], film: Format, frame: int) -> Planes:
    """The graded clips of a frame as one 16-bit picture, mixed by their fades, before grain."""
    under = _graded16(showing[0], film, frame)
    for over in showing[1:]:
        place = frame - over.span.first
        weight = over.fade[place] if place < len(over.fade) else Fraction(1)
        under = _mix(under, _graded16(over, film, frame), weight, film)
    return under


def _graded16(reading: Reading, film: Format, frame: int) -> Planes:
    """A clip's frame after its table and its frames stages, in 16 bits."""
    number, weight = reading.frames[frame - reading.span.first]
    graded = _table16(reading, film, number)
    if weight:
        graded = _mix(graded, _table16(reading, film, number + 1), weight, film)
    if not reading.doors:
        return graded
    rgb = to_rgb(graded, 16, film.colour, film.chroma)
    for call in reading.doors:
        rgb = _through(call, rgb, frame)
    return from_rgb(rgb, film.colour, film.chroma)


def _through(call: StageCall, rgb: Array, frame: int) -> Array:
    door = _stage(call)
    assert isinstance(door, FramesStage)
    rgb.setflags(write=False)
    try:
        out = np.asarray(door.frames(rgb, frame), np.float32)
    except Exception as fault:  # whatever a plug-in raises is its own
        raise _broken(call, frame, f"{type(fault).__name__}: {fault}") from fault
    if out.shape != rgb.shape:
        raise _broken(call, frame, f"a frame of {out.shape} for one of {rgb.shape}")
    if not np.isfinite(out).all():
        raise _broken(call, frame, "values that are no numbers")
    return out


def _broken(call: StageCall, frame: int, got: str) -> JobError:
    return JobError(
        "a stage failed",
        where=f"{call.stage}: frame {frame}",
        expected="a frame of the same shape, of finite numbers",
        got=got,
        fix="leave the stage out, or ask whoever wrote it",
    )


def _table16(reading: Reading, film: Format, number: int) -> Planes:
    source, framer = _source(reading, film, number)
    out = new_planes(film.height, film.width, 16, film.chroma)
    table = _table(reading.colour, framer.colour, film.colour)
    _kernel(_shape(film, framer, depth_out=16)).grade(source, out, table, None, 0)
    return out


def _mix(under: Planes, over: Planes, weight: Fraction, film: Format) -> Planes:
    out = new_planes(film.height, film.width, 16, film.chroma)
    _kernel(_shape(film)).mix(under, over, float(weight), out)
    return out


def _lay(shown: Shown, film: Format, frame: int, out: Planes) -> None:
    lay(out, _overlay(shown.call, film), shown.poses[frame - shown.span.first])


# What a worker keeps between frames and between segments. Each is a function of its arguments alone.
# A stage is opened for each thread: a plug-in's need not stand being called from two at once.


@own(64)
def _stage(call: StageCall) -> Any:
    return open_call(call)


# Two, as a transition shows: each open decoder keeps up to 16 frames, 200 MB at 2160p.
@own(2)
def _reader(path: Path, picture: Picture) -> PictureReader:
    return PictureReader(path, picture)


@own(16)
def _framer(picture: Picture, window: Window, film: Format) -> Framer:
    return Framer(picture, window, film)


def _source(reading: Reading, film: Format, number: int) -> tuple[Planes, Framer]:
    framer = _framer(reading.picture, reading.window, film)
    decoded = _reader(reading.file.here, reading.picture).frame(number)
    return planes_of(framer.frame(decoded)), framer


@shared(8)
def _table(calls: tuple[StageCall, ...], source: Colour, film: Colour) -> Table:
    stages = [_stage(call) for call in calls]

    def colour(rgb: Array) -> Array:
        for stage in stages:
            assert isinstance(stage, ColourStage)
            rgb = stage.colour(rgb)
        return rgb

    return bake(colour, source, film)


@shared(2)
def _noise(call: StageCall, film: Format) -> Noise:
    stage = _stage(call)
    assert isinstance(stage, FieldStage)
    return Noise.of(stage, film.height, film.width, film.chroma)


@shared(16)
def _overlay(call: StageCall, film: Format) -> Overlay:
    stage = _stage(call)
    assert isinstance(stage, LayerStage)
    return Overlay(stage.draw(film), film)


def _shape(film: Format, framer: Framer | None = None, depth_out: Literal[8, 10, 16] | None = None) -> Shape:
    """The kernel for frames a framer gives, or (without one) for 16-bit intermediates."""
    chroma: Literal["420", "422"] = "422" if film.chroma == "422" else "420"
    if framer is None:
        return Shape(film.depth, film.depth, chroma, film.colour, film.colour)
    depth_in: Literal[8, 10] = 10 if framer.pixel_format.endswith("10le") else 8
    return Shape(depth_in, depth_out or film.depth, chroma, framer.colour, film.colour)


@shared(8)
def _kernel(shape: Shape) -> Kernel:
    return open_kernel(shape)
