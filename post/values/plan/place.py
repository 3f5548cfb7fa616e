"""Places of a take between its frames, and the kinds of sampling that show something there."""

from __future__ import annotations

from fractions import Fraction

WEIGHT_STEPS = 256  # of the weight of the next frame: finer than a code, and short in a segment's key
Place = tuple[int, Fraction]  # a source frame, and the weight of the one after it, 0..1
# The kinds of sampling that make a frame between two frames by their motion.
SYNTHESISED = ("draft", "flow", "learned")
