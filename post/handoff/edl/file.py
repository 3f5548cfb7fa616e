"""Reads an EDL's text, and finds the rate that it counts in."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from post.atomic import read_bounded
from post.errors import SourceError
from post.handoff.edl.events import MOST_BYTES, EventList
from post.handoff.losses import Loss
from post.os_faults import reading
from post.values.time import Clock

RATES = (Fraction(24), Fraction(25), Fraction(30), Fraction(50), Fraction(60))
NTSC, NTSC_60 = Fraction(30000, 1001), Fraction(60000, 1001)


def edl_text(path: Path) -> str:
    """Returns the text of an EDL: UTF-8, else Windows's Western code page, in which older programs write names.

    Raises SourceError where it cannot be read, or is too large.
    """
    with reading(path):
        content = read_bounded(path, MOST_BYTES)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def guessed_rate(listed: EventList, asked: Clock | None, clock: Clock, where: str) -> tuple[Loss, ...]:
    """Returns that a list's rate was guessed, where nobody said it: a guess moves every cut if it is wrong."""
    if asked is not None or listed.rate is not None:
        return ()
    rate = f"{float(clock.rate):.5g} frames a second"
    why = f"the list does not say it: read as {rate}, the slowest that has its timecodes; if it is another, say --rate"
    return (Loss("frame rate", where, why),)


def clock_of(listed: EventList, asked: Clock | None, where: str) -> Clock:
    """Returns the clock that a list counts in: the asked one, else what a comment says, else the slowest usual rate
    that has all its frame numbers. asked: what the user or the job says, None where neither does.

    Raises SourceError for timecodes of no rate.
    """
    if asked is not None:
        return asked
    if listed.rate is not None:
        return Clock(listed.rate)
    times = [time for event in listed.events for time in (*event.source, *event.record)]
    most = max(int(time[9:]) for time in times)
    if any(event.drop for event in listed.events):
        return Clock(NTSC if most < 30 else NTSC_60)
    rate = next((rate for rate in RATES if most < rate), None)
    if rate is None:
        raise SourceError("timecodes of no usual rate", where=where, got=f"frame {most}", fix="say --rate")
    return Clock(rate)
