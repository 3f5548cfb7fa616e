"""Judges a claim's signature: who signed it, when, and whether that counts.

Three questions, each answered by itself:
  which list of signers vouches for the certificate (cert_path);
  which list of authorities vouches for the time (time_stamps);
  had the certificate been revoked by then (revocation).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from post.errors import SourceError
from post.values.claim import Finding
from provenance.report import OUTSIDE_VALIDITY, Revocation, SignerState, TimeState
from provenance.trust.lists import Anchors, Role, is_development, load_certificates
from provenance.verify.signer import time_stamps
from provenance.verify.signer.cert_path import (
    SIGNING,
    STAMPING,
    CertPath,
    CertPool,
    find_path,
    is_fit_for,
    is_issued_by,
    is_valid_at,
)
from provenance.verify.signer.revocation import (
    RevocationData,
    RevocationStatus,
    SigningTime,
    check_revocation,
)
from provenance.verify.signer.signature import ClaimSignature, TimeStampToken


@dataclass(frozen=True)
class TrustContext:
    """What signatures are judged under.

    lists: the trust lists; at: the time to judge at, where no trusted time-stamp gives another; revocation:
    the lists that were given and the answers fetched; at_is_now: whether `at` is the present time.
    """

    lists: tuple[Anchors, ...]
    at: datetime
    revocation: RevocationData = field(default_factory=RevocationData)
    at_is_now: bool = True

    def of(self, role: Role) -> tuple[Anchors, ...]:
        """Returns the lists of a role: "signer", "tsa" or "identity"."""
        return tuple(each for each in self.lists if each.role == role)


@dataclass(frozen=True)
class JudgedSignature:
    """What a claim's signature came to.

    vouched_by, time_vouched_by: names of trust lists; when: the time of a trusted time-stamp; stamped: the
    time of any; by: its authority's name; path: from the certificate to its anchor, () where no list vouches;
    certificate: SHA-256 of the signer's own, hexadecimal, "" where it is not known; development_alone: whether every
    anchor that vouches for the signer was made for development.
    """

    signer: SignerState
    time: TimeState = "none"
    revocation: Revocation = "not checked"
    vouched_by: tuple[str, ...] = ()
    time_vouched_by: tuple[str, ...] = ()
    when: datetime | None = None
    stamped: datetime | None = None
    by: str = ""
    path: CertPath = ()
    findings: tuple[Finding, ...] = ()
    certificate: str = ""
    development_alone: bool = False


@dataclass(frozen=True)
class _TimeVerdict:
    state: TimeState
    stamped: datetime | None = None
    by: str = ""
    vouched_by: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def judge(
    label: str, signature: ClaimSignature, late: Sequence[TimeStampToken], trust: TrustContext
) -> JudgedSignature:
    """Judges the signature of one claim.

    label: of its manifest, for the findings; late: time-stamps that later manifests added to it.
    """
    tokens = (*signature.stamps, *late)
    time = _best_time([_judge_time(label, each, trust.of("tsa")) for each in tokens])
    proven = time.stamped if time.state == "trusted" else None
    when = proven or trust.at
    paths = _find_paths(signature, trust.of("signer"), _nearest_valid(signature.leaf, when))
    path = next(iter(paths.values()), ())
    status = _check_chain(signature, path, trust.revocation, SigningTime(when, proven is not None))
    state, why = _signer_state(signature.leaf, bool(path), status, when)
    return JudgedSignature(
        state,
        time.state,
        status.state,
        tuple(paths) if state == "trusted" else (),
        time.vouched_by,
        proven,
        time.stamped,
        time.by,
        path,
        (
            *time.findings,
            *_signer_findings(label, state, why),
            *_also_expired(label, state, signature.leaf, when),
            *_revocation_findings(label, status),
        ),
        signature.leaf.fingerprint(SHA256()).hex(),
        state == "trusted" and all(is_development(each[-1]) for each in paths.values()),
    )


def vouching_lists(identity: CertPath, trust: TrustContext, when: datetime | None) -> tuple[str, ...]:
    """Returns the names of the lists of identities that vouch for an identity assertion (CAWG).

    identity: its certificates, leaf first; when: the time to judge at, None for the context's.
    """
    pools = [
        (each.name, CertPool(load_certificates(each.pem), identity[1:])) for each in trust.of("identity")
    ]
    return tuple(name for name, pool in pools if find_path(identity[0], pool, when or trust.at))


def _signer_state(
    leaf: x509.Certificate, vouched: bool, status: RevocationStatus, when: datetime
) -> tuple[SignerState, str]:
    """Returns the signer's state, and why where it is not "trusted"."""
    if status.state == "revoked":
        return "revoked", status.why
    if not vouched:
        return "untrusted", "no list of signers vouches for the certificate"
    if not is_valid_at(leaf, when):
        return "expired", _outside_validity(leaf, when)
    if not is_fit_for(leaf, SIGNING):
        return "untrusted", "the certificate is not for signing claims"
    return "trusted", ""


def _outside_validity(leaf: x509.Certificate, when: datetime) -> str:
    span = f"{leaf.not_valid_before_utc:%Y-%m-%d} to {leaf.not_valid_after_utc:%Y-%m-%d}"
    return f"the certificate is valid from {span}, judged at {when:%Y-%m-%d %H:%M} UTC"


def _nearest_valid(leaf: x509.Certificate, when: datetime) -> datetime:
    """Returns the time nearest to `when` at which the certificate itself is valid.

    So "expired" is said only of a certificate that a list vouched for while it was valid.
    """
    return min(max(when, leaf.not_valid_before_utc), leaf.not_valid_after_utc)


def _signer_findings(label: str, state: SignerState, why: str) -> tuple[Finding, ...]:
    codes = {
        "revoked": "signingCredential.ocsp.revoked",
        "expired": OUTSIDE_VALIDITY,
        "untrusted": "signingCredential.untrusted",
    }
    return (Finding(codes[state], "signer", label, why),) if state in codes else ()


def _also_expired(
    label: str, state: SignerState, leaf: x509.Certificate, when: datetime
) -> tuple[Finding, ...]:
    """Returns a finding where a certificate that does not count for another reason was not valid either."""
    if state not in ("untrusted", "revoked") or is_valid_at(leaf, when):
        return ()
    return (Finding(OUTSIDE_VALIDITY, "signer", label, _outside_validity(leaf, when)),)


def _revocation_findings(label: str, status: RevocationStatus) -> tuple[Finding, ...]:
    """Returns a finding where revocation is unknown, and where it came too late to count."""
    if status.state == "unknown":
        return (Finding("revocation.unknown", "signer", label, status.why),)
    return (Finding("revocation.later", "signer", label, status.why),) if status.revoked_later else ()


def _find_paths(signature: ClaimSignature, lists: Sequence[Anchors], when: datetime) -> dict[str, CertPath]:
    """Returns a path to an anchor for each list, by its name, that has one."""
    found: dict[str, CertPath] = {}
    for each in lists:
        path = find_path(signature.leaf, CertPool(load_certificates(each.pem), signature.chain[1:]), when)
        if path:
            found.setdefault(each.name, path)
    return found


def _check_chain(
    signature: ClaimSignature, path: CertPath, given: RevocationData, signed: SigningTime
) -> RevocationStatus:
    """Checks the leaf by everything at hand, and its issuers by the lists given."""
    issuer = _issuer(signature, path)
    if issuer is None:
        return RevocationStatus("unknown", "the issuer's certificate is not at hand")
    stapled = RevocationData(signature.stapled)
    for each, above in pairwise(path[1:]):
        status = check_revocation(each, above, RevocationData(lists=given.lists), signed)
        if status.state == "revoked":
            return RevocationStatus("revoked", f"its issuer was {status.why}", status.revoked_at)
    return check_revocation(signature.leaf, issuer, stapled + given, signed)


def _issuer(signature: ClaimSignature, path: CertPath) -> x509.Certificate | None:
    if len(path) > 1:
        return path[1]
    return next((each for each in signature.chain[1:] if is_issued_by(signature.leaf, each)), None)


def _judge_time(label: str, token: TimeStampToken, lists: Sequence[Anchors]) -> _TimeVerdict:
    try:
        stamp = time_stamps.read(token)
    except SourceError as exc:
        # C2PA 2.4, 15.2.2: a whole time-stamp of another claim is a mismatch.
        code = "timeStamp.mismatch" if isinstance(exc, time_stamps.OtherClaimError) else "timeStamp.malformed"
        return _TimeVerdict("untrusted", findings=(Finding(code, "time", label, exc.what),))
    usable = lists if is_fit_for(stamp.authority, STAMPING) else ()
    pools = [(each.name, CertPool(load_certificates(each.pem), stamp.others)) for each in usable]
    vouched = tuple(name for name, pool in pools if find_path(stamp.authority, pool, stamp.when))
    if vouched:
        return _TimeVerdict("trusted", stamp.when, stamp.authority_name, vouched)
    why = f"no list of time-stamping authorities vouches for {stamp.authority_name}"
    finding = Finding("timeStamp.untrusted", "time", label, why)
    return _TimeVerdict("untrusted", stamp.when, stamp.authority_name, findings=(finding,))


def _best_time(times: Sequence[_TimeVerdict]) -> _TimeVerdict:
    """Returns the earliest trusted time-stamp, else the first; with a trusted one, faults of others do
    not count."""
    trusted = [each for each in times if each.state == "trusted"]
    if trusted:
        return min(trusted, key=lambda each: each.stamped or datetime.max)
    return times[0] if times else _TimeVerdict("none")
