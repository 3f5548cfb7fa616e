"""Time-stamping authorities (RFC 3161), and what their failing means.

The SDK asks them itself, waits 30 s for an answer, and tells of what went wrong in words alone: these are
the words of c2pa-rs 0.91, each of which a test brings about.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from post.errors import AnswerprintError, ProvenanceError, RetryError

# No answer, or half of one: as the signer's own request says it, and as the update manifest's does.
_LOST = ("error sending request for url", "error decoding response body", "kind: Request", "kind: Decode")
_ANSWERED = re.compile(r"(?:HTTP error \(status = |HttpErrorResponse\()(\d+)")
_REFUSED = ("decode error", "timestamp token not found", "HTTP redirect")
_PASSING = (408, 425, 429)


def stamp_fault(said: str, tsa_url: str | None) -> AnswerprintError | None:
    """What the SDK said while signing, where it is of the time-stamping authority; else None."""
    if not tsa_url:
        return None
    answered = _ANSWERED.search(said)
    status = int(answered[1]) if answered else 0
    if any(words in said for words in _LOST) or status in _PASSING or status >= 500:
        return RetryError(
            "the time-stamping authority cannot be reached",
            where=tsa_url,
            got=f"status {status}" if status else "no answer",
            fix="run again: what was made is kept; or sign now and stamp later with `provenance: {time: later}`",
        )
    if answered or any(words in said for words in _REFUSED):
        return ProvenanceError(
            "the time-stamping authority gave no time-stamp",
            where=tsa_url,
            got=f"status {status}" if status else said[:200],
            fix="check its address, or name another authority",
        )
    return None


def host_of(tsa_url: str) -> str:
    """An authority as the SDK's list of hosts that may be asked wants it: with scheme and port."""
    split = urlsplit(tsa_url)
    return f"{split.scheme}://{split.netloc}"
