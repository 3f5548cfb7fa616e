"""Maps where a film was changed, in seconds, by a blocks assertion that itself still holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from post.errors import SourceError
from post.values.claim import Finding
from provenance.blocks import hashing
from provenance.blocks.hashing import Seconds
from provenance.crjson.manifest import ManifestView
from provenance.manifest import Reading

_MAX_BOXES = 50


@dataclass(frozen=True, slots=True)
class TamperMap:
    """Where a film was changed. seconds: (from, to) on its own clock; findings: about the rest of the file."""

    seconds: tuple[Seconds, ...] = ()
    findings: tuple[Finding, ...] = ()


def map_changes(path: Path, reading: Reading) -> TamperMap:
    """Compares a film with its signed block hashes; an empty map where no such hashes hold."""
    signed = _signed_blocks(reading)
    if signed is None:
        return TamperMap()
    try:
        changes, boxes = hashing.find_changed_blocks(path, signed), hashing.find_changed_boxes(path, signed)
    except SourceError as exc:
        return TamperMap((), (Finding("blocks.unreadable", "integrity", str(path), str(exc)),))
    return TamperMap(hashing.merge_seconds(changes), tuple(_findings(changes, boxes)))


def _findings(changes: Sequence[hashing.ChangedBlock], boxes: Sequence[str]) -> Iterator[Finding]:
    for change in changes:
        if change.shown is None:
            where = f"mdat {change.mdat}, block {change.block}"
            yield Finding("blocks.changed", "integrity", where, "changed, and no frame or sound is in it")
    for box in boxes[:_MAX_BOXES]:
        yield Finding("box.changed", "integrity", box, "not as it was signed")
    if not changes:
        why = "the bytes of picture and sound are as they were signed; the change is outside them"
        yield Finding("blocks.intact", "integrity", "mdat", why)


def _signed_blocks(reading: Reading) -> Mapping[str, Any] | None:
    """Returns the blocks assertion, where its hash matches and the claim's signature holds."""
    active = ManifestView(reading.manifests[0])
    data = active.assertions.get(hashing.LABEL)
    matching = {
        str(entry.get("url", "")).rpartition("/")[2]
        for entry in active.entries("success")
        if entry["code"] == "assertion.hashedURI.match"
    }
    holds = "claimSignature.validated" in active.codes("success") and hashing.LABEL in matching
    return data if holds and isinstance(data, Mapping) else None
