"""Luma fade: a grey image says when each place turns to the next shot: dark first, bright last."""

from __future__ import annotations

import numpy as np

from post.errors import JobError
from post.knob import knob
from post.os_faults import retry_of
from post.picture.transitions.shape.order import OrderTransition, stretched
from post.picture.transitions.tools.soft_noise import layered_noise
from post.stage import parameters, stage
from post.takes.stills.still_file import MOST_PIXELS, open_still
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.files.file_limits import STILL_MB
from post.values.media import File
from post.values.time import Span

ROWS = 270  # of the pattern that is used where no image is given


@stage("luma-fade", version=1)
class LumaFade(OrderTransition):
    """A dissolve in the order of an image's brightness. Without an image it is a pattern of clouds."""

    image: File | None = knob(
        default=None,
        kind="file",
        hi=STILL_MB,
        doc="a grey PNG: black turns first, white last; 16 bits are best",
    )
    softness: float = knob(default=25.0, lo=0, hi=100, unit="%", doc="of the edge, in % of the whole way")

    def when(self, height: int, width: int) -> Array:
        if self.image is None:
            clouds = layered_noise((ROWS, max(2, round(ROWS * width / height))), (3, 5), 0.0, 5)
            return _sized(stretched(clouds), height, width)
        return _sized(_grey(self.image), height, width)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), "luma fade")


def _sized(grey: Array, height: int, width: int) -> Array:
    """Returns an image at another size, stretched to it, with the steps of its levels made smooth."""
    import cv2

    shrinks = grey.shape[0] > height or grey.shape[1] > width
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    sized = cv2.resize(np.ascontiguousarray(grey, np.float32), (width, height), interpolation=how)
    smooth = cv2.GaussianBlur(sized, (0, 0), 1.0, borderType=cv2.BORDER_REFLECT)
    return np.asarray(np.clip(smooth, 0, 1), np.float32)


def _grey(file: File) -> Array:
    """Returns the image's brightness, (height, width) float32, 0..1."""
    try:
        with open_still(file.here, ("PNG",)) as image:
            if image.mode.startswith("I"):  # 16 bits
                return np.asarray(image, np.float32) / 65535
            return np.asarray(image.convert("RGB").convert("L"), np.float32) / 255
    except (OSError, SyntaxError, ValueError) as fault:
        raise (retry_of(fault, "luma-fade.image") or JobError(
            "not an image that can be read", where="luma-fade.image",
            expected=f"a whole PNG, of at most {MOST_PIXELS // 1_000_000} megapixels",
            got=file.name or file.sha256[:12], fix=f"export it again ({type(fault).__name__})",
        )) from fault  # fmt: skip
