"""Reads certificates whose names hold letters that a PrintableString may not hold, such as `_`.

Real authorities issue them (a time-stamping authority of Adobe's, 2024 and 2025), and the library refuses them. Such a
certificate is read from a copy in which those strings are tagged as T61String: that takes any letter, and every
length stays. The issuer signed the bytes before that: the copy holds the certificate as it was received in the place
of the signature, and no other bytes are ever checked for it.
Source: ITU-T X.680, 41.4 (PrintableString); RFC 5280, 4.1 (Certificate, TBSCertificate).
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass

from post.errors import SourceError
from provenance.formats import der
from provenance.formats.der import DerValue

_BITS, _PRINTABLE, _T61, _VERSION = 0x03, 0x13, 0x14, 0xA0
_LETTERS = frozenset((string.ascii_letters + string.digits + " '()+,-./:=?").encode())
_ISSUER, _SUBJECT = 2, 4  # places in a TBSCertificate, after the version


@dataclass(frozen=True, slots=True)
class ReceivedParts:
    """Of a certificate as it was received: what its issuer signed, and the signature."""

    tbs: bytes
    signature: bytes


def retag_names(certificate: bytes) -> bytes:
    """Returns a copy of a certificate (DER) with every string in its names that is no PrintableString tagged as
    T61String, and with the certificate as it was received in the place of the signature; b"" where there is no such
    string. Raises SourceError where it is no certificate.
    """
    copy = bytearray(certificate)
    for at, value in _name_values(certificate):
        if value.tag == _PRINTABLE and not _LETTERS.issuperset(value.body):
            copy[at] = _T61
    if copy == certificate:
        return b""
    outer = der.decode(bytes(copy))
    held = _encode(_BITS, b"\0" + certificate)
    return _encode(der.SEQUENCE, outer.at(0, der.SEQUENCE).whole + outer.at(1, der.SEQUENCE).whole + held)


def read_received(certificate: bytes) -> ReceivedParts | None:
    """Returns what was received of a certificate (DER) that `retag_names` made; None where it made no such copy."""
    try:
        received = der.decode(certificate).at(2, _BITS).body[1:]
        if retag_names(received) != certificate:
            return None
        outer = der.decode(received)
        return ReceivedParts(outer.at(0, der.SEQUENCE).whole, outer.at(2, _BITS).body[1:])
    except SourceError:
        return None


def _encode(tag: int, body: bytes) -> bytes:
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return (
        bytes([tag, len(body)] if len(body) < 128 else [tag, 128 + len(size)])
        + size * (len(body) > 127)
        + body
    )


def retag_name(name: bytes) -> bytes:
    """Does to one name (DER) what `retag_names` does to those of a certificate."""
    copy = bytearray(name)
    for at, value in _values_of(der.decode(name), 0):
        if value.tag == _PRINTABLE and not _LETTERS.issuperset(value.body):
            copy[at] = _T61
    return bytes(copy)


def _name_values(certificate: bytes) -> Iterator[tuple[int, DerValue]]:
    """Yields every value in the names of issuer and subject, with the place of its tag in the certificate."""
    outer = der.decode(certificate)
    tbs_at, tbs = next(_placed(outer, 0), (0, outer))
    parts = list(_placed(tbs, tbs_at))
    if parts and parts[0][1].tag == _VERSION:
        del parts[0]
    if len(parts) <= _SUBJECT:
        raise SourceError("not a certificate", where="certificate")
    for place in (_ISSUER, _SUBJECT):
        at, name = parts[place]
        yield from _values_of(name, at)


def _values_of(name: DerValue, at: int) -> Iterator[tuple[int, DerValue]]:
    """Yields the values of a name: a sequence of sets of pairs, each of a kind and a value."""
    for set_at, part in _placed(name, at):
        for pair_at, pair in _placed(part, set_at):
            yield from list(_placed(pair, pair_at))[1:2]


def _placed(node: DerValue, at: int) -> Iterator[tuple[int, DerValue]]:
    """Yields the values inside a value that begins at a place, each with its own place."""
    at += len(node.whole) - len(node.body)
    for each in node.inside():
        yield at, each
        at += len(each.whole)
