"""Bug: a logo in a corner of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from post.errors import JobError
from post.knob import duration_frames, knob
from post.os_faults import retry_of
from post.picture.type.fade import EASE, envelope, read_easing
from post.picture.type.place import PLACE, PLACES, place_box
from post.picture.type.standing import SafeAreaLayer
from post.stage import Pose, Raster, parameters, stage
from post.takes.stills.still_file import MOST_PIXELS, open_still
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.colour import Format
from post.values.files.file_limits import STILL_MB
from post.values.media import File
from post.values.time import Clock, Span

if TYPE_CHECKING:
    from PIL.Image import Image


@stage("bug", version=1)
class Bug(SafeAreaLayer):
    """A logo, from a PNG with alpha, scaled to a share of the shorter side."""

    image: File | None = knob(kind="file", hi=STILL_MB, doc="a PNG; its alpha is kept")
    width: float = knob(
        default=12.0, lo=0.5, hi=100, unit="%", doc="of the frame's shorter side; height follows"
    )
    opacity: float = knob(default=0.9, lo=0.01, hi=1, doc="of the whole logo")
    place: str = knob(default="top-left", choices=tuple(PLACES), doc=PLACE)
    fade_in: str = knob(default="0.25s", kind="duration", doc="how long it fades in")
    fade_out: str = knob(default="0.25s", kind="duration", doc="how long it fades out")
    ease: str = knob(default="smooth", doc=EASE)

    def agree(self) -> None:
        """Checks the knobs against each other. Raises JobError where they do not fit together."""
        read_easing(self.ease, "bug.ease")
        if self.image is None:
            raise JobError("no image", where="bug.image", expected="a PNG file", fix="name one")

    def draw(self, canvas: Format) -> Raster:
        """Returns the logo at rest. Raises JobError where it is no PNG, is blank, or does not fit."""
        assert self.image is not None
        pixels = _premultiplied(self.image)
        height, width = pixels.shape[:2]
        across = max(round(self.width / 100 * min(canvas.width, canvas.height)), 1)
        down = max(round(across * height / width), 1)
        area = self.safe.area(canvas, self.name)
        left, top = place_box(across, down, area, self.place, "bug.width")
        return Raster(_straight(_scaled(pixels, across, down)), left, top)

    def pose(self, frame: int, length: int, clock: Clock) -> Pose:
        fades = duration_frames(self.fade_in, clock), duration_frames(self.fade_out, clock)
        return Pose(self.opacity * envelope(frame, length, *fades, read_easing(self.ease, "bug.ease")))

    def declare(self, where: Span) -> Action:
        # c2pa.placed would need the logo as an ingredient; edited says that the picture's meaning changed.
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), "logo")


def _premultiplied(file: File) -> Array:
    """Returns the PNG as (height, width, 4) float32, 0..1, colour multiplied by alpha."""
    rgba = _decoded(file)
    if not rgba[..., 3].any():
        raise JobError("the image is wholly transparent", where="bug.image", got=file.name)
    rgba[..., :3] *= rgba[..., 3:]
    return rgba


def _decoded(file: File) -> Array:
    try:
        with open_still(file.here, ("PNG",)) as image:
            return _rgba(image)
    except (OSError, SyntaxError, ValueError) as fault:
        raise (retry_of(fault, 'bug.image') or JobError(
            "not an image that can be read", where="bug.image",
            expected=f"a whole PNG, of at most {MOST_PIXELS // 1_000_000} megapixels",
            got=file.name or file.sha256[:12], fix=f"export it again ({type(fault).__name__})",
        )) from fault  # fmt: skip


def _rgba(image: Image) -> Array:
    """Returns the pixels of any kind of PNG: palette, grey, 16 bits, with alpha or without."""
    if not image.mode.startswith("I"):
        return np.asarray(image.convert("RGBA"), np.float32) / 255
    # Pillow's own conversion of 16-bit grey to 8 clips instead of scaling.
    grey = np.asarray(image, np.float32) / 65535
    clear = image.info.get("transparency")  # PNG 1.2, 4.2.1.1 tRNS: the one grey that is clear
    alpha = np.ones_like(grey) if clear is None else np.float32(np.asarray(image) != clear)
    return np.stack([grey, grey, grey, alpha], -1)


def _scaled(pixels: Array, width: int, height: int) -> Array:
    """Returns premultiplied pixels at another size, by a Lanczos filter as wide as the reduction needs."""
    from PIL import Image

    if pixels.shape[:2] == (height, width):
        return pixels
    planes = [Image.fromarray(np.ascontiguousarray(pixels[..., i])) for i in range(4)]
    sized = [np.asarray(plane.resize((width, height), Image.Resampling.LANCZOS)) for plane in planes]
    # A Lanczos filter overshoots: alpha is clipped to 0..1, and colour to its alpha.
    alpha = np.clip(sized[3], 0, 1)
    return np.stack([*(np.clip(plane, 0, alpha) for plane in sized[:3]), alpha], -1)


def _straight(pixels: Array) -> Array:
    out = pixels.copy()
    np.divide(pixels[..., :3], pixels[..., 3:], out=out[..., :3], where=pixels[..., 3:] > 0)
    return out
