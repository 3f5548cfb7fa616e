"""Where a film was changed: seconds, where a blocks assertion that itself still holds can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from post.errors import SourceError
from post.values.claim import Finding
from provenance.blocks import hashing
from provenance.blocks.hashing import Seconds
from provenance.crjson import status
from provenance.manifest import Reading


@dataclass(frozen=True, slots=True)
class Located:
    seconds: tuple[Seconds, ...] = ()
    findings: tuple[Finding, ...] = ()


NOWHERE = Located()
_MOST_BOXES = 50


def located(path: Path, reading: Reading) -> Located:
    """The seconds that were changed, and what else of the file was or was not."""
    signed = _signed_blocks(reading)
    if signed is None:
        return NOWHERE
    try:
        found, boxes = hashing.find_changed_blocks(path, signed), hashing.find_changed_boxes(path, signed)
    except SourceError as exc:
        return Located((), (Finding("blocks.unreadable", "integrity", str(path), str(exc)),))
    return Located(hashing.merge_seconds(found), tuple(_notes(found, boxes)))


def _notes(found: Sequence[hashing.ChangedBlock], boxes: Sequence[str]) -> Iterator[Finding]:
    for change in found:
        if change.shown is None:
            where = f"mdat {change.mdat}, block {change.block}"
            yield Finding("blocks.changed", "integrity", where, "changed, and never shown")
    for box in boxes[:_MOST_BOXES]:
        yield Finding("box.changed", "integrity", box, "not as it was signed")
    if not found:
        why = "the bytes of picture and sound are as signed; what was changed lies outside them"
        yield Finding("blocks.intact", "integrity", "mdat", why)


def _signed_blocks(reading: Reading) -> Mapping[str, Any] | None:
    active = reading.manifests[0]
    assertions = active.get("assertions")
    data = assertions.get(hashing.LABEL) if isinstance(assertions, Mapping) else None
    good = status.read_entries(active.get("validationResults"), "success")
    held = {
        str(entry.get("url", "")).rpartition("/")[2]
        for entry in good
        if entry["code"] == "assertion.hashedURI.match"
    }
    signed = "claimSignature.validated" in status.codes_of(good) and hashing.LABEL in held
    return data if signed and isinstance(data, Mapping) else None
