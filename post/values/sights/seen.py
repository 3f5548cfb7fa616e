"""Tells when something was seen, of the stretches in which it was."""

from __future__ import annotations

from fractions import Fraction

from post.values.claim import Stretch


class SeenInStretches:
    """Something that was seen. stretches: the seconds in which it was, (start, end), in order; at least one."""

    __slots__ = ()
    stretches: tuple[Stretch, ...]

    @property
    def first(self) -> Fraction:
        """The seconds at which it is first seen."""
        return self.stretches[0][0]

    @property
    def dwell(self) -> Fraction:
        """The seconds of its longest unbroken stretch."""
        return max(end - start for start, end in self.stretches)
