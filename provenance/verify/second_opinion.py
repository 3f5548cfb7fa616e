"""Asks another validator, and sets its answers beside ours, question by question, never mixed in.

encypher-c2pa (Apache-2.0) shares no code with the SDK. Where the two differ and the cause is known, the
difference names it; where it is not known, it is reported as unexplained: a reason to look closer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from post.errors import IncompleteError, SourceError
from post.os_faults import retry_of
from provenance.crjson import status
from provenance.crjson.manifest import ManifestView, as_mapping
from provenance.formats.bmff import read_layout
from provenance.formats.media_type import BMFF_FILMS, detect_media_type
from provenance.trust import lists
from provenance.trust.lists import Anchors
from provenance.verify.crjson_merge import is_answered_by_us
from provenance.verify.steps import Verified

NAME = "encypher-c2pa"
_MAX_BYTES = 128 << 20
_PSS = ("ps256", "ps384", "ps512")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question as both answer it. question: "integrity", "signer", "time" or "revocation"; why: the
    known cause of a difference, "" where there is none."""

    question: str
    ours: str
    theirs: str
    why: str = ""

    @property
    def agrees(self) -> bool:
        """Whether both give the same answer."""
        return self.ours == self.theirs

    def plain(self) -> dict[str, Any]:
        """Returns the comparison as JSON can hold it."""
        return {
            "matter": self.question,
            "ours": self.ours,
            "theirs": self.theirs,
            "agrees": self.agrees,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """The second validator's answers beside ours."""

    validator: str
    version: str
    comparisons: tuple[Comparison, ...]

    @property
    def unexplained(self) -> tuple[Comparison, ...]:
        """The differences without a known cause."""
        return tuple(each for each in self.comparisons if not each.agrees and not each.why)

    def plain(self) -> dict[str, Any]:
        """Returns the second opinion as JSON can hold it."""
        return {
            "validator": self.validator,
            "version": self.version,
            "matters": [each.plain() for each in self.comparisons],
            "agrees": all(each.agrees for each in self.comparisons),
            "unexplained": [each.question for each in self.unexplained],
        }


def ask_second_validator(path: Path, anchors: Sequence[Anchors], verified: Verified) -> SecondOpinion:
    """Asks the second validator about a file that was verified, offline and under the same lists.

    Raises IncompleteError where it is not installed or the file is too large for it, SourceError where the
    file cannot be read.
    """
    theirs = _ask(path, anchors, verified.report.judged_at)
    answers = {
        "integrity": _integrity(theirs),
        "signer": _signer(theirs),
        "time": _time(theirs),
        "revocation": _revocation(theirs),
    }
    own = verified.report.plain()
    rows = (Comparison(question, own[question], answer) for question, answer in answers.items())
    return SecondOpinion(NAME, version(NAME), tuple(_explain(row, _File(path, verified)) for row in rows))


@dataclass(frozen=True)
class _File:
    path: Path
    verified: Verified

    @property
    def active(self) -> ManifestView:
        """The active manifest; an empty one where there is none."""
        found = self.verified.reading.manifests
        return ManifestView(found[0] if found else {})


def _ask(path: Path, anchors: Sequence[Anchors], at: str) -> Mapping[str, Any]:
    """Returns its JSON, or {"present": True, "refused": why} where it refuses the file."""
    try:
        validator = import_module("encypher_c2pa")
    except ImportError as exc:
        raise IncompleteError(
            "the second validator is not installed", where="--second", fix="pip install 'answerprint[second]'"
        ) from exc
    data, kind = _read(path)
    try:
        answer: Mapping[str, Any] = validator.verify(
            data,
            kind,
            trust_pem=lists.join_pem(each for each in anchors if each.role == "signer") or None,
            tsa_trust_pem=lists.join_pem(each for each in anchors if each.role == "tsa") or None,
            no_default_trust=True,  # it ships lists of its own, which the user never chose
            validation_time=at or None,
            telemetry=False,
            online=False,
        )
    except (ValueError, RuntimeError, TypeError, json.JSONDecodeError) as exc:
        return {"present": True, "refused": str(exc)}
    return answer


def _read(path: Path) -> tuple[bytes, str]:
    """Returns a file's bytes and its media type."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise IncompleteError(
                "too large for the second validator",
                where=str(path),
                expected=f"at most {_MAX_BYTES} bytes",
                got=path.stat().st_size,
            )
        with path.open("rb") as source:
            kind = detect_media_type(source, path)
            return source.read(), kind
    except OSError as exc:
        raise (
            retry_of(exc, str(path))
            or SourceError("the file cannot be read", where=str(path), got=exc.strerror)
        ) from exc


def _integrity(theirs: Mapping[str, Any]) -> str:
    if "refused" in theirs:
        return "unreadable"
    if not theirs.get("present"):
        return "absent"
    failed = _codes(theirs, "failure")
    if any(status.look_up(code).means == "tampered" for code in failed):
        return "tampered"
    # What fails about the signer does not make the file unreadable.
    return "unreadable" if [code for code in failed if not is_answered_by_us(code)] else "intact"


def _signer(theirs: Mapping[str, Any]) -> str:
    if not theirs.get("present") or "refused" in theirs:
        return "none"
    means = {status.look_up(code).means for code in _codes(theirs, "failure")}
    bad = next((each for each in ("revoked", "expired", "untrusted") if each in means), None)
    return bad or ("trusted" if "signingCredential.trusted" in _codes(theirs, "success") else "untrusted")


def _time(theirs: Mapping[str, Any]) -> str:
    if "timeStamp.trusted" in _codes(theirs, "success"):
        return "trusted"
    named = (*_codes(theirs, "success"), *_codes(theirs, "informational"), *_codes(theirs, "failure"))
    return "untrusted" if any(code.startswith("timeStamp.") for code in named) else "none"


def _revocation(theirs: Mapping[str, Any]) -> str:
    if not theirs.get("present") or "refused" in theirs:
        return "not checked"
    if any(status.look_up(code).means == "revoked" for code in _codes(theirs, "failure")):
        return "revoked"
    return "good" if "signingCredential.ocsp.notRevoked" in _codes(theirs, "success") else "unknown"


def _codes(theirs: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    return status.codes_of(status.read_entries(theirs.get("validation_results"), kind))


def _explain(row: Comparison, file: _File) -> Comparison:
    if row.agrees:
        return row
    return replace(row, why=next((why for why, applies in _CAUSES if applies(row, file)), ""))


def _has_appended_bytes(row: Comparison, file: _File) -> bool:
    if row.question != "integrity" or row.theirs != "intact" or not _is_boxed(file.path):
        return False
    with file.path.open("rb") as source:
        return read_layout(source).rest > 0


def _has_two_stores(row: Comparison, file: _File) -> bool:
    if row.question == "revocation" or row.ours not in ("unreadable", "none") or not _is_boxed(file.path):
        return False
    with file.path.open("rb") as source:
        return sum(box.c2pa for box in read_layout(source).boxes) > 1


def _has_hash_tree(row: Comparison, file: _File) -> bool:
    hashes = (data for label, data in file.active.assertions.items() if "hash.bmff" in label)
    tree = any(as_mapping(data).get("merkle") for data in hashes)
    return row.question == "integrity" and tree and row.theirs == "tampered"


def _was_not_read(row: Comparison, file: _File) -> bool:
    return row.question != "integrity" and file.verified.report.integrity in ("absent", "unreadable")


def _is_signed_by_pss(row: Comparison, file: _File) -> bool:
    """Seen on every file of c2pa-rs's RSA test signer, and on none of its others."""
    algorithm = file.active.signature.get("algorithm")
    return _states(row) == ("signer", "trusted", "untrusted") and algorithm in _PSS


def _is_untrusted_and_expired(row: Comparison, _: _File) -> bool:
    return _states(row) == ("signer", "untrusted", "expired")


def _is_unreadable_or_absent(row: Comparison, _: _File) -> bool:
    return _states(row) == ("integrity", "unreadable", "absent")


def _states(row: Comparison) -> tuple[str, str, str]:
    return row.question, row.ours, row.theirs


def _is_boxed(path: Path) -> bool:
    with path.open("rb") as source:
        return detect_media_type(source, path) in BMFF_FILMS


_CAUSES: Sequence[tuple[str, Callable[[Comparison, _File], bool]]] = (
    ("it does not hash bytes after the last box, and c2pa-rs does", _has_appended_bytes),
    ("it takes one of two manifest boxes, and c2pa-rs refuses both", _has_two_stores),
    (
        "it counts a hash tree's leaves from the payload of mdat, and c2pa-rs from 16 bytes into the box",
        _has_hash_tree,
    ),
    ("nothing was read here, so that nothing was judged", _was_not_read),
    ("it does not follow certificates signed with RSASSA-PSS to their anchor", _is_signed_by_pss),
    (
        "no list vouches for the certificate, which has also expired: it reports the expiry",
        _is_untrusted_and_expired,
    ),
    ("it reports a file without credentials where c2pa-rs cannot read them", _is_unreadable_or_absent),
)
