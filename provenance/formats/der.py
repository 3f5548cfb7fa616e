"""DER, as much of it as a time-stamp needs. Source: ITU-T X.690, 8 and 10.

Foreign bytes are expected: lengths are checked before anything is taken, and nothing here recurses.
"""

from __future__ import annotations

from dataclasses import dataclass

from post.errors import SourceError

INTEGER, OCTETS, OID, SEQUENCE, SET = 0x02, 0x04, 0x06, 0x30, 0x31
GENERALIZED_TIME = 0x18
_MAX_CHILDREN = 256


@dataclass(frozen=True, slots=True)
class Node:
    """One value. whole: with its tag and length; body: without."""

    tag: int
    whole: bytes
    body: bytes

    def inside(self) -> tuple[Node, ...]:
        """The values in this one. Raises SourceError where they do not fill it, or number over 256."""
        found, at = [], 0
        while at < len(self.body):
            node = read(self.body[at:])
            found.append(node)
            at += len(node.whole)
            if len(found) > _MAX_CHILDREN:
                raise _wrong()
        return tuple(found)

    def at(self, place: int, tag: int) -> Node:
        """The value at a place inside. Raises SourceError where there is none of that tag."""
        found = self.inside()
        if place >= len(found) or found[place].tag != tag:
            raise _wrong()
        return found[place]

    @property
    def number(self) -> int:
        return int.from_bytes(self.body, "big", signed=True)

    @property
    def oid(self) -> str:
        """Dotted, as in 1.2.840. X.690, 8.19."""
        parts, value = [], 0
        for byte in self.body:
            value = value << 7 | byte & 127
            if byte < 128:
                parts.append(value)
                value = 0
        first = parts[0] if parts else 0
        top = min(first // 40, 2)
        return ".".join(map(str, (top, first - 40 * top, *parts[1:])))


def read(data: bytes) -> Node:
    """The value some bytes begin with. Raises SourceError where there is none."""
    if len(data) < 2:
        raise _wrong()
    length, head = data[1], 2
    if length > 128:
        head += length - 128
        length = int.from_bytes(data[2:head], "big")
    if data[1] == 128 or head > 8 or head + length > len(data):
        raise _wrong()
    return Node(data[0], data[: head + length], data[head : head + length])


def _wrong() -> SourceError:
    return SourceError("DER that makes no sense", where="time-stamp")
