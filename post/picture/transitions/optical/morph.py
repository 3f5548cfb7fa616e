"""Morph: what both shots show moves from its place in the one to its place in the other."""

from __future__ import annotations

import numpy as np

from post.knob import knob
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.transitions.tools.ease import between, eased
from post.picture.transitions.tools.mixing import mix_evenly
from post.picture.transitions.tools.warping import COARSE, displace_by
from post.stage import Planes16, parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span

ROWS = 216  # of the pictures in which motion is searched
# Motion is believed where going there and back ends within so many samples, and what is found there looks alike.
ASTRAY, UNLIKE = 1.5, 0.16


@stage("morph", version=1)
class Morph(PictureTransition):
    """A dissolve along the motion between two frames: a jump cut in one scene becomes one movement. Where the shots
    have nothing in common, it is a dissolve."""

    amount: float = knob(default=1.0, lo=0, hi=1, doc="how much of the motion is used: 0 is a dissolve")

    def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
        share = eased(moment.share, "smooth")
        flow, back = _flows(going[0], coming[0])
        # From the outgoing place to the incoming one, as seen halfway between both.
        moves = ((1 - share) * flow - share * back) * np.float32(self.amount)
        first = displace_by(going, _moves(-share * moves, going), "edge")
        last = displace_by(coming, _moves((1 - share) * moves, coming), "edge")
        return mix_evenly(first, last, between(moment.share, 0.1, 0.9))

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), "morph along measured motion")


def _flows(going: Array, coming: Array) -> tuple[Array, Array]:
    """Returns the motion from one picture to the other and back: (ROWS, columns, 2) float32, in shares of the height.

    It fades to none where it is not believed.
    """
    a, b = _small(going), _small(coming)
    ahead, back = _flow(a, b), _flow(b, a)
    return _believed(ahead, back, (a, b)), _believed(back, ahead, (b, a))


def _small(luma: Array) -> Array:
    """Returns a small grey picture of a usual brightness and contrast, (rows, columns) uint8."""
    import cv2

    height, width = luma.shape
    rows = min(ROWS, height)
    size = (max(16, round(rows * width / height)), max(16, rows))
    small = np.asarray(cv2.resize(np.ascontiguousarray(luma), size, interpolation=cv2.INTER_AREA), np.float32)
    spread = max(float(small.std()), 64.0)
    return np.asarray(np.clip((small - small.mean()) / spread * 48 + 128, 0, 255).astype(np.uint8))


def _flow(a: Array, b: Array) -> Array:
    import cv2

    cv2.setNumThreads(1)  # a worker has one core
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    return np.asarray(search.calc(a, b, None), np.float32)  # type: ignore[call-overload]  # None starts from rest


def _believed(ahead: Array, back: Array, pictures: tuple[Array, Array]) -> Array:
    import cv2

    rows, columns = ahead.shape[:2]
    x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    there = (x + ahead[..., 0], y + ahead[..., 1])
    returned = cv2.remap(back, *there, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    found = cv2.remap(pictures[1], *there, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    astray = np.sum((ahead + returned) ** 2, axis=-1) / (ASTRAY**2 + 0.01 * np.sum(ahead**2, axis=-1))
    unlike = (pictures[0].astype(np.float32) - np.asarray(found, np.float32)) / np.float32(255 * UNLIKE)
    trust = np.exp(-astray - cv2.GaussianBlur(unlike**2, (0, 0), 2.0)).astype(np.float32)
    near = cv2.GaussianBlur(trust, (0, 0), rows / 40)
    carried = cv2.GaussianBlur(ahead * trust[..., None], (0, 0), rows / 40)
    # A mean of what is believed nearby; less than a tenth of belief counts for nothing.
    held = np.clip((near - np.float32(0.1)) / np.float32(0.4), 0, 1)
    smooth = carried / np.maximum(near, np.float32(1e-4))[..., None] * held[..., None]
    return np.asarray(smooth / np.float32(rows), np.float32)


def _moves(flow: Array, planes: Planes16) -> tuple[Array, Array]:
    """Returns motion at every COARSE-th luma sample, in luma samples."""
    import cv2

    height, width = planes[0].shape
    rows, columns = -(-height // COARSE) + 1, -(-width // COARSE) + 1
    scale_y, scale_x = flow.shape[0] / height, flow.shape[1] / width
    place = np.array(
        [[COARSE * scale_x, 0, (scale_x - 1) / 2], [0, COARSE * scale_y, (scale_y - 1) / 2]], np.float64
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    out = np.asarray(
        cv2.warpAffine(flow, place, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32
    ) * np.float32(height)
    return out[..., 0], out[..., 1]
