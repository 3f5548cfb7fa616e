"""Parses a manifest store (JUMBF): its boxes, its manifests, and the claim, signature and assertions of each.

Every walk of JUMBF boxes in the product starts here. All of it is bounded: a box that runs past its parent,
nests deeper than 6 levels or is one of more than 100 000 raises SourceError.
Source: ISO/IEC 19566-5:2023, B.1 to B.3 (JUMBF); C2PA 2.4, 11.1 (use of JUMBF).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from post.errors import SourceError
from provenance.formats.bmff import parse_header

MAX_DEPTH = 6
MAX_BOXES = 100_000
_MAX_DESCRIPTION = 1024
_TYPE_BYTES = 16
_DESCRIPTION_HEAD = _TYPE_BYTES + 1  # the type, then one byte of toggles
_CLAIMS = ("c2pa.claim.v2", "c2pa.claim")


# Where a box is in a manifest store: (kind, start, start of its content, stop, missing). Offsets in bytes; stop is
# within the parent; missing: bytes that the header promises beyond it. A plain tuple: there may be 500 000.
BoxSpan = tuple[bytes, int, int, int, int]


class JumbfBox(NamedTuple):
    """One box of a store. kind: "jumb" for a superbox, else "jumd", "cbor", "json"...; size: bytes of header
    and content; content: what follows the header; children: the boxes of a superbox, () for any other box;
    rest: bytes behind the last child that are no box."""

    kind: str
    size: int
    content: memoryview
    children: tuple[JumbfBox, ...] = ()
    rest: int = 0

    @property
    def description(self) -> bytes:
        """The content of a superbox's description box (`jumd`); b"" where its first box is another."""
        first = self.children[0] if self.children else None
        return bytes(first.content) if first and first.kind == "jumd" else b""

    @property
    def type(self) -> bytes:
        """The four letters that open a superbox's type, as in b"c2ma"."""
        return self.description[:4]

    @property
    def label(self) -> bytes:
        """A superbox's label as it is stored; b"" where it has none."""
        return self.description[_DESCRIPTION_HEAD:].split(b"\0")[0]


@dataclass(frozen=True, slots=True)
class Superbox:
    """A superbox. content: all but its own header, which is what hashes of it cover; data: the content of its
    first content box; inner: the superboxes in it, by label."""

    label: str
    content: bytes
    data: bytes
    inner: Mapping[str, Superbox]


@dataclass(frozen=True, slots=True)
class StoredManifest:
    """One manifest as its bytes are in the store. claim: CBOR, b"" where there is none; assertions: by label."""

    label: str
    content: bytes
    claim: bytes
    signature: Superbox | None
    assertions: Mapping[str, Superbox]


def iterate_boxes(store: bytes | memoryview, start: int, stop: int) -> Iterator[BoxSpan]:
    """Yields the boxes side by side in store[start:stop], and ends where the bytes left are no box.

    A box that runs past `stop` ends there, and says how many bytes are missing. Never raises.
    """
    at = start
    while (header := parse_header(store, at, stop - at)) is not None:
        kind, size, length = header
        end = at + size
        yield (kind, at, at + length, end, 0) if end <= stop else (kind, at, at + length, stop, end - stop)
        at = end


def parse_superbox(content: bytes | memoryview) -> JumbfBox:
    """Returns the superbox with this content (what follows its header), and every box in it.

    Raises SourceError if a box runs past its parent, nests too deep, or there are too many.
    """
    return _Parser(memoryview(content)).superbox(0, len(content), 0, 1)


def read_manifests(store: bytes) -> tuple[StoredManifest, ...]:
    """Returns every manifest of a store, in file order: the active one is the last (C2PA 2.4, 11.1.4.2).

    () where the store is no superbox. Bytes behind the store are ignored (see `coverage`).
    Raises SourceError if its boxes cannot be parsed.
    """
    first = next(iterate_boxes(store, 0, len(store)), None)
    if first is None:
        _check_rest(len(store))
        return ()
    kind, _, payload, stop, missing = first
    if missing:
        raise _refusal(first)
    if kind != b"jumb":
        return ()
    whole = _superbox_of(parse_superbox(memoryview(store)[payload:stop]))
    return tuple(_manifest_of(each) for each in whole.inner.values())


class _Parser:
    """Parses the boxes of one store, and counts them."""

    def __init__(self, store: memoryview) -> None:
        self._store, self._left = store, MAX_BOXES

    def superbox(self, start: int, stop: int, header: int, depth: int) -> JumbfBox:
        """Returns the superbox whose content is store[start:stop]. header: the length of its header."""
        if depth > MAX_DEPTH:
            raise SourceError(
                "a manifest store nests too deep", where="JUMBF", expected=f"at most {MAX_DEPTH} levels"
            )
        children: list[JumbfBox] = []
        at = start
        for span in iterate_boxes(self._store, start, stop):
            self._left -= 1
            kind, begin, payload, at, missing = span
            if missing or self._left < 0:
                raise _refusal(span)
            if kind == b"jumb":
                children.append(self.superbox(payload, at, payload - begin, depth + 1))
            else:
                children.append(JumbfBox(kind.decode("latin-1"), at - begin, self._store[payload:at]))
        rest = stop - at
        _check_rest(rest)
        return JumbfBox("jumb", header + stop - start, self._store[start:stop], tuple(children), rest)


def _refusal(span: BoxSpan) -> SourceError:
    """Returns the error of a box that runs past its parent, or is one too many."""
    _, start, _, stop, missing = span
    if not missing:
        return SourceError(
            "too many boxes in a manifest store", where="JUMBF", expected=f"at most {MAX_BOXES}"
        )
    return SourceError(
        "a manifest store's box runs past the end of its parent",
        where=f"JUMBF at byte {start}",
        expected=f"at most {stop - start} bytes",
        got=f"{stop - start + missing} bytes",
    )


def _check_rest(rest: int) -> None:
    """Raises SourceError if bytes that are no box are long enough for a header: its size is impossible."""
    if rest >= 8:
        raise SourceError("a manifest store's box is smaller than its own header", where="JUMBF")


def _superbox_of(box: JumbfBox) -> Superbox:
    label, data, inner = "", b"", {}
    for child in box.children:
        if child.kind == "jumd":
            label = _text(bytes(child.content[:_MAX_DESCRIPTION]))
        elif child.kind == "jumb":
            found = _superbox_of(child)
            inner[found.label] = found
        elif not data:
            data = bytes(child.content)
    return Superbox(label, bytes(box.content), data, MappingProxyType(inner))


def _manifest_of(found: Superbox) -> StoredManifest:
    claim = next((found.inner[name] for name in _CLAIMS if name in found.inner), None)
    assertions = found.inner.get("c2pa.assertions")
    return StoredManifest(
        found.label,
        found.content,
        claim.data if claim else b"",
        found.inner.get("c2pa.signature"),
        assertions.inner if assertions else MappingProxyType({}),
    )


def _text(description: bytes) -> str:
    return description[_DESCRIPTION_HEAD:].split(b"\0")[0].decode("utf-8", "replace")
