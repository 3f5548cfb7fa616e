"""Renders one segment of a film to an encoded file: the task that an engine runs.

clips -> graded frames -> transition -> grain and dither -> bars -> layers -> finishes -> encoder
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from post.picture.composite import blend_overlay
from post.picture.kernel import Planes, new_planes, without_compiling
from post.render.clip_frames import box_of, framer_of, grade_single_pass, is_single_pass
from post.render.encoder import PictureEncoder, open_encoder
from post.render.film_grain_encoder import GrainTableEncoder, open_grain_table_encoder
from post.render.letterbox import enclosing_rectangle, ground_codes, paint_bars
from post.render.segment_grain import (
    clips_at,
    is_grain_a_table,
    noise_at,
    table_grain_at,
    table_seed_at,
    without_grain,
)
from post.render.transition import is_shown_alone, mix_clips
from post.render.worker_cache import decoding_with, draw_overlay, kernel_between, open_stage
from post.stage import FinishStage
from post.takes.conform import PixelBox
from post.values import Format, LayerInSegment, Segment, StageCall, from_plain
from post.values.array import Array
from post.values.plan.segment import BLACK

MOST_THREADS = 4  # of one decoder: each holds a frame more


def make(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Renders a Segment (as plain data) to an encoded file at `path`. Its bytes depend on `data` alone.

    files: where each source file is, by its SHA-256. Raises JobError if a stage or the encoder refuses, and
    SourceError if a clip cannot be read.
    """
    segment = from_plain(Segment, data, files)
    drawn = without_grain(segment) if is_grain_a_table(segment) else segment
    with _open_encoder(path, segment) as encoder:
        for frame in segment.span:
            canvas = encoder.canvas()
            draw(drawn, frame, canvas.planes)
            encoder.write(canvas)


def draw_alone(segment: Segment, frame: int) -> Planes:
    """Returns one finished frame as `make` gives it to the encoder: planes of the film's format.

    Somebody waits for it: what grain needs is made while the clip is decoded, in as many threads as there are cores.
    """
    film, drawn = segment.format, without_grain(segment) if is_grain_a_table(segment) else segment
    planes = new_planes(film.height, film.width, film.depth, film.chroma)
    threads = min(os.cpu_count() or 1, MOST_THREADS)
    with ThreadPoolExecutor(1) as beside, without_compiling(), decoding_with(threads):
        beside.submit(noise_at, clips_at(drawn, frame), replace(film, length=1), frame)
        draw(drawn, frame, planes)
    return planes


def _open_encoder(path: Path, segment: Segment) -> AbstractContextManager[PictureEncoder | GrainTableEncoder]:
    if not is_grain_a_table(segment):
        return open_encoder(path, segment.format, segment.encoder)
    grains = [table_grain_at(segment, frame) for frame in segment.span]
    seeds = [table_seed_at(segment, frame) for frame in segment.span]
    return open_grain_table_encoder(path, segment.format, segment.encoder, grains, seeds)


def draw(segment: Segment, frame: int, out: Planes) -> None:
    """Draws one finished frame into `out`: planes of the film's format. frame: its number, as the segment counts."""
    # With a length of 1, segments of every length share what is cached: no pixel depends on the length.
    film = replace(segment.format, length=1)
    clips = clips_at(segment, frame)
    noise = partial(noise_at, clips, film, frame)
    if is_shown_alone(clips, frame) and is_single_pass(clips[0], frame):
        grade_single_pass(clips[0], film, frame, noise, out)
    else:
        mixed = mix_clips(clips, film, frame)
        kernel_between(film).finish(mixed, out, noise(), clips[-1].seed_at(frame))
    # Looks and grain are for the picture: bars stay black, or of their own colour.
    alone = is_shown_alone(clips, frame)
    boxes = [framer_of(clip, film).box if alone else box_of(clip, film) for clip in clips]
    paint_bars(out, boxes, ground_codes(clips[0].ground if alone else BLACK, film.colour, film.depth))
    for layer in segment.layers:
        if frame in layer.span:
            _draw_layer(layer, film, frame, out)
    for call in segment.finishes:
        _finish(call, out.y, boxes, film.depth)


def _draw_layer(layer: LayerInSegment, film: Format, frame: int, out: Planes) -> None:
    pose = layer.poses[frame - layer.span.first]
    blend_overlay(out, draw_overlay(layer.call, film, pose.moment), pose)


def _finish(call: StageCall, luma: Array, boxes: Sequence[PixelBox], depth: int) -> None:
    stage = FinishStage.require(open_stage(call))
    left, top, right, bottom = enclosing_rectangle(boxes)
    stage.finish(luma, depth, (slice(top, bottom), slice(left, right)))
