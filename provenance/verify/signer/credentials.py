"""Who signed a claim, when, and whether that still counts: each from the signature's own bytes.

Three questions, never mixed: which list of signers vouches for the certificate; which list of
authorities vouches for the time; whether the certificate had been taken back by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from cryptography import x509

from post.errors import SourceError
from post.values.claim import Finding
from provenance.report import Revocation, SignerState, TimeState
from provenance.trust.lists import Anchors, loaded
from provenance.verify.signer import cert_path, revocation, time_stamps
from provenance.verify.signer.revocation import Evidence, Moment, Standing
from provenance.verify.signer.signature import Signature, Stamp


@dataclass(frozen=True)
class Trusted:
    """Under what claims are judged. at: the time to judge at, where no trusted time-stamp gives another;
    evidence: revocation lists that were given; now: whether that time is now."""

    lists: tuple[Anchors, ...]
    at: datetime
    evidence: Evidence = field(default_factory=Evidence)
    now: bool = True

    @property
    def signers(self) -> tuple[Anchors, ...]:
        return tuple(each for each in self.lists if each.role == "signer")

    @property
    def identities(self) -> tuple[Anchors, ...]:
        return tuple(each for each in self.lists if each.role == "identity")

    @property
    def authorities(self) -> tuple[Anchors, ...]:
        return tuple(each for each in self.lists if each.role == "tsa")


@dataclass(frozen=True)
class Credential:
    """What a claim's signature came to. when: of a trusted time-stamp; stamped: of any; by: its
    authority; path: from the certificate to its anchor, () where nobody vouches."""

    signer: SignerState
    time: TimeState = "none"
    revocation: Revocation = "not checked"
    vouched_by: tuple[str, ...] = ()
    time_vouched_by: tuple[str, ...] = ()
    when: datetime | None = None
    stamped: datetime | None = None
    by: str = ""
    path: tuple[x509.Certificate, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Time:
    state: TimeState
    stamped: datetime | None = None
    by: str = ""
    vouched_by: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def judge(label: str, signature: Signature, late: Sequence[Stamp], trusted: Trusted) -> Credential:
    """A claim's credential. label: of its manifest; late: time-stamps that others added to it since."""
    time = _best([_time(label, each, trusted.authorities) for each in (*signature.stamps, *late)])
    proven = time.stamped if time.state == "trusted" else None
    when = proven or trusted.at
    vouched = _vouching(signature, trusted.signers, _within(signature.leaf, when))
    path = next(iter(vouched.values()), ())
    standing = _standing(signature, path, trusted.evidence, Moment(when, proven is not None))
    state, why = _state(signature, bool(path), standing, when)
    return Credential(
        state,
        time.state,
        standing.state,
        tuple(vouched) if state == "trusted" else (),
        time.vouched_by,
        proven,
        time.stamped,
        time.by,
        path,
        (*time.findings, *_told(label, state, why), *_spoken(label, standing)),
    )


def _state(
    signature: Signature, vouched: bool, standing: Standing, when: datetime
) -> tuple[SignerState, str]:
    leaf = signature.leaf
    if standing.state == "revoked":
        return "revoked", standing.why
    if not vouched:
        return "untrusted", "no list of signers vouches for the certificate"
    if not cert_path.current(leaf, when):
        span = f"{leaf.not_valid_before_utc:%Y-%m-%d} to {leaf.not_valid_after_utc:%Y-%m-%d}"
        return "expired", f"the certificate is valid from {span}, judged at {when:%Y-%m-%d %H:%M} UTC"
    if not cert_path.fit_for(leaf, cert_path.SIGNING):
        return "untrusted", "the certificate is not for signing claims"
    return "trusted", ""


def _within(leaf: x509.Certificate, when: datetime) -> datetime:
    """The nearest time at which the certificate itself is valid: "expired" is said of one that a list
    vouched for then, and of no other."""
    return min(max(when, leaf.not_valid_before_utc), leaf.not_valid_after_utc)


def _told(label: str, state: SignerState, why: str) -> tuple[Finding, ...]:
    codes = {
        "revoked": "signingCredential.ocsp.revoked",
        "expired": "claimSignature.outsideValidity",
        "untrusted": "signingCredential.untrusted",
    }
    return (Finding(codes[state], "signer", label, why),) if state in codes else ()


def _spoken(label: str, standing: Standing) -> tuple[Finding, ...]:
    """Not knowing is a finding of its own, and so is a revocation that came too late to matter."""
    if standing.state == "unknown":
        return (Finding("revocation.unknown", "signer", label, standing.why),)
    later = standing.state == "good" and standing.why.startswith("revoked")
    return (Finding("revocation.later", "signer", label, standing.why),) if later else ()


def _vouching(signature: Signature, lists: Sequence[Anchors], when: datetime) -> dict[str, cert_path.Path]:
    """The lists a path leads to, and each path."""
    found: dict[str, cert_path.Path] = {}
    for each in lists:
        path = cert_path.path(signature.leaf, cert_path.Bag(loaded(each.pem), signature.chain[1:]), when)
        if path:
            found.setdefault(each.name, path)
    return found


def standing_by(identity: cert_path.Path, trusted: Trusted, when: datetime | None) -> tuple[str, ...]:
    """The lists of identities that vouch for whoever stands by a claim (CAWG), as at a time or now.

    identity: their certificates, leaf first.
    """
    bags = [(each.name, cert_path.Bag(loaded(each.pem), identity[1:])) for each in trusted.identities]
    return tuple(name for name, bag in bags if cert_path.path(identity[0], bag, when or trusted.at))


def _standing(signature: Signature, path: cert_path.Path, given: Evidence, moment: Moment) -> Standing:
    """Of the leaf by anything at hand, and of its issuers by the lists given."""
    evidence = Evidence(signature.stapled) + given
    issuer = _issuer(signature, path)
    if issuer is None:
        return Standing("unknown", "the certificate's issuer is not at hand")
    found = revocation.standing(signature.leaf, issuer, evidence, moment)
    for each, above in pairwise(path[1:]):
        higher = revocation.standing(each, above, Evidence(lists=given.lists), moment)
        if higher.state == "revoked":
            return Standing("revoked", f"its issuer was {higher.why}")
    return found


def _issuer(signature: Signature, path: cert_path.Path) -> x509.Certificate | None:
    if len(path) > 1:
        return path[1]
    return next((each for each in signature.chain[1:] if cert_path.issued_by(signature.leaf, each)), None)


def _time(label: str, stamp: Stamp, lists: Sequence[Anchors]) -> _Time:
    try:
        found = time_stamps.read(stamp)
    except SourceError as exc:
        # C2PA 2.4, 15.2.2: a whole time-stamp of another claim is a mismatch.
        code = "timeStamp.mismatch" if isinstance(exc, time_stamps.OtherClaimError) else "timeStamp.malformed"
        return _Time("untrusted", findings=(Finding(code, "time", label, exc.what),))
    fit = cert_path.fit_for(found.authority, cert_path.STAMPING)
    bags = [(each.name, cert_path.Bag(loaded(each.pem), found.others)) for each in lists if fit]
    vouched = tuple(name for name, bag in bags if cert_path.path(found.authority, bag, found.when))
    if vouched:
        return _Time("trusted", found.when, found.name, vouched)
    why = f"no list of time-stamping authorities vouches for {found.name}"
    told = Finding("timeStamp.untrusted", "time", label, why)
    return _Time("untrusted", found.when, found.name, findings=(told,))


def _best(times: Sequence[_Time]) -> _Time:
    """The earliest trusted time-stamp, else any: with one that holds, what is wrong with others is idle."""
    trusted = [each for each in times if each.state == "trusted"]
    if trusted:
        return min(trusted, key=lambda each: each.stamped or datetime.max)
    return times[0] if times else _Time("none")
