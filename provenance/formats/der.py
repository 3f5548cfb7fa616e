"""Decodes as much of DER as a time-stamp needs. Source: ITU-T X.690, 8 and 10.

The bytes may be hostile: lengths are checked before anything is read, and nothing recurses.
"""

from __future__ import annotations

from dataclasses import dataclass

from post.errors import SourceError

INTEGER, OCTETS, OID, SEQUENCE, SET = 0x02, 0x04, 0x06, 0x30, 0x31
GENERALIZED_TIME = 0x18
_MAX_CHILDREN = 256


@dataclass(frozen=True, slots=True)
class DerValue:
    """One value. whole: its bytes with tag and length; body: without them."""

    tag: int
    whole: bytes
    body: bytes

    def inside(self) -> tuple[DerValue, ...]:
        """Returns the values inside this one. Raises SourceError if they do not fill it, or are over 256."""
        found, at = [], 0
        while at < len(self.body):
            node = decode(self.body[at:])
            found.append(node)
            at += len(node.whole)
            if len(found) > _MAX_CHILDREN:
                raise _malformed()
        return tuple(found)

    def at(self, place: int, tag: int) -> DerValue:
        """Returns the value at a place inside, from 0. Raises SourceError if there is none with that tag."""
        found = self.inside()
        if place >= len(found) or found[place].tag != tag:
            raise _malformed()
        return found[place]

    @property
    def number(self) -> int:
        """The value of an INTEGER."""
        return int.from_bytes(self.body, "big", signed=True)

    @property
    def oid(self) -> str:
        """The value of an OBJECT IDENTIFIER, dotted, as in 1.2.840 (X.690, 8.19)."""
        parts, value = [], 0
        for byte in self.body:
            value = value << 7 | byte & 127
            if byte < 128:
                parts.append(value)
                value = 0
        first = parts[0] if parts else 0
        top = min(first // 40, 2)
        return ".".join(map(str, (top, first - 40 * top, *parts[1:])))


def decode(data: bytes) -> DerValue:
    """Returns the value that some bytes begin with. Raises SourceError if there is none."""
    if len(data) < 2:
        raise _malformed()
    length, head = data[1], 2
    if length > 128:
        head += length - 128
        length = int.from_bytes(data[2:head], "big")
    if data[1] == 128 or head > 8 or head + length > len(data):
        raise _malformed()
    return DerValue(data[0], data[: head + length], data[head : head + length])


def _malformed() -> SourceError:
    return SourceError("the DER is malformed", where="time-stamp")
