"""Signatures and time-stamps of any bytes are read, or refused with a source error."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from post.errors import SourceError
from provenance.verify.signer import signature, time_stamps
from provenance.verify.signer.signature import TimeStampToken


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_signature_or_a_source_error(data: bytes) -> None:
    with suppress(SourceError):
        signature.read(data, b"claim")


def value(tag: int, body: bytes) -> bytes:
    """One DER value of less than 64 KiB."""
    size = len(body)
    return bytes([tag, size] if size < 128 else [tag, 0x82, size >> 8, size & 0xFF]) + body


# Well-formed DER of the kinds that a time-stamp is made of, nested anyhow: random bytes are seldom DER at all.
TREES = st.recursive(
    st.builds(value, st.sampled_from([0x02, 0x04, 0x05, 0x06, 0x18]), st.binary(max_size=20)),
    lambda inner: st.builds(
        value, st.sampled_from([0x30, 0x31, 0xA0, 0xA1]), st.lists(inner, max_size=6).map(b"".join)
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400) | TREES)
def test_any_bytes_are_a_time_stamp_or_a_source_error(data: bytes) -> None:
    with suppress(SourceError):
        time_stamps.read(TimeStampToken(data, b"claim"))
