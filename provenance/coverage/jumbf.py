"""Finds the parts of a manifest store that no signature and no hash covers.

Claims hash assertions, and signatures cover claims. Readers rebuild everything else from what they parsed:
names, types and sizes of the boxes around them, boxes of other kinds, manifests that no manifest refers to.
So every box that is not hashed must be exactly, to the byte, as the standard writes it.
Source: ISO/IEC 19566-5:2023, B.2 and B.3 (JUMBF); C2PA 2.4, 11.1 (use of JUMBF).
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from post.errors import SourceError
from provenance.coverage import cose
from provenance.formats.jumbf import JumbfBox, parse_superbox

_HEADER = 8  # bytes, of the store's own box
_MAX_SEARCHED = 100 << 20  # bytes in all, for the digests of credentials and data boxes
_MAX_LENGTHS = 16  # of labels: each length is tried at every reference to a manifest
# The type of a C2PA superbox is four letters and this (11.1.4.1).
_TYPE_TAIL = bytes.fromhex("00110010800000aa00389b71")
_TOGGLES = b"\x03"  # requestable, has a label
_MANIFEST_TYPES = (b"c2ma", b"c2um", b"c2cm")
_COMPRESSED = b"c2cm"
_ALGORITHMS = ("sha256", "sha384", "sha512")  # 13.1
_REFERENCE = re.compile(rb"/c2pa/")


@dataclass(frozen=True, slots=True)
class PartRole:
    """A part of a manifest: its type, the labels it may have, and what it holds: one CBOR box that is signed
    or is the signature, or superboxes that are hashed."""

    type: bytes
    labels: tuple[str, ...]
    holds: str = "jumb"


_STORE = PartRole(b"c2pa", ("c2pa",))
_ASSERTIONS = PartRole(b"c2as", ("c2pa.assertions",))
_CLAIM = PartRole(b"c2cl", ("c2pa.claim", "c2pa.claim.v2"), holds="cbor")
_SIGNATURE = PartRole(b"c2cs", (cose.SIGNATURE,), holds="cbor")
# Claims hash assertions; both may hash the other parts.
_HASHING = (_CLAIM, _ASSERTIONS)
_ROLES = (
    _ASSERTIONS,
    _CLAIM,
    _SIGNATURE,
    PartRole(b"c2vc", ("c2pa.credentials",)),
    PartRole(b"c2db", ("c2pa.databoxes",)),
)


@dataclass(frozen=True, slots=True)
class UnsignedPart:
    """A part of a manifest store that no hash and no signature covers, and its size in bytes."""

    place: str
    bytes: int


def find_unsigned(stores: Sequence[bytes]) -> tuple[UnsignedPart, ...]:
    """Returns the parts of a file's manifest stores (a first, and updates of it) that nothing covers.

    Raises SourceError if boxes cannot be parsed or there are too many.
    """
    found: list[UnsignedPart] = []
    manifests: list[JumbfBox] = []
    for data in stores:
        found += _in_store(data, manifests)
    # References inside a compressed manifest cannot be read here.
    compressed = any(each.type == _COMPRESSED for each in manifests)
    return tuple(found) if compressed else (*found, *_unreferenced(manifests))


def _in_store(data: bytes, manifests: list[JumbfBox]) -> Iterator[UnsignedPart]:
    """Yields the parts of one store that are not manifests; adds its manifests to `manifests`."""
    size = int.from_bytes(data[:4], "big")
    yield from _unless("size of the manifest store", size == len(data), 4)
    store = _checked(parse_superbox(memoryview(data)[_HEADER:]))
    yield from _check_description(store, _STORE)
    for part in store.children[1:]:
        if part.kind != "jumb":
            yield UnsignedPart(f"{part.kind} in the manifest store", part.size)
            continue
        manifests.append(_checked(part))
        yield from _in_manifest(part)


def _in_manifest(manifest: JumbfBox) -> Iterator[UnsignedPart]:
    description = manifest.description
    plain = manifest.type in _MANIFEST_TYPES and _canonical(manifest.type, manifest.label) == description
    yield from _unless("description of a manifest", plain, len(description))
    if manifest.type == _COMPRESSED:
        return
    parts = [(part, _role(part)) for part in manifest.children[1:]]
    hashes = b"".join(part.content for part, role in parts if role in _HASHING)
    seen: set[bytes] = set()
    for part, role in parts:
        if role is None or role.type in seen:
            yield UnsignedPart(f"{part.kind} in a manifest", part.size)
            continue
        seen.add(role.type)
        yield from _check_description(part, role)
        yield from _in_part(part, role, hashes)


def _in_part(part: JumbfBox, role: PartRole, hashes: bytes) -> Iterator[UnsignedPart]:
    """Yields the bytes of a part of a manifest that should not be there.

    hashes: bytes that hold the digest of whatever is hashed. The digest of an assertion is checked together
    with its claim, by `verify.embedded_manifests`.
    """
    seen: set[bytes] = set()
    boxes = part.children[1:]
    if role not in _HASHING and len(boxes) * len(hashes) > _MAX_SEARCHED:
        raise SourceError("a manifest is too large to be searched", where=role.labels[0])
    for index, box in enumerate(boxes):
        if box.kind != role.holds or (role.holds == "cbor" and index):
            yield UnsignedPart(f"{box.kind} in {role.labels[0]}", box.size)
        elif role is _SIGNATURE:
            count = cose.count_unsigned_bytes(bytes(box.content))
            yield from _unless(f"{cose.SIGNATURE} padding", count == 0, count)
        elif role.holds == "jumb":
            label = _checked(box).label
            covered = label not in seen and (role is _ASSERTIONS or _is_hashed(box.content, hashes))
            yield from _unless(label.decode("utf-8", "replace"), covered, len(box.content))
            seen.add(label)


def _is_hashed(content: memoryview, hashes: bytes) -> bool:
    """Says whether a claim or an assertion holds the digest of these bytes."""
    digests = (hashlib.new(name, content).digest() for name in _ALGORITHMS)
    return any(form in hashes for digest in digests for form in _written(digest))


def _written(digest: bytes) -> tuple[bytes, ...]:
    """Returns a digest in every form it is written in: bytes in CBOR; base64 or numbers in version 1's JSON."""
    return digest, b64encode(digest), ",".join(map(str, digest)).encode()


def _role(part: JumbfBox) -> PartRole | None:
    """Returns the role of a part by its label or its type, so that a fault in the other one is reported."""
    if part.kind != "jumb":
        return None
    label = _checked(part).label.decode("utf-8", "replace")
    return next((role for role in _ROLES if part.type == role.type or label in role.labels), None)


def _check_description(part: JumbfBox, role: PartRole) -> Iterator[UnsignedPart]:
    found = part.description
    canonical = any(found == _canonical(role.type, label.encode()) for label in role.labels)
    yield from _unless(f"description of {role.labels[0]}", canonical, len(found))


def _canonical(kind: bytes, label: bytes) -> bytes:
    """Returns the description box's content as the standard writes it, for a type and a label."""
    return kind + _TYPE_TAIL + _TOGGLES + label + b"\0"


def _checked(superbox: JumbfBox) -> JumbfBox:
    """Returns a superbox of a description and other boxes, with nothing between or behind them.

    Raises SourceError if it is none.
    """
    if superbox.rest or not superbox.children or superbox.children[0].kind != "jumd":
        raise SourceError(
            "a manifest store's superbox is malformed",
            where="JUMBF",
            expected="a description box (jumd), then boxes up to its end",
        )
    return superbox


def _unreferenced(manifests: Sequence[JumbfBox]) -> Iterator[UnsignedPart]:
    """Yields manifests that the active one does not refer to, directly or through others: anybody can add one."""
    known = {each.label: each for each in manifests}
    waiting = list(manifests[-1:])  # the active manifest is the last (11.1.4.2)
    reached = {each.label for each in waiting}
    while waiting:
        for label in _references(waiting.pop().content, known):
            if label not in reached:
                reached.add(label)
                waiting.append(known[label])
    for each in manifests:
        again = known[each.label] is not each
        if each.label not in reached or again:
            yield UnsignedPart("a manifest that no other refers to", len(each.content))


def _references(content: memoryview, known: dict[bytes, JumbfBox]) -> set[bytes]:
    """Returns the labels of the manifests that some bytes refer to."""
    lengths = {len(label) for label in known}
    if len(lengths) > _MAX_LENGTHS:
        raise SourceError("manifests with labels of too many lengths", expected=f"at most {_MAX_LENGTHS}")
    data = bytes(content)
    starts = [found.end() for found in _REFERENCE.finditer(data)]
    return {data[at : at + length] for at in starts for length in lengths} & set(known)


def _unless(place: str, fits: bool, count: int) -> Iterator[UnsignedPart]:
    if not fits:
        yield UnsignedPart(place, count)
