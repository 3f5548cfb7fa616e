"""Verifying a file, whoever made it. Reads the file and trust lists; reaches for nothing else unless told.

0  the file is there, and of a kind that can carry credentials
1  its manifests are read and validated against all trust lists at once
2  what its bytes say themselves: every manifest it carries, its hashes, signature and certificates
3  signer: who signed it, and which list of signers vouches for them
4  time: is there a time-stamp, and which list of authorities vouches for it
5  revocation: had the signer's certificate been taken back by then
6  integrity: is it what was signed
7  chain: did everything that went into it hold when it was taken in, and does it now
8  conformance: the C2PA programme's own rubric
9  bytes that no signature covers
10 where it was changed, if it was
11 what it says of having been generated
12 identity: who else stands by it (CAWG)
13 policies
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any

from post.atomic import checksum
from post.errors import SourceError
from post.values.claim import Finding
from provenance.manifest import Reading
from provenance.policy import Evidence, Profile
from provenance.report import AiDeclaration, ExaminedFile, Integrity, Report, TrustList, summarise
from provenance.rubric import conformance
from provenance.trust import lists as trust_lists
from provenance.trust.lists import Anchors
from provenance.verify import ai_signals, chain, tamper_map
from provenance.verify.crjson_merge import retelling
from provenance.verify.integrity import failures, integrity_of, more, worse
from provenance.verify.locate_manifest import Found, read
from provenance.verify.media import left_out, marks_in, told_of, why_without
from provenance.verify.own_checks import known
from provenance.verify.reclassify import named_rightly
from provenance.verify.signer.credentials import Trusted
from provenance.verify.signer.identity import identities
from provenance.verify.signer.revocation import Evidence as Revoked


@dataclass(frozen=True)
class Asked:
    """What else is asked of a verification. at: the time to judge at, None for now; lists: revocation
    lists given; online: whether addresses in the file (of its manifest, of its certificates' issuers) may
    be asked, and nothing else; sidecar: a manifest to judge the file by, instead of its own."""

    at: datetime | None = None
    lists: tuple[Any, ...] = field(default=(), repr=False)
    online: bool = False
    sidecar: Path | None = None


@dataclass(frozen=True)
class Verified:
    """A report, and the reading it was made from (its crJSON told in our words: see `retold`)."""

    report: Report
    reading: Reading


def verify(
    path: Path,
    anchors: Sequence[Anchors],
    policies: Sequence[Profile] = (),
    facts: Mapping[str, Any] | None = None,
    asked: Asked = Asked(),
) -> Report:
    """What can be found out about a file, each matter apart.

    anchors: whom to trust, none of them by default; facts: what a named person declares of the film.
    Raises SourceError where the file is missing, empty, or no media file.
    """
    return examine(path, anchors, policies, facts, asked).report


def examine(
    path: Path,
    anchors: Sequence[Anchors],
    policies: Sequence[Profile] = (),
    facts: Mapping[str, Any] | None = None,
    asked: Asked = Asked(),
) -> Verified:
    """As `verify`, with the reading kept."""
    # (0): the file
    examined = _examined(path)
    # (1): read under all lists
    found = read(path, trust_lists.pem(anchors), asked.sidecar, asked.online)
    _check_media(path, found.reading)
    done = _judged(path, examined, found, _trusted(anchors, asked), asked.online)
    # (13): policies
    evidence = Evidence(done.report, done.reading, facts or {})
    return replace(
        done, report=replace(done.report, policies=tuple(profile.check(evidence) for profile in policies))
    )


def _examined(path: Path) -> ExaminedFile:
    try:
        # A pipe or a device would be waited for, or read, without end.
        mode = path.stat().st_mode
        if not S_ISREG(mode):
            got = "a folder" if S_ISDIR(mode) else "a pipe or a device"
            raise SourceError("not a file", where=str(path), got=got, fix="check the path")
        digest, size = checksum(path)
    except OSError as exc:
        raise SourceError(
            "the file cannot be read", where=str(path), got=exc.strerror, fix="check the path"
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


def _trusted(anchors: Sequence[Anchors], asked: Asked) -> Trusted:
    given = Revoked(lists=asked.lists)
    return Trusted(tuple(anchors), asked.at or datetime.now(UTC), given, asked.at is None)


def _judged(path: Path, examined: ExaminedFile, found: Found, trusted: Trusted, ask: bool) -> Verified:
    reading = found.reading
    if reading.outcome == "found" and reading.manifests:
        done = _with(path, examined, named_rightly(found), trusted, ask)
    else:
        done = Verified(_without(path, examined, reading), reading)
    report = replace(
        done.report,
        manifest_source=found.source,
        trust_lists=tuple(_list(each, trusted) for each in trusted.lists),
        judged_at=f"{trusted.at:%Y-%m-%dT%H:%M:%SZ}",
        findings=(*found.findings, *done.report.findings, *_old(trusted)),
    )
    return replace(done, report=report)


def _without(path: Path, examined: ExaminedFile, reading: Reading) -> Report:
    """A file with no manifest that can be read."""
    integrity: Integrity = "absent" if reading.outcome == "absent" else "unreadable"
    marks, trouble = marks_in(path, reading)
    return Report(
        examined, integrity, ai=AiDeclaration("", marks), findings=(*why_without(path, reading), *trouble)
    )


def _with(path: Path, examined: ExaminedFile, found: Found, trusted: Trusted, ask: bool) -> Verified:
    reading = found.reading
    # (2): the manifests' own bytes
    told = known(found, trusted, ask)
    # (6): integrity
    integrity = worse(integrity_of(reading), told)
    # (7): chain
    holds, along = chain.judge(reading.manifests, told.along())
    # (9): unhashed bytes
    loose, unwalked = left_out(found)
    # (10): where it was changed
    where = tamper_map.located(path, reading) if integrity == "tampered" else tamper_map.NOWHERE
    # (11): generated?
    declared = ai_signals.declared(reading.manifests)
    marks, unread = marks_in(path, reading)
    retold = retelling(reading, told.credentials, trusted.at)
    report = Report(
        file=examined,
        integrity=integrity if not unwalked else "unreadable",
        # (3): signer
        signer=told.own.signer,
        vouched_by=told.own.vouched_by,
        # (4): time
        time=told.timed.time,
        time_vouched_by=told.timed.time_vouched_by,
        # (5): revocation
        revocation=told.own.revocation,
        chain=holds,
        # (8): conformance
        conformance=conformance.check(retold.manifests[0]),
        unhashed=loose,
        tampered_at=where.seconds,
        ai=AiDeclaration(declared.source_type, declared.signals + marks),
        # (12): identity
        identity=identities(reading.manifests[0], told.standing_by(trusted)),
        manifests=summarise(reading.manifests, told.credentials),
        findings=_once(
            failures(reading),
            more(told, reading),
            told.findings,
            along,
            told_of(loose),
            unwalked,
            where.findings,
            unread,
        ),
    )
    return Verified(report, retold)


def _once(*found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(each for some in found for each in some))


def _list(anchors: Anchors, trusted: Trusted) -> TrustList:
    old = anchors.old(trusted.at)
    return TrustList(anchors.name, anchors.role, anchors.dated, anchors.certificates, old)


def _old(trusted: Trusted) -> Iterator[Finding]:
    for each in trusted.lists:
        if each.old(trusted.at):
            why = f"drawn up {each.age_days(trusted.at)} days ago: update it (answerprint trust update)"
            yield Finding("trust.old", "signer" if each.role == "signer" else "time", each.name, why)
