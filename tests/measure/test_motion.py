"""How far motion is followed from frame to frame."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from post.measure.fact import ClipLength
from post.measure.frames import Frame, Step
from post.measure.motion import ClipMotion, MotionMeasure
from post.values.array import Array
from tests.picture.between.drawn import ground


def found(*lumas: Array) -> ClipMotion:
    one = MotionMeasure(ClipLength(len(lumas), Fraction(24)))
    before = None
    for number, luma in enumerate(lumas):
        frame = Frame(number, np.rint(luma / 256).astype(np.uint8), (), 8, "limited")
        one.see(Step(before, frame))
        before = frame
    return one.found({})


def test_each_pair_of_frames_has_its_motion_and_confidence() -> None:
    motion = found(ground(0), ground(0), ground(4), ground(8), ground(0, seed=9))
    assert motion.moved[0] == 0
    for moved in motion.moved[1:3]:
        assert 0.8 * 4 < moved * 316 / 100 < 1.2 * 4  # pixels
    assert min(motion.confidence[:3]) > 0.8
    assert motion.confidence[3] < 0.35
