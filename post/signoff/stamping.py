"""Time-stamps of signed heads: an authority of the user's choice says when a log had that head.

The request is RFC 3161's TimeStampReq over the SHA-256 of the checkpoint's file; the answer lies beside it, as
checkpoints/N.tsr, and is read as those in films are.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from post.atomic import write_whole
from post.errors import AnswerprintError, ProvenanceError, RetryError, SourceError
from post.job.model import Job
from provenance.approval.folder import CHECKPOINTS, ApprovalFolder, read_document
from provenance.download import Download, DownloadRefusedError, download
from provenance.public_addresses import HostPolicy
from provenance.signing import keyring
from provenance.verify.signer import time_stamps
from provenance.verify.signer.signature import TimeStampToken

SUFFIX = ".tsr"
MOST_BYTES = 64 << 10
ASKED = "application/timestamp-query"
# TimeStampReq: version 1, an imprint of 32 bytes by SHA-256; the certificate is wanted (RFC 3161, 2.4.1).
_HEAD = bytes.fromhex("30390201013031300d060960864801650304020105000420")
_TAIL = bytes.fromhex("0101ff")


@dataclass(frozen=True, slots=True)
class CheckpointStamp:
    """A time-stamp of a signed head. number: of the entry; when: RFC 3339, UTC; authority: who stamped, by the name in
    its certificate, which nobody vouches for here."""

    number: int
    when: str
    authority: str


def authority_of(job: Job, config: Path) -> str:
    """Returns the time-stamping authority that a job, or the key that signs its films, names; "" for none."""
    wanted = job.provenance
    if wanted.tsa or wanted.key == keyring.DEVELOPMENT:
        return wanted.tsa
    return keyring.describe(config, wanted.key).tsa


def stamp_checkpoint(checkpoint: Path, url: str) -> None:
    """Writes an authority's time-stamp beside a checkpoint. An authority that cannot be reached, or gives none, is
    warned of: the head is signed all the same."""
    try:
        write_whole(checkpoint.with_suffix(SUFFIX), ask_stamp(checkpoint.read_bytes(), url), lasting=True)
    except (DownloadRefusedError, ProvenanceError, RetryError) as fault:
        warnings.warn(f"{checkpoint.name} has no time-stamp: {fault}", stacklevel=2)


def ask_stamp(data: bytes, url: str) -> bytes:
    """Returns an authority's time-stamp over bytes, as it answered, once it is read and checked.

    Raises DownloadRefusedError or RetryError where there is no answer, ProvenanceError where it holds no time-stamp.
    """
    host = urlsplit(url).hostname or ""
    asked = Download(url, MOST_BYTES, body=_HEAD + hashlib.sha256(data).digest() + _TAIL, content_type=ASKED)
    answer = download(asked, HostPolicy((host,)))
    _read(answer, data, url)
    return answer


def read_stamps(folder: ApprovalFolder) -> Iterator[CheckpointStamp]:
    """Yields the time-stamps of a log's signed heads. Raises ProvenanceError for one that is of something else."""
    for place in sorted((folder.path / CHECKPOINTS).glob(f"*{SUFFIX}")):
        if place.stem.isdecimal():
            stamped = read_document(place.with_suffix(".json"), MOST_BYTES)
            found = _read(read_document(place, MOST_BYTES), stamped, str(place))
            when = found.when.isoformat().replace("+00:00", "Z")
            yield CheckpointStamp(int(place.stem), when, found.authority_name)


def _read(answer: bytes, stamped: bytes, where: str) -> time_stamps.TimeStamp:
    try:
        return time_stamps.read(TimeStampToken(answer, stamped))
    except (SourceError, AnswerprintError) as fault:
        raise ProvenanceError("is no time-stamp of this checkpoint", where=where, got=fault.what) from fault
