"""Reads certificates whose names hold letters that a PrintableString may not hold, such as `_`.

Real authorities issue them (a time-stamping authority of Adobe's, 2024 and 2025), and the library refuses them. Such a
certificate is read from a copy in which those strings are tagged as T61String: that takes any letter, and every
length stays. The issuer signed the bytes before that, which `original_tbs` gives back.
Source: ITU-T X.680, 41.4 (PrintableString); RFC 5280, 4.1 (TBSCertificate).
"""

from __future__ import annotations

import string
from collections.abc import Iterator

from post.errors import SourceError
from provenance.formats import der
from provenance.formats.der import DerValue

_PRINTABLE, _T61, _VERSION = 0x13, 0x14, 0xA0
_LETTERS = frozenset((string.ascii_letters + string.digits + " '()+,-./:=?").encode())
_ISSUER, _SUBJECT = 2, 4  # places in a TBSCertificate, after the version


def retag_names(certificate: bytes) -> bytes:
    """Returns a certificate (DER) with every string in its names that is no PrintableString tagged as T61String.

    Raises SourceError where it is no certificate.
    """
    copy = bytearray(certificate)
    for at, value in _name_values(certificate):
        if value.tag == _PRINTABLE and not _LETTERS.issuperset(value.body):
            copy[at] = _T61
    return bytes(copy)


def original_tbs(certificate: bytes) -> bytes:
    """Returns the part of a certificate (DER) that its issuer signed, as it was before `retag_names`.

    Raises SourceError where it is no certificate.
    """
    copy = bytearray(certificate)
    for at, value in _name_values(certificate):
        if value.tag == _T61:
            copy[at] = _PRINTABLE
    return der.decode(bytes(copy)).at(0, der.SEQUENCE).whole


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
