"""Reads the boxes of an ISO base media file (MP4, QuickTime), within bounds.

The file may be hostile: nesting, counts and sizes are limited, nothing is read whole, and a walk of any
file ends within a second. Source: ISO/IEC 14496-12:2022, 4.2.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from post.errors import SourceError

MAX_DEPTH = 16
MAX_BOXES = 100_000
# Boxes with the same parent. Six thousand fragments are over three hours of film. The SDK's time grows with
# the square of this count (c2pa-rs 0.91: 0.6 s for 10 000 boxes, 6.7 s for 30 000; ten million never end).
MAX_SIBLINGS = 12_000
MAX_PAYLOAD = 64 << 20

# C2PA 2.4, A.5: the type of the uuid box that holds a manifest store.
C2PA_USERTYPE = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
# Boxes that hold boxes. `meta` is a full box in ISO files and a plain one in QuickTime.
CONTAINERS = frozenset(
    ("moov", "trak", "mdia", "minf", "stbl", "edts", "udta", "meta", "moof", "traf", "mvex")
)


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a file.

    kind: its four letters; path: the kinds from the outermost box down ("/moov/trak"); start: where its
    header starts, in bytes from the beginning of the file; size: bytes of header and payload that are in
    the file; header: bytes of the header; missing: bytes the header promises beyond the end of its parent;
    usertype: the 16 bytes that name a `uuid` box's type, b"" for other kinds.
    """

    kind: str
    path: str
    start: int
    size: int
    header: int
    missing: int = 0
    usertype: bytes = b""

    @property
    def payload(self) -> int:
        """Where the payload starts, in bytes from the beginning of the file."""
        return self.start + self.header

    @property
    def stop(self) -> int:
        """Where the box ends, in bytes from the beginning of the file."""
        return self.start + self.size

    @property
    def payload_bytes(self) -> int:
        """The size of the payload in bytes."""
        return self.size - self.header

    @property
    def c2pa(self) -> bool:
        """Whether it is a C2PA box: one with a manifest store or a part of a Merkle tree."""
        return self.usertype == C2PA_USERTYPE

    @property
    def holds_boxes(self) -> bool:
        """Whether its payload is boxes."""
        return self.kind in CONTAINERS


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's outermost boxes. rest: bytes after the last of them that are no box."""

    boxes: tuple[Box, ...]
    rest: int

    def of(self, kind: str) -> tuple[Box, ...]:
        """The outermost boxes of one kind, in file order."""
        return tuple(box for box in self.boxes if box.kind == kind)


_unpack_head = struct.Struct(">I4s").unpack_from


def parse_header(data: bytes | memoryview, at: int, left: int) -> tuple[bytes, int, int] | None:
    """Returns (kind, bytes of header and payload, bytes of the header) of the box at data[at:]; None for no box.

    data: at least 16 bytes from `at` on, or all that is left; left: bytes up to the end of the parent.
    Source: ISO/IEC 14496-12:2022, 4.2.2. JUMBF boxes have the same header (ISO/IEC 19566-5, B.1).
    """
    if left < 8:
        return None
    size, kind = _unpack_head(data, at)
    length = 8
    if size == 1 and left >= 16:
        (size,) = struct.unpack_from(">Q", data, at + 8)
        length = 16
    size = size or left  # 0: to the end
    return (kind, size, length) if size >= length else None


def read_layout(source: BinaryIO) -> Layout:
    """Returns the outermost boxes of a file. A last box that the end of the file cuts short is among them.

    Raises SourceError if there are more than 12 000.
    """
    stop = source.seek(0, 2)
    found = tuple(_side_by_side(source, 0, stop, ""))
    return Layout(found, stop - (found[-1].stop if found else 0))


def check_box_count(source: BinaryIO) -> None:
    """Raises SourceError if a file has more boxes than any film: 12 000 side by side, 100 000 in all, or
    more than 16 inside each other. Other faults of the boxes are ignored."""
    waiting = [(box, 1) for box in read_layout(source).boxes if box.holds_boxes]
    count = 0
    while waiting:
        parent, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise _too_deep(parent)
        children = list(_children(source, parent))
        count += len(children)
        if count > MAX_BOXES:
            raise _too_many(MAX_BOXES)
        waiting += [(child, depth + 1) for child in children if child.holds_boxes and not child.missing]


def walk(source: BinaryIO, root: Box) -> Iterator[Box]:
    """Yields every box inside `root`: a box before its children, the children of one box together.

    Raises SourceError if boxes nest deeper than 16, are more than 100 000, or run past their parent.
    """
    waiting = [(root, 1)]
    count = 0
    while waiting:
        parent, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise _too_deep(parent)
        children = []
        for child in read_children(source, parent):
            count += 1
            if count > MAX_BOXES:
                raise _too_many(MAX_BOXES)
            yield child
            if child.holds_boxes:
                children.append((child, depth + 1))
        waiting.extend(reversed(children))


def read_children(source: BinaryIO, parent: Box) -> Iterator[Box]:
    """Yields the boxes directly inside a box that holds boxes, in file order.

    Raises SourceError if one runs past its parent, or there are more than 12 000.
    """
    for box in _children(source, parent):
        if box.missing:
            raise SourceError("a box runs past the one it is in", where=f"{box.path} at byte {box.start}")
        yield box


def read_payload(source: BinaryIO, box: Box, limit: int = MAX_PAYLOAD) -> bytes:
    """Returns the payload of a box. Raises SourceError if it is longer than `limit` bytes."""
    if box.payload_bytes > limit:
        raise SourceError(
            "a box is too large to read",
            where=box.path,
            expected=f"at most {limit} bytes",
            got=box.payload_bytes,
        )
    source.seek(box.payload)
    return source.read(box.payload_bytes)


def _children(source: BinaryIO, parent: Box) -> Iterator[Box]:
    return _side_by_side(source, parent.payload + _lead(source, parent), parent.stop, parent.path)


def _side_by_side(source: BinaryIO, at: int, stop: int, parent: str) -> Iterator[Box]:
    count = 0
    while (box := _box(source, at, stop, parent)) is not None:
        count += 1
        if count > MAX_SIBLINGS:
            raise _too_many(MAX_SIBLINGS)
        yield box
        at = box.stop


def _lead(source: BinaryIO, box: Box) -> int:
    """Returns how many bytes come before a container's first child: 4 for the version of an ISO `meta`."""
    if box.kind != "meta":
        return 0
    source.seek(box.payload)
    return 0 if source.read(8)[4:] == b"hdlr" else 4


def _box(source: BinaryIO, at: int, stop: int, parent: str) -> Box | None:
    """Returns the box whose header is at `at`; None where the bytes left there are no box."""
    source.seek(at)
    head = source.read(max(0, min(32, stop - at)))
    header = parse_header(head, 0, stop - at)
    if header is None:
        return None
    kind, size, length = header
    name = kind.decode("latin-1")
    usertype = head[length : length + 16] if kind == b"uuid" else b""
    there = min(size, stop - at)
    return Box(name, f"{parent}/{name}", at, there, min(length, there), size - there, usertype)


def _too_deep(parent: Box) -> SourceError:
    return SourceError("boxes nest too deep", where=parent.path, expected=f"at most {MAX_DEPTH} levels")


def _too_many(limit: int) -> SourceError:
    return SourceError("too many boxes for a real film", expected=f"at most {limit}")
