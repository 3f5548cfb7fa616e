"""One segment's picture, from source frames to encoded bytes: what an engine runs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from post.errors import JobError
from post.picture.composite import blend_overlay
from post.picture.grain.grain import Grain
from post.picture.kernel import (
    Noise,
    Planes,
    from_rgb,
    new_planes,
    to_rgb,
)
from post.render.encoder import PictureEncoder, open_encoder
from post.render.film_grain_encoder import GrainTableEncoder, open_grain_table_encoder
from post.render.letterbox import blacken_bars, enclosing_rectangle
from post.render.opened import (
    colour_table,
    framer_of,
    kernel,
    kernel_spec,
    opened_stage,
    overlay,
    shot_noise,
    source_planes,
)
from post.stage import (
    FinishStage,
    FrameEffect,
)
from post.takes.conform import PixelBox
from post.values import (
    ClipInSegment,
    Format,
    LayerInSegment,
    Segment,
    StageCall,
    from_plain,
)
from post.values.array import Array


def make(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """A Segment (plain) to an encoded file at `path`. Its bytes depend on `data` alone."""
    segment = from_plain(Segment, data, files)
    drawn = _without_grain(segment) if _by_table(segment) else segment
    with _encoder(path, segment) as encoder:
        for frame in segment.span:
            canvas = encoder.canvas()
            draw(drawn, frame, canvas.planes)
            encoder.write(canvas)


def _by_table(segment: Segment) -> bool:
    """Whether players lay the grain over the picture, and not this."""
    return ("film-grain", "table") in segment.encoder.options


def _encoder(path: Path, segment: Segment) -> AbstractContextManager[PictureEncoder | GrainTableEncoder]:
    if not _by_table(segment):
        return open_encoder(path, segment.format, segment.encoder)
    grains = [_grain_for_table(segment, frame) for frame in segment.span]
    return open_grain_table_encoder(path, segment.format, segment.encoder, grains, segment.span.first)


def _without_grain(segment: Segment) -> Segment:
    return replace(segment, readings=tuple(replace(reading, grain=None) for reading in segment.readings))


def _grain_for_table(segment: Segment, frame: int) -> Grain:
    """The grain that players lay over a frame: of two clips that mix, that of the one seen more."""
    seen = [reading for reading in _showing(segment, frame) if _weight(reading, frame) >= Fraction(1, 2)]
    call = seen[-1].grain
    return Grain.require(opened_stage(call)) if call else Grain()


def draw(segment: Segment, frame: int, out: Planes) -> None:
    """One finished frame of the film, by its absolute number, into `out`."""
    # Segments of every length share what is kept: nothing that is drawn depends on it.
    film = replace(segment.format, length=1)
    showing = _showing(segment, frame)
    noise = _noise_at(showing, film, frame)
    if len(showing) == 1 and _straight(showing[0], frame):
        _grade(showing[0], film, frame, noise, out)
    else:
        kernel(kernel_spec(film)).finish(_mixed(showing, film, frame), out, noise, frame)
    # Neither a look nor grain is for bars.
    boxes = [framer_of(reading, film).box for reading in showing]
    blacken_bars(out, boxes, film.depth)
    for layer in segment.layers:
        if frame in layer.span:
            _lay(layer, film, frame, out)
    for call in segment.finishes:
        _finish(call, out.y, boxes, film.depth)


def _showing(segment: Segment, frame: int) -> list[ClipInSegment]:
    """The clips seen in a frame, the one that goes first."""
    return [reading for reading in segment.readings if frame in reading.span]


def _weight(reading: ClipInSegment, frame: int) -> Fraction:
    """A clip's weight over the one before it."""
    place = frame - reading.span.first
    return reading.fade[place] if place < len(reading.fade) else Fraction(1)


def _noise_at(showing: list[ClipInSegment], film: Format, frame: int) -> Noise | None:
    """The grain of a frame; under a transition it turns from one shot's into the next one's."""
    noise: Noise | None = None
    for reading in showing:
        own = shot_noise(reading.grain, film) if reading.grain else None
        if noise is None or own is None or reading.grain == showing[0].grain:
            noise = own
        else:
            noise = noise.mixed(own, float(_weight(reading, frame)))
    return noise


def _straight(reading: ClipInSegment, frame: int) -> bool:
    """Whether one source frame becomes this frame with nothing between: the fast path."""
    _, weight = reading.frames[frame - reading.span.first]
    return weight == 0 and not reading.doors


def _grade(reading: ClipInSegment, film: Format, frame: int, noise: Noise | None, out: Planes) -> None:
    number, _ = reading.frames[frame - reading.span.first]
    source, framer = source_planes(reading, film, number)
    table = colour_table(reading.colour, framer.colour, film.colour)
    kernel(kernel_spec(film, framer)).grade(source, out, table, noise, frame)


def _mixed(showing: list[ClipInSegment], film: Format, frame: int) -> Planes:
    """The graded clips of a frame as one 16-bit picture, mixed by their fades, before grain."""
    under = _graded16(showing[0], film, frame)
    for over in showing[1:]:
        under = _mix(under, _graded16(over, film, frame), _weight(over, frame), film)
    return under


def _graded16(reading: ClipInSegment, film: Format, frame: int) -> Planes:
    """A clip's frame after its table and its frames stages, in 16 bits."""
    number, weight = reading.frames[frame - reading.span.first]
    graded = _table16(reading, film, number)
    if weight:
        graded = _mix(graded, _table16(reading, film, number + 1), weight, film)
    box = framer_of(reading, film).box
    if reading.doors:
        graded = _through_doors(reading, graded, box, film, frame)
    blacken_bars(graded, [box], 16)
    return graded


def _through_doors(reading: ClipInSegment, graded: Planes, box: PixelBox, film: Format, frame: int) -> Planes:
    """Frames stages see the picture, and no bars."""
    rgb = to_rgb(graded, 16, film.colour, film.chroma)
    inside = rgb[box.y : box.y + box.height, box.x : box.x + box.width]
    part = inside.copy()
    for call in reading.doors:
        part = _through(call, part, frame)
    inside[...] = part
    return from_rgb(rgb, film.colour, film.chroma)


def _through(call: StageCall, rgb: Array, frame: int) -> Array:
    door = FrameEffect.require(opened_stage(call))
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


def _table16(reading: ClipInSegment, film: Format, number: int) -> Planes:
    source, framer = source_planes(reading, film, number)
    out = new_planes(film.height, film.width, 16, film.chroma)
    table = colour_table(reading.colour, framer.colour, film.colour)
    kernel(kernel_spec(film, framer, depth_out=16)).grade(source, out, table, None, 0)
    return out


def _mix(under: Planes, over: Planes, weight: Fraction, film: Format) -> Planes:
    out = new_planes(film.height, film.width, 16, film.chroma)
    kernel(kernel_spec(film)).mix(under, over, float(weight), out)
    return out


def _lay(shown: LayerInSegment, film: Format, frame: int, out: Planes) -> None:
    blend_overlay(out, overlay(shown.call, film), shown.poses[frame - shown.span.first])


def _finish(call: StageCall, luma: Array, boxes: list[PixelBox], depth: int) -> None:
    stage = FinishStage.require(opened_stage(call))
    left, top, right, bottom = enclosing_rectangle(boxes)
    stage.finish(luma, depth, (slice(top, bottom), slice(left, right)))


# What a worker keeps between frames and between segments. Each is a function of its arguments alone.
# A stage is opened for each thread: a plug-in's need not stand being called from two at once.
