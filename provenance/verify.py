"""Verifying a file, whoever made it. Reads the file and trust lists; reaches for nothing else.

0  the file is there, and of a kind that can carry credentials
1  its manifests are read and validated against all trust lists at once
2  integrity: is it what was signed
3  signer: who signed it, and which list vouches for them
4  time: is there a time-stamp, by whom
5  chain: did everything that went into it hold when it was taken in
6  conformance: the C2PA programme's own rubric
7  bytes that no signature covers
8  where it was changed, if it was
9  what it says of having been generated
10 policies
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from post.errors import SourceError
from post.values.claim import Finding
from provenance import blocks, chain, manifest, rubric, signals, status, trust
from provenance.blocks import Seconds
from provenance.manifest import Reading
from provenance.media_type import BOXED
from provenance.policy import Evidence, Profile
from provenance.report import UNSUPPORTED, Examined, Integrity, Report, SignerState, TimeState, summaries
from provenance.signals import Ai
from provenance.trust import Anchors
from provenance.unhashed import Unhashed, unhashed


def verify(
    path: Path,
    anchors: Sequence[Anchors],
    policies: Sequence[Profile] = (),
    facts: Mapping[str, Any] | None = None,
) -> Report:
    """What can be found out about a file, each matter apart.

    anchors: whom to trust, none of them by default; facts: what a named person declares of the film.
    Raises SourceError where the file is missing, empty, or no media file.
    """
    # (0): the file
    examined = _examined(path)
    # (1): read under all lists
    reading = manifest.read(path, trust.pem(anchors))
    report = _judged(path, examined, reading, anchors)
    # (10): policies
    evidence = Evidence(report, reading, facts or {})
    return replace(report, policies=tuple(profile.check(evidence) for profile in policies))


def _examined(path: Path) -> Examined:
    try:
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
            size = source.tell()
    except OSError as exc:
        raise SourceError(
            "the file cannot be read", where=str(path), got=exc.strerror, fix="check the path"
        ) from exc
    if size == 0:
        raise SourceError("the file is empty", where=str(path), fix="fetch it again")
    return Examined(str(path), digest, size)


def _judged(path: Path, examined: Examined, reading: Reading, anchors: Sequence[Anchors]) -> Report:
    if reading.outcome == "unsupported" and not reading.media_type:
        raise SourceError(
            "not a media file",
            where=str(path),
            expected="a picture, a sound or a film",
            fix="check that this is the file you mean",
        )
    if reading.outcome != "found" or not reading.manifests:
        return _without(path, examined, reading)
    return _with(path, examined, reading, anchors)


def _without(path: Path, examined: Examined, reading: Reading) -> Report:
    """A file with no manifest that can be read."""
    integrity: Integrity = "absent" if reading.outcome == "absent" else "unreadable"
    marks, trouble = _marks(path, reading)
    return Report(examined, integrity, ai=Ai("", marks), findings=(*_why_without(reading), *trouble))


def _with(path: Path, examined: Examined, reading: Reading, anchors: Sequence[Anchors]) -> Report:
    active = reading.manifests[0]
    failed = failures(reading)
    # (2): integrity
    integrity = integrity_of(reading)
    # (3): signer
    signer = signer_of(reading)
    vouched = _vouching(path, anchors) if signer == "trusted" else ()
    # (5): chain
    holds, along = chain.judge(reading.manifests)
    # (7): unhashed bytes
    loose, unwalked = _unhashed(path, reading)
    # (8): where it was changed
    where, located = _located(path, reading) if integrity == "tampered" else ((), ())
    # (9): generated?
    declared = signals.declared(reading.manifests)
    marks, unread = _marks(path, reading)
    return Report(
        file=examined,
        integrity=integrity if not unwalked else "unreadable",
        signer=signer,
        # (4): time-stamp
        time=_time_of(active),
        chain=holds,
        # (6): conformance
        conformance=rubric.check(active),
        unhashed=loose,
        tampered_at=where,
        ai=Ai(declared.source_type, declared.signals + marks),
        manifests=summaries(reading.manifests),
        findings=(*failed, *along, *_loose_findings(loose), *unwalked, *located, *unread),
        vouched_by=vouched,
    )


def failures(reading: Reading) -> tuple[Finding, ...]:
    """What the SDK holds against the active manifest, and against ingredients' manifests as carried."""
    return tuple(status.finding(entry) for entry in _failed(reading))


def integrity_of(reading: Reading) -> Integrity:
    """Whether a file with a manifest is what was signed."""
    means = {status.code(str(entry["code"])).means for entry in _failed(reading)}
    if "tampered" in means:
        return "tampered"
    if means & {"malformed", "missing"}:
        return "unreadable"
    # "Invalid" for a reason that is none of the above, nor the signer's: do not let it pass.
    explained = means & {"untrusted", "expired", "revoked", "time", "identity"}
    return "unreadable" if reading.state == "Invalid" and not explained else "intact"


def signer_of(reading: Reading) -> SignerState:
    """Who signed: trusted only where the SDK says so and nothing speaks against it."""
    results = reading.manifests[0].get("validationResults")
    means = {status.code(name).means for name in status.codes(status.items(results, "failure"))}
    for bad in ("revoked", "expired", "untrusted"):
        if bad in means:
            return bad
    trusted = "signingCredential.trusted" in status.codes(status.items(results, "success"))
    return "trusted" if trusted else "untrusted"


def _failed(reading: Reading) -> Iterator[Mapping[str, Any]]:
    active = reading.manifests[0]
    yield from status.items(active.get("validationResults"), "failure")
    for delta in active.get("ingredientDeltas") or ():
        for entry in status.items(delta, "validationDeltas", "failure"):
            # An ingredient's own signer is the chain's matter, not this file's.
            if status.code(str(entry["code"])).means in ("tampered", "missing", "malformed"):
                yield entry


def _time_of(active: Mapping[str, Any]) -> TimeState:
    """Trusted only where a list vouches for the authority: the SDK takes any authority's word for claims
    of version 1 ("legacy timestamp cert trusted"), with no list at all."""
    passed = status.items(active.get("validationResults"), "success")
    vouched = [each for each in passed if each.get("code") == "timeStamp.trusted"]
    if any("legacy" not in str(each.get("explanation", "")) for each in vouched):
        return "trusted"
    signature = active.get("signature")
    stamped = isinstance(signature, Mapping) and "timeStampInfo" in signature
    return "untrusted" if stamped else "none"


def _vouching(path: Path, anchors: Sequence[Anchors]) -> tuple[str, ...]:
    """Which lists vouch: with several, each is asked alone."""
    if len(anchors) == 1:
        return (anchors[0].name,)
    return tuple(each.name for each in anchors if signer_of(manifest.read(path, each.pem)) == "trusted")


def _unhashed(path: Path, reading: Reading) -> tuple[tuple[Unhashed, ...], tuple[Finding, ...]]:
    if reading.media_type not in BOXED:
        return (), ()
    assertions = reading.manifests[0].get("assertions")
    try:
        return unhashed(path, assertions if isinstance(assertions, Mapping) else {}), ()
    except (SourceError, TypeError, ValueError, KeyError) as exc:
        return (), (
            Finding("unhashed.unknown", "unhashed", str(path), f"what is unhashed cannot be told: {exc}"),
        )


def _loose_findings(loose: Sequence[Unhashed]) -> Iterator[Finding]:
    for item in loose:
        yield Finding("unhashed.bytes", "unhashed", item.box, f"{item.bytes} bytes that no signature covers")


def _located(path: Path, reading: Reading) -> tuple[tuple[Seconds, ...], tuple[Finding, ...]]:
    """The seconds that were changed, where a blocks assertion that itself still holds can tell."""
    signed = _signed_blocks(reading)
    if signed is None:
        return (), ()
    try:
        found = blocks.changes(path, signed)
    except SourceError as exc:
        return (), (Finding("blocks.unreadable", "integrity", str(path), str(exc)),)
    unshown = [change for change in found if change.shown is None]
    notes = [
        Finding("blocks.changed", "integrity", f"mdat {c.mdat}, block {c.block}", "changed, and never shown")
        for c in unshown
    ]
    if not found:
        notes = [
            Finding(
                "blocks.intact",
                "integrity",
                "mdat",
                "picture and sound are as signed; what was changed is not",
            )
        ]
    return blocks.seconds(found), tuple(notes)


def _signed_blocks(reading: Reading) -> Mapping[str, Any] | None:
    active = reading.manifests[0]
    assertions = active.get("assertions")
    data = assertions.get(blocks.LABEL) if isinstance(assertions, Mapping) else None
    good = status.items(active.get("validationResults"), "success")
    held = {
        str(entry.get("url", "")).rpartition("/")[2]
        for entry in good
        if entry["code"] == "assertion.hashedURI.match"
    }
    signed = "claimSignature.validated" in status.codes(good) and blocks.LABEL in held
    return data if signed and isinstance(data, Mapping) else None


def _marks(path: Path, reading: Reading) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    if reading.media_type not in BOXED:
        return (), ()
    try:
        return signals.marks(path), ()
    except SourceError as exc:
        return (), (Finding("tags.unreadable", "media", str(path), str(exc)),)


def _why_without(reading: Reading) -> tuple[Finding, ...]:
    rows = {
        "absent": Finding("manifest.absent", "integrity", "", "the file carries no Content Credentials"),
        "unsupported": Finding(
            UNSUPPORTED,
            "media",
            reading.media_type,
            "Content Credentials cannot be read in this kind of file",
        ),
        "unreadable": Finding("manifest.unreadable", "integrity", "", reading.why or "nothing can be read"),
        "found": Finding(
            "manifest.unreadable", "integrity", "", "there is a manifest store without a manifest"
        ),
    }
    return (rows[reading.outcome],)
