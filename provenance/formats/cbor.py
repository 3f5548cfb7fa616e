"""Decodes CBOR, and encodes the little of it that is written here. Source: RFC 8949.

The bytes may be hostile: depth, the number of items and every length are checked before anything is read.
Tags are dropped and their content returned; invalid UTF-8 in a text becomes U+FFFD.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from post.errors import SourceError

MAX_DEPTH = 24
MAX_ITEMS = 200_000
# Bytes of the argument behind an initial byte, by its low five bits (RFC 8949, 3).
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}
# The least number that needs that many.
_LEAST = {24: 24, 25: 1 << 8, 26: 1 << 16, 27: 1 << 32}
_SIMPLE = {20: False, 21: True, 22: None}
_FLOATS = {25: ">e", 26: ">f", 27: ">d"}
_BREAK = object()


@dataclass(frozen=True, slots=True)
class SimpleValue:
    """A simple value other than false, true and null: undefined is 23."""

    number: int


@dataclass(frozen=True, slots=True)
class MeasuredItem:
    """An item, and how many bytes it took.

    wasted: how many of them a shorter encoding would not need (4.2.1), and those of map entries whose key is
    already there (5.6), which one reader takes and the next ignores.
    """

    item: Any
    bytes: int
    wasted: int


def decode(data: bytes) -> Any:
    """Returns the first item of some bytes. Raises SourceError if there is none, or it is too large or deep."""
    return _Decoder(data).item()


def decode_measured(data: bytes) -> MeasuredItem:
    """Returns the first item of some bytes and its size. Raises SourceError as `decode` does."""
    reader = _Decoder(data)
    item = reader.item()
    return MeasuredItem(item, reader.at, reader.wasted)


def encode(item: int | bytes | str | list[Any] | dict[str, Any]) -> bytes:
    """Returns an item in its shortest form (RFC 8949, 4.2.1); a map in the order of its keys as given.

    item: an integer from 0, bytes, text, or a list or map of these.
    """
    if isinstance(item, int):
        return _head(0, item)
    if isinstance(item, bytes):
        return _head(2, len(item)) + item
    if isinstance(item, str):
        text = item.encode()
        return _head(3, len(text)) + text
    if isinstance(item, dict):
        return _head(5, len(item)) + b"".join(encode(key) + encode(value) for key, value in item.items())
    return _head(4, len(item)) + b"".join(encode(each) for each in item)


def _head(major: int, count: int) -> bytes:
    if count < 24:
        return bytes([major << 5 | count])
    detail, width = next((d, w) for d, w in _WIDTHS.items() if count < 1 << 8 * w)
    return bytes([major << 5 | detail]) + count.to_bytes(width, "big")


class _Decoder:
    """Decodes items one after the other. at: bytes read; wasted: as in MeasuredItem."""

    def __init__(self, data: bytes) -> None:
        self._data, self._items, self.at, self.wasted = data, 0, 0, 0

    def item(self, depth: int = 0) -> Any:
        """Returns the next item. depth: how many items it is inside of."""
        found = self._any(depth)
        if found is _BREAK:
            raise _malformed("CBOR has a break outside an item of open length")
        return found

    def _any(self, depth: int) -> Any:
        self._items += 1
        if depth > MAX_DEPTH or self._items > MAX_ITEMS:
            raise _malformed("CBOR is too large or too deep")
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
        return _SIMPLE.get(number, SimpleValue(number))

    def _open_ended(self, major: int, depth: int) -> Any:
        """Returns an item of open length, which a break ends (3.2)."""
        self.wasted += 1
        parts = []
        while (part := self._any(depth + 1)) is not _BREAK:
            parts.append(part)
        if major == 4:
            return parts
        if major == 5 and len(parts) % 2 == 0:
            found = {_key(k): v for k, v in zip(parts[::2], parts[1::2], strict=True)}
            self.wasted += len(parts) // 2 - len(found)
            return found
        kind = {2: bytes, 3: str}.get(major)
        if kind is None or not all(isinstance(part, kind) for part in parts):
            raise _malformed("CBOR has an item of open length of no known type")
        return kind().join(parts)

    def _unsigned(self, count: int, _: int) -> int:
        return count

    def _negative(self, count: int, _: int) -> int:
        return -1 - count

    def _bytes(self, count: int, _: int) -> bytes:
        return self._take(count)

    def _text(self, count: int, _: int) -> str:
        return self._take(count).decode("utf-8", "replace")

    def _array(self, count: int, depth: int) -> list[Any]:
        return [self.item(depth + 1) for _ in range(self._checked(count))]

    def _map(self, count: int, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for _ in range(self._checked(count)):
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
            raise _malformed("CBOR has an item with a reserved length")
        count = int.from_bytes(self._take(_WIDTHS[detail]), "big")
        self.wasted += _WIDTHS[detail] * (count < _LEAST[detail])
        return count

    def _checked(self, count: int) -> int:
        if count > MAX_ITEMS:
            raise _malformed("CBOR is too large or too deep")
        return count

    def _take(self, count: int) -> bytes:
        data = self._data[self.at : self.at + count]
        if len(data) < count:
            raise _malformed("CBOR is cut short")
        self.at += count
        return data


_READERS: dict[int, Any] = {
    0: _Decoder._unsigned,
    1: _Decoder._negative,
    2: _Decoder._bytes,
    3: _Decoder._text,
    4: _Decoder._array,
    5: _Decoder._map,
    6: _Decoder._tagged,
}


def _key(found: Any) -> Any:
    """Returns a map's key. Keys that are arrays or maps become text: nothing here looks one up."""
    return found if isinstance(found, (str, int, bytes, float, type(None))) else str(found)


def _malformed(what: str) -> SourceError:
    return SourceError(what, where="manifest store")
