"""Translates the SDK's errors about time-stamping authorities (RFC 3161) into ours.

The SDK sends the request itself, waits 30 s for an answer, and reports a failure as text alone. These are the texts
of c2pa-rs 0.91; a test causes each of them.
"""

from __future__ import annotations

import re

from post.errors import AnswerprintError, ProvenanceError, RetryError

# No answer, or an incomplete one: from a signer's own request (the first two), and from an update manifest's.
_UNREACHABLE = (
    "error sending request for url", "error decoding response body", "kind: Request", "kind: Decode",
)  # fmt: skip
_STATUS = re.compile(r"(?:HTTP error \(status = |HttpErrorResponse\()(\d+)")
_REFUSED = ("decode error", "timestamp token not found", "HTTP redirect")
# HTTP statuses below 500 that may go away by themselves: request timeout, too early, too many requests.
_TRANSIENT = (408, 425, 429)


def translate_tsa_error(said: str, tsa_url: str | None) -> AnswerprintError | None:
    """Returns our error for the SDK's text, if it is about the time-stamping authority; else None.

    said: the SDK's error while signing; tsa_url: the authority it asked, None for none.
    """
    if not tsa_url:
        return None
    answered = _STATUS.search(said)
    status = int(answered[1]) if answered else 0
    if any(text in said for text in _UNREACHABLE) or status in _TRANSIENT or status >= 500:
        return RetryError(
            "the time-stamping authority cannot be reached",
            where=tsa_url,
            got=f"status {status}" if status else "no answer",
            fix="run again: what was made is kept; or sign now and stamp later with `provenance: {time: later}`",
        )
    if answered or any(text in said for text in _REFUSED):
        return ProvenanceError(
            "the time-stamping authority gave no time-stamp",
            where=tsa_url,
            got=f"status {status}" if status else said[:200],
            fix="check its address, or name another authority",
        )
    return None
