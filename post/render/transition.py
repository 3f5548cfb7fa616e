"""Makes the picture of a frame from the clips that it shows: one alone, or two in a transition.

Before the first shot and after the last there is black: the film's own fades are transitions from it and to it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from post.errors import JobError
from post.picture.kernel import Planes
from post.picture.transitions.picture_transition import Edge, Moment, PictureTransition
from post.picture.transitions.tools.mixing import mix_evenly, plain_picture
from post.render.clip_frames import box_of, graded_frame, mix_pictures, weight_at
from post.render.letterbox import enclosing_rectangle
from post.render.worker_cache import open_stage
from post.stage import Planes16, TransitionStage
from post.takes.conform import PixelBox
from post.values import ClipInSegment, Format, Placed
from post.values.ycbcr import code_range

CODES = code_range("limited", 16)
BLACK = (int(CODES.black), int(CODES.neutral), int(CODES.neutral))


def is_shown_alone(clips: Sequence[ClipInSegment], frame: int) -> bool:
    """Returns whether a frame shows one clip and no transition."""
    return len(clips) == 1 and not _begins(clips[0], frame) and not _ends(clips[0], frame)


def mix_clips(clips: Sequence[ClipInSegment], film: Format, frame: int) -> Planes:
    """Returns the graded picture of a frame with its transition, before grain: 16-bit planes.

    clips: those that the frame shows, the outgoing one first. Raises JobError if a transition fails.
    """
    boxes = [box_of(clips[0], film)]
    under = graded_frame(clips[0], film, frame)
    if _begins(clips[0], frame):
        under = _out_of_black(clips[0], under, film, frame, boxes)
    for over in clips[1:]:
        boxes.append(box_of(over, film))
        coming = graded_frame(over, film, frame)
        if over.transition is None:
            under = mix_pictures(under, coming, weight_at(over, frame), film)
        else:
            under = _joined(under, coming, over.transition, ("cut", film, frame, over.seed_at(frame)), boxes)
    return _to_black(clips[-1], under, film, frame, boxes) if _ends(clips[-1], frame) else under


def _begins(clip: ClipInSegment, frame: int) -> bool:
    """Returns whether a frame lies in the transition into a clip."""
    if clip.transition is not None:
        return frame in clip.transition.span
    return weight_at(clip, frame) != 1


def _ends(clip: ClipInSegment, frame: int) -> bool:
    return clip.ending is not None and frame in clip.ending.span


def _out_of_black(
    clip: ClipInSegment, picture: Planes, film: Format, frame: int, boxes: Sequence[PixelBox]
) -> Planes:
    black = Planes(*plain_picture(BLACK, (picture.y, picture.cb, picture.cr)))
    if clip.transition is None:
        return mix_pictures(black, picture, weight_at(clip, frame), film)
    return _joined(black, picture, clip.transition, ("opening", film, frame, clip.seed_at(frame)), boxes)


def _to_black(
    clip: ClipInSegment, picture: Planes, film: Format, frame: int, boxes: Sequence[PixelBox]
) -> Planes:
    assert clip.ending is not None
    black = Planes(*plain_picture(BLACK, (picture.y, picture.cb, picture.cr)))
    return _joined(picture, black, clip.ending, ("ending", film, frame, clip.seed_at(frame)), boxes)


def _joined(
    going: Planes,
    coming: Planes,
    placed: Placed,
    where: tuple[Edge, Format, int, int],
    boxes: Sequence[PixelBox],
) -> Planes:
    """Returns two pictures with a transition's stage between them, within the rectangle that holds both.

    where: the edge, the film, the frame and its seed.

    So a picture that moves does so between the bars, and not over them.
    """
    edge, film, frame, seed = where
    stage = TransitionStage.require(open_stage(placed.call))
    place, length = frame - placed.span.first, len(placed.span)
    moment = Moment(_share(place, length, edge), place, length, seed, film, edge)
    a, b = _inside(going, boxes), _inside(coming, boxes)
    made = _checked(stage, a, b, moment)
    out = Planes(*(plane.copy() for plane in coming))
    for target, plane in zip(_inside(out, boxes), made, strict=True):
        target[...] = plane
    return out


def _share(place: int, length: int, edge: Edge) -> float:
    """Returns how much of a transition has passed. A film begins and ends with a frame of black, or of the colour."""
    if edge == "cut":
        return (place + 1) / (length + 1)
    return (place if edge == "opening" else place + 1) / length


def _inside(planes: Planes, boxes: Sequence[PixelBox]) -> Planes16:
    """Returns the planes' part in the smallest rectangle around the boxes that holds whole chroma samples."""
    left, top, right, bottom = enclosing_rectangle(boxes)
    height, width = planes.y.shape
    y, cb, cr = (
        plane[
            top // (down := height // plane.shape[0]) : -(-bottom // down),
            left // (across := width // plane.shape[1]) : -(-right // across),
        ]
        for plane in planes
    )
    return y, cb, cr


def _checked(stage: TransitionStage, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
    """Returns the stage's picture. Raises JobError if it fails or gives other than three planes of the same shapes."""
    if not isinstance(stage, PictureTransition):
        return mix_evenly(going, coming, stage.weight(moment.share))
    for plane in (*going, *coming):
        plane.setflags(write=False)
    try:
        y, cb, cr = (np.asarray(plane) for plane in stage.mix(going, coming, moment))
    except JobError:
        raise
    except Exception as fault:  # a plug-in may raise anything
        raise _failed(stage, moment, f"{type(fault).__name__}: {fault}") from fault
    found = [(plane.shape, str(plane.dtype)) for plane in (y, cb, cr)]
    if found != [(plane.shape, "uint16") for plane in going]:
        raise _failed(stage, moment, f"planes of {found}")
    return y, cb, cr


def _failed(stage: TransitionStage, moment: Moment, got: str) -> JobError:
    return JobError(
        "a transition failed",
        where=f"{stage.name}: its frame {moment.place}",
        expected="three planes of uint16, of the same shapes",
        got=got,
        fix="use another transition, or ask whoever wrote it",
    )
