"""What a clip itself says, before anything touches it: its credentials, its marks, how it was generated."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from post.errors import SourceError
from post.values.claim import Finding
from post.values.media import Credential
from provenance.formats import mp4_tags
from provenance.labels import aigc
from provenance.record import How, Known, comfy, merged
from provenance.record.paths import text
from provenance.report import UNSUPPORTED, Report
from provenance.trust.lists import Anchors
from provenance.verify import examine

Tags = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A clip as it came in. source_type: what its manifest declares, or ""; marks: generators' traces in
    it; generator, signer: by its active manifest; record: what its manifest and its tags say of how it was
    generated; details: one line a finding, for people."""

    credential: Credential
    source_type: str
    marks: tuple[str, ...]
    generator: str
    signer: str
    findings: tuple[Finding, ...]
    record: tuple[Known, ...] = ()

    @property
    def details(self) -> tuple[str, ...]:
        return tuple(f"{found.code}: {found.why}" for found in self.findings)


def inspect(path: Path, anchors: Sequence[Anchors]) -> Incoming:
    """A clip's credential, and what was found. A clip that holds a tampered one counts as tampered.

    Raises SourceError where the file is missing, empty, or no media file.
    """
    read = examine(path, anchors)
    found, manifests = read.report, read.reading.manifests
    first = found.manifests[0] if found.manifests else None
    credential = _credential(found)
    return Incoming(
        credential,
        found.ai.source_type,
        found.ai.signals,
        first.generator if first else "",
        first.signer if first else "",
        found.findings,
        merged(_declared(manifests, credential), claimed(_tags(path))),
    )


def claimed(tags: Tags) -> tuple[Known, ...]:
    """What a container's tags say of how a clip was generated: ComfyUI's graph, an AIGC label. A graph
    itself is kept by its digest."""
    return merged(*(_of_tag(key, value) for key, value in tags))


def understood(key: str, value: str) -> bool:
    """Whether a tag is one that `claimed` reads, or a part of one: a graph holds its film's prompts."""
    return key.casefold() == aigc.KEY.casefold() or _graph_like(value)


def _of_tag(key: str, value: str) -> Iterator[Known]:
    if key.casefold() == aigc.KEY.casefold():
        label = aigc.parsed(value)
        yield from (Known(*row) for row in label.rows()) if label else ()
    if not _graph_like(value):
        return
    data = value.encode("utf-8", "replace")
    digest = f"sha256:{hashlib.sha256(data).hexdigest()} of {len(data)} bytes"
    yield Known(f"ComfyUI {text(key)[:40]}", digest, "container-claimed")
    graph = comfy.from_tag(value)
    for name, values in comfy.fields(graph).items() if graph else ():
        for count, each in enumerate(values, 1):
            yield Known(name if count == 1 else f"{name}.{count}", text(each), "container-claimed")


def _graph_like(value: str) -> bool:
    """An API graph, or the workflow its editor shows."""
    return value.lstrip()[:1] == "{" and (
        '"class_type"' in value or ('"nodes"' in value and '"links"' in value)
    )


def _tags(path: Path) -> Tags:
    try:
        return mp4_tags.tags(path)
    except SourceError:  # what is wrong with its boxes is among the findings
        return ()


def _declared(manifests: Sequence[Mapping[str, Any]], credential: Credential) -> Iterator[Known]:
    """What the active manifest says of the generator: as sure as its signature is."""
    if not manifests or credential in ("tampered", "unreadable"):
        return
    how: How = "signature-verified" if credential == "verified" else "container-claimed"
    for field, value in _said(manifests[0]):
        if said := text(value):
            yield Known(field, said, how)


def _said(active: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    claim = _map(active, "claim.v2") or _map(active, "claim")
    info = claim.get("claim_generator_info")
    first = info[0] if isinstance(info, list) and info else info
    if isinstance(first, Mapping):
        yield "generator", " ".join(str(first.get(name, "")) for name in ("name", "version"))
    yield "signed_at", _map(_map(active, "signature"), "timeStampInfo").get("timestamp")
    for label, found in _map(active, "assertions").items():
        if label.startswith("c2pa.ai-disclosure") and isinstance(found, Mapping):
            yield "model", found.get("modelName")
        if label.startswith("c2pa.actions") and isinstance(found, Mapping):
            yield from _created(found.get("actions"))


def _created(actions: object) -> Iterator[tuple[str, Any]]:
    for action in actions if isinstance(actions, list) else ():
        if not isinstance(action, Mapping) or action.get("action") != "c2pa.created":
            continue
        agent = action.get("softwareAgent")
        if isinstance(agent, Mapping):
            yield "software", " ".join(str(agent.get(name, "")) for name in ("name", "version"))
        else:
            yield "software", agent
        yield "created", action.get("when")


def _map(owner: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = owner.get(name)
    return found if isinstance(found, Mapping) else {}


def _credential(found: Report) -> Credential:
    if found.integrity == "absent" or any(item.code == UNSUPPORTED for item in found.findings):
        return "vendor-marked" if found.ai.signals else "unsigned"
    if found.integrity == "unreadable":
        return "unreadable"
    if found.integrity == "tampered" or found.chain == "laundered":
        return "tampered"
    return _BY_SIGNER[found.signer]


_BY_SIGNER: dict[str, Credential] = {
    "trusted": "verified",
    "expired": "expired",
    "untrusted": "untrusted",
    "revoked": "revoked",
    "none": "unreadable",
}
