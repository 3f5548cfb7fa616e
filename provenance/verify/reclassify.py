"""Corrects failures that the SDK reports as a changed file, where nothing shows that anything was changed.

Such a file does not pass: the failure is reported as "malformed", by the standard's own codes.
Source: C2PA 2.4, 18.5 (data hash), 18.7.2 (Merkle trees of films in segments), 15.2.2 (codes).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from post.errors import SourceError
from provenance.crjson.manifest import ManifestView, as_list, read_range
from provenance.formats import cbor, jumbf
from provenance.formats.bmff import read_layout
from provenance.formats.media_type import BMFF_FILMS
from provenance.verify.locate_manifest import LocatedManifest

_DIGESTS = ("sha256", "sha384", "sha512")
_MAX_EXCLUSIONS = 1_000
_BLOCK_BYTES = 1 << 20


def reclassify(located: LocatedManifest) -> LocatedManifest:
    """Returns the same, with the active manifest's failures under the codes that fit them."""
    reading = located.reading
    active = dict(reading.manifests[0])
    results = ManifestView(active).results
    failed = results.get("failure")
    if not isinstance(failed, list):
        return located
    corrected = [
        _correct(located, active, entry) if isinstance(entry, Mapping) else entry for entry in failed
    ]
    if corrected == failed:
        return located
    active["validationResults"] = {**results, "failure": corrected}
    manifests = [active, *reading.manifests[1:]]
    return replace(located, reading=replace(reading, crjson={**reading.crjson, "manifests": manifests}))


def _correct(
    located: LocatedManifest, active: Mapping[str, Any], entry: Mapping[str, Any]
) -> Mapping[str, Any]:
    rows: dict[str, tuple[Callable[[LocatedManifest, Mapping[str, Any]], bool], str, str]] = {
        "assertion.bmffHash.mismatch": (
            _is_init_segment,
            "assertion.bmffHash.malformed",
            "this is an initialisation segment alone: the hashes can be checked only with its media segments",
        ),
        "assertion.dataHash.mismatch": (
            _holds_as_stated,
            "assertion.dataHash.malformed",
            "what the hash covers is as it was signed, but it leaves out other bytes than the manifest's",
        ),
    }
    applies, code, why = rows.get(str(entry.get("code")), (None, "", ""))
    if applies is None or not applies(located, active):
        return entry
    return {**entry, "code": code, "explanation": why}


def _is_init_segment(located: LocatedManifest, active: Mapping[str, Any]) -> bool:
    """Whether the hash is of a film in segments, and no media segment is in this file."""
    if located.reading.media_type not in BMFF_FILMS:
        return False
    hashes = [
        data
        for label, data in ManifestView(active).assertions.items()
        if label.startswith("c2pa.hash.bmff") and isinstance(data, Mapping)
    ]
    trees = [each for data in hashes for each in data.get("merkle") or () if isinstance(each, Mapping)]
    if not trees or not all("initHash" in each for each in trees):
        return False
    try:
        with located.path.open("rb") as source:
            kinds = {box.kind for box in read_layout(source).boxes}
    except (OSError, SourceError):
        return False
    return not kinds & {"moof", "mdat"}


def _holds_as_stated(located: LocatedManifest, active: Mapping[str, Any]) -> bool:
    """Whether all bytes but those the assertion itself leaves out have the hash it states."""
    try:
        data = _data_hash(located, ManifestView(active).label)
        return data is not None and _digest(located.path, data) == data.get("hash")
    except (OSError, SourceError, TypeError, ValueError, KeyError):
        return False


def _data_hash(located: LocatedManifest, label: str) -> Mapping[str, Any] | None:
    """Reads the manifest's one data hash assertion; None where there is none, or more."""
    carried = [
        each for part in located.stores() for each in jumbf.read_manifests(part) if each.label == label
    ]
    held = [each.assertions["c2pa.hash.data"] for each in carried if "c2pa.hash.data" in each.assertions]
    item = cbor.decode(held[0].data) if len(held) == 1 else None
    return item if isinstance(item, dict) else None


def _digest(path: Path, data: Mapping[str, Any]) -> bytes:
    """Hashes a file but for the ranges a data hash leaves out. Raises ValueError where they make no sense."""
    kind = data.get("alg", "sha256")
    spans = sorted(map(read_range, as_list(data.get("exclusions"))))
    if kind not in _DIGESTS or len(spans) > _MAX_EXCLUSIONS:
        raise ValueError("the hash is of no kind known here")
    digest, at, size = hashlib.new(kind), 0, path.stat().st_size
    with path.open("rb") as source:
        for start, length in (*spans, (size, 0)):
            if start < at or start + length > size:
                raise ValueError("the exclusions overlap or lie outside the file")
            source.seek(at)
            while at < start:
                block = source.read(min(_BLOCK_BYTES, start - at))
                if not block:
                    raise ValueError("the file ended early")
                digest.update(block)
                at += len(block)
            at = start + length
    return digest.digest()
