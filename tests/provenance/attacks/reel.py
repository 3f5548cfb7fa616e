"""Edits a signed film in memory: finds, moves, removes and inserts boxes.

Every size and chunk offset is corrected, as an attacker would do who wants to stay unnoticed.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from provenance.formats.bmff import Box, Layout, read_children, read_layout, walk

Spoil = Callable[["Reel"], bytes]
_STORE_AT = 16 + 4 + len("manifest") + 1 + 8


@dataclass(frozen=True)
class Super:
    """A JUMBF superbox. at: where it starts; owners: where the boxes around it start."""

    label: str
    at: int
    size: int
    owners: tuple[int, ...]

    @property
    def stop(self) -> int:
        return self.at + self.size


@dataclass(frozen=True)
class Reel:
    """A signed film."""

    data: bytes

    @classmethod
    def of(cls, path: Path) -> Reel:
        return cls(path.read_bytes())

    @cached_property
    def layout(self) -> Layout:
        return read_layout(io.BytesIO(self.data))

    def top(self, kind: str) -> Box:
        return self.layout.of(kind)[0]

    def leaves(self, kind: str) -> list[Box]:
        """Returns the boxes of a kind inside `moov`, one for each track."""
        return [each for each in walk(io.BytesIO(self.data), self.top("moov")) if each.kind == kind]

    def bytes_of(self, found: Box) -> bytes:
        return self.data[found.start : found.stop]

    # -- whole boxes

    def flip(self, at: int, bit: int = 0) -> bytes:
        return self.data[:at] + bytes([self.data[at] ^ (1 << bit)]) + self.data[at + 1 :]

    def write(self, at: int, what: bytes) -> bytes:
        """Returns the film with some bytes overwritten."""
        return self.data[:at] + what + self.data[at + len(what) :]

    def in_order(self, kinds: Iterable[str]) -> bytes:
        """Returns the film with its outermost boxes in another order, and chunk offsets corrected."""
        by_kind = {each.kind: each for each in self.layout.boxes}
        picked = [by_kind[kind] for kind in kinds]
        moved = b"".join(self.bytes_of(each) for each in picked)
        before = sum(each.size for each in picked[: picked.index(by_kind["mdat"])])
        return offset_by(moved, before - by_kind["mdat"].start)

    def behind(self, kind: str, what: bytes) -> bytes:
        """Returns the film with bytes inserted behind an outermost box, and chunk offsets corrected."""
        stop = self.top(kind).stop
        moved = self.data[:stop] + what + self.data[stop:]
        return offset_by(moved, len(what)) if stop <= self.top("mdat").start else moved

    def without(self, kind: str) -> bytes:
        gone = self.top(kind)
        moved = self.data[: gone.start] + self.data[gone.stop :]
        return offset_by(moved, -gone.size) if gone.start < self.top("mdat").start else moved

    # -- inside the manifest

    @cached_property
    def store_at(self) -> int:
        return self.top("uuid").payload + _STORE_AT

    @cached_property
    def supers(self) -> list[Super]:
        """The superboxes of the manifest store, in file order."""
        uuid = self.top("uuid")
        found: list[Super] = []
        waiting: list[tuple[int, int, tuple[int, ...]]] = [(self.store_at, uuid.stop, (uuid.start,))]
        while waiting:
            at, stop, owners = waiting.pop(0)
            if at + 8 > stop:
                continue
            size, kind = struct.unpack_from(">I4s", self.data, at)
            waiting.insert(0, (at + size, stop, owners))
            if kind == b"jumb":
                found.append(Super(self._label(at + 8), at, size, owners))
                waiting.insert(0, (at + 8, at + size, (*owners, at)))
        return found

    def super(self, label: str, nth: int = -1) -> Super:
        """Returns a superbox by label: by default the last one, which is in the active manifest."""
        return [each for each in self.supers if each.label == label][nth]

    @property
    def manifests(self) -> list[Super]:
        return [each for each in self.supers if len(each.owners) == 2]

    def description(self, found: Super) -> tuple[int, int]:
        """Returns (start, stop) of the content of a superbox's description."""
        (size,) = struct.unpack_from(">I", self.data, found.at + 8)
        return found.at + 16, found.at + 8 + size

    def content(self, found: Super) -> int:
        """Returns where a superbox's first content box starts."""
        return self.description(found)[1]

    def text(self, needle: bytes, nth: int = -1) -> int:
        """Returns where a text is in the manifest store: by default its last place."""
        uuid, places, at = self.top("uuid"), [], self.store_at
        while (at := self.data.find(needle, at, uuid.stop)) >= 0:
            places.append(at)
            at += 1
        return places[nth]

    @cached_property
    def pad(self) -> int:
        """Where the active signature's padding starts: a byte string whose length takes two bytes."""
        return self.text(b"cpad\x59") + 4

    def slip_in(self, at: int, owners: Iterable[int], what: bytes) -> bytes:
        """Returns the film with bytes inserted, and as many removed from the signature's padding.

        The file keeps its size and the media its place, so that only the boxes themselves show the change.
        owners: where the boxes around the place start.
        """
        taken = [self.top("uuid").start, self.store_at]
        taken += [
            each.at for each in self.supers if each.at <= self.pad < each.stop and each.at != self.store_at
        ]
        taken.append(self.content(self.super("c2pa.signature")))
        data = bytearray(self.data)
        for owner, by in [(owner, len(what)) for owner in owners] + [(owner, -len(what)) for owner in taken]:
            (size,) = struct.unpack_from(">I", data, owner)
            struct.pack_into(">I", data, owner, size + by)
        (room,) = struct.unpack_from(">H", data, self.pad + 1)
        assert room - len(what) >= 256, "no room"
        struct.pack_into(">H", data, self.pad + 1, room - len(what))
        cut = self.pad + 8
        if at <= cut:
            return bytes(data[:at] + what + data[at:cut] + data[cut + len(what) :])
        return bytes(data[:cut] + data[cut + len(what) : at] + what + data[at:])

    def slip_into(self, label: str, what: bytes, nth: int = -1) -> bytes:
        """Returns the film with a box inserted as the last of a superbox."""
        found = self.super(label, nth)
        return self.slip_in(found.stop, (*found.owners, found.at), what)

    def _label(self, description: int) -> str:
        (size,) = struct.unpack_from(">I", self.data, description)
        return self.data[description + 25 : description + size].split(b"\0")[0].decode()


def offset_by(data: bytes, by: int) -> bytes:
    """Returns a film with every chunk offset moved, as an honest tool does when it moves media."""
    source, out = io.BytesIO(data), bytearray(data)
    for movie in read_layout(source).of("moov"):
        for table in walk(source, movie):
            if table.kind == "stco":
                (count,) = struct.unpack_from(">I", data, table.payload + 4)
                for at in range(table.payload + 8, table.payload + 8 + 4 * count, 4):
                    struct.pack_into(">I", out, at, struct.unpack_from(">I", data, at)[0] + by)
    return bytes(out)


def children(reel: Reel, parent: Box) -> list[Box]:
    return list(read_children(io.BytesIO(reel.data), parent))
