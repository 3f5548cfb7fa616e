"""Bytes in the unsigned header of a signature are counted."""

from __future__ import annotations

import struct

import pytest

from post.errors import SourceError
from provenance.coverage.cose import count_unsigned_bytes


def text(value: str) -> bytes:
    return bytes([0x60 + len(value)]) + value.encode()


def data(value: bytes) -> bytes:
    """Returns a byte string with the shortest form of its length."""
    if len(value) < 24:
        return bytes([0x40 + len(value)]) + value
    return (
        b"\x58" + bytes([len(value)]) if len(value) < 256 else b"\x59" + struct.pack(">H", len(value))
    ) + value


# A DER sequence of one integer; a header that is signed, with certificates (33) in it.
DER = b"\x30\x03\x02\x01\x07"
SIGNED = b"\xa2\x01\x26\x18\x21\x41\x30"


def sign1(protected: bytes = SIGNED, **header: bytes) -> bytes:
    """Returns a COSE_Sign1: tag 18, four items; the header's values are byte strings."""
    entries = b"".join(text(key) + data(value) for key, value in header.items())
    return b"\xd2\x84" + data(protected) + bytes([0xA0 + len(header)]) + entries + b"\xf6" + data(bytes(64))


@pytest.mark.parametrize(
    ("cose", "count"),
    [
        (sign1(), 0),
        (sign1(pad=bytes(300)), 0),
        (sign1(pad=bytes(300) + b"hidden" + bytes(4)), 6),
        (sign1(pad=bytes(3), pad2=b"\0ab\0"), 2),
        (sign1(sigTst2=DER, rVals=DER), 0),
        (sign1(sigTst2=DER + b"more", rVals=b"not an answer"), 4 + 13),
        (sign1(diary=b"dear reader"), 1),
        (sign1(x5chain=b"a certificate beside the signed ones"), 1),
        (sign1(protected=b"", x5chain=b"the only certificate"), 0),
        (sign1()[:-67] + b"\xf7" + sign1()[-66:], 1),
        (sign1()[:-67] + b"\xf8\x16" + sign1()[-66:], 1),
        (sign1() + b"behind", 6),
        (sign1()[:-66] + b"\x5a\0\0\0\x40" + sign1()[-64:], 4),
    ],
)
def test_only_bytes_that_nothing_covers_are_counted(cose: bytes, count: int) -> None:
    assert count_unsigned_bytes(cose) == count


def test_a_duplicate_entry_does_not_hide_the_first_one() -> None:
    twice = text("pad") + data(b"hidden") + text("pad") + data(bytes(6))
    cose = b"\xd2\x84" + data(SIGNED) + b"\xa2" + twice + b"\xf6" + data(bytes(64))
    assert count_unsigned_bytes(cose) > 0
    open_ended = b"\xd2\x84" + data(SIGNED) + b"\xbf" + twice + b"\xff\xf6" + data(bytes(64))
    assert count_unsigned_bytes(open_ended) > 0


def test_bytes_beside_a_time_stamp_are_counted() -> None:
    token = b"\xa1" + text("val") + data(DER)
    stamp = text("tstTokens") + b"\x81" + token
    for held, count in ((b"\xa1" + stamp, 0), (b"\xa2" + stamp + text("note") + text("hidden"), 2)):
        header = b"\xa1" + text("sigTst2") + held
        assert count_unsigned_bytes(b"\xd2\x84" + data(SIGNED) + header + b"\xf6" + data(bytes(64))) == count


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
        count_unsigned_bytes(hostile)
