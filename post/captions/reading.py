"""Ends the reading of every caption file alike: order, times that end before they begin, faults and what is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from post.captions.model import Caption, CaptionTrack
from post.captions.runs import in_order
from post.errors import JobError, Problems

MOST_CAPTIONS, MOST_LOST, MOST_FAULTS = 50_000, 200, 50
LONGEST_TEXT = 10_000  # letters of one caption, with its tags


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
    if not lenient:
        refuse(problems, where)
    words = list(dict.fromkeys((*map(str, problems), *lost)))
    if len(words) > MOST_LOST:
        words = [*words[:MOST_LOST], f"{where}: {len(words) - MOST_LOST} more of this file"]
    return CaptionTrack(in_order(shown), language, tuple(words))


def refuse(faults: Sequence[JobError], where: str) -> None:
    """Raises Problems with the first of these faults, and how many more there are; nothing where there is none."""
    if len(faults) > MOST_FAULTS:
        more = JobError(f"{len(faults) - MOST_FAULTS} more places of this file cannot be read", where=where)
        raise Problems([*faults[:MOST_FAULTS], more])
    if faults:
        raise Problems(faults)


def check_length(text: str, place: str) -> None:
    """Raises JobError where the text of one caption is longer than any that is shown. place: "file:line"."""
    if len(text) > LONGEST_TEXT:
        raise JobError(
            "this caption is too long", where=place, expected=f"{LONGEST_TEXT} letters at most", got=len(text)
        )


def _no_time(caption: Caption) -> JobError:
    return JobError(
        "this caption ends before it begins"
        if caption.stop < caption.start
        else "this caption lasts no time",
        where=caption.where,
        expected=f"an end after {float(caption.start):.3f} s",
        got=f"{float(caption.stop):.3f} s",
    )
