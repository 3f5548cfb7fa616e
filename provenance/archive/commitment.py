"""Keeps a redacted prompt provable without its words: a keyed digest takes its place.

A plain digest of a short prompt tells it to anybody who tries likely ones. Here every prompt has a key of its own, made
of the owner's secret: the owner can open one prompt to an auditor, by giving its words and its key, and no other.

    key         HMAC-SHA256(secret, "answerprint prompt key 1" 0 SHA-256 of the prompt)
    commitment  "hmac-sha256:" HMAC-SHA256(key, the prompt in UTF-8)

Source: RFC 2104.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

PREFIX = "hmac-sha256:"
SECRET_BYTES = 32
_PURPOSE = b"answerprint prompt key 1\0"


@dataclass(frozen=True, slots=True)
class PromptOpening:
    """What opens one redacted prompt. commitment: what the archive has in its place; key: 64 hex digits; text: the
    prompt."""

    commitment: str
    key: str
    text: str

    @property
    def fits(self) -> bool:
        """Whether the commitment is of this text, under this key."""
        try:
            made = PREFIX + hmac.digest(bytes.fromhex(self.key), self.text.encode(), "sha256").hex()
        except ValueError:
            return False
        return hmac.compare_digest(made.encode(), self.commitment.encode())


def commit(secret: bytes, text: str) -> PromptOpening:
    """Returns the commitment to a prompt with what opens it: the same for the same secret and text.

    secret: SECRET_BYTES, of the archive's owner. Raises ValueError where it is shorter.
    """
    if len(secret) < SECRET_BYTES:
        raise ValueError(f"an owner's secret has at least {SECRET_BYTES} bytes")
    key = hmac.digest(secret, _PURPOSE + hashlib.sha256(text.encode()).digest(), "sha256")
    return PromptOpening(PREFIX + hmac.digest(key, text.encode(), "sha256").hex(), key.hex(), text)
