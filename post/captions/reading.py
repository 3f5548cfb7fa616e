"""Ends the reading of every caption file alike: order, times that end before they begin, faults and what is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from post.captions.model import Caption, CaptionTrack
from post.captions.runs import in_order
from post.errors import JobError, Problems

MOST_CAPTIONS, MOST_LOST = 200_000, 200


def track_of(
    captions: Iterable[Caption],
    where: str,
    lost: Iterable[str] = (),
    *,
    faults: Sequence[JobError] = (),
    lenient: bool = False,
    language: str = "",
) -> CaptionTrack:
    """Returns the track of one file. where: its name; faults: what of it cannot be read.

    lenient: faults are listed in `lost`, and captions that last no time are left out. Without it, Problems names all.
    """
    shown, problems = list[Caption](), list(faults)
    for each in captions:
        if each.start < each.stop:
            shown.append(each)
        else:
            problems.append(_no_time(each))
    if len(shown) > MOST_CAPTIONS:
        raise JobError("too many captions", where=where, expected=f"{MOST_CAPTIONS} at most", got=len(shown))
    if problems and not lenient:
        raise Problems(problems)
    words = list(dict.fromkeys((*map(str, problems), *lost)))
    if len(words) > MOST_LOST:
        words = [*words[:MOST_LOST], f"{where}: {len(words) - MOST_LOST} more of this file"]
    return CaptionTrack(in_order(shown), language, tuple(words))


def _no_time(caption: Caption) -> JobError:
    return JobError(
        "this caption ends before it begins"
        if caption.stop < caption.start
        else "this caption lasts no time",
        where=caption.where,
        expected=f"an end after {float(caption.start):.3f} s",
        got=f"{float(caption.stop):.3f} s",
    )
