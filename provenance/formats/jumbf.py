"""A manifest store taken apart: its manifests, and of each the claim, the signature and the assertions.

Source: ISO/IEC 19566-5 (JUMBF); C2PA 2.4, 11.1 (use of JUMBF). All of it is bounded: a box that runs past
its parent, nests deeper than 6 or is one of more than 100 000 ends in a SourceError.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from post.errors import SourceError

MAX_DEPTH = 6
MAX_BOXES = 100_000
_DESCRIPTION_HEAD = 17  # a type of 16 bytes, and toggles
_CLAIMS = ("c2pa.claim.v2", "c2pa.claim")


@dataclass(frozen=True, slots=True)
class Super:
    """A superbox. content: what hashes of it cover, so all but its own header; data: the payload of its
    first content box; inner: the superboxes in it, by label."""

    label: str
    content: bytes
    data: bytes
    inner: Mapping[str, Super]


@dataclass(frozen=True, slots=True)
class Carried:
    """One manifest as its bytes lie in the store. claim, signature: CBOR, b"" where there is none."""

    label: str
    content: bytes
    claim: bytes
    signature: Super | None
    assertions: Mapping[str, Super]


def manifests(store: bytes) -> tuple[Carried, ...]:
    """Every manifest of a store, in file order: the active one is the last (C2PA 2.4, 11.1.4.2).

    What follows the store is another matter (`unhashed`). Raises SourceError where boxes make no sense.
    """
    budget = [MAX_BOXES]
    kind, body = next(_boxes(memoryview(store), budget), (b"", memoryview(b"")))
    if kind != b"jumb":
        return ()
    return tuple(_carried(manifest) for manifest in _super(body, 1, budget).inner.values())


def _carried(found: Super) -> Carried:
    claim = next((found.inner[name] for name in _CLAIMS if name in found.inner), None)
    held = found.inner.get("c2pa.assertions")
    return Carried(
        found.label,
        found.content,
        claim.data if claim else b"",
        found.inner.get("c2pa.signature"),
        held.inner if held else MappingProxyType({}),
    )


def _super(body: memoryview, depth: int, budget: list[int]) -> Super:
    if depth > MAX_DEPTH:
        raise SourceError(
            "a manifest store nests too deep", where="JUMBF", expected=f"at most {MAX_DEPTH} levels"
        )
    label, data, inner = "", b"", {}
    for kind, part in _boxes(body, budget):
        if kind == b"jumd":
            label = _label(bytes(part[:1024]))
        elif kind == b"jumb":
            child = _super(part, depth + 1, budget)
            inner[child.label] = child
        elif not data:
            data = bytes(part)
    return Super(label, bytes(body), data, MappingProxyType(inner))


def _boxes(body: memoryview, budget: list[int]) -> Iterator[tuple[bytes, memoryview]]:
    at = 0
    while len(body) - at >= 8:
        size, kind = struct.unpack_from(">I4s", body, at)
        header = 8
        if size == 1 and len(body) - at >= 16:
            (size,) = struct.unpack_from(">Q", body, at + 8)
            header = 16
        size = size or len(body) - at
        budget[0] -= 1
        if size < header or at + size > len(body) or budget[0] < 0:
            raise SourceError(
                "a manifest store's boxes make no sense", where="JUMBF", got=f"a box of {size} bytes"
            )
        yield kind, body[at + header : at + size]
        at += size


def _label(description: bytes) -> str:
    return description[_DESCRIPTION_HEAD:].split(b"\0")[0].decode("utf-8", "replace")
