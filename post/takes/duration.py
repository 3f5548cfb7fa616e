"""Compares the duration that a container declares with that of its picture."""

from __future__ import annotations

from fractions import Fraction

from av.container import InputContainer

from post.takes.index import PacketIndex
from post.values.warning import JobWarning


def _declared(container: InputContainer) -> Fraction:
    """Returns the duration in the container's header, in seconds; 0 if there is none."""
    return Fraction(container.duration or 0, 1_000_000)


def duration_is_wrong(container: InputContainer, index: PacketIndex) -> bool:
    """Returns whether the header's duration is half a second and a tenth off the picture's.

    Sound explains a longer one, and so do frames that are left out.
    """
    run, declared = index.grid.clock.seconds(index.grid.length), _declared(container)
    off = abs(declared - run)
    explained = declared > run and (bool(container.streams.audio) or index.skipped > 0)
    return declared > 0 and off > Fraction(1, 2) and 10 * off > run and not explained


def wrong_duration(container: InputContainer, index: PacketIndex) -> JobWarning:
    """Returns the warning that says so."""
    run = index.grid.clock.seconds(index.grid.length)
    what = (
        f"declares a duration of {float(_declared(container)):.2f} s, but its picture runs {float(run):.2f} s"
    )
    return JobWarning("duration-wrong", what)
