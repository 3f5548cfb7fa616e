"""Takes pictures of what checks found: the part of a frame that each is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from post.errors import AnswerprintError
from post.report.marked_still import MarkedPart, marked_part
from post.values.claim import Ruling

MOST_PICTURES = 60  # of one film: a page stays one that can be sent


def evidence_parts(
    path: Path, rulings: Sequence[Ruling], call: Callable[..., MarkedPart]
) -> tuple[dict[int, MarkedPart], list[str]]:
    """Returns the pictures of those rulings that are about a part of the film, by their place in the list, and why
    others could not be made. call: calls a function in a worker, as the film may be anything.

    Rulings about the same part share a picture. A film has `MOST_PICTURES` at most; failures come before passes.
    """
    made: dict[tuple[object, ...], MarkedPart] = {}
    found, faults = dict[int, MarkedPart](), list[str]()
    for at in sorted(range(len(rulings)), key=lambda each: (rulings[each].verdict == "pass", each)):
        ruling = rulings[at]
        if ruling.frame is None and not ruling.at:
            continue
        key = (ruling.frame, ruling.box, ruling.at[0][0] if ruling.frame is None else None)
        if key not in made and len(made) < MOST_PICTURES:
            start = ruling.at[0][0] if ruling.at else Fraction(0)
            try:
                made[key] = call(marked_part, path, ruling.frame, start, ruling.box)
            except AnswerprintError as fault:
                faults.append(f"{ruling.id} has no picture: {fault}")
                continue
        if key in made:
            found[at] = made[key]
    return found, faults
