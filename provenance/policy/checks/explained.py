"""Finds what of a film stands still because its edit says so, in the actions of an intact manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from post.values.claim import Stretch
from provenance.crjson.manifest import as_list, as_mapping
from provenance.policy.check import PolicyInput, written_number

_STAGE = "org.answerprint."
# Stages that show one picture for a while: a card, a colour that is made, a slate.
_STANDING = ("card", "made", "slate", "graphic")
_NO_FREEZE = ("", "0", "0f", "0s")


def explained_stretches(given: PolicyInput) -> tuple[Stretch, ...]:
    """Returns the seconds in which a film's edit may show one picture: a freeze, a shot that is slowed to a stand, a
    card, a still. None of a film whose manifest is not intact."""
    if given.report.integrity != "intact":
        return ()
    return tuple(
        stretch
        for action in given.active.actions
        if _stands_still(as_mapping(action.get("parameters")))
        for stretch in _regions(action)
    )


def has_stills(given: PolicyInput) -> bool:
    """Returns whether an intact manifest names a still picture among the film's parts: it does not say where it is
    shown."""
    if given.report.integrity != "intact":
        return False
    kinds = (str(part.get("dc:format") or part.get("format") or "") for part in given.active.ingredients)
    return any(kind.startswith("image/") for kind in kinds)


def is_explained(stretch: Stretch, said: Sequence[Stretch], frame: Fraction) -> bool:
    """Returns whether stretches that the edit explains cover one, within a frame at each end. frame: its seconds."""
    at = stretch[0] + frame
    for start, stop in sorted(said):
        if start <= at < stop:
            at = stop
    return at >= stretch[1] - frame


def _stands_still(parameters: Mapping[str, Any]) -> bool:
    if any(str(key).startswith(tuple(f"{_STAGE}{name}." for name in _STANDING)) for key in parameters):
        return True
    freeze = str(parameters.get(f"{_STAGE}retime.freeze", ""))
    return freeze not in _NO_FREEZE or _stops(str(parameters.get(f"{_STAGE}retime.speed", "")))


def _stops(speed: str) -> bool:
    """Returns whether a speed, or a ramp of keys `time:speed[:ease]`, comes to a stand."""
    speeds = [key.split(":")[1] if ":" in key else key for key in speed.split(",")]
    return any(written_number(each) == 0 for each in speeds)


def _regions(action: Mapping[str, Any]) -> Iterator[Stretch]:
    """Yields the seconds that an action is about."""
    for change in as_list(action.get("changes")):
        for region in as_list(as_mapping(change).get("region")):
            time = as_mapping(as_mapping(region).get("time"))
            start, end = (written_number(str(time.get(name))) for name in ("start", "end"))
            if start is not None and end is not None:
                yield start, end
