"""Makes the graded frames of one clip: decode, repair, scale, grade, effects.

decoder -> repairs -> scaler -> colour (one table) -> frame effects -> 16-bit planes
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
from av import VideoFrame

from post.caching import per_thread
from post.errors import JobError
from post.picture.kernel import AnyNoise, Planes, from_rgb, new_planes, to_rgb
from post.render.frame_planes import planes_of
from post.render.letterbox import ground_codes, paint_bars
from post.render.repair import repaired_picture
from post.render.worker_cache import (
    AnyFramer,
    bake_shot_lut,
    kernel_between,
    open_blurred_framer,
    open_framer,
    open_in_betweens,
    open_moving_framer,
    open_reader,
    open_repaired_clip,
    open_stage,
)
from post.stage import FrameEffect
from post.takes.conform import Framer, PixelBox
from post.takes.decoded.blurred_ground import BlurredFramer
from post.takes.decoded.moving import MovingFramer
from post.values import ClipInSegment, Format, Picture, StageCall
from post.values.array import Array
from post.values.plan.place import Place
from post.values.plan.segment import BLACK, BLUR

Exposure = tuple[Place, ...]
NONE = Fraction(0)


def weight_at(clip: ClipInSegment, frame: int) -> Fraction:
    """Returns a clip's weight over the clip before it in a frame of the film, 0..1."""
    place = frame - clip.span.first
    return clip.fade[place] if place < len(clip.fade) else Fraction(1)


def framer_of(clip: ClipInSegment, film: Format) -> AnyFramer:
    """Returns the scaler of a clip, from what its repairs make of it to the film."""
    converted = bool(clip.repairs) or clip.synthesised
    picture = repaired_picture(clip.picture) if converted else clip.picture
    if clip.windows:
        return open_moving_framer(picture, clip.window, film)
    if clip.ground == BLUR:
        return open_blurred_framer(picture, clip.window, film)
    return open_framer(picture, clip.window, film)


def is_single_pass(clip: ClipInSegment, frame: int) -> bool:
    """Returns whether one source frame, or one made between two, becomes this frame in one pass of the kernel."""
    _, weight = clip.frames[frame - clip.span.first]
    return (weight == 0 or clip.synthesised) and not clip.effects


def grade_single_pass(
    clip: ClipInSegment, film: Format, frame: int, noise: Callable[[], AnyNoise | None], out: Planes
) -> None:
    """Writes a finished frame into `out` in one pass: colour, grain and dither. noise: asked for once the clip is
    decoded, since it may be made meanwhile."""
    source, framer = _framed(
        clip, film, frame, clip.frames[frame - clip.span.first], exposure_at(clip, frame)
    )
    lut = bake_shot_lut(clip.colour, framer.colour, film.colour)
    kernel_between(film, framer).grade(source, out, lut, noise(), clip.seed_at(frame))


def graded_frame(clip: ClipInSegment, film: Format, frame: int) -> Planes:
    """Returns a clip's frame after its colour and its frame effects, before grain: 16-bit planes."""
    number, weight = clip.frames[frame - clip.span.first]
    if weight and not clip.synthesised:
        graded = _coloured(clip, film, frame, (number, NONE))
        graded = mix_pictures(graded, _coloured(clip, film, frame, (number + 1, NONE)), weight, film)
    else:
        graded = _coloured(clip, film, frame, (number, weight), exposure_at(clip, frame))
    box = framer_of(clip, film).box
    if clip.effects:
        graded = _with_effects(clip, graded, box, film, frame)
    paint_bars(graded, [box], ground_codes(clip.ground, film.colour, 16))
    return graded


def box_of(clip: ClipInSegment, film: Format) -> PixelBox:
    """Returns the part of the film that black bars must not cover. Bars of another colour are part of the picture:
    beside another clip's, or in a transition."""
    whole = PixelBox(0, 0, film.width, film.height)
    return framer_of(clip, film).box if clip.ground == BLACK else whole


def mix_pictures(under: Planes, over: Planes, weight: Fraction, film: Format) -> Planes:
    """Returns `weight` (0..1) of `over` and the rest of `under`, all 16-bit planes."""
    out = new_planes(film.height, film.width, 16, film.chroma)
    kernel_between(film).mix(under, over, float(weight), out)
    return out


def exposure_at(clip: ClipInSegment, frame: int) -> Exposure:
    """Returns the places that a frame of the film is the mean of; none where it is one picture."""
    return clip.exposures[frame - clip.span.first] if clip.exposures else ()


def _framed(
    clip: ClipInSegment, film: Format, frame: int, place: Place, exposure: Exposure = ()
) -> tuple[Planes, AnyFramer]:
    """Returns the clip's frame at a place, at the film's size, and the scaler that made it. frame: of the film, which
    says where a window that moves is; exposure: places that it is the mean of instead."""
    framer = framer_of(clip, film)
    source = clip.file.here, clip.picture, clip.repairs
    if clip.picture.stands_still and not isinstance(framer, MovingFramer):
        return planes_of(_framed_still(*source, framer)), framer
    if clip.synthesised:
        made = open_in_betweens(*source, clip.sampling)
        shown = made.mean(exposure, place[0]) if exposure else made.frame(*place)
    else:
        shown = _source_frame(*source, 0 if clip.picture.stands_still else place[0])
    if isinstance(framer, MovingFramer):
        return planes_of(framer.frame_at(shown, clip.window_at(frame))), framer
    return planes_of(framer.frame(shown)), framer


# Two, as many as a transition shows. A still of 36 megapixels takes .1 s to scale, and every frame shows the same.
@per_thread(2)
def _framed_still(
    path: Path, picture: Picture, repairs: tuple[StageCall, ...], framer: Framer | BlurredFramer
) -> VideoFrame:
    return framer.frame(_source_frame(path, picture, repairs, 0))


def _source_frame(path: Path, picture: Picture, repairs: tuple[StageCall, ...], number: int) -> VideoFrame:
    """Returns frame `number` of a take as it is stored, with its repairs."""
    if repairs:
        return open_repaired_clip(path, picture, repairs).frame(number)
    return open_reader(path, picture).frame(number)


def _coloured(clip: ClipInSegment, film: Format, frame: int, place: Place, exposure: Exposure = ()) -> Planes:
    source, framer = _framed(clip, film, frame, place, exposure)
    out = new_planes(film.height, film.width, 16, film.chroma)
    lut = bake_shot_lut(clip.colour, framer.colour, film.colour)
    kernel_between(film, framer, depth_out=16).grade(source, out, lut, None, 0)
    return out


def _with_effects(clip: ClipInSegment, graded: Planes, box: PixelBox, film: Format, frame: int) -> Planes:
    """Returns the frame after the clip's frame effects. They are given the picture without its bars."""
    rgb = to_rgb(graded, 16, film.colour, film.chroma)
    inside = rgb[box.y : box.y + box.height, box.x : box.x + box.width]
    part = inside.copy()
    number = clip.shown_before + frame - clip.span.first
    for call in clip.effects:
        part = _apply_effect(call, part, number)
    inside[...] = part
    return from_rgb(rgb, film.colour, film.chroma)


def _apply_effect(call: StageCall, rgb: Array, frame: int) -> Array:
    """Returns what a frame effect makes of a frame.

    Raises JobError if it fails, gives another shape, or gives values that are not finite.
    """
    effect = FrameEffect.require(open_stage(call))
    rgb.setflags(write=False)
    try:
        out = np.asarray(effect.frames(rgb, frame), np.float32)
    except Exception as fault:  # a plug-in may raise anything
        raise _effect_failed(call, frame, f"{type(fault).__name__}: {fault}") from fault
    if out.shape != rgb.shape:
        raise _effect_failed(call, frame, f"a frame of {out.shape} for one of {rgb.shape}")
    if not np.isfinite(out).all():
        raise _effect_failed(call, frame, "values that are not finite")
    return out


def _effect_failed(call: StageCall, frame: int, got: str) -> JobError:
    return JobError(
        "a stage failed",
        where=f"{call.stage}: frame {frame} of its shot",
        expected="a frame of the same shape, of finite numbers",
        got=got,
        fix="leave the stage out, or ask whoever wrote it",
    )
