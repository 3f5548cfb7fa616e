"""CBOR, read and (the little a signature needs) written: the one reader of it here. Source: RFC 8949.

Foreign bytes are expected: depth, the number of items and every length are bounded before anything is
read. Tags are dropped, and what they tag is kept; texts that are no UTF-8 come with their faults replaced.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from post.errors import SourceError

MAX_DEPTH = 24
MAX_ITEMS = 200_000
# How many bytes follow an initial byte whose detail is one of these (RFC 8949, 3).
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}
# The least number that needs so many.
_LEAST = {24: 24, 25: 1 << 8, 26: 1 << 16, 27: 1 << 32}
_SIMPLE = {20: False, 21: True, 22: None}
_FLOATS = {25: ">e", 26: ">f", 27: ">d"}
_BREAK = object()


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple value that is neither a truth value nor null: undefined is 23."""

    number: int


@dataclass(frozen=True, slots=True)
class Measured:
    """An item, and how many bytes it took. wasted: those among them that a shorter form has not (4.2.1), and
    entries of a map whose key was there before (5.6), which each reader takes as it likes."""

    item: Any
    bytes: int
    wasted: int


def read(data: bytes) -> Any:
    """The first item of some bytes. Raises SourceError where they hold none, or too much."""
    return _Reader(data).item()


def measure(data: bytes) -> Measured:
    """As `read`, measured."""
    reader = _Reader(data)
    item = reader.item()
    return Measured(item, reader.at, reader.wasted)


def write(item: bytes | str | list[Any]) -> bytes:
    """Bytes, texts and arrays of them, in the shortest form (RFC 8949, 4.2.1)."""
    if isinstance(item, bytes):
        return _head(2, len(item)) + item
    if isinstance(item, str):
        text = item.encode()
        return _head(3, len(text)) + text
    return _head(4, len(item)) + b"".join(write(each) for each in item)


def _head(major: int, count: int) -> bytes:
    if count < 24:
        return bytes([major << 5 | count])
    detail, width = next((d, w) for d, w in _WIDTHS.items() if count < 1 << 8 * w)
    return bytes([major << 5 | detail]) + count.to_bytes(width, "big")


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._items, self.at, self.wasted = data, 0, 0, 0

    def item(self, depth: int = 0) -> Any:
        found = self._any(depth)
        if found is _BREAK:
            raise _wrong("CBOR ends where it should not")
        return found

    def _any(self, depth: int) -> Any:
        self._items += 1
        if depth > MAX_DEPTH or self._items > MAX_ITEMS:
            raise _wrong("CBOR holds too much")
        major, detail = divmod(self._take(1)[0], 32)
        if major == 7:
            return self._special(detail)
        if detail == 31:
            return self._open_ended(major, depth)
        count = self._count(detail)
        return _READERS[major](self, count, depth)

    def _special(self, detail: int) -> Any:
        if detail in _FLOATS:
            return struct.unpack(_FLOATS[detail], self._take(_WIDTHS[detail]))[0]
        if detail == 31:
            return _BREAK
        number = self._take(1)[0] if detail == 24 else detail
        self.wasted += detail == 24 and number < 32
        return _SIMPLE.get(number, Simple(number))

    def _open_ended(self, major: int, depth: int) -> Any:
        """An item of no stated length, up to a break."""
        self.wasted += 1
        parts = []
        while (part := self._any(depth + 1)) is not _BREAK:
            parts.append(part)
        if major == 4:
            return parts
        if major == 5 and len(parts) % 2 == 0:
            held = {_key(k): v for k, v in zip(parts[::2], parts[1::2], strict=True)}
            self.wasted += len(parts) // 2 - len(held)
            return held
        kind = {2: bytes, 3: str}.get(major)
        if kind is None or not all(isinstance(part, kind) for part in parts):
            raise _wrong("CBOR of no kind")
        return kind().join(parts)

    def _whole(self, count: int, _: int) -> int:
        return count

    def _below(self, count: int, _: int) -> int:
        return -1 - count

    def _bytes(self, count: int, _: int) -> bytes:
        return self._take(count)

    def _text(self, count: int, _: int) -> str:
        return self._take(count).decode("utf-8", "replace")

    def _array(self, count: int, depth: int) -> list[Any]:
        return [self.item(depth + 1) for _ in range(self._sane(count))]

    def _map(self, count: int, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for _ in range(self._sane(count)):
            start, key = self.at, _key(self.item(depth + 1))
            again = key in found
            found[key] = self.item(depth + 1)
            self.wasted += (self.at - start) * again
        return found

    def _tagged(self, _: int, depth: int) -> Any:
        return self.item(depth + 1)

    def _count(self, detail: int) -> int:
        if detail < 24:
            return detail
        if detail not in _WIDTHS:
            raise _wrong("CBOR of no stated length")
        count = int.from_bytes(self._take(_WIDTHS[detail]), "big")
        self.wasted += _WIDTHS[detail] * (count < _LEAST[detail])
        return count

    def _sane(self, count: int) -> int:
        if count > MAX_ITEMS:
            raise _wrong("CBOR holds too much")
        return count

    def _take(self, count: int) -> bytes:
        data = self._data[self.at : self.at + count]
        if len(data) < count:
            raise _wrong("CBOR is cut short")
        self.at += count
        return data


_READERS: dict[int, Any] = {
    0: _Reader._whole,
    1: _Reader._below,
    2: _Reader._bytes,
    3: _Reader._text,
    4: _Reader._array,
    5: _Reader._map,
    6: _Reader._tagged,
}


def _key(found: Any) -> Any:
    """A map may have arrays as keys; nothing here looks such a one up."""
    return found if isinstance(found, (str, int, bytes, float, type(None))) else str(found)


def _wrong(what: str) -> SourceError:
    return SourceError(what, where="manifest store")
