"""Reads, checks and merges China's AIGC label: who generated a work, and who passed it on.

In MP4 and MOV the label is JSON under the key `AIGC` in moov/udta/meta (TC260-PG-20257A). There is one copy in
a file (6.1 c), and it must not be removed (Measures for Labeling, article 10).
Source: GB 45438-2025, Annex E (implicit label).
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
_ROW = "AIGC "  # the prefix of its fields in a take's record
_MAX_CHARACTERS = 4096  # ReservedCode1 may hold a signature (TC260-PG-202511A)


@dataclass(frozen=True, slots=True)
class AigcLabel:
    """One label. producer, propagator: codes or names of service providers; produce_id, propagate_id: their ids
    of this content; reserved1, reserved2: codes of their own, such as signatures."""

    label: str = "1"
    producer: str = ""
    produce_id: str = ""
    reserved1: str = ""
    propagator: str = ""
    propagate_id: str = ""
    reserved2: str = ""

    def json(self) -> str:
        """Returns the label as it is written into a file."""
        return json.dumps({_NAMES[name]: getattr(self, name) for name in _NAMES}, ensure_ascii=False)

    def rows(self) -> tuple[tuple[str, str, str], ...]:
        """Returns the label as rows of a take's record: (field, value, "container-claimed")."""
        values = ((f"{_ROW}{_NAMES[name]}", getattr(self, name)) for name in _NAMES)
        return tuple((field, value, "container-claimed") for field, value in values if value)


def parse(text: str) -> AigcLabel | None:
    """Returns the label in a tag's text; None where the text is no label.

    Values that are neither text nor whole numbers are left out. Without a value of `Label` it is no label.
    """
    try:
        found = read_bytes(text.encode("utf-8", "replace"), KEY)
    except JobError:
        return None
    if not isinstance(found, dict):
        return None
    held = {name: found.get(key) for name, key in _NAMES.items()}
    values = {
        name: str(value)[:_MAX_CHARACTERS]
        for name, value in held.items()
        if isinstance(value, str | int) and not isinstance(value, bool)  # Python's bools are whole numbers
    }
    return AigcLabel(**values) if "label" in values else None


def from_record(record: Iterable[Sequence[str]]) -> AigcLabel | None:
    """Returns the label in a take's record, rows of (field, value, source); None where it has none."""
    values = {field.removeprefix(_ROW): value for field, value, _ in record if field.startswith(_ROW)}
    found = {name: values[key] for name, key in _NAMES.items() if key in values}
    return AigcLabel(**found) if "label" in found else None


def check_label(own: AigcLabel, where: str) -> None:
    """Checks a label of our own against the standard. Raises JobError. where: its key in the job."""
    if own.label not in LABELS:
        raise JobError(
            "an unknown AIGC label", where=f"{where}.label", expected=" | ".join(LABELS), got=own.label
        )
    for name in _NAMES:
        value: str = getattr(own, name)
        # Annex E: visible ASCII
        if not all("\x21" <= letter <= "\x7e" for letter in value) or len(value) > _MAX_CHARACTERS:
            raise JobError(
                "a value that an AIGC label cannot have",
                where=f"{where}.{name}",
                expected="letters, digits and signs of ASCII, without spaces",
                got=repr(value)[:80],
                fix="leave out what is not one, as in Studio7",
            )


def merge_labels(own: AigcLabel | None, carried: Iterable[AigcLabel], content_id: str) -> AigcLabel | None:
    """Returns the one label of a film; None where neither the job nor a clip has one.

    own: the job's; carried: the labels of the clips; content_id: of this film, where `own` has no id.
    Clips that all have one producer and id stay that producer's content, which we propagate. Clips of several
    producers make new content: our own, or, where the job names no producer, with the label of the first clip.
    """
    labels = tuple(carried)
    if not labels:
        return replace(own, produce_id=own.produce_id or content_id) if own else None
    first = labels[0]
    if own is None:
        return first
    if len({(each.producer, each.produce_id) for each in labels}) > 1:
        return replace(own, produce_id=own.produce_id or content_id)
    return replace(
        first,
        propagator=own.propagator or own.producer,
        propagate_id=own.propagate_id or own.produce_id or content_id,
        reserved2=own.reserved2,
    )
