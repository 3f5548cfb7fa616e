"""Holds what verifying a file found: integrity, signer, time, chain and more, each apart, never as one sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from post.values.claim import OPEN, SETTLED, Finding, Ruling, summarised
from provenance.blocks.hashing import Seconds
from provenance.coverage.bmff import UnhashedBytes
from provenance.crjson.ingredients import read_ingredient_links
from provenance.crjson.manifest import ManifestView
from provenance.rubric import conformance
from provenance.rubric.conformance import Conformance

Chain = Literal["sound", "laundered", "incomplete", "none"]
Integrity = Literal["intact", "tampered", "absent", "unreadable"]
SignerState = Literal["trusted", "untrusted", "expired", "revoked", "none"]
TimeState = Literal["trusted", "untrusted", "none"]
# unknown: no list and no answer was at hand that says anything of the certificate. It never counts as good.
Revocation = Literal["good", "revoked", "unknown", "not checked"]
IdentityState = Literal["trusted", "untrusted", "invalid", "unknown"]
ManifestSource = Literal["embedded", "sidecar", "remote", "none"]

_OK, _POLICY_FAILED, _INVALID, _INCOMPLETE = 0, 4, 6, 7
UNSUPPORTED = "container.unsupported"
# That a certificate was not valid at the time judged at: said of an untrusted or revoked signer too.
OUTSIDE_VALIDITY = "claimSignature.outsideValidity"
# Findings that say that our own checks of the manifests' bytes could not run: the SDK's results alone are no pass.
UNREAD_STORE, UNREADABLE_STORE = "store.unread", "store.unreadable"
UNCHECKED = (UNREAD_STORE, UNREADABLE_STORE)


@dataclass(frozen=True, slots=True)
class AiDeclaration:
    """Whether the work was generated. source_type: the digital source type declared, as a URI, or "";
    signals: what in the file declares it."""

    source_type: str = ""
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExaminedFile:
    """The file that was verified. sha256: of its content, hexadecimal; bytes: its size."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class ManifestSummary:
    """One manifest in brief.

    generator: "NAME VERSION"; signer, issuer: common names of the certificate; time: of its time-stamp, ""
    without one; by: the time-stamping authority; signer_state, time_state, revocation: as in a report, of
    this manifest; updates: whether it only adds to the manifest before it (C2PA 2.4, 11.2.3); vouched_by: names of
    the lists that hold its signer's root; certificate: SHA-256 of the signer's own certificate, hexadecimal.
    """

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
    vouched_by: tuple[str, ...] = ()
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """A further identity (CAWG) behind a claim. assertion: its label; kind: of proof, as in "cawg.x509.cose";
    names: of the person or organisation; codes: what was found; vouched_by: names of lists."""

    assertion: str
    kind: str
    names: tuple[str, ...]
    state: IdentityState
    codes: tuple[str, ...]
    vouched_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustList:
    """A list the file was judged under. role: "signer", "tsa" or "identity"; dated: when it was made, ISO 8601;
    certificates: how many it has; old: whether it was made over 180 days before the validation time; kind: whose it
    is, "public", "own" or "development"."""

    name: str
    role: str
    dated: str
    certificates: int
    old: bool
    kind: str = "own"


class SignatureVerdict(Protocol):
    """What was found about one manifest's signature. stamped: the time of its time-stamp; by: its authority."""

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
    @property
    def vouched_by(self) -> tuple[str, ...]: ...
    @property
    def certificate(self) -> str: ...


@dataclass(frozen=True, slots=True)
class PolicyResult:
    """The rulings of one policy profile. sha256: of its file, hexadecimal, "" where it has none."""

    profile: str
    version: str
    rulings: tuple[Ruling, ...]
    sha256: str = ""

    def count(self, *verdicts: str) -> int:
        """Counts the rulings with one of these verdicts."""
        return sum(ruling.verdict in verdicts for ruling in self.rulings)

    def __str__(self) -> str:
        return summarised([ruling.verdict for ruling in self.rulings])


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that verifying a file found.

    unhashed: bytes that no signature covers; tampered_at: the seconds of the film that were changed, where
    they are known; vouched_by, time_vouched_by: names of the lists that hold the signer's and the time-stamping
    authority's root; stamped_at: the time of the time-stamp on the claim that binds the film, "" without one;
    judged_at: the validation time. Both in ISO 8601; is_trusted_by_development_alone: whether every anchor that
    vouches for the signer was made for development: nobody else has a reason to trust it.
    """

    file: ExaminedFile
    integrity: Integrity
    signer: SignerState = "none"
    time: TimeState = "none"
    chain: Chain = "none"
    conformance: Conformance | None = None
    unhashed: tuple[UnhashedBytes, ...] = ()
    tampered_at: tuple[Seconds, ...] = ()
    ai: AiDeclaration = field(default_factory=AiDeclaration)
    manifests: tuple[ManifestSummary, ...] = ()
    policies: tuple[PolicyResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    vouched_by: tuple[str, ...] = ()
    revocation: Revocation = "not checked"
    time_vouched_by: tuple[str, ...] = ()
    identity: tuple[Identity, ...] = ()
    manifest_source: ManifestSource = "none"
    trust_lists: tuple[TrustList, ...] = ()
    stamped_at: str = ""
    judged_at: str = ""
    is_trusted_by_development_alone: bool = False

    @property
    def sound(self) -> bool:
        """Whether the file is intact, its signer trusted, its chain sound, and every byte hashed."""
        return (
            self.integrity == "intact"
            and self.signer == "trusted"
            and self.chain in ("sound", "none")
            and not self.unhashed
        )

    @property
    def exit_code(self) -> int:
        """0: sound, and every policy passed; 6: not sound; 4: a policy failed; 7: something could not be checked, or no
        rule of the policies applied."""
        if any(finding.code == UNSUPPORTED for finding in self.findings):
            return _INCOMPLETE
        if not self.sound:
            return _INVALID
        if any(result.count("fail") for result in self.policies):
            return _POLICY_FAILED
        unknown = self.leaves_open
        unchecked = any(finding.code in UNCHECKED for finding in self.findings)
        return _INCOMPLETE if unknown or unchecked else _OK

    @property
    def leaves_open(self) -> bool:
        """Whether the policies are no pass though no rule fails: one could not be checked, or none applied."""
        settled = not self.policies or any(result.count(*SETTLED) for result in self.policies)
        return not settled or any(result.count(*OPEN) for result in self.policies)

    def plain(self) -> dict[str, Any]:
        """Returns the report as JSON values, under the names that the command line promises."""
        return {
            "file": asdict(self.file),
            "integrity": self.integrity,
            "signer": self.signer,
            "time": self.time,
            "chain": self.chain,
            "conformance": conformance_json(self.conformance),
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
            "stamped_at": self.stamped_at,
            "judged_at": self.judged_at,
        }


def summarise(
    manifests: Sequence[Mapping[str, Any]], signatures: Mapping[str, SignatureVerdict]
) -> tuple[ManifestSummary, ...]:
    """Returns every manifest of a file in brief, the active one first.

    manifests: as crJSON has them; signatures: what was found about the signature of each, by manifest label.
    """
    titles: dict[str, list[str]] = {}
    for link in read_ingredient_links(manifests):
        titles.setdefault(link.owner, []).append(f"{link.relationship}: {link.title or link.label}")
    views = (ManifestView(manifest) for manifest in manifests)
    return tuple(_summary(view, titles.get(view.label, ()), signatures.get(view.label)) for view in views)


def _summary(
    view: ManifestView, ingredients: Sequence[str], signature: SignatureVerdict | None
) -> ManifestSummary:
    return ManifestSummary(
        view.label,
        view.title,
        view.generator,
        str(view.subject.get("CN", "")),
        str(view.issuer.get("CN", "")),
        _signed_at(view, signature),
        tuple(str(action.get("action", "")) for action in view.actions),
        tuple(ingredients),
        signature.signer if signature else "none",
        signature.time if signature else "none",
        signature.revocation if signature else "not checked",
        signature.by if signature else "",
        view.updates,
        signature.vouched_by if signature else (),
        signature.certificate if signature else "",
    )


def _signed_at(view: ManifestView, signature: SignatureVerdict | None) -> str:
    """Returns the time of its time-stamp in ISO 8601, or as the SDK writes it; "" without one."""
    if signature and signature.stamped:
        return signature.stamped.isoformat()
    return str(view.stamped_at if view.stamped_at is not None else "")


def conformance_json(found: Conformance | None, name: str = conformance.NAME) -> dict[str, Any]:
    """Returns the result of a rubric as JSON values: 0 of 0 rules, which is no pass, without a manifest.

    name: of the rubric, for a file without a manifest.
    """
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
        "sha256": result.sha256,
        "summary": str(result),
        "rules": [ruling.plain() for ruling in result.rulings],
    }
