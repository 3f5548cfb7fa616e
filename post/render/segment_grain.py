"""Chooses the grain of each frame of a segment: drawn into the picture, or written as an AV1 table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from post.picture.grain.grain import Grain
from post.picture.kernel import AnyNoise, CrossedNoise, Noise
from post.render.clip_frames import weight_at
from post.render.worker_cache import make_noise, open_stage
from post.values import ClipInSegment, Format, Segment


def clips_at(segment: Segment, frame: int) -> list[ClipInSegment]:
    """Returns the clips seen in a frame of the film, the outgoing one first."""
    return [clip for clip in segment.clips if frame in clip.span]


def noise_at(clips: Sequence[ClipInSegment], film: Format, frame: int) -> AnyNoise | None:
    """Returns the grain of a frame. Under a transition each shot's own grain turns into the next one's."""
    noise: AnyNoise | None = None
    for clip in clips:
        own = make_noise(clip.grain, film) if clip.grain else None
        if noise is None or own is None:
            noise = own
        elif isinstance(noise, Noise):
            seeds = clips[0].seed_at(frame), clip.seed_at(frame)
            noise = CrossedNoise((noise, own), seeds, float(weight_at(clip, frame)))
    return noise


def is_grain_a_table(segment: Segment) -> bool:
    """Returns whether players lay the grain over the picture, by a table in the stream."""
    return ("film-grain", "table") in segment.encoder.options


def without_grain(segment: Segment) -> Segment:
    """Returns the same segment with no grain in its picture."""
    return replace(segment, clips=tuple(replace(clip, grain=None) for clip in segment.clips))


def table_grain_at(segment: Segment, frame: int) -> Grain:
    """Returns the grain that players lay over a frame: of two clips that mix, that of the one seen more.

    The first shot's is over the black that it comes out of, too.
    """
    call = _seen_more(segment, frame).grain
    # The planner refuses any other grain stage for a table.
    return Grain.require(open_stage(call)) if call else Grain()


def table_seed_at(segment: Segment, frame: int) -> int:
    """Returns the seed of the grain that players lay over a frame."""
    return _seen_more(segment, frame).seed_at(frame)


def _seen_more(segment: Segment, frame: int) -> ClipInSegment:
    first, *over = clips_at(segment, frame)
    return [first, *(clip for clip in over if weight_at(clip, frame) >= Fraction(1, 2))][-1]
