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


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_time_stamp_or_a_source_error(data: bytes) -> None:
    with suppress(SourceError):
        time_stamps.read(TimeStampToken(data, b"claim"))
