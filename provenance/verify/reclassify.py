"""Failures that the SDK names as a changed file, where nothing shows that anything was changed.

Neither passes: they are told as "malformed", by the standard's own codes, and nobody is accused.
Source: C2PA 2.4, 18.5 (data hash), 18.7.2 (Merkle trees of films in segments), 15.2.2 (codes).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from post.errors import SourceError
from provenance.formats import cbor, jumbf
from provenance.formats.bmff import read_layout
from provenance.formats.media_type import BMFF_FILMS
from provenance.verify.locate_manifest import Found

_DIGESTS = ("sha256", "sha384", "sha512")
_MOST_EXCLUSIONS = 1_000
_BLOCK = 1 << 20


def named_rightly(found: Found) -> Found:
    """The same, its active manifest's failures under the codes they deserve."""
    active = dict(found.reading.manifests[0])
    results = active.get("validationResults")
    failed = results.get("failure") if isinstance(results, Mapping) else None
    if not isinstance(failed, list):
        return found
    told = [_told(found, active, entry) if isinstance(entry, Mapping) else entry for entry in failed]
    if told == failed:
        return found
    active["validationResults"] = {**results, "failure": told}  # type: ignore[dict-item]  # a mapping: see above
    manifests = [active, *found.reading.manifests[1:]]
    return replace(
        found, reading=replace(found.reading, crjson={**found.reading.crjson, "manifests": manifests})
    )


def _told(found: Found, active: Mapping[str, Any], entry: Mapping[str, Any]) -> Mapping[str, Any]:
    rows: dict[str, tuple[Callable[[Found, Mapping[str, Any]], bool], str, str]] = {
        "assertion.bmffHash.mismatch": (
            _is_init,
            "assertion.bmffHash.malformed",
            "an initialisation segment alone: what was signed can be checked only with its media segments",
        ),
        "assertion.dataHash.mismatch": (
            _holds_as_stated,
            "assertion.dataHash.malformed",
            "what the hash covers is as it was signed, but it leaves out other bytes than the manifest's",
        ),
    }
    applies, code, why = rows.get(str(entry.get("code")), (None, "", ""))
    if applies is None or not applies(found, active):
        return entry
    return {**entry, "code": code, "explanation": why}


def _is_init(found: Found, active: Mapping[str, Any]) -> bool:
    """Whether the hash is of a film in segments, and none of them is in this file."""
    if found.reading.media_type not in BMFF_FILMS:
        return False
    assertions = active.get("assertions")
    hashes = [
        data
        for label, data in (assertions.items() if isinstance(assertions, Mapping) else ())
        if label.startswith("c2pa.hash.bmff") and isinstance(data, Mapping)
    ]
    trees = [each for data in hashes for each in data.get("merkle") or () if isinstance(each, Mapping)]
    if not trees or not all("initHash" in each for each in trees):
        return False
    try:
        with found.path.open("rb") as source:
            kinds = {box.kind for box in read_layout(source).boxes}
    except (OSError, SourceError):
        return False
    return not kinds & {"moof", "mdat"}


def _holds_as_stated(found: Found, active: Mapping[str, Any]) -> bool:
    """Whether all bytes but those the assertion itself leaves out have the hash it states."""
    try:
        data = _data_hash(found, str(active.get("label", "")))
        return data is not None and _digest(found.path, data) == data.get("hash")
    except (OSError, SourceError, TypeError, ValueError, KeyError):
        return False


def _data_hash(found: Found, label: str) -> Mapping[str, Any] | None:
    carried = [each for part in found.stores() for each in jumbf.read_manifests(part) if each.label == label]
    held = [each.assertions["c2pa.hash.data"] for each in carried if "c2pa.hash.data" in each.assertions]
    item = cbor.decode(held[0].data) if len(held) == 1 else None
    return item if isinstance(item, dict) else None


def _digest(path: Path, data: Mapping[str, Any]) -> bytes:
    """Raises ValueError where the exclusions make no sense."""
    kind = data.get("alg", "sha256")
    spans = sorted((int(each["start"]), int(each["length"])) for each in data.get("exclusions") or ())
    if kind not in _DIGESTS or len(spans) > _MOST_EXCLUSIONS:
        raise ValueError("a hash of no kind known here")
    made, at, size = hashlib.new(kind), 0, path.stat().st_size
    with path.open("rb") as source:
        for start, length in (*spans, (size, 0)):
            if start < at or length < 0 or start + length > size:
                raise ValueError("exclusions that overlap or lie outside the file")
            source.seek(at)
            while at < start:
                block = source.read(min(_BLOCK, start - at))
                if not block:
                    raise ValueError("the file ended early")
                made.update(block)
                at += len(block)
            at = start + length
    return made.digest()
