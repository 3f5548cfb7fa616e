"""The header of a signature that is not signed."""

from __future__ import annotations

import io
import struct

import pytest

from post.errors import SourceError
from provenance.boxes import layout
from provenance.cose import unsigned_bytes
from tests.provenance.test_boxes import box


def named(label: str, *inner: bytes) -> bytes:
    return box("jumb", box("jumd", bytes(16) + b"\x03" + label.encode() + b"\0") + b"".join(inner))


def loose(cose: bytes) -> int:
    older = named("urn:c2pa:older", named("c2pa.signature", box("cbor", sign1(pad=b"left alone"))))
    active = named("urn:c2pa:active", named("c2pa.signature", box("cbor", cose)))
    source = io.BytesIO(named("c2pa", older, active))
    return unsigned_bytes(source, layout(source).boxes[0])


def text(value: str) -> bytes:
    return bytes([0x60 + len(value)]) + value.encode()


def data(value: bytes) -> bytes:
    return b"\x59" + struct.pack(">H", len(value)) + value


def sign1(**header: bytes) -> bytes:
    """COSE_Sign1: tag 18, four items; the header's values are byte strings."""
    entries = b"".join(text(key) + data(value) for key, value in header.items())
    return b"\xd2\x84" + data(b"\xa0") + bytes([0xA0 + len(header)]) + entries + b"\xf6" + data(bytes(64))


@pytest.mark.parametrize(
    ("cose", "count"),
    [
        (sign1(), 0),
        (sign1(pad=bytes(300)), 0),
        (sign1(pad=bytes(300) + b"hidden" + bytes(4)), 6),
        (sign1(pad=bytes(3), pad2=b"\0ab\0"), 2),
        (sign1(sigTst2=b"a token", rVals=b"an answer"), 0),
        (sign1(diary=b"dear reader"), 1),
    ],
)
def test_only_what_nothing_vouches_for_is_counted(cose: bytes, count: int) -> None:
    assert loose(cose) == count


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\xd2\x84",
        b"\x80",
        b"\x81" * 1000,
        b"\x9b" + b"\xff" * 8,
        b"\xbb" + b"\xff" * 8,
        b"\x5b" + b"\xff" * 8,
        b"\x9f\xff",
        b"\xd2\x84" + b"\x99\x27\x10" + bytes(10_000),
    ],
)
def test_a_hostile_signature_is_refused(hostile: bytes) -> None:
    with pytest.raises(SourceError):
        loose(hostile)


def test_a_store_without_a_signature_has_nothing_loose() -> None:
    source = io.BytesIO(named("c2pa"))
    assert unsigned_bytes(source, layout(source).boxes[0]) == 0
