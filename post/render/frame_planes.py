"""Views an FFmpeg frame as the kernel's planes, without a copy."""

from __future__ import annotations

import av

from post.picture.kernel import Planes
from post.takes.frame_planes import plane_codes


def planes_of(frame: av.VideoFrame) -> Planes:
    """Returns views of a planar 8- or 10-bit YCbCr frame: its own memory, writable."""
    y, cb, cr = (plane_codes(frame, number) for number in range(3))
    return Planes(y, cb, cr)
