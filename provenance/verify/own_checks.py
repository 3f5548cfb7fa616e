"""What a file's manifests say by their own bytes: credentials of every signer, and what does not hold.

The SDK's word is kept where it is the worse one: nobody is trusted here whom it refuses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from post.errors import SourceError
from post.values.claim import Finding
from provenance.crjson import ingredients, status
from provenance.formats import jumbf
from provenance.manifest import Reading
from provenance.report import SignerState, TimeState
from provenance.trust import lists
from provenance.verify import chain, embedded_manifests, online
from provenance.verify.embedded_manifests import Checked
from provenance.verify.locate_manifest import Found
from provenance.verify.signer import credentials
from provenance.verify.signer.credentials import Credential, Trusted

NOBODY = Credential("none")
_BY_SIGNER: tuple[SignerState, ...] = ("revoked", "expired", "untrusted")


@dataclass(frozen=True)
class Known:
    """What the bytes tell. checked: every carried manifest; credentials: by manifest label; trail: the
    active manifest's label, then of those it only updates, down to the one that binds the film."""

    checked: tuple[Checked, ...] = ()
    credentials: Mapping[str, Credential] = field(default_factory=dict)
    trail: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def own(self) -> Credential:
        """Of the active manifest."""
        return self.credentials.get(self.trail[0], NOBODY) if self.trail else NOBODY

    def standing_by(self, trusted: Trusted) -> dict[str, tuple[str, ...]]:
        """For each identity beside the signer's, by its assertion: the lists that vouch for it."""
        active = next((each for each in self.checked if self.trail and each.label == self.trail[0]), None)
        held = active.identities if active else {}
        return {label: credentials.standing_by(each, trusted, self.own.when) for label, each in held.items()}

    @property
    def timed(self) -> Credential:
        """Of the claim that binds the film: an update (a late time-stamp, say) binds nothing itself."""
        return self.credentials.get(self.trail[-1], NOBODY) if self.trail else NOBODY

    @property
    def time(self) -> TimeState:
        return self.timed.time

    def faults(self) -> tuple[Finding, ...]:
        """What does not hold in the active manifest and in those it updates."""
        return tuple(
            status.to_finding(
                {"code": fault.code, "url": f"{fault.label}/{fault.place}", "explanation": fault.why}
            )
            for each in self.checked
            if each.label in self.trail
            for fault in each.faults
        )

    def along(self) -> chain.Bytes:
        """What the chain needs to know of the others."""
        named: dict[str, bool] = {}
        for each in self.checked:
            for label, good in each.taken.items():
                named[label] = named.get(label, False) or good
        broken = [
            chain.Broken(fault.label, fault.code, fault.place, fault.why, named.get(fault.label, False))
            for each in self.checked
            if each.label not in self.trail
            for fault in each.faults
        ]
        redacted = [uri for each in self.checked for uri in each.redacted]
        return chain.Bytes(tuple(broken), tuple(redacted))


def known(read: Found, trusted: Trusted, ask: bool) -> Known:
    """What the manifests that were read say by their bytes.

    ask: whether the addresses in vouched-for certificates may be asked about revocation.
    """
    reading = read.reading
    way = trail(reading.manifests)
    try:
        found = [each for part in read.stores() for each in jumbf.read_manifests(part)]
        checked = embedded_manifests.check(found)
    except SourceError as exc:
        return _by_sdk(read, trusted, Finding("store.unreadable", "chain", exc.where, exc.what))
    if way[0] not in {each.label for each in checked}:
        why = "the manifests cannot be taken out of this kind of file: only the SDK's word is known"
        return _by_sdk(read, trusted, Finding("store.unread", "chain", reading.media_type, why))
    judged = _judged(checked, trusted)
    told: tuple[Finding, ...] = ()
    if ask:
        more, told = online.evidence([each.path for each in judged.values() if each.revocation == "unknown"])
        judged = _judged(checked, replace(trusted, evidence=trusted.evidence + more))
    judged[way[0]] = _agreed(judged.get(way[0], NOBODY), reading.manifests[0], trusted)
    return Known(checked, judged, way, (*told, *_others(judged, way)))


def _judged(checked: Sequence[Checked], trusted: Trusted) -> dict[str, Credential]:
    late = embedded_manifests.late_stamps(checked)
    return {
        each.label: credentials.judge(each.label, each.signature, late.get(each.label, ()), trusted)
        for each in checked
        if each.signature
    }


def trail(manifests: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The labels of the active manifest and of those it only updates. An update manifest has one parent,
    and says nothing else of the film (C2PA 2.4, 11.2.3)."""
    by_label = {str(each.get("label", "")): each for each in manifests}
    parents = {
        link.owner: link.manifest
        for link in ingredients.read_ingredient_links(manifests)
        if link.relationship == "parentOf"
    }
    label = str(manifests[0].get("label", ""))
    trail = [label]
    while by_label.get(label, {}).get("isUpdateManifest") is True and parents.get(label) in by_label:
        label = parents[label]
        if label in trail:
            break
        trail.append(label)
    return tuple(trail)


def _agreed(own: Credential, active: Mapping[str, Any], trusted: Trusted) -> Credential:
    """Nobody is trusted whom the SDK refuses, but for its clock: it knows no other time than now."""
    failed = status.codes_of(status.read_entries(active.get("validationResults"), "failure"))
    means = {status.look_up(code).means for code in failed}
    if "revoked" in means and own.signer != "revoked":
        return replace(own, signer="revoked", revocation="revoked", vouched_by=())
    if own.signer != "trusted":
        return own
    passed = status.codes_of(status.read_entries(active.get("validationResults"), "success"))
    by_clock = "expired" in means or not trusted.now
    if "signingCredential.invalid" in failed or not ("signingCredential.trusted" in passed or by_clock):
        why = Finding("signingCredential.untrusted", "signer", "", "the SDK refuses the certificate")
        return replace(own, signer="untrusted", vouched_by=(), findings=(*own.findings, why))
    return own


def _others(judged: Mapping[str, Credential], trail: Sequence[str]) -> Iterator[Finding]:
    """An ingredient whose signer's certificate had been taken back when it was signed."""
    for label, each in judged.items():
        if each.signer == "revoked" and label not in trail:
            yield from (replace(told, kind="chain") for told in each.findings if told.kind == "signer")


def _by_sdk(read: Found, trusted: Trusted, why: Finding) -> Known:
    """Where the bytes cannot be had: asked again with signers alone, so that no other list vouches."""
    reading = read.reading
    label = trail(reading.manifests)[:1]
    names = tuple(each.name for each in trusted.signers if _sdk_signer(read.again(each.pem)) == "trusted")
    signer = _sdk_signer(read.again(lists.pem(trusted.signers)))
    signature = reading.manifests[0].get("signature")
    stamped = isinstance(signature, Mapping) and "timeStampInfo" in signature
    own = Credential(signer, "untrusted" if stamped else "none", vouched_by=names)
    return Known((), {label[0]: own}, label, (why,))


def _sdk_signer(reading: Reading) -> SignerState:
    if not reading.manifests:
        return "none"
    results = reading.manifests[0].get("validationResults")
    means = {status.look_up(name).means for name in status.codes_of(status.read_entries(results, "failure"))}
    passed = status.codes_of(status.read_entries(results, "success"))
    bad = next((each for each in _BY_SIGNER if each in means), None)
    return bad or ("trusted" if "signingCredential.trusted" in passed else "untrusted")
