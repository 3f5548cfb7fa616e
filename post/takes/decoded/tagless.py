"""Takes colour tags off decoded frames: `probe` has read them, and the film's table converts colour."""

from __future__ import annotations

from av import VideoFrame

UNSAID = 2
# Matrices that swscale knows: RGB, and weighted sums of it by a fixed rule.
MATRICES = frozenset({0, 1, 2, 4, 5, 6, 7, 9})


def without_tags(frame: VideoFrame) -> VideoFrame:
    """Returns the frame, which does not say its primaries, its transfer, or a matrix that swscale does not know.

    swscale refuses a frame with tags that it cannot convert, even where it is not to convert them.
    """
    frame.color_primaries, frame.color_trc = UNSAID, UNSAID
    if int(frame.colorspace) not in MATRICES:
        frame.colorspace = UNSAID
    return frame
