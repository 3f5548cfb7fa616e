"""Finds a file's manifest store: in the file, beside it, or (with `--online`) at an address.

embedded   inside the file
sidecar    NAME.c2pa beside it, or the file named by --sidecar
remote     at the address that the file names
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from post.values.claim import Finding
from provenance import manifest
from provenance.coverage.data_hash import read_excluded_stores
from provenance.crjson.manifest import ManifestView
from provenance.download import DOWNLOAD_ERRORS, Download, Downloads
from provenance.formats import manifest_store
from provenance.manifest import Reading
from provenance.manifest.reader import read_stream
from provenance.manifest.sidecar import read_sidecar, sidecar_path
from provenance.report import ManifestSource


@dataclass(frozen=True)
class LocatedManifest:
    """A file's manifests as read, and where they were found.

    detached: the manifest store's bytes where it is not in the file, b"" where it is.
    """

    path: Path
    reading: Reading
    source: ManifestSource
    detached: bytes = b""
    findings: tuple[Finding, ...] = ()

    def stores(self) -> Sequence[bytes]:
        """Returns the manifest stores' bytes; () where they cannot be taken out of this kind of file."""
        if self.detached:
            return (self.detached,)
        kind = self.reading.media_type
        found = manifest_store.read_stores(self.path, kind)
        # A kind of file that is not searched here: its hash says where its manifest is.
        return found or read_excluded_stores(self.path, kind, self.active_assertions())

    def active_assertions(self) -> Mapping[str, Any]:
        """Returns the active manifest's assertions as crJSON has them; {} where there is no manifest."""
        return ManifestView(self.reading.manifests[0]).assertions if self.reading.manifests else {}

    def read_under(self, anchors_pem: str) -> Reading:
        """Reads the same manifests again, under other trust anchors (PEM)."""
        if not self.detached:
            return manifest.read(self.path, anchors_pem)
        with self.path.open("rb") as source:
            return read_stream(source, self.reading.media_type, anchors_pem, self.detached)


def locate(
    path: Path, anchors_pem: str, sidecar: Path | None, downloads: Downloads | None
) -> LocatedManifest:
    """Reads a file's manifests from wherever they are.

    anchors_pem: all trust anchors; sidecar: a manifest to judge the file by, instead of its own; downloads:
    fetch a manifest at an address, None where none may be fetched. Raises SourceError where a file cannot be read.
    """
    reading = manifest.read(path, anchors_pem, sidecar)
    if reading.source == "sidecar":
        return LocatedManifest(path, reading, "sidecar", read_sidecar(sidecar or sidecar_path(path)))
    if reading.remote_url:
        located = LocatedManifest(path, reading, "remote")
        return _fetch(located, anchors_pem, downloads) if downloads else located
    return LocatedManifest(path, reading, "embedded" if reading.outcome == "found" else "none")


def _fetch(located: LocatedManifest, anchors_pem: str, downloads: Downloads) -> LocatedManifest:
    """Fetches the manifest that a file names. A failure is a finding."""
    url = located.reading.remote_url
    try:
        data = downloads.get(Download(url, manifest_store.LIMIT))
    except DOWNLOAD_ERRORS as exc:
        why = f"the manifest cannot be fetched: {exc}"
        return replace(located, findings=(Finding("manifest.inaccessible", "integrity", url, why),))
    located = replace(located, detached=data)
    return replace(located, reading=replace(located.read_under(anchors_pem), remote_url=url))
