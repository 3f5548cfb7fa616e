"""Views a decoded frame's planes as arrays, without a copy."""

from __future__ import annotations

from typing import Any

import numpy as np
from av import VideoFrame

from post.values.array import Array
from post.values.colour import Colour


def plane_rows(plane: Any, kind: type[np.unsignedinteger[Any]]) -> Array:
    """Returns a plane's rows with the padding at their ends: (height, samples a row) of `kind`.

    plane: PyAV's VideoPlane, or any object with its buffer, `height` and `line_size`. The array is the frame's
    own memory.
    """
    stride = plane.line_size // kind(0).itemsize
    return np.frombuffer(memoryview(plane), kind)[: plane.height * stride].reshape(plane.height, stride)


def plane_view(plane: Any, kind: type[np.unsignedinteger[Any]]) -> Array:
    """Returns a plane's samples, (height, width) of `kind`: the frame's own memory."""
    return plane_rows(plane, kind)[:, : plane.width]


def plane_codes(frame: VideoFrame, number: int) -> Array:
    """Returns one plane of a planar frame, (height, width), uint8 or uint16: the frame's own memory, writable."""
    return plane_view(frame.planes[number], _kind(frame, number))


def luma(frame: VideoFrame) -> Array:
    """Returns the luma plane, (height, width), uint8 or uint16, without a copy. For planar formats."""
    return plane_codes(frame, 0)


def repeat_right_edge(frame: VideoFrame) -> None:
    """Writes each row's last sample into the padding after it, in place.

    A new frame's padding holds whatever memory held, and scalers read whole vectors.
    """
    for number, plane in enumerate(frame.planes):
        rows = plane_rows(plane, _kind(frame, number))
        rows[:, plane.width :] = rows[:, plane.width - 1 : plane.width]


def _kind(frame: VideoFrame, number: int) -> type[np.unsignedinteger[Any]]:
    return np.uint8 if frame.format.components[number].bits == 8 else np.uint16


def stamp_frame(made: VideoFrame, decoded: VideoFrame, colour: Colour) -> None:
    """Gives a frame that was made of a decoded one its time, and says its colour, in limited range."""
    made.pts = decoded.pts
    if decoded.time_base:
        made.time_base = decoded.time_base
    made.colorspace, made.color_range = colour.matrix, 1
    made.color_primaries, made.color_trc = colour.primaries, colour.transfer
