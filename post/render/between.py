"""Makes frames between a clip's frames, before they are scaled and graded.

An in-between is made of two decoded frames at the clip's own size, after its repairs, in 16 bits; so all formats of a
film show the same one, and it passes the kernel once, as any frame does.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from av import VideoFrame

from post.picture.between.learned import LearnedPair
from post.picture.between.pair import FramePair
from post.render.repair import RepairedClip
from post.stage import Planes16
from post.values.plan.place import WEIGHT_STEPS, Place

# Numbers of the frames that dither is drawn for: clips have fewer frames than this.
_FRAMES = 1 << 24


class InBetweens:
    """A clip with frames at any place of its grid, in any order; fastest in rising order.

    clip: where its frames are from; sampling: one of SYNTHESISED.
    """

    def __init__(self, clip: RepairedClip, sampling: str) -> None:
        self._clip, self._sampling = clip, sampling
        self._pairs: OrderedDict[int, FramePair] = OrderedDict()

    def frame(self, number: int, weight: Fraction) -> VideoFrame:
        """Returns the frame at `number` plus `weight` (0 to below 1), as `repaired_picture` describes it.

        Raises SourceError as PictureReader.frame does.
        """
        if not weight:
            return self._clip.frame(number)
        planes = self._pair(number).at(float(weight))
        # Each in-between has a dither of its own: the same one in all of a pair would stand still.
        return self._clip.as_frame(planes, number + _FRAMES * round(weight * WEIGHT_STEPS))

    def mean(self, places: Sequence[Place], seed: int) -> VideoFrame:
        """Returns the frame whose codes are the mean of those at several places. seed: of its dither."""
        first, *rest = [self._planes(*place) for place in places]
        sums = [plane.astype(np.uint32) for plane in first]
        for planes in rest:
            for total, plane in zip(sums, planes, strict=True):
                np.add(total, plane, out=total)
        half, count = len(places) // 2, len(places)
        y, cb, cr = (((total + half) // count).astype(np.uint16) for total in sums)
        return self._clip.as_frame((y, cb, cr), seed)

    def _planes(self, number: int, weight: Fraction) -> Planes16:
        return self._pair(number).at(float(weight)) if weight else self._clip.planes(number)

    def _open(self, before: Planes16, after: Planes16) -> FramePair:
        if self._sampling == "learned":
            return LearnedPair(before, after)
        return FramePair(before, after, "draft" if self._sampling == "draft" else "flow")

    def _pair(self, number: int) -> FramePair:
        """Returns the pair of frame `number` and the next one; the last one asked for is kept."""
        if number not in self._pairs:
            self._pairs.clear()
            before, after = (self._clip.planes(each) for each in (number, number + 1))
            self._pairs[number] = self._open(before, after)
        return self._pairs[number]
