"""The implicit label of China's GB 45438-2025 (Annex E): who generated a work, who passed it on.

In MP4 and MOV it is JSON under the key `AIGC` in moov/udta/meta (TC260-PG-20257A). There is one copy in
a file (6.1 c), and it is not to be removed (Measures for Labeling, article 10).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from post.errors import JobError
from provenance.record.strict_json import read_bytes

KEY = "AIGC"
# Annex E: 1 generated, 2 possibly, 3 suspected.
LABELS = ("1", "2", "3")
_NAMES = {
    "label": "Label",
    "producer": "ContentProducer",
    "produce_id": "ProduceID",
    "reserved1": "ReservedCode1",
    "propagator": "ContentPropagator",
    "propagate_id": "PropagateID",
    "reserved2": "ReservedCode2",
}
_ROW = "AIGC "  # how its fields begin in a take's record
_LONGEST = 4096  # ReservedCode1 may hold a signature (TC260-PG-202511A)


@dataclass(frozen=True, slots=True)
class Aigc:
    """One label. producer, propagator: service providers by code or name; their ids: of this content."""

    label: str = "1"
    producer: str = ""
    produce_id: str = ""
    reserved1: str = ""
    propagator: str = ""
    propagate_id: str = ""
    reserved2: str = ""

    def json(self) -> str:
        """The label as it is written."""
        return json.dumps({_NAMES[name]: getattr(self, name) for name in _NAMES}, ensure_ascii=False)

    def rows(self) -> tuple[tuple[str, str, str], ...]:
        """What it says, as a take's record: a claim of the container."""
        told = ((f"{_ROW}{_NAMES[name]}", getattr(self, name)) for name in _NAMES)
        return tuple((field, value, "container-claimed") for field, value in told if value)


def parsed(text: str) -> Aigc | None:
    """The label in a tag; None where it is none."""
    try:
        found = read_bytes(text.encode("utf-8", "replace"), KEY)
    except JobError:
        return None
    if not isinstance(found, dict) or _NAMES["label"] not in found:
        return None
    said = {name: found.get(key) for name, key in _NAMES.items()}
    return Aigc(
        **{name: str(value)[:_LONGEST] for name, value in said.items() if isinstance(value, str | int)}
    )


def said_of(record: Iterable[Sequence[str]]) -> Aigc | None:
    """The label in a take's record; None where it carries none."""
    said = {field.removeprefix(_ROW): value for field, value, _ in record if field.startswith(_ROW)}
    found = {name: said[key] for name, key in _NAMES.items() if key in said}
    return Aigc(**found) if "label" in found else None


def check(own: Aigc, where: str) -> None:
    """Raises JobError where a label of our own is not as the standard writes it."""
    if own.label not in LABELS:
        raise JobError("no AIGC label", where=f"{where}.label", expected=" | ".join(LABELS), got=own.label)
    for name in _NAMES:
        value: str = getattr(own, name)
        # Annex E: visible ASCII
        if not all("\x21" <= letter <= "\x7e" for letter in value) or len(value) > _LONGEST:
            raise JobError(
                "not as the AIGC label is written",
                where=f"{where}.{name}",
                expected="letters, digits and signs of ASCII, without spaces",
                got=repr(value)[:80],
            )


def of_film(own: Aigc | None, carried: Iterable[Aigc], content_id: str) -> Aigc | None:
    """The one label of a film made by `own` out of clips that carried some; None where there is nothing
    to say. content_id: of this film, where `own` gives none.

    Clips of one producer and id stay that producer's content, which we pass on. Out of several, something
    new was made: ours, or, where the job names nobody, still labelled as its first clip was.
    """
    found = list(dict.fromkeys((each.producer, each.produce_id, each) for each in carried))
    sources = {(producer, number) for producer, number, _ in found}
    if not found:
        return replace(own, produce_id=own.produce_id or content_id) if own else None
    first = found[0][2]
    if own is None:
        return first
    if len(sources) > 1:
        return replace(own, produce_id=own.produce_id or content_id)
    return replace(
        first,
        propagator=own.propagator or own.producer,
        propagate_id=own.propagate_id or own.produce_id or content_id,
        reserved2=own.reserved2,
    )
