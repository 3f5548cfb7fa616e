"""Verifies a file, whoever made it, in these steps:

0  the file exists, is not empty, and is a media file
1  its manifests are located and read, under all trust lists at once
2  our own checks of the manifests' bytes: hashes, signatures, certificates, time-stamps, revocation
3  integrity: is it what was signed; where was it changed, if it was
4  signer and time: which lists vouch for them, and was the certificate revoked
5  chain: what went into it, and does that hold
6  bytes that no signature covers
7  what it declares: how it was generated, who else stands by it (CAWG), the C2PA programme's rubric
8  policies

Reads the file and trust lists, and reaches for the network only where `VerifyOptions.online` allows it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any

from cryptography.x509 import CertificateRevocationList

from post.atomic import checksum
from post.errors import SourceError
from post.os_faults import retry_of
from post.step_log import StepLog
from post.values.claim import Finding
from provenance.download import Downloads
from provenance.manifest import Reading
from provenance.policy import FilmLook, Profile
from provenance.policy.document.waivers import Waiver
from provenance.public_addresses import PUBLIC_HOSTS, HostPolicy
from provenance.report import AiDeclaration, ExaminedFile, Integrity, Report, TrustList, summarise
from provenance.rubric import conformance as rubric
from provenance.trust import lists
from provenance.trust.lists import Anchors
from provenance.verify import ai_signals, chain, crjson_merge, own_checks, tamper_map
from provenance.verify.appended_bytes import find_appended
from provenance.verify.approvals import declared_approvals
from provenance.verify.integrity import integrity_of, own_findings, sdk_failures, worse_of
from provenance.verify.locate_manifest import LocatedManifest, locate
from provenance.verify.outside_manifest import (
    collect_unhashed,
    explain_absence,
    find_marks,
    unhashed_findings,
)
from provenance.verify.policies import judge_policies
from provenance.verify.reclassify import reclassify
from provenance.verify.signer.credentials import TrustContext
from provenance.verify.signer.identity import read_identities
from provenance.verify.signer.revocation import RevocationData

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class VerifyOptions:
    """How to verify, apart from whom to trust.

    at: the time to judge at, None for now, without an offset in UTC; lists: revocation lists; online: whether the
    addresses that the file and vouched-for certificates name may be asked; sidecar: a manifest to judge the file
    by, instead of its own; hosts: which of those addresses may be connected to: public ones, and hosts that the
    user named; waivers: by which named persons let a film pass without a rule.
    """

    at: datetime | None = None
    lists: tuple[CertificateRevocationList, ...] = field(default=(), repr=False)
    online: bool = False
    sidecar: Path | None = None
    hosts: HostPolicy = PUBLIC_HOSTS
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True)
class Verified:
    """A report, and the reading it was made from, with our results in its crJSON (see `crjson_merge`)."""

    report: Report
    reading: Reading


def verify(
    path: Path,
    anchors: Sequence[Anchors],
    policies: Sequence[Profile] = (),
    facts: Mapping[str, Any] | None = None,
    options: VerifyOptions = VerifyOptions(),
) -> Report:
    """Returns what can be found out about a file, each question answered by itself.

    anchors: whom to trust, and nobody else; facts: what a named person declares about the film, for
    policies. Raises SourceError where the file is missing, empty, or no media file.
    """
    return examine(path, anchors, policies, facts, options).report


def examine(
    path: Path,
    anchors: Sequence[Anchors],
    policies: Sequence[Profile] = (),
    facts: Mapping[str, Any] | None = None,
    options: VerifyOptions = VerifyOptions(),
    look: FilmLook | None = None,
) -> Verified:
    """Does the same as `verify`, and returns the reading too. look: looks at the film for policies with rules on its
    picture and sound; without it, such a rule cannot be checked."""
    steps = StepLog(log, file=str(path))
    # (0): the file
    file = _examine_file(path)
    steps.done("read the file", sha256=file.sha256, bytes=file.bytes)
    # (1): located and read under all lists
    downloads = Downloads(options.hosts) if options.online else None
    located = locate(path, lists.join_pem(anchors), options.sidecar, downloads)
    _check_media(path, located.reading)
    steps.done(f"located its manifests: {located.reading.outcome}", source=located.source)
    given = RevocationData(lists=options.lists)
    trust = TrustContext(tuple(anchors), _in_utc(options.at), given, options.at is None)
    # (2) to (7)
    verified = _judge(file, located, trust, downloads)
    report = verified.report
    states = {name: getattr(report, name) for name in ("integrity", "signer", "time", "chain")}
    steps.done("judged its manifests", **states, findings=[each.code for each in report.findings])
    # (8): policies
    if not policies and not options.waivers:
        return verified
    judged = judge_policies(report, verified.reading, policies, facts, look, options.waivers)
    steps.done(f"checked {len(policies)} policies")
    return replace(verified, report=judged)


def _in_utc(at: datetime | None) -> datetime:
    if at is None:
        return datetime.now(UTC)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _examine_file(path: Path) -> ExaminedFile:
    try:
        # Reading a pipe or a device would wait, or read without end.
        mode = path.stat().st_mode
        if not S_ISREG(mode):
            got = "a folder" if S_ISDIR(mode) else "a pipe or a device"
            raise SourceError("not a file", where=str(path), got=got, fix="check the path")
        digest, size = checksum(path)
    except OSError as exc:
        raise (
            retry_of(exc, str(path))
            or SourceError("the file cannot be read", where=str(path), got=exc.strerror, fix="check the path")
        ) from exc
    if size == 0:
        raise SourceError("the file is empty", where=str(path), fix="fetch it again")
    return ExaminedFile(str(path), digest, size)


def _check_media(path: Path, reading: Reading) -> None:
    if reading.outcome == "unsupported" and not reading.media_type:
        raise SourceError(
            "not a media file",
            where=str(path),
            expected="a picture, a sound or a film",
            fix="check that this is the file you mean",
        )


def _judge(
    file: ExaminedFile, located: LocatedManifest, trust: TrustContext, downloads: Downloads | None
) -> Verified:
    reading = located.reading
    if reading.outcome == "found" and reading.manifests:
        verified = _judge_manifest(file, reclassify(located), trust, downloads)
    else:
        verified = Verified(_report_without(file, located), reading)
    report = replace(
        verified.report,
        manifest_source=located.source,
        trust_lists=tuple(_trust_list(each, trust) for each in trust.lists),
        judged_at=_written(trust.at),
    )
    findings = (*located.findings, *report.findings, *_development_alone(report), *_old_lists(trust))
    return replace(verified, report=replace(report, findings=findings))


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _report_without(file: ExaminedFile, located: LocatedManifest) -> Report:
    """Reports on a file with no manifest that can be read."""
    path, reading = located.path, located.reading
    integrity: Integrity = "absent" if reading.outcome == "absent" else "unreadable"
    marks, unread = find_marks(path, reading)
    findings = (explain_absence(path, reading), *unread)
    added = find_appended(located, "could not be checked in full") if integrity == "unreadable" else None
    if added:
        integrity, findings = "tampered", (added, *findings)
    return Report(file, integrity, ai=AiDeclaration("", marks), findings=findings)


def _judge_manifest(
    file: ExaminedFile, located: LocatedManifest, trust: TrustContext, downloads: Downloads | None
) -> Verified:
    path, reading = located.path, located.reading
    steps = StepLog(log, file=str(path))
    # (2): our own checks
    own = own_checks.run(located, trust, downloads)
    steps.done("checked hashes, signatures, certificates, time-stamps and revocation")
    # (3): integrity, and where it was changed
    integrity, added, changed = _judge_integrity(located, own)
    # (4): signer and time
    active, binding = own.active, own.binding
    # (5): chain
    chain_state, chain_findings = chain.judge(reading.manifests, own.ingredient_results())
    steps.done("judged integrity, signer, time and chain")
    # (6): bytes that no signature covers
    unhashed, unwalked = collect_unhashed(located)
    steps.done(f"searched for bytes that no signature covers: {len(unhashed)} boxes")
    # (7): what it declares
    declared, (marks, unread) = ai_signals.read_declared(reading.manifests), find_marks(path, reading)
    merged = crjson_merge.merge(reading, own.verdicts, trust.at)
    report = Report(
        file=file,
        integrity="unreadable" if unwalked and not added else integrity,
        signer=active.signer,
        vouched_by=active.vouched_by,
        revocation=active.revocation,
        time=binding.time,
        time_vouched_by=binding.time_vouched_by,
        stamped_at=_written(binding.stamped) if binding.stamped else "",
        chain=chain_state,
        conformance=rubric.check(merged.manifests[0]),
        unhashed=unhashed,
        tampered_at=changed.seconds,
        ai=AiDeclaration(declared.source_type, declared.signals + marks),
        is_trusted_by_development_alone=active.development_alone,
        identity=read_identities(reading.manifests[0], own.vouching_lists(trust)),
        manifests=summarise(reading.manifests, own.verdicts),
        findings=_each_once(
            (added,) if added else (),
            sdk_failures(reading),
            own_findings(own, reading),
            (*own.findings, *chain_findings),
            unhashed_findings(unhashed),
            unwalked,
            changed.findings,
            (*unread, *declared_approvals(reading.manifests)),
        ),
    )
    return Verified(report, merged)


def _judge_integrity(
    located: LocatedManifest, own: own_checks.OwnChecks
) -> tuple[Integrity, Finding | None, tamper_map.TamperMap]:
    """Returns the integrity, what says that bytes were appended, and where the film was changed."""
    integrity = worse_of(integrity_of(located.reading), own)
    added = find_appended(located, own.before) if integrity != "intact" else None
    if added is None and integrity != "tampered":
        return integrity, None, tamper_map.TamperMap()
    return "tampered", added, tamper_map.map_changes(located.path, located.reading)


def _each_once(*groups: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(each for group in groups for each in group))


def _trust_list(anchors: Anchors, trust: TrustContext) -> TrustList:
    old = anchors.old(trust.at)
    return TrustList(anchors.name, anchors.role, anchors.dated, anchors.certificates, old, anchors.kind)


def _development_alone(report: Report) -> Iterator[Finding]:
    if report.is_trusted_by_development_alone:
        why = "only a development root vouches for the signer: nobody trusts this file who has not added that root"
        yield Finding("signer.development", "signer", "", why)


def _old_lists(trust: TrustContext) -> Iterator[Finding]:
    for each in trust.lists:
        if each.old(trust.at):
            age = f"it is of {each.dated}, {each.age_days(trust.at)} days ago"
            why = f"{age}, and may lack new names: update it ({each.update_command})"
            yield Finding("trust.old", "signer" if each.role == "signer" else "time", each.name, why)
