"""Manifests read: what a file's credentials say. Nothing here ever reaches the network."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, Literal

from post.errors import SourceError
from provenance.formats import limits
from provenance.formats.media_type import media_type
from provenance.manifest.sdk_callbacks import Kept, Watch
from provenance.manifest.sidecar import beside, read_store

# found: there is a manifest, for better or worse; absent: there is none; unsupported: the kind of file
# cannot carry one that we can read; unreadable: there is something, and it cannot be made sense of.
Outcome = Literal["found", "absent", "unsupported", "unreadable"]
# Where the manifest lies; remote: at an address, and nothing was fetched.
Source = Literal["", "embedded", "sidecar", "remote"]

# How the SDK says that a file names an address and carries nothing itself.
_REMOTE = re.compile(r"Remote: .* url (?P<url>\S{1,2048})")


@dataclass(frozen=True)
class Reading:
    """What the SDK made of a file. state: "Trusted", "Valid", "Invalid", or "" where nothing was found;
    crjson: the standard's own JSON of all manifests (C2PA 2.4, crJSON); why: of anything but found;
    remote_url: the address a file without a manifest names, which may say anything."""

    outcome: Outcome
    media_type: str
    state: str = ""
    crjson: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    source: Source = ""
    remote_url: str = ""

    @property
    def manifests(self) -> tuple[Mapping[str, Any], ...]:
        """All manifests, the active one first."""
        return tuple(item for item in self.crjson.get("manifests", ()) if isinstance(item, dict))


def read(path: Path, anchors_pem: str, sidecar: Path | None = None) -> Reading:
    """What a file's credentials say, validated against trust anchors (PEM; "" trusts nobody).

    sidecar: a manifest to read the file by, instead of its own; where none is named and the file carries
    none, NAME.c2pa beside it. Raises SourceError where a file cannot be opened.
    """
    try:
        with path.open("rb") as source:
            kind = media_type(source, path)
            if sidecar is not None:
                return read_stream(source, kind, anchors_pem, read_store(sidecar))
            found = read_stream(source, kind, anchors_pem)
            if found.outcome != "absent" or not beside(path).is_file():
                return found
            source.seek(0)
            kept = read_stream(source, kind, anchors_pem, read_store(beside(path)))
            return replace(kept, remote_url=found.remote_url)
    except OSError as exc:
        raise SourceError("the file cannot be read", where=str(path), got=exc.strerror) from exc


def read_stream(source: BinaryIO, kind: str, anchors_pem: str, store: bytes | None = None) -> Reading:
    """As `read`, of an open file of a media type. store: a manifest store from beside the file."""
    return read_under(settings(anchors_pem), source, kind, store)


def read_under(told: dict[str, Any], source: BinaryIO, kind: str, store: bytes | None = None) -> Reading:
    """As `read_stream`, under settings of its own."""
    import c2pa

    watch = Watch()
    where: Source = "embedded" if store is None else "sidecar"
    try:
        limits.check(source, kind)
        if store is not None:
            limits.check_store(store)
    except SourceError as exc:
        return Reading("unreadable", kind, why=str(exc))
    try:
        with (
            watch.heard(),
            c2pa.Context.from_dict(told) as context,
            c2pa.Reader(kind, Kept(source, watch), store, context=context) as reader,
        ):
            found: dict[str, Any] = json.loads(reader.crjson())
            return Reading("found", kind, str(reader.get_validation_state()), found, source=where)
    except c2pa.C2paError as exc:
        watch.reraise()
        return _without(exc, kind)


def read_fragment(told: dict[str, Any], init: BinaryIO, segment: BinaryIO, kind: str) -> Reading:
    """What the credentials in an initialisation segment say of one media segment, under settings."""
    import c2pa

    watch = Watch()
    try:
        limits.check(init, kind)
    except SourceError as exc:
        return Reading("unreadable", kind, why=str(exc))
    try:
        with (
            watch.heard(),
            c2pa.Context.from_dict(told) as context,
            c2pa.Reader(kind, Kept(init, watch), context=context) as reader,
        ):
            init.seek(0)
            reader.with_fragment(kind, Kept(init, watch), Kept(segment, watch))
            found: dict[str, Any] = json.loads(reader.crjson())
            return Reading("found", kind, str(reader.get_validation_state()), found, source="embedded")
    except c2pa.C2paError as exc:
        watch.reraise()
        return _without(exc, kind)


def settings(anchors_pem: str, *, identities: bool = False) -> dict[str, Any]:
    """The SDK's settings under which everything is read. identities: whether those on the lists are
    believed who an organisation is, besides; whoever is not drops a film from "Trusted" to "Valid"."""
    told: dict[str, Any] = {"trust_anchors": anchors_pem} if anchors_pem else {}
    if identities:
        told["anchors"] = [{"trust_anchors": anchors_pem, "trust_uri": "identity", "trust_kind": "cawg"}]
    return {
        "version": 1,
        "trust": told,
        "core": {"allowed_network_hosts": []},
        "verify": {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
    }


def _without(exc: Exception, kind: str) -> Reading:
    import c2pa

    named = _REMOTE.match(str(exc))
    if named is not None:
        why = "the manifest lies at a remote address, and was not fetched"
        return Reading("absent", kind, why=why, source="remote", remote_url=named["url"])
    kinds: tuple[tuple[Any, Outcome], ...] = (
        (c2pa.C2paError.ManifestNotFound, "absent"),
        (c2pa.C2paError.NotSupported, "unsupported"),
    )
    outcome: Outcome = next((said for each, said in kinds if isinstance(exc, each)), "unreadable")
    return Reading(outcome, kind, why=str(exc))
