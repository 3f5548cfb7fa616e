"""An FFmpeg frame's samples as arrays, without a copy."""

from __future__ import annotations

import av
import numpy as np

from post.picture.kernel import Planes
from post.values.array import Array


def planes_of(frame: av.VideoFrame) -> Planes:
    """Views of a planar 8- or 10-bit YCbCr frame; they live as long as the frame does."""
    kind = np.uint8 if frame.format.components[0].bits == 8 else np.uint16
    y, cb, cr = (_view(plane, np.dtype(kind)) for plane in frame.planes)
    return Planes(y, cb, cr)


def _view(plane: av.video.plane.VideoPlane, kind: np.dtype[np.generic]) -> Array:
    stride = plane.line_size // kind.itemsize
    rows: Array = np.frombuffer(memoryview(plane), kind)
    return rows[: plane.height * stride].reshape(plane.height, stride)[:, : plane.width]
