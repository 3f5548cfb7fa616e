"""Another validator's word, set beside ours matter by matter and never mixed into it.

encypher-c2pa (Apache-2.0) shares no code with the SDK. Where the two differ and it is known why, the
difference says so; where it is not known, it is told as unexplained, which is a reason to look closer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from post.errors import IncompleteError, SourceError
from provenance.crjson import status
from provenance.crjson.manifest import ManifestView
from provenance.formats.bmff import read_layout
from provenance.formats.media_type import BMFF_FILMS, detect_media_type
from provenance.trust import lists as trust_lists
from provenance.trust.lists import Anchors
from provenance.verify.crjson_merge import ours
from provenance.verify.steps import Verified

NAME = "encypher-c2pa"
_LIMIT = 128 << 20


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter, as we and as the other sees it. why: what a known difference comes from, or ""."""

    matter: str
    ours: str
    theirs: str
    agrees: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Second:
    """What the second validator said. unexplained: matters that differ, nobody knows why."""

    validator: str
    version: str
    matters: tuple[Matter, ...]

    @property
    def unexplained(self) -> tuple[Matter, ...]:
        return tuple(each for each in self.matters if not each.agrees and not each.why)

    def plain(self) -> dict[str, Any]:
        return {
            "validator": self.validator,
            "version": self.version,
            "matters": [asdict(each) for each in self.matters],
            "agrees": all(each.agrees for each in self.matters),
            "unexplained": [each.matter for each in self.unexplained],
        }


def second(path: Path, anchors: Sequence[Anchors], verified: Verified) -> Second:
    """The second validator's word on a file that was verified, offline and under the same lists.

    Raises IncompleteError where it is not installed or cannot take the file, SourceError where the file
    cannot be read.
    """
    theirs = _asked(path, anchors, verified.report.judged_at)
    told = {
        "integrity": _integrity(theirs),
        "signer": _signer(theirs),
        "time": _time(theirs),
        "revocation": _revocation(theirs),
    }
    own = verified.report.plain()
    rows = (Matter(name, own[name], said, own[name] == said) for name, said in told.items())
    return Second(NAME, version(NAME), tuple(_explained(row, _File(path, verified)) for row in rows))


@dataclass(frozen=True)
class _File:
    path: Path
    verified: Verified

    @property
    def active(self) -> Mapping[str, Any]:
        found = self.verified.reading.manifests
        return found[0] if found else {}


def _asked(path: Path, anchors: Sequence[Anchors], at: str) -> Mapping[str, Any]:
    try:
        validator = import_module("encypher_c2pa")
    except ImportError as exc:
        raise IncompleteError(
            "the second validator is not installed", where="--second", fix="pip install 'answerprint[second]'"
        ) from exc
    data, kind = _data(path)
    try:
        found: Mapping[str, Any] = validator.verify(
            data,
            kind,
            trust_pem=trust_lists.pem(each for each in anchors if each.role == "signer") or None,
            tsa_trust_pem=trust_lists.pem(each for each in anchors if each.role == "tsa") or None,
            no_default_trust=True,  # it ships lists of its own, which the user never chose
            validation_time=at or None,
            telemetry=False,
            online=False,
        )
    except (ValueError, RuntimeError, TypeError, json.JSONDecodeError) as exc:
        return {"present": True, "refused": str(exc)}
    return found


def _data(path: Path) -> tuple[bytes, str]:
    try:
        if path.stat().st_size > _LIMIT:
            raise IncompleteError(
                "too large for the second validator",
                where=str(path),
                expected=f"at most {_LIMIT} bytes",
                got=path.stat().st_size,
            )
        with path.open("rb") as source:
            kind = detect_media_type(source, path)
            return source.read(), kind
    except OSError as exc:
        raise SourceError("the file cannot be read", where=str(path), got=exc.strerror) from exc


def _integrity(theirs: Mapping[str, Any]) -> str:
    if "refused" in theirs:
        return "unreadable"
    if not theirs.get("present"):
        return "absent"
    failed = _codes(theirs, "failure")
    if any(status.look_up(code).means == "tampered" for code in failed):
        return "tampered"
    # A signer's matters are not the file's.
    return "unreadable" if [code for code in failed if not ours(code)] else "intact"


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


def _explained(row: Matter, file: _File) -> Matter:
    if row.agrees:
        return row
    why = next((why for why, known in _KNOWN if known(row, file)), "")
    return Matter(row.matter, row.ours, row.theirs, False, why)


def _appended(row: Matter, file: _File) -> bool:
    """Zeros after the last box: c2pa-rs hashes them, the other does not."""
    if row.matter != "integrity" or row.theirs != "intact" or not _boxed(file.path):
        return False
    with file.path.open("rb") as source:
        return read_layout(source).rest > 0


def _doubled(row: Matter, file: _File) -> bool:
    """Two boxes of C2PA: c2pa-rs refuses, the other takes one."""
    if row.matter == "revocation" or row.ours not in ("unreadable", "none") or not _boxed(file.path):
        return False
    with file.path.open("rb") as source:
        return sum(box.c2pa for box in read_layout(source).boxes) > 1


def _tree(row: Matter, file: _File) -> bool:
    hashes = (data for label, data in ManifestView(file.active).assertions.items() if "hash.bmff" in label)
    tree = any(isinstance(data, Mapping) and data.get("merkle") for data in hashes)
    return row.matter == "integrity" and tree and row.theirs == "tampered"


def _nobody(row: Matter, file: _File) -> bool:
    return row.matter != "integrity" and file.verified.report.integrity in ("absent", "unreadable")


def _pss(row: Matter, file: _File) -> bool:
    """Seen on every file of c2pa-rs's RSA test signer, and on none of its others."""
    signature = file.active.get("signature")
    kind = str(signature.get("algorithm", "")) if isinstance(signature, Mapping) else ""
    return (row.matter, row.ours, row.theirs) == ("signer", "trusted", "untrusted") and kind.startswith("ps")


def _both(row: Matter, _: _File) -> bool:
    return (row.matter, row.ours, row.theirs) == ("signer", "untrusted", "expired")


def _segment(row: Matter, _: _File) -> bool:
    return row.matter == "integrity" and (row.ours, row.theirs) == ("unreadable", "absent")


def _boxed(path: Path) -> bool:
    with path.open("rb") as source:
        return detect_media_type(source, path) in BMFF_FILMS


_KNOWN: Sequence[tuple[str, Callable[[Matter, _File], bool]]] = (
    ("it does not hash bytes after the last box, and c2pa-rs does", _appended),
    ("it takes one of two manifest boxes, and c2pa-rs refuses both", _doubled),
    ("it counts a tree's leaves from the payload of mdat, and c2pa-rs from 16 bytes into the box", _tree),
    ("nothing was read here, so nothing was judged", _nobody),
    ("it does not follow certificates signed with RSASSA-PSS to their anchor", _pss),
    ("nobody vouches for the certificate and it has run out: it names the second", _both),
    ("it calls a file absent of credentials that c2pa-rs cannot read at all", _segment),
)
