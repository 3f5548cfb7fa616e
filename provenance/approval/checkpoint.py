"""Signed heads of a log: without them, its last entries could be cut off unseen.

    checkpoints/000007.json    a DSSE envelope over {"head", "log", "number", "time"}, signed by the keeper of the log
    checkpoints/000007.tsr     an authority's RFC 3161 time-stamp of that envelope, where one is named

The keeper is the key of whoever's machine writes to the log: Ed25519, in that user's settings. Every signed decision
covers a head of the log too. Heads that lie elsewhere, in the settings, in receipts and in films, are compared with
the log when it is read.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from securesystemslib.signer import SSlibKey

from post.errors import JobError, OutputError, ProvenanceError
from provenance.approval.envelope import read_envelope, sign, verify
from provenance.approval.people import key_id
from provenance.approval.person_key import PersonSigner, load_key, make_key
from provenance.approval.statement import LogPoint
from provenance.approval.strict import canonical_json, is_sha256, require
from provenance.record.strict_json import read_bytes

CHECKPOINT_TYPE = "application/vnd.answerprint.checkpoint+json"
KEEPER_KEY = "approvals.pem"  # in a user's settings
_KEYS = {"head", "keeper", "log", "number", "time"}


@dataclass(frozen=True, slots=True)
class LogCheckpoint:
    """A signed head. keeper: the ID of the key that signed; number, head: as in `LogPoint`."""

    log: str
    point: LogPoint
    keeper: str
    time: str


def load_keeper(config: Path) -> PersonSigner:
    """Returns the key with which this user keeps logs; makes it first. Raises ProvenanceError as `load_key` does."""
    path = config / KEEPER_KEY
    try:
        return load_key(path, "") if path.exists() else make_key(path, "")
    except OutputError:  # another process made it meanwhile
        return load_key(path, "")


def make_checkpoint(log: str, point: LogPoint, time: str, keeper: PersonSigner) -> bytes:
    """Returns the signed head of a log."""
    data = {"head": point.head, "keeper": keeper.public, "log": log, "number": point.number, "time": time}
    return sign(canonical_json(data), [keeper], CHECKPOINT_TYPE)


def read_checkpoint(data: bytes, where: str) -> LogCheckpoint:
    """Returns a checkpoint, whose signature is verified with the key that it names.

    Raises ProvenanceError if it is malformed or forged. Whether the keeper is known is for the reader to say.
    """
    envelope = read_envelope(data, where, CHECKPOINT_TYPE)
    try:
        found: Any = read_bytes(envelope.payload, where)
        known = set(found) == _KEYS and is_sha256(found["head"]) and type(found["number"]) is int
        require(known, "other keys than a checkpoint has")
        key, keyid = _keeper(found["keeper"])
    except (JobError, TypeError, ValueError) as fault:
        raise ProvenanceError("is no checkpoint", where=where, got=str(fault)[:200]) from fault
    verify(envelope, [SSlibKey.from_crypto(key, keyid)], 1, where)
    return LogCheckpoint(
        str(found["log"]), LogPoint(found["number"], found["head"]), keyid, str(found["time"])
    )


def _keeper(text: object) -> tuple[Ed25519PublicKey, str]:
    der = b64decode(str(text), validate=True)
    key = load_der_public_key(der)
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError("no Ed25519 key")
    return key, key_id(der)
