"""What a clip's own credentials say, before anything touches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from post.values.claim import Finding
from post.values.media import Credential
from provenance.report import UNSUPPORTED, Report
from provenance.trust import Anchors
from provenance.verify import verify


@dataclass(frozen=True, slots=True)
class Incoming:
    """A clip as it came in. source_type: what its manifest declares, or ""; marks: generators' traces in
    it; generator, signer: by its active manifest; details: one line a finding, for people."""

    credential: Credential
    source_type: str
    marks: tuple[str, ...]
    generator: str
    signer: str
    findings: tuple[Finding, ...]

    @property
    def details(self) -> tuple[str, ...]:
        return tuple(f"{found.code}: {found.why}" for found in self.findings)


def inspect(path: Path, anchors: Sequence[Anchors]) -> Incoming:
    """A clip's credential, and what was found. A clip that holds a tampered one counts as tampered.

    Raises SourceError where the file is missing, empty, or no media file.
    """
    found = verify(path, anchors)
    first = found.manifests[0] if found.manifests else None
    return Incoming(
        _credential(found),
        found.ai.source_type,
        found.ai.signals,
        first.generator if first else "",
        first.signer if first else "",
        found.findings,
    )


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
    "revoked": "untrusted",
    "none": "unreadable",
}
