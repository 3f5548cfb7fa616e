"""The manifests of a file, wherever they are: in it, beside it, or (when told to fetch) at an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from post.values.claim import Finding
from provenance import manifest
from provenance.formats import manifest_store
from provenance.manifest import Reading
from provenance.manifest.reader import read_stream
from provenance.manifest.sidecar import read_sidecar, sidecar_path
from provenance.report import ManifestSource
from provenance.verify import online


@dataclass(frozen=True)
class Found:
    """A reading and where its manifest store is. apart: the store's bytes, where it is not in the file."""

    path: Path
    reading: Reading
    source: ManifestSource
    apart: bytes = b""
    findings: tuple[Finding, ...] = ()

    def stores(self) -> Sequence[bytes]:
        """The manifest stores' bytes; () where they cannot be had from this kind of file."""
        return (self.apart,) if self.apart else manifest_store.read_stores(self.path, self.reading.media_type)

    def again(self, anchors_pem: str) -> Reading:
        """Read under another list."""
        if not self.apart:
            return manifest.read(self.path, anchors_pem)
        with self.path.open("rb") as source:
            return read_stream(source, self.reading.media_type, anchors_pem, self.apart)


def read(path: Path, anchors_pem: str, sidecar: Path | None, ask: bool) -> Found:
    """ask: whether a manifest at an address may be fetched. Raises SourceError where a file cannot be read."""
    reading = manifest.read(path, anchors_pem, sidecar)
    if reading.source == "sidecar":
        return Found(path, reading, "sidecar", read_sidecar(sidecar or sidecar_path(path)))
    if reading.remote_url and ask:
        return _remote(path, reading, anchors_pem)
    if reading.remote_url:
        return Found(path, reading, "remote")
    return Found(path, reading, "embedded" if reading.outcome == "found" else "none")


def _remote(path: Path, named: Reading, anchors_pem: str) -> Found:
    try:
        data = online.fetch(named.remote_url, manifest_store.LIMIT)
    except (OSError, ValueError) as exc:
        why = f"the manifest cannot be fetched: {exc}"
        failed = Finding("manifest.inaccessible", "integrity", named.remote_url, why)
        return Found(path, named, "remote", findings=(failed,))
    found = Found(path, named, "remote", data)
    return replace(found, reading=replace(found.again(anchors_pem), remote_url=named.remote_url))
