"""What was found in a file, each matter apart: never one light for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from post.values.claim import Finding, Ruling
from provenance.blocks.hashing import Seconds
from provenance.coverage.bmff import Unhashed
from provenance.crjson.manifest import Active
from provenance.rubric import conformance as rubric
from provenance.rubric.conformance import Conformance

Chain = Literal["sound", "laundered", "incomplete", "none"]
Integrity = Literal["intact", "tampered", "absent", "unreadable"]
SignerState = Literal["trusted", "untrusted", "expired", "revoked", "none"]
TimeState = Literal["trusted", "untrusted", "none"]
# unknown: nothing at hand speaks of it, which is never "good".
Revocation = Literal["good", "revoked", "unknown", "not checked"]
IdentityState = Literal["trusted", "untrusted", "invalid", "unknown"]
ManifestSource = Literal["embedded", "sidecar", "remote", "none"]

_OK, _POLICY_FAILED, _INVALID, _INCOMPLETE = 0, 4, 6, 7
UNSUPPORTED = "container.unsupported"


@dataclass(frozen=True, slots=True)
class Ai:
    """source_type: how the work came to be, as a URI, "" where nothing says; signals: what says so."""

    source_type: str = ""
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Examined:
    """The file itself, by its content."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Summary:
    """One manifest in brief. time: when a time-stamp says it was signed, "" without one; by: the
    authority that says so; signer_state, time_state: as for the whole file, of this one; updates:
    whether it only adds to the manifest before it."""

    label: str
    title: str
    generator: str
    signer: str
    issuer: str
    time: str
    actions: tuple[str, ...]
    ingredients: tuple[str, ...]
    signer_state: SignerState = "none"
    time_state: TimeState = "none"
    revocation: Revocation = "not checked"
    by: str = ""
    updates: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody else who stands by a claim. kind: of proof ("cawg.x509.cose", say); codes: what was found."""

    assertion: str
    kind: str
    names: tuple[str, ...]
    state: IdentityState
    codes: tuple[str, ...]
    vouched_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustList:
    """A list the file was judged under. role: "signer", "tsa" or "identity"; old: drawn up over 180 days before."""

    name: str
    role: str
    dated: str
    certificates: int
    old: bool


class Signed(Protocol):
    """What is told of a manifest's signature."""

    @property
    def signer(self) -> SignerState: ...
    @property
    def time(self) -> TimeState: ...
    @property
    def revocation(self) -> Revocation: ...
    @property
    def stamped(self) -> datetime | None: ...
    @property
    def by(self) -> str: ...


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
    """Everything verifying a file came to. tampered_at: seconds of the film, where they can be told;
    vouched_by, time_vouched_by: names of lists; judged_at: the validation time, ISO 8601."""

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
    revocation: Revocation = "not checked"
    time_vouched_by: tuple[str, ...] = ()
    identity: tuple[Identity, ...] = ()
    manifest_source: ManifestSource = "none"
    trust_lists: tuple[TrustList, ...] = ()
    judged_at: str = ""

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
            "conformance": conformance(self.conformance),
            "unhashed": [asdict(item) for item in self.unhashed],
            "tampered_at": [{"from_s": start, "to_s": stop} for start, stop in self.tampered_at],
            "ai": {"source_type": self.ai.source_type, "signals": list(self.ai.signals)},
            "manifests": [asdict(item) for item in self.manifests],
            "policies": [_policy(result) for result in self.policies],
            "findings": [asdict(item) for item in self.findings],
            "vouched_by": list(self.vouched_by),
            "time_vouched_by": list(self.time_vouched_by),
            "revocation": self.revocation,
            "identity": [asdict(item) for item in self.identity],
            "manifest_source": self.manifest_source,
            "trust_lists": [asdict(item) for item in self.trust_lists],
            "judged_at": self.judged_at,
        }


def summaries(manifests: Sequence[Mapping[str, Any]], signed: Mapping[str, Signed]) -> tuple[Summary, ...]:
    """Every manifest of a file in brief, the active one first. signed: by label, where it is known."""
    from provenance.crjson.ingredients import links

    titles: dict[str, list[str]] = {}
    for link in links(manifests):
        titles.setdefault(link.owner, []).append(f"{link.relationship}: {link.title or link.label}")
    return tuple(_summary(each, titles, signed.get(str(each.get("label", "")))) for each in manifests)


def _summary(manifest: Mapping[str, Any], titles: Mapping[str, list[str]], signed: Signed | None) -> Summary:
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
        _stamped(signature, signed),
        tuple(str(action.get("action", "")) for action in view.actions),
        tuple(titles.get(label, ())),
        signed.signer if signed else "none",
        signed.time if signed else "none",
        signed.revocation if signed else "not checked",
        signed.by if signed else "",
        manifest.get("isUpdateManifest") is True,
    )


def _stamped(signature: Mapping[str, Any], signed: Signed | None) -> str:
    if signed and signed.stamped:
        return signed.stamped.isoformat()
    return str(_map(signature, "timeStampInfo").get("timestamp", ""))


def _generator(claim: Mapping[str, Any]) -> str:
    info = claim.get("claim_generator_info")
    first = info[0] if isinstance(info, list) and info else info
    if not isinstance(first, Mapping):
        return str(claim.get("claim_generator", ""))
    return f"{first.get('name', '')} {first.get('version', '')}".strip()


def _map(owner: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = owner.get(name)
    return found if isinstance(found, Mapping) else {}


def conformance(found: Conformance | None, name: str = rubric.NAME) -> dict[str, Any]:
    """What a rubric came to, as JSON. No manifest, no rule checked: 0 of 0, which is never a pass."""
    if found is None:
        return {"rubric": name, "passed": 0, "total": 0, "failed": [], "warned": []}
    return {
        "rubric": found.rubric,
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
