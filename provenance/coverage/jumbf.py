"""Boxes of a manifest store that nothing vouches for.

Claims hash assertions, signatures cover claims, and readers make all else anew from what they understood:
names, types and sizes of the boxes around them, boxes that are none of these, manifests that no other names.
So every box that is not hashed must be as the standard would have it, to the byte.
Source: ISO/IEC 19566-5:2023, B.2 and B.3 (JUMBF); C2PA 2.4, 11.1 (use of JUMBF).
"""

from __future__ import annotations

import hashlib
import io
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from post.errors import SourceError
from provenance.coverage import cose
from provenance.formats.bmff import Box, inside, payload

_LIMIT = 64 << 20
_MAX_BOXES = 100_000
_MOST_SEARCHED = 100 << 20  # bytes in all, for the digests of credentials and data boxes
_MOST_LENGTHS = 16  # of labels: each is looked for at every mention of a manifest
# The type of a C2PA superbox is four letters and this (11.1.4.1).
_TYPE_TAIL = bytes.fromhex("00110010800000aa00389b71")
_NAMED = b"\x03"  # toggles: may be asked for, has a label
_MANIFEST_TYPES = (b"c2ma", b"c2um", b"c2cm")
_COMPRESSED = b"c2cm"
_ALGORITHMS = ("sha256", "sha384", "sha512")  # 13.1
_REFERENCE = re.compile(rb"/c2pa/")


@dataclass(frozen=True, slots=True)
class Role:
    """A part of a manifest: its type, the labels it may have, and what it holds: one CBOR box that is signed
    or is the signature, or superboxes that are hashed."""

    type: bytes
    labels: tuple[str, ...]
    holds: str = "jumb"


_STORE = Role(b"c2pa", ("c2pa",))
_ASSERTIONS = Role(b"c2as", ("c2pa.assertions",))
_CLAIM = Role(b"c2cl", ("c2pa.claim", "c2pa.claim.v2"), holds="cbor")
_SIGNATURE = Role(b"c2cs", (cose.SIGNATURE,), holds="cbor")
# Claims hash assertions; both may hash the rest.
_HASHING = (_CLAIM, _ASSERTIONS)
_ROLES = (
    _ASSERTIONS,
    _CLAIM,
    _SIGNATURE,
    Role(b"c2vc", ("c2pa.credentials",)),
    Role(b"c2db", ("c2pa.databoxes",)),
)


@dataclass(frozen=True, slots=True)
class Loose:
    """Something in a manifest store that no hash and no signature covers, and how many bytes it is."""

    place: str
    bytes: int


def loose(stores: Sequence[bytes]) -> tuple[Loose, ...]:
    """What of a file's manifest stores (a first, and updates of it) is not vouched for.

    Raises SourceError where boxes run past each other or there are too many.
    """
    found: list[Loose] = []
    manifests: list[_Manifest] = []
    for data in stores:
        found += _of_store(data, manifests)
    # What a compressed manifest speaks of is not seen here.
    return tuple(found) if any(each.compressed for each in manifests) else (*found, *_unnamed(manifests))


@dataclass(frozen=True)
class _Manifest:
    label: bytes
    content: bytes
    compressed: bool


def _of_store(data: bytes, manifests: list[_Manifest]) -> Iterator[Loose]:
    source = io.BytesIO(data)
    size = int.from_bytes(data[:4], "big")
    yield from _unless("size of the manifest store", size == len(data), 4)
    store = Box("jumb", "", 0, len(data), 8)
    parts = _children(source, store)
    yield from _named(source, parts, _STORE)
    for part in parts[1:]:
        if part.kind != "jumb":
            yield Loose(f"{part.kind} in the manifest store", part.size)
            continue
        kind, label = _described(source, _children(source, part)[0])
        manifests.append(_Manifest(label, payload(source, part, _LIMIT), kind == _COMPRESSED))
        yield from _of_manifest(source, part)


def _of_manifest(source: BinaryIO, manifest: Box) -> Iterator[Loose]:
    parts = _children(source, manifest)
    kind, label = _described(source, parts[0])
    plain = kind in _MANIFEST_TYPES and _canonical(kind, label) == payload(source, parts[0], _LIMIT)
    yield from _unless("description of a manifest", plain, parts[0].payload_bytes)
    if kind == _COMPRESSED:
        return
    roles = [(part, _role(source, part)) for part in parts[1:]]
    hashes = b"".join(payload(source, part, _LIMIT) for part, role in roles if role in _HASHING)
    seen: set[bytes] = set()
    for part, role in roles:
        if role is None or role.type in seen:
            yield Loose(f"{part.kind} in a manifest", part.size)
            continue
        seen.add(role.type)
        yield from _named(source, _children(source, part), role)
        yield from _held(source, part, role, hashes)


def _held(source: BinaryIO, part: Box, role: Role, hashes: bytes) -> Iterator[Loose]:
    """What lies in a part of a manifest, where that is not what it should be. hashes: bytes that hold the
    digest of whatever is hashed. (That of an assertion is checked with its claim: `verify.carried`.)"""
    seen: set[bytes] = set()
    parts = _children(source, part)[1:]
    if role not in _HASHING and len(parts) * len(hashes) > _MOST_SEARCHED:
        raise SourceError("too much in a manifest to look through", where=role.labels[0])
    for index, box in enumerate(parts):
        if box.kind != role.holds or (role.holds == "cbor" and index):
            yield Loose(f"{box.kind} in {role.labels[0]}", box.size)
        elif role is _SIGNATURE:
            count = cose.unsigned_bytes(payload(source, box, _LIMIT))
            yield from _unless(f"{cose.SIGNATURE} padding", count == 0, count)
        elif role.holds == "jumb":
            label = _described(source, _children(source, box)[0])[1]
            content = payload(source, box, _LIMIT)
            fits = label not in seen and (role is _ASSERTIONS or _digested(content, hashes))
            yield from _unless(label.decode("utf-8", "replace"), fits, len(content))
            seen.add(label)


def _digested(content: bytes, hashes: bytes) -> bool:
    """Whether a superbox's bytes as they lie there are those that a claim or an assertion hashed."""
    digests = (hashlib.new(name, content).digest() for name in _ALGORITHMS)
    return any(form in hashes for digest in digests for form in _written(digest))


def _written(digest: bytes) -> tuple[bytes, ...]:
    """The ways there are to write a digest: as bytes in CBOR, as base64 or numbers in the JSON of version 1."""
    return digest, b64encode(digest), ",".join(map(str, digest)).encode()


def _role(source: BinaryIO, part: Box) -> Role | None:
    """Known by its label, its type or both: what is wrong with the other is then told."""
    if part.kind != "jumb":
        return None
    kind, label = _described(source, _children(source, part)[0])
    fits = (role for role in _ROLES if kind == role.type or label.decode("utf-8", "replace") in role.labels)
    return next(fits, None)


def _named(source: BinaryIO, parts: Sequence[Box], role: Role) -> Iterator[Loose]:
    told = payload(source, parts[0], _LIMIT)
    fits = any(told == _canonical(role.type, label.encode()) for label in role.labels)
    yield from _unless(f"description of {role.labels[0]}", fits, len(told))


def _canonical(kind: bytes, label: bytes) -> bytes:
    return kind + _TYPE_TAIL + _NAMED + label + b"\0"


def _described(source: BinaryIO, description: Box) -> tuple[bytes, bytes]:
    """(the type's four letters, the label) of a superbox."""
    told = payload(source, description, _LIMIT)
    return told[:4], told[17:].split(b"\0")[0]


def _children(source: BinaryIO, parent: Box) -> list[Box]:
    """The boxes in a superbox: a description, then others, with nothing between or behind them."""
    found: list[Box] = []
    for box in inside(source, parent):
        found.append(box)
        if len(found) > _MAX_BOXES:
            raise SourceError("too many boxes in a manifest store", expected=f"at most {_MAX_BOXES}")
    stop = found[-1].stop if found else parent.payload
    if not found or found[0].kind != "jumd" or stop != parent.stop:
        raise SourceError("a manifest store's boxes make no sense", where=f"JUMBF at byte {parent.start}")
    return found


def _unnamed(manifests: Sequence[_Manifest]) -> Iterator[Loose]:
    """Manifests that neither the active one nor any it leads to speaks of: anybody can add one."""
    known = {each.label: each for each in manifests}
    waiting = list(manifests[-1:])  # the active manifest is the last (11.1.4.2)
    reached = {each.label for each in waiting}
    while waiting:
        for label in _spoken_of(waiting.pop().content, known):
            if label not in reached:
                reached.add(label)
                waiting.append(known[label])
    for each in manifests:
        again = known[each.label] is not each
        if each.label not in reached or again:
            yield Loose("a manifest that no other speaks of", len(each.content))


def _spoken_of(content: bytes, known: dict[bytes, _Manifest]) -> set[bytes]:
    lengths = {len(label) for label in known}
    if len(lengths) > _MOST_LENGTHS:
        raise SourceError("manifests with labels of too many lengths", expected=f"at most {_MOST_LENGTHS}")
    starts = [found.end() for found in _REFERENCE.finditer(content)]
    return {content[at : at + length] for at in starts for length in lengths} & set(known)


def _unless(place: str, fits: bool, count: int) -> Iterator[Loose]:
    if not fits:
        yield Loose(place, count)
