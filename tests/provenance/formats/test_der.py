"""DER is read, or refused with a source error."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.errors import SourceError
from provenance.formats import der


@pytest.mark.parametrize(
    "data",
    [b"", b"\x30", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x30\x89" + bytes(9), b"\x30\x05\x02\x01"],
)
def test_der_that_makes_no_sense_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        der.decode(data).inside()


def test_an_object_identifier_is_read() -> None:
    assert der.decode(bytes.fromhex("06092a864886f70d010702")).oid == "1.2.840.113549.1.7.2"
    assert der.decode(bytes.fromhex("0603550403")).oid == "2.5.4.3"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_value_or_a_source_error(data: bytes) -> None:
    with suppress(SourceError):
        der.decode(data).inside()
