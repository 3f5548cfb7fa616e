"""Manifests read: what a file's credentials say. Nothing here ever reaches the network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

from post.errors import SourceError
from provenance.manifest.callback import Kept, Watch
from provenance.media_type import media_type

# found: there is a manifest, for better or worse; absent: there is none; unsupported: the kind of file
# cannot carry one that we can read; unreadable: there is something, and it cannot be made sense of.
Outcome = Literal["found", "absent", "unsupported", "unreadable"]


@dataclass(frozen=True)
class Reading:
    """What the SDK made of a file. state: "Trusted", "Valid", "Invalid", or "" where nothing was found;
    crjson: the standard's own JSON of all manifests (C2PA 2.4, crJSON); why: of anything but found."""

    outcome: Outcome
    media_type: str
    state: str = ""
    crjson: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""

    @property
    def manifests(self) -> tuple[Mapping[str, Any], ...]:
        """All manifests, the active one first."""
        return tuple(item for item in self.crjson.get("manifests", ()) if isinstance(item, dict))


def read(path: Path, anchors_pem: str) -> Reading:
    """What a file's credentials say, validated against trust anchors (PEM; "" trusts nobody).

    Raises SourceError where the file cannot be opened.
    """
    try:
        with path.open("rb") as source:
            return read_stream(source, media_type(source, path), anchors_pem)
    except OSError as exc:
        raise SourceError("the file cannot be read", where=str(path), got=exc.strerror) from exc


def read_stream(source: BinaryIO, kind: str, anchors_pem: str) -> Reading:
    """As `read`, of an open file of a media type."""
    import c2pa

    watch = Watch()
    try:
        with (
            c2pa.Context.from_dict(settings(anchors_pem)) as context,
            c2pa.Reader(kind, Kept(source, watch), context=context) as reader,
        ):
            found: dict[str, Any] = json.loads(reader.crjson())
            return Reading("found", kind, str(reader.get_validation_state()), found)
    except c2pa.C2paError as exc:
        watch.reraise()
        return Reading(_outcome(exc), kind, why=str(exc))


def settings(anchors_pem: str) -> dict[str, Any]:
    """The SDK's settings under which everything is read."""
    return {
        "version": 1,
        "trust": {"trust_anchors": anchors_pem} if anchors_pem else {},
        "core": {"allowed_network_hosts": []},
        "verify": {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
    }


def _outcome(exc: Exception) -> Outcome:
    import c2pa

    kinds: tuple[tuple[Any, Outcome], ...] = (
        (c2pa.C2paError.ManifestNotFound, "absent"),
        (c2pa.C2paError.NotSupported, "unsupported"),
    )
    return next((outcome for kind, outcome in kinds if isinstance(exc, kind)), "unreadable")
