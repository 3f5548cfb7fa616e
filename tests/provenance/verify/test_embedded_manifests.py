"""Manifests that came along, checked by their bytes, and what later claims say of them."""

from __future__ import annotations

import hashlib

import pytest

from provenance.formats import cbor
from provenance.formats.jumbf import StoredManifest, Superbox
from provenance.verify import embedded_manifests

PROMPT = "org.example.prompt"
WORDS = b"\x00\x01a red fox in the snow"


def entry(digest: bytes) -> bytes:
    """A claim that lists one assertion, as CBOR: {"assertions": [{"url", "hash"}]}."""
    url = f"self#jumbf=c2pa.assertions/{PROMPT}"
    row = b"\xa2" + b"".join(cbor.encode(each) for each in ("url", url, "hash", digest))
    return b"\xa1" + cbor.encode("assertions") + b"\x81" + row


def clip(content: bytes | None, data: bytes = WORDS) -> StoredManifest:
    """A clip's manifest that signed for WORDS, and what is there now."""
    held = {PROMPT: Superbox(PROMPT, content, data, {})} if content is not None else {}
    return StoredManifest("clip", b"the clip", entry(hashlib.sha256(WORDS).digest()), None, held)


def redacting() -> StoredManifest:
    named = cbor.encode([f"self#jumbf=/c2pa/clip/c2pa.assertions/{PROMPT}"])
    return StoredManifest("film", b"the film", b"\xa1" + cbor.encode("redacted_assertions") + named, None, {})


@pytest.mark.parametrize(
    ("there", "came"),
    [
        (clip(None), None),
        (clip(bytes(20), bytes(18)), None),
        (clip(WORDS), None),
        (clip(b"other words", b"other words"), "assertion.hashedURI.mismatch"),
    ],
    ids=["taken out", "zeros in its place", "still there", "edited"],
)
def test_what_a_later_claim_calls_redacted_is_gone_or_as_it_was_signed(
    there: StoredManifest, came: str | None
) -> None:
    first, _ = embedded_manifests.check([there, redacting()])
    assert next((each.code for each in first.faults if each.place == PROMPT), None) == came
