"""Counts the faces that are seen at once."""

from __future__ import annotations

from post.brief.footage import Footage
from post.brief.found import asks, blind
from post.job.brief.picture_checks import PeopleCheck
from provenance.policy.check import CheckOutcome

MISSING = "no finder of faces is installed (the extra `faces`)"


def judge_people(check: PeopleCheck, footage: Footage) -> CheckOutcome:
    """Judges how many faces are seen at once. Too many fail; too few are for a person, as faces are missed that are
    turned away or small."""
    low = f"at least {check.least} once" if check.least is not None else ""
    high = f"at most {check.most} at once" if check.most is not None else ""
    required = f"faces: {', '.join(filter(None, (low, high)))}"
    if footage.faces is None:
        return asks(MISSING, required)
    counts = [(sum(sure >= check.sure for sure in each.sure), each.frame) for each in footage.faces]
    if not counts:
        return blind("no frame could be looked at", required)
    most, frame = max(counts, key=lambda each: (each[0], -each[1]))
    found = f"up to {most} faces at once"
    evidence = f"{len(counts)} frames looked at; a face counts from {check.sure:g} on"
    at = (footage.seconds(frame),)
    if check.most is not None and most > check.most:
        return CheckOutcome("fail", found, required, evidence, at, frame=frame)
    if check.least is not None and most < check.least:
        return CheckOutcome("needs_human", found, required, evidence, at, frame=frame)
    return CheckOutcome("pass", found, required, evidence, at, frame=frame)
