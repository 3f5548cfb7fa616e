"""Checks a file's manifests by their own bytes: every signature's verdict, and what does not hold.

The SDK's result counts where it is the worse one: nobody is trusted here whom the SDK refuses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from post.errors import SourceError
from post.values.claim import Finding
from provenance.crjson import ingredients, status
from provenance.crjson.manifest import ManifestView
from provenance.download import Downloads
from provenance.formats import jumbf
from provenance.manifest import Reading
from provenance.report import UNCHECKED, UNREAD_STORE, UNREADABLE_STORE, SignerState
from provenance.trust import lists
from provenance.verify import chain, embedded_manifests, online
from provenance.verify.embedded_manifests import CheckedManifest
from provenance.verify.locate_manifest import LocatedManifest
from provenance.verify.signer import credentials
from provenance.verify.signer.credentials import JudgedSignature, TrustContext

Before = Literal["holds", "does not hold either", "could not be checked in full"]
_NO_SIGNATURE = JudgedSignature("none")
_WORST_FIRST: tuple[SignerState, ...] = ("revoked", "expired", "untrusted")


@dataclass(frozen=True)
class OwnChecks:
    """What the bytes of a file's manifests came to.

    checked: every embedded manifest; verdicts: of each signature, by manifest label; trail: the active
    manifest's label, then of those it only updates, down to the one that binds the file.
    """

    checked: tuple[CheckedManifest, ...] = ()
    verdicts: Mapping[str, JudgedSignature] = field(default_factory=dict)
    trail: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def active(self) -> JudgedSignature:
        """The verdict on the active manifest's signature."""
        return self.verdicts.get(self.trail[0], _NO_SIGNATURE) if self.trail else _NO_SIGNATURE

    @property
    def binding(self) -> JudgedSignature:
        """The verdict on the claim that binds the file: an update (a late time-stamp, say) binds nothing."""
        return self.verdicts.get(self.trail[-1], _NO_SIGNATURE) if self.trail else _NO_SIGNATURE

    def vouching_lists(self, trust: TrustContext) -> dict[str, tuple[str, ...]]:
        """Returns the lists that vouch for each identity assertion of the active manifest, by its label."""
        active = next((each for each in self.checked if self.trail and each.label == self.trail[0]), None)
        identities = active.identities if active else {}
        when = self.active.when
        return {label: credentials.vouching_lists(each, trust, when) for label, each in identities.items()}

    def faults(self) -> tuple[Finding, ...]:
        """Returns what does not hold in the active manifest and in those it updates."""
        return tuple(
            status.to_finding(
                {"code": fault.code, "url": f"{fault.label}/{fault.place}", "explanation": fault.why}
            )
            for each in self.checked
            if each.label in self.trail
            for fault in each.faults
        )

    @property
    def before(self) -> Before:
        """What they say of the file, as far as it is before bytes that were added to it."""
        if self.faults():
            return "does not hold either"
        unchecked = any(each.code in UNCHECKED for each in self.findings)
        return "could not be checked in full" if unchecked else "holds"

    def ingredient_results(self) -> chain.IngredientResults:
        """Returns what the chain needs to know of the manifests that are not on the trail."""
        signed_for: dict[str, bool] = {}
        for each in self.checked:
            for label, same in each.ingredients.items():
                signed_for[label] = signed_for.get(label, False) or same
        faults = [
            chain.IngredientFault(
                fault.label, fault.code, fault.place, fault.why, signed_for.get(fault.label, False)
            )
            for each in self.checked
            if each.label not in self.trail
            for fault in each.faults
        ]
        redacted = [uri for each in self.checked for uri in each.redacted]
        return chain.IngredientResults(tuple(faults), tuple(redacted))


def run(located: LocatedManifest, trust: TrustContext, downloads: Downloads | None) -> OwnChecks:
    """Checks the manifests of a file by their bytes.

    downloads: ask the addresses in vouched-for certificates about revocation, None where nobody may be asked.
    """
    reading = located.reading
    trail = update_trail(reading.manifests)
    try:
        carried = [each for store in located.stores() for each in jumbf.read_manifests(store)]
        checked = embedded_manifests.check(carried)
    except SourceError as exc:
        return _by_sdk_alone(located, trust, Finding(UNREADABLE_STORE, "chain", exc.where, exc.what))
    if trail[0] not in {each.label for each in checked}:
        why = "the manifests cannot be taken out of this kind of file: only the SDK's results are known"
        return _by_sdk_alone(located, trust, Finding(UNREAD_STORE, "chain", reading.media_type, why))
    verdicts = _judge(checked, trust)
    findings: tuple[Finding, ...] = ()
    if downloads:
        unknown = [each.path for each in verdicts.values() if each.revocation == "unknown"]
        fetched, findings = online.fetch_revocation_data(unknown, downloads)
        verdicts = _judge(checked, replace(trust, revocation=trust.revocation + fetched))
    verdicts[trail[0]] = _agree(
        verdicts.get(trail[0], _NO_SIGNATURE), ManifestView(reading.manifests[0]), trust
    )
    return OwnChecks(checked, verdicts, trail, (*findings, *_revoked_ingredients(verdicts, trail)))


def _judge(checked: Sequence[CheckedManifest], trust: TrustContext) -> dict[str, JudgedSignature]:
    late = embedded_manifests.late_stamps(checked)
    return {
        each.label: credentials.judge(each.label, each.signature, late.get(each.label, ()), trust)
        for each in checked
        if each.signature
    }


def update_trail(manifests: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Returns the labels of the active manifest and of those it only updates.

    An update manifest has one parent, and says nothing else about the film (C2PA 2.4, 11.2.3).
    """
    views = {view.label: view for view in map(ManifestView, manifests)}
    links = ingredients.read_ingredient_links(manifests)
    parents = {link.owner: link.manifest for link in links if link.relationship == "parentOf"}
    label = ManifestView(manifests[0]).label
    trail = [label]
    while views[label].updates and parents.get(label) in views:
        label = parents[label]
        if label in trail:
            break
        trail.append(label)
    return tuple(trail)


def _agree(own: JudgedSignature, active: ManifestView, trust: TrustContext) -> JudgedSignature:
    """Returns the worse of our verdict and the SDK's, but for expiry: the SDK judges only by now."""
    failed = active.failures
    means = {status.look_up(code).means for code in failed}
    if "revoked" in means and own.signer != "revoked":
        return replace(own, signer="revoked", revocation="revoked", vouched_by=(), development_alone=False)
    if own.signer != "trusted":
        return own
    passed = active.codes("success")
    by_clock = "expired" in means or not trust.at_is_now
    if "signingCredential.invalid" in failed or not ("signingCredential.trusted" in passed or by_clock):
        why = Finding("signingCredential.untrusted", "signer", "", "the SDK refuses the certificate")
        findings = (*own.findings, why)
        return replace(own, signer="untrusted", vouched_by=(), development_alone=False, findings=findings)
    return own


def _revoked_ingredients(verdicts: Mapping[str, JudgedSignature], trail: Sequence[str]) -> Iterator[Finding]:
    """Yields the findings of ingredients whose signer's certificate was revoked when they were signed."""
    for label, verdict in verdicts.items():
        if verdict.signer == "revoked" and label not in trail:
            yield from (replace(each, kind="chain") for each in verdict.findings if each.kind == "signer")


def _by_sdk_alone(located: LocatedManifest, trust: TrustContext, why: Finding) -> OwnChecks:
    """Asks the SDK again under signers' lists alone, so that no other list vouches for a signer."""
    reading = located.reading
    active = update_trail(reading.manifests)[:1]
    signers = trust.of("signer")
    names = tuple(each.name for each in signers if _sdk_signer(located.read_under(each.pem)) == "trusted")
    signer = _sdk_signer(located.read_under(lists.join_pem(signers)))
    stamped = "timeStampInfo" in ManifestView(reading.manifests[0]).signature
    development = {each.name for each in signers if each.kind == "development"}
    verdict = JudgedSignature(
        signer,
        "untrusted" if stamped else "none",
        vouched_by=names,
        development_alone=bool(names) and development.issuperset(names),
    )
    return OwnChecks((), {active[0]: verdict}, active, (why,))


def _sdk_signer(reading: Reading) -> SignerState:
    """Returns the signer's state by the SDK's status codes."""
    if not reading.manifests:
        return "none"
    active = ManifestView(reading.manifests[0])
    means = {status.look_up(code).means for code in active.failures}
    passed = active.codes("success")
    bad = next((each for each in _WORST_FIRST if each in means), None)
    return bad or ("trusted" if "signingCredential.trusted" in passed else "untrusted")
