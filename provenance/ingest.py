"""Inspects an incoming clip: its credentials, generators' marks in it, and what it says of how it was generated."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from post.atomic import open_regular
from post.errors import SourceError
from post.values.claim import Finding
from post.values.media import Credential
from provenance.crjson.manifest import ManifestView, as_mapping, generator_info, mappings, name_and_version
from provenance.formats import bmff, mp4_tags
from provenance.formats.media_type import detect_media_type
from provenance.labels import aigc
from provenance.record import FieldValue, How, comfy, merge
from provenance.record.paths import to_text
from provenance.report import UNSUPPORTED, Report
from provenance.trust.lists import Anchors
from provenance.verify import examine

Tags = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class IncomingClip:
    """What an incoming clip says of itself.

    source_type: the digital source type that its manifest declares, or ""; marks: generators' marks in its
    tags and XMP; generator, signer: by its active manifest; record: what its manifest and its tags say of how
    it was generated.
    """

    credential: Credential
    source_type: str
    marks: tuple[str, ...]
    generator: str
    signer: str
    findings: tuple[Finding, ...]
    record: tuple[FieldValue, ...] = ()

    @property
    def details(self) -> tuple[str, ...]:
        """One line of text for each finding."""
        return tuple(f"{found.code}: {found.why}" for found in self.findings)


def inspect(path: Path, anchors: Sequence[Anchors]) -> IncomingClip:
    """Returns what a clip says of itself. A clip that was made from a tampered clip counts as tampered too.

    anchors: the trust lists. Raises SourceError if the file is missing, empty, or not a media file.
    """
    read = examine(path, anchors)
    found, manifests = read.report, read.reading.manifests
    first = found.manifests[0] if found.manifests else None
    credential = _credential(found)
    if credential == "unreadable" and _cannot_carry(path, found):
        credential = "vendor-marked" if found.ai.signals else "unsigned"
    return IncomingClip(
        credential,
        found.ai.source_type,
        found.ai.signals,
        first.generator if first else "",
        first.signer if first else "",
        found.findings,
        merge(_declared(manifests, credential), read_tag_claims(_tags(path))),
    )


def read_tag_claims(tags: Tags) -> tuple[FieldValue, ...]:
    """Returns what a container's tags say of how a clip was generated: a ComfyUI graph, an AIGC label.

    tags: (key, value) each. The graph itself is recorded as its digest.
    """
    return merge(*(_of_tag(key, value) for key, value in tags))


def is_claim_tag(key: str, value: str) -> bool:
    """Returns whether `read_tag_claims` reads a tag. Such a tag may hold the clip's prompts."""
    return key.casefold() == aigc.KEY.casefold() or _graph_like(value)


def _of_tag(key: str, value: str) -> Iterator[FieldValue]:
    if key.casefold() == aigc.KEY.casefold():
        label = aigc.parse(value)
        yield from (FieldValue(*row) for row in label.rows()) if label else ()
    if not _graph_like(value):
        return
    data = value.encode("utf-8", "replace")
    digest = f"sha256:{hashlib.sha256(data).hexdigest()} of {len(data)} bytes"
    yield FieldValue(f"ComfyUI {to_text(key)[:40]}", digest, "container-claimed")
    graph = comfy.find_graph_in_tag(value)
    for name, values in comfy.read_fields(graph).items() if graph else ():
        for count, each in enumerate(values, 1):
            yield FieldValue(name if count == 1 else f"{name}.{count}", to_text(each), "container-claimed")


def _graph_like(value: str) -> bool:
    """Returns whether a text looks like a ComfyUI graph, in the form of its API or of its editor."""
    return value.lstrip()[:1] == "{" and (
        '"class_type"' in value or ('"nodes"' in value and '"links"' in value)
    )


def _tags(path: Path) -> Tags:
    try:
        return mp4_tags.read_tags(path)
    except SourceError:  # the fault of its boxes is among the findings
        return ()


def _declared(manifests: Sequence[Mapping[str, Any]], credential: Credential) -> Iterator[FieldValue]:
    """Yields what the active manifest says of the generator: as reliable as its signature is."""
    if not manifests or credential in ("tampered", "unreadable"):
        return
    how: How = "signature-verified" if credential == "verified" else "container-claimed"
    for field, value in _generator_fields(ManifestView(manifests[0])):
        if cleaned := to_text(value):
            yield FieldValue(field, cleaned, how)


def _generator_fields(active: ManifestView) -> Iterator[tuple[str, Any]]:
    """Yields (field of a record, value) of what a manifest says of the generator; values of any type."""
    if info := generator_info(active.claim):
        yield "generator", name_and_version(info)
    yield "signed_at", active.stamped_at
    for label, found in active.assertions.items():
        if label.startswith("c2pa.ai-disclosure"):
            yield "model", as_mapping(found).get("modelName")
        if label.startswith("c2pa.actions"):
            yield from _created(mappings(as_mapping(found).get("actions")))


def _created(actions: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    for action in actions:
        if action.get("action") == "c2pa.created":
            agent = action.get("softwareAgent")
            yield "software", name_and_version(agent) if isinstance(agent, Mapping) else agent
            yield "created", action.get("when")


def _credential(found: Report) -> Credential:
    if found.integrity == "absent" or any(item.code == UNSUPPORTED for item in found.findings):
        return "vendor-marked" if found.ai.signals else "unsigned"
    if found.integrity == "unreadable":
        return "unreadable"
    if found.integrity == "tampered" or found.chain == "laundered":
        return "tampered"
    return _BY_SIGNER[found.signer]


def _cannot_carry(path: Path, found: Report) -> bool:
    """Returns whether it is a QuickTime file without `ftyp`, which the SDK does not read, and has no box of C2PA's."""
    if found.manifests:
        return False
    try:
        with open_regular(path) as file:
            if detect_media_type(file) != "video/quicktime" or file.read(8)[4:] == b"ftyp":
                return False
            laid = bmff.read_layout(file)
    except (OSError, SourceError):
        return False
    return not laid.rest and not any(box.c2pa for box in laid.boxes)


_BY_SIGNER: dict[str, Credential] = {
    "trusted": "verified",
    "expired": "expired",
    "untrusted": "untrusted",
    "revoked": "revoked",
    "none": "unreadable",
}
