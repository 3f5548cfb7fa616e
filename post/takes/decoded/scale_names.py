"""Names matrices and ranges as FFmpeg's `scale` filter does."""

from __future__ import annotations

from post.values.colour import Colour

MATRIX_NAMES = {1: "bt709", 4: "fcc", 5: "bt601", 6: "bt601", 7: "smpte240m", 9: "bt2020"}
# Of a matrix that swscale does not know. YUV stays YUV of the same matrix, so its name does not count.
ANY_MATRIX = "bt709"
RANGE_NAMES = {"limited": "tv", "full": "pc"}


def matrix_name(colour: Colour) -> str:
    """Returns the name of a colour's matrix."""
    return MATRIX_NAMES.get(colour.matrix, ANY_MATRIX)
