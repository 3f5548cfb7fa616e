"""Reads a file's manifests with the SDK. Nothing here reaches the network."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, Literal

from post.atomic import open_regular
from post.errors import SourceError
from post.os_faults import retry_of
from provenance.formats import limits
from provenance.formats.media_type import detect_media_type
from provenance.manifest.sdk_callbacks import CallbackGuard, GuardedFile
from provenance.manifest.sidecar import find_sidecar, read_sidecar

# found: there is a manifest, valid or not; absent: there is none; unsupported: this kind of file cannot carry
# one that the SDK reads; unreadable: there is something, and it cannot be parsed.
Outcome = Literal["found", "absent", "unsupported", "unreadable"]
# Where the manifest is. remote: the file names an address, which was not fetched.
StoreOrigin = Literal["", "embedded", "sidecar", "remote"]

# How the SDK says that a file names an address and carries no manifest. Its error has no class of its own.
_REMOTE = re.compile(r"Remote: .* url (?P<url>\S{1,2048})")


@dataclass(frozen=True)
class Reading:
    """What the SDK read from a file.

    state: "Trusted", "Valid" or "Invalid", "" where no manifest was found; crjson: the standard's own JSON of
    all manifests (C2PA 2.4, crJSON); why: the reason of any other outcome than found; remote_url: the address
    that a file without a manifest names, which may be any text.
    """

    outcome: Outcome
    media_type: str
    state: str = ""
    crjson: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    source: StoreOrigin = ""
    remote_url: str = ""

    @property
    def manifests(self) -> tuple[Mapping[str, Any], ...]:
        """All manifests in crJSON, the active one first."""
        return tuple(item for item in self.crjson.get("manifests", ()) if isinstance(item, dict))


def read(path: Path, anchors_pem: str, sidecar: Path | None = None) -> Reading:
    """Reads a file's manifests, validated under trust anchors.

    anchors_pem: certificates, "" to trust nobody; sidecar: a manifest to read the file by, instead of its own.
    Without one, a file that carries no manifest, or cannot, is read by NAME.c2pa beside it.
    Raises SourceError if a file cannot be opened.
    """
    try:
        with open_regular(path) as source:
            kind = detect_media_type(source, path)
            if sidecar is not None:
                return read_stream(source, kind, anchors_pem, read_sidecar(sidecar))
            found = read_stream(source, kind, anchors_pem)
            beside = find_sidecar(path) if found.outcome in ("absent", "unsupported") else None
            if beside is None:
                return found
            source.seek(0)
            again = read_stream(source, kind, anchors_pem, read_sidecar(beside))
            return replace(again, remote_url=found.remote_url)
    except OSError as exc:
        raise (
            retry_of(exc, str(path))
            or SourceError("the file cannot be read", where=str(path), got=exc.strerror)
        ) from exc


def read_stream(source: BinaryIO, kind: str, anchors_pem: str, store: bytes | None = None) -> Reading:
    """Reads the manifests of an open file of a media type, as `read` does.

    store: a manifest store from beside the file.
    """
    return read_under(build_settings(anchors_pem), source, kind, store)


def read_under(settings: dict[str, Any], source: BinaryIO, kind: str, store: bytes | None = None) -> Reading:
    """Reads the manifests of an open file, under settings of the SDK. store: from beside the file."""
    return _read(settings, source, kind, store)


def read_fragment(settings: dict[str, Any], init: BinaryIO, segment: BinaryIO, kind: str) -> Reading:
    """Reads one media segment by the manifest in its initialisation segment, under settings of the SDK."""
    return _read(settings, init, kind, segment=segment)


def _read(
    settings: dict[str, Any],
    source: BinaryIO,
    kind: str,
    store: bytes | None = None,
    segment: BinaryIO | None = None,
) -> Reading:
    import c2pa

    guard = CallbackGuard()
    try:
        limits.check_limits(source, kind)
        if store is not None:
            limits.check_store_limits(store)
    except SourceError as exc:
        return Reading("unreadable", kind, why=str(exc))
    try:
        with (
            guard.catch_interrupt(),
            c2pa.Context.from_dict(settings) as context,
            c2pa.Reader(kind, GuardedFile(source, guard), store, context=context) as reader,
        ):
            if segment is not None:
                source.seek(0)
                reader.with_fragment(kind, GuardedFile(source, guard), GuardedFile(segment, guard))
            crjson: dict[str, Any] = json.loads(reader.crjson())
            where: StoreOrigin = "embedded" if store is None else "sidecar"
            return Reading("found", kind, str(reader.get_validation_state()), crjson, source=where)
    except c2pa.C2paError as exc:
        guard.reraise()
        return _without_manifest(exc, kind)


def build_settings(anchors_pem: str, *, identities: bool = False) -> dict[str, Any]:
    """Returns the SDK's settings to read under.

    identities: whether the anchors vouch for organisations (CAWG) as well. A film that names one whom no
    anchor vouches for is "Valid" instead of "Trusted".
    """
    trust: dict[str, Any] = {"trust_anchors": anchors_pem} if anchors_pem else {}
    if identities:
        trust["anchors"] = [{"trust_anchors": anchors_pem, "trust_uri": "identity", "trust_kind": "cawg"}]
    return {
        "version": 1,
        "trust": trust,
        "core": {"allowed_network_hosts": []},
        "verify": {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
    }


def _without_manifest(exc: Exception, kind: str) -> Reading:
    """Returns the reading of a file for which the SDK raised an error."""
    import c2pa

    named = _REMOTE.match(str(exc))
    if named is not None:
        why = "the manifest is at a remote address, and was not fetched"
        return Reading("absent", kind, why=why, source="remote", remote_url=named["url"])
    kinds: tuple[tuple[Any, Outcome], ...] = (
        (c2pa.C2paError.ManifestNotFound, "absent"),
        (c2pa.C2paError.NotSupported, "unsupported"),
    )
    outcome: Outcome = next((found for each, found in kinds if isinstance(exc, each)), "unreadable")
    return Reading(outcome, kind, why=str(exc))
