"""What was found in a file, each matter apart: never one light for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from post.values.claim import Finding, Ruling
from provenance import rubric
from provenance.blocks import Seconds
from provenance.chain import Chain
from provenance.rubric import Conformance
from provenance.rubric_rules import Active
from provenance.signals import Ai
from provenance.unhashed import Unhashed

Integrity = Literal["intact", "tampered", "absent", "unreadable"]
SignerState = Literal["trusted", "untrusted", "expired", "revoked", "none"]
TimeState = Literal["trusted", "untrusted", "none"]

_OK, _POLICY_FAILED, _INVALID, _INCOMPLETE = 0, 4, 6, 7
UNSUPPORTED = "container.unsupported"


@dataclass(frozen=True, slots=True)
class Examined:
    """The file itself, by its content."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Summary:
    """One manifest in brief. time: when a time-stamp says it was signed, "" without one."""

    label: str
    title: str
    generator: str
    signer: str
    issuer: str
    time: str
    actions: tuple[str, ...]
    ingredients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyResult:
    """What one policy profile came to."""

    profile: str
    version: str
    rulings: tuple[Ruling, ...]

    def count(self, *verdicts: str) -> int:
        return sum(ruling.verdict in verdicts for ruling in self.rulings)

    def __str__(self) -> str:
        unknown = self.count("cannot_check", "needs_human")
        return f"{len(self.rulings) - unknown} rules checked, {unknown} not checkable"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything verifying a file came to. tampered_at: seconds of the film, where they can be told."""

    file: Examined
    integrity: Integrity
    signer: SignerState = "none"
    time: TimeState = "none"
    chain: Chain = "none"
    conformance: Conformance | None = None
    unhashed: tuple[Unhashed, ...] = ()
    tampered_at: tuple[Seconds, ...] = ()
    ai: Ai = field(default_factory=Ai)
    manifests: tuple[Summary, ...] = ()
    policies: tuple[PolicyResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    vouched_by: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether the file is what it says it is: intact, signed by somebody trusted, sound, all hashed."""
        return (
            self.integrity == "intact"
            and self.signer == "trusted"
            and self.chain in ("sound", "none")
            and not self.unhashed
        )

    @property
    def exit_code(self) -> int:
        """0 sound and within policy; 6 not sound; 4 a policy failed; 7 something could not be checked."""
        if any(finding.code == UNSUPPORTED for finding in self.findings):
            return _INCOMPLETE
        if not self.sound:
            return _INVALID
        if any(result.count("fail") for result in self.policies):
            return _POLICY_FAILED
        unknown = any(result.count("cannot_check", "needs_human") for result in self.policies)
        return _INCOMPLETE if unknown else _OK

    def plain(self) -> dict[str, Any]:
        """The report as JSON can hold it, under the names the command line promises."""
        return {
            "file": asdict(self.file),
            "integrity": self.integrity,
            "signer": self.signer,
            "time": self.time,
            "chain": self.chain,
            "conformance": _conformance(self.conformance),
            "unhashed": [asdict(item) for item in self.unhashed],
            "tampered_at": [{"from_s": start, "to_s": stop} for start, stop in self.tampered_at],
            "ai": {"source_type": self.ai.source_type, "signals": list(self.ai.signals)},
            "manifests": [asdict(item) for item in self.manifests],
            "policies": [_policy(result) for result in self.policies],
            "findings": [asdict(item) for item in self.findings],
            "vouched_by": list(self.vouched_by),
        }


def summaries(manifests: Sequence[Mapping[str, Any]]) -> tuple[Summary, ...]:
    """Every manifest of a file in brief, the active one first."""
    from provenance.chain import links

    titles: dict[str, list[str]] = {}
    for link in links(manifests):
        titles.setdefault(link.owner, []).append(f"{link.relationship}: {link.title or link.label}")
    return tuple(_summary(each, titles) for each in manifests)


def _summary(manifest: Mapping[str, Any], titles: Mapping[str, list[str]]) -> Summary:
    label = str(manifest.get("label", ""))
    claim = _map(manifest, "claim.v2") or _map(manifest, "claim")
    signature = _map(manifest, "signature")
    certificate = _map(signature, "certificateInfo")
    view = Active(manifest)
    return Summary(
        label,
        str(claim.get("dc:title", "")),
        _generator(claim),
        str(_map(certificate, "subject").get("CN", "")),
        str(_map(certificate, "issuer").get("CN", "")),
        str(_map(signature, "timeStampInfo").get("timestamp", "")),
        tuple(str(action.get("action", "")) for action in view.actions),
        tuple(titles.get(label, ())),
    )


def _generator(claim: Mapping[str, Any]) -> str:
    info = claim.get("claim_generator_info")
    first = info[0] if isinstance(info, list) and info else info
    if not isinstance(first, Mapping):
        return str(claim.get("claim_generator", ""))
    return f"{first.get('name', '')} {first.get('version', '')}".strip()


def _map(owner: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = owner.get(name)
    return found if isinstance(found, Mapping) else {}


def _conformance(found: Conformance | None) -> dict[str, Any]:
    """No manifest, no rule checked: 0 of 0, which is never a pass."""
    if found is None:
        return {"rubric": rubric.NAME, "passed": 0, "total": 0, "failed": [], "warned": []}
    return {
        "rubric": rubric.NAME,
        "passed": found.passed,
        "total": found.total,
        "failed": [each.rule.id for each in found.failed],
        "warned": [each.rule.id for each in found.warned],
    }


def _policy(result: PolicyResult) -> dict[str, Any]:
    return {
        "profile": result.profile,
        "version": result.version,
        "summary": str(result),
        "rules": [asdict(ruling) for ruling in result.rulings],
    }
