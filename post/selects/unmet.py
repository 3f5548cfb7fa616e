"""Shows the rules of a brief that a take breaks, each with the frame that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from post.errors import SourceError
from post.report.contact_sheet import Still, pack_still
from post.report.marked_still import draw_box
from post.selects.measured import MeasuredTake
from post.takes.still import read_stills
from post.values.claim import OPEN, Ruling

AREA = 320 * 180
WORDS = {"fail": "broken", "needs_human": "for a person", "cannot_check": "not measured"}


@dataclass(frozen=True, slots=True)
class UnmetRule:
    """A rule of the brief that a take breaks, or that a person has to decide. word: which of them; still: the frame
    that shows it, None where there is none."""

    id: str
    word: str
    measured: str
    required: str
    still: Still | None


def unmet_rules(take: MeasuredTake) -> tuple[UnmetRule, ...]:
    """Returns the rules that a take breaks, then those that are open."""
    return tuple(_broken(take))


def _broken(take: MeasuredTake) -> Iterator[UnmetRule]:
    found = [*take.broken, *(each for each in take.rulings if each.verdict in OPEN)]
    for ruling in found:
        yield UnmetRule(
            ruling.id, WORDS[ruling.verdict], ruling.measured, ruling.threshold, _still(take, ruling)
        )


def _still(take: MeasuredTake, ruling: Ruling) -> Still | None:
    """Returns the frame that a ruling is about, with its box; None where it has none, or it cannot be read."""
    picture = take.take.picture
    if ruling.frame is None or ruling.verdict != "fail":
        return None
    try:
        [(_, image)] = read_stills(take.take.file.here, picture, [ruling.frame], AREA)
    except SourceError:
        return None
    if ruling.box:
        draw_box(image, ruling.box, *(float(side) for side in picture.shown))
    return pack_still(image)
