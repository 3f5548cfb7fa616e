"""Groups takes by what they were made to show, and finds what varies inside each group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from post.job.model import Beat, TakeRef
from post.selects.cells import MissingTake, missing_takes
from post.values import Take
from provenance.record import FIELDS, merge

# What each run has of its own: it tells no choice that somebody made.
_OF_A_RUN = frozenset(
    ("job_id", "created", "completed", "cost", "duration", "size", "operator", "visible_mark")
)
UNSAID = ""  # of a field that a take's record does not have


@dataclass(frozen=True, slots=True)
class Varied:
    """A field of the generator records that is not the same in all takes of a group. values: each once, in the order
    of the takes; UNSAID where a record does not have it."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakeGroup:
    """Takes of the same thing. beat: of the brief, "" where it has none; says: what it tells, or the prompt that the
    takes share; names: of the takes, in the job's order; varies: the fields in which they
    differ; missing: takes that its beat lacks."""

    beat: str
    says: str
    names: tuple[str, ...]
    varies: tuple[Varied, ...]
    missing: tuple[MissingTake, ...] = ()

    @property
    def dimension(self) -> str:
        """What varies, in words: "by seed: 11, 12, 14"; "" for one take."""
        if len(self.names) < 2:
            return ""
        if not self.varies:
            return "nothing that is recorded varies"
        return "; ".join(f"by {each.field}: {', '.join(map(_short, each.values))}" for each in self.varies)


def group_takes(takes: Sequence[tuple[TakeRef, Take]], beats: Sequence[Beat]) -> tuple[TakeGroup, ...]:
    """Returns the takes by beat, in the brief's order, then the others by equal prompts, or alone.

    A beat without a take is a group without one: it is what is still to be made.
    """
    records = {ref.name: {**_record(ref, take), **dict(ref.tags)} for ref, take in takes}
    said = {beat.id: beat.says for beat in beats}
    named: dict[str, list[str]] = {beat.id: [] for beat in beats}
    alike: dict[str, list[str]] = {}
    for ref, _ in takes:
        if ref.beat:
            named.setdefault(ref.beat, []).append(ref.name)
        else:
            prompt = " ".join(records[ref.name].get("prompt", "").split())
            # No prompt has this letter: a take without one stands alone.
            alike.setdefault(prompt or f"\0{ref.name}", []).append(ref.name)
    missing = missing_takes(takes, beats)
    groups = [
        replace(_group(beat, said.get(beat, ""), names, records), missing=missing.get(beat, ()))
        for beat, names in named.items()
    ]
    groups += [
        _group("", prompt if not prompt.startswith("\0") else "", names, records)
        for prompt, names in alike.items()
    ]
    return tuple(groups)


def _group(beat: str, says: str, names: Sequence[str], records: Mapping[str, Mapping[str, str]]) -> TakeGroup:
    return TakeGroup(beat, says, tuple(names), tuple(_varied([records[name] for name in names])))


def _record(ref: TakeRef, take: Take) -> dict[str, str]:
    """Returns each field of a take's record with its value; the values of sources that contradict, one after the
    other."""
    rows: dict[str, dict[str, None]] = {}
    for field, value, _ in merge(ref.record, take.record):
        if field not in _OF_A_RUN:
            rows.setdefault(field, {})[value.strip()] = None
    return {field: " | ".join(values) for field, values in rows.items()}


def _varied(records: Sequence[Mapping[str, str]]) -> Iterable[Varied]:
    """Yields the fields that are not the same in all records, those that have a meaning here first."""
    named = dict.fromkeys(field for record in records for field in record)
    order = {field: place for place, field in enumerate(FIELDS)}
    for field in sorted(named, key=lambda each: order.get(each, len(order))):
        values = tuple(dict.fromkeys(record.get(field, UNSAID) for record in records))
        if len(values) > 1:
            yield Varied(field, values)


def _short(value: str) -> str:
    line = " ".join(value.split())
    if not line:
        return "not said"
    return line if len(line) <= 40 else f"{line[:37]}..."
