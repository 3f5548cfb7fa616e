"""Damages signed films at random, at boxes and fields, and states the law that `verify` must keep.

If a film's bytes are not those that were signed, `verify` never says that it is sound; if its picture, sound or
index differ, it never says that the film is intact. It raises only our own errors. For the bench, it ends in time.
The law holds for films with our blocks assertion: the `ftyp` of others is covered by no hash, and only its form
can be checked.
"""

from __future__ import annotations

import io
import math
import random
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from post.errors import AnswerprintError
from provenance.formats.bmff import CONTAINERS, Box, read_layout
from provenance.report import Report
from provenance.verify import verify
from tests.provenance.made import House

_MANIFEST_HEAD = 16 + 4 + len("manifest") + 1 + 8
_ODD_SIZES = (0, 1, 2, 7, 8, 9, 15, 16, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_INSIDE = frozenset(kind.encode("latin-1") for kind in CONTAINERS) | {b"jumb"}


@dataclass(frozen=True)
class Node:
    """A box anywhere in a film or its manifest. owners: where the boxes around it start."""

    start: int
    size: int
    kind: bytes
    owners: tuple[int, ...] = ()

    @property
    def stop(self) -> int:
        return self.start + self.size


def nodes(data: bytes) -> list[Node]:
    """Returns every box that can be found, JUMBF included."""
    found: list[Node] = []
    waiting: list[tuple[int, int, tuple[int, ...]]] = [(0, len(data), ())]
    while waiting and len(found) < 2_000:
        at, stop, owners = waiting.pop()
        while at + 8 <= stop:
            size, kind = struct.unpack_from(">I4s", data, at)
            if size < 8 or at + size > stop:
                break
            found.append(Node(at, size, kind, owners))
            head = {b"uuid": 8 + _MANIFEST_HEAD, b"meta": 12}.get(kind, 8)
            if kind in _INSIDE or kind == b"uuid":
                waiting.append((at + head, at + size, (*owners, at)))
            at += size
    return found


@dataclass(frozen=True)
class Spoiler:
    """Damages a film in random ways. chance: the source of randomness; others: films to take boxes from."""

    chance: random.Random
    others: Sequence[bytes]

    def __call__(self, data: bytes) -> bytes:
        for _ in range(self.chance.choice((1, 1, 1, 2, 3, 6))):
            found = nodes(data)
            if not found:
                break
            data = self.chance.choice(_WAYS)(self, data, found)
        return data

    def pick(self, found: Sequence[Node]) -> Node:
        return self.chance.choice(found)

    def flip(self, data: bytes, found: Sequence[Node]) -> bytes:
        node = self.pick(found)
        at = self.chance.randrange(node.start, node.stop)
        return put(data, at, bytes([data[at] ^ 1 << self.chance.randrange(8)]))

    def havoc(self, data: bytes, found: Sequence[Node]) -> bytes:
        node = self.pick(found)
        at = self.chance.randrange(node.start, node.stop)
        return put(data, at, self.chance.randbytes(min(self.chance.randrange(1, 17), len(data) - at)))

    def field(self, data: bytes, found: Sequence[Node]) -> bytes:
        """Replaces a number in a box with an unusual one."""
        node = self.pick(found)
        at = node.start + 4 * self.chance.randrange(max(1, min(node.size, 256) // 4))
        return put(data, at, struct.pack(">I", self.chance.choice(_ODD_SIZES))[: len(data) - at])

    def resize(self, data: bytes, found: Sequence[Node]) -> bytes:
        node = self.pick(found)
        near = (node.size + self.chance.randrange(-16, 17)) & 0xFFFFFFFF
        return put(data, node.start, struct.pack(">I", self.chance.choice((near, *_ODD_SIZES))))

    def rename(self, data: bytes, found: Sequence[Node]) -> bytes:
        return put(data, self.pick(found).start + 4, self.pick(found).kind)

    def delete(self, data: bytes, found: Sequence[Node]) -> bytes:
        node = self.pick(found)
        return self._replaced(data, node, b"")

    def duplicate(self, data: bytes, found: Sequence[Node]) -> bytes:
        node = self.pick(found)
        return self._replaced(data, node, data[node.start : node.stop] * 2)

    def insert(self, data: bytes, found: Sequence[Node]) -> bytes:
        node, body = self.pick(found), self.chance.randbytes(self.chance.randrange(24))
        kind = self.chance.choice((b"free", b"jumb", b"json", b"cbor", b"mdat", b"uuid", node.kind))
        made = struct.pack(">I4s", len(body) + 8, kind) + body
        return self._replaced(data, node, data[node.start : node.stop] + made)

    def swap(self, data: bytes, found: Sequence[Node]) -> bytes:
        one, two = sorted((self.pick(found), self.pick(found)), key=lambda node: node.start)
        if two.start < one.stop:
            return data
        parts = (data[: one.start], data[two.start : two.stop], data[one.stop : two.start])
        return b"".join((*parts, data[one.start : one.stop], data[two.stop :]))

    def splice(self, data: bytes, found: Sequence[Node]) -> bytes:
        """Replaces a box with one of another film, of the same kind where it has one."""
        node, other = self.pick(found), self.chance.choice(self.others)
        theirs = nodes(other)
        chosen = self.pick([each for each in theirs if each.kind == node.kind] or theirs)
        return self._replaced(data, node, other[chosen.start : chosen.stop])

    def cut(self, data: bytes, found: Sequence[Node]) -> bytes:
        node = self.pick(found)
        return data[: self.chance.choice((node.start, node.start + 8, node.stop - 1, node.stop))] or data

    def append(self, data: bytes, found: Sequence[Node]) -> bytes:
        node = self.pick(found)
        return data + self.chance.choice((bytes(self.chance.randrange(1, 20)), data[node.start : node.stop]))

    def slip(self, data: bytes, found: Sequence[Node]) -> bytes:
        """Inserts a box and removes as many zero bytes behind it: nothing else moves."""
        node = self.pick(found)
        body = struct.pack(">I4s", 16, self.chance.choice((b"free", b"json", b"cbor"))) + b"hidden!!"
        room = data.find(bytes(64), node.stop)
        if room < 0:
            return data
        moved = data[: node.stop] + body + data[node.stop : room] + data[room + len(body) :]
        return self._owners(moved, node.owners, len(body))

    def _replaced(self, data: bytes, node: Node, what: bytes) -> bytes:
        """Replaces a box; three times in four the sizes of the boxes around it are corrected."""
        moved = data[: node.start] + what + data[node.stop :]
        by = len(what) - node.size
        return self._owners(moved, node.owners, by) if self.chance.random() < 0.75 else moved

    def _owners(self, data: bytes, owners: Sequence[int], by: int) -> bytes:
        for owner in owners:
            (size,) = struct.unpack_from(">I", data, owner)
            data = put(data, owner, struct.pack(">I", (size + by) & 0xFFFFFFFF))
        return data


_WAYS: tuple[Callable[[Spoiler, bytes, Sequence[Node]], bytes], ...] = (
    Spoiler.flip,
    Spoiler.flip,
    Spoiler.havoc,
    Spoiler.field,
    Spoiler.resize,
    Spoiler.rename,
    Spoiler.delete,
    Spoiler.duplicate,
    Spoiler.insert,
    Spoiler.swap,
    Spoiler.splice,
    Spoiler.cut,
    Spoiler.append,
    Spoiler.slip,
)


def put(data: bytes, at: int, what: bytes) -> bytes:
    return data[:at] + what + data[at + len(what) :]


def spoilt(films: Sequence[bytes], seed: int) -> bytes:
    """Returns a damaged film: always the same for the same seed and films."""
    chance = random.Random(seed)
    return Spoiler(chance, films)(chance.choice(films))


@dataclass(frozen=True)
class Law:
    """The law for every damaged film. originals: the films that were signed; most_s: of processor time for each."""

    originals: Sequence[bytes]
    most_s: float = math.inf

    def broken(self, path: Path, house: House) -> str:
        """Returns which part of the law a file breaks; "" for none."""
        started = time.process_time()
        try:
            report = verify(path, house.anchors)
        except AnswerprintError:
            report = None
        except Exception as exc:  # noqa: BLE001 - any crash is what the test looks for
            return f"raised {exc!r}"
        if time.process_time() - started > self.most_s:
            return f"took {time.process_time() - started:.1f} s"
        return self._untrue(path.read_bytes(), report) if report else ""

    def _untrue(self, data: bytes, report: Report) -> str:
        if any(same_parts(data, each) for each in self.originals):
            return ""
        if report.sound or report.exit_code == 0:
            return "sound, and not what was signed"
        hashed = content(data)
        if report.integrity == "intact" and not any(hashed == content(each) for each in self.originals):
            return "intact, and its content is not what was signed"
        return ""


def same_parts(data: bytes, original: bytes) -> bool:
    """Says whether a film differs from another only in the order of hashed boxes in its manifest.

    No rule fixes that order, and it has no meaning.
    """
    return data == original or (content(data) == content(original) and sorted(data) == sorted(original))


def content(data: bytes) -> list[bytes]:
    """Returns what our hash covers: every outermost box but `ftyp`, `mfra` and the manifest's."""
    found = read_layout(io.BytesIO(data))
    return [_bytes(data, box) for box in found.boxes if box.kind not in ("ftyp", "mfra") and not box.c2pa]


def _bytes(data: bytes, box: Box) -> bytes:
    return data[box.start : box.stop]
