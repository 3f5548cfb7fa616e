"""The boxes of an ISO base media file (MP4, QuickTime), read with bounds.

A hostile file is expected here: nesting, counts and sizes are all limited, nothing is read whole,
and a walk of any file ends within a second. Source: ISO/IEC 14496-12:2022, 4.2.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from post.errors import SourceError

MAX_DEPTH = 16
MAX_BOXES = 100_000
# Side by side. Six thousand fragments, over three hours of them; the SDK's time grows with the square of
# them (c2pa-rs 0.91: 0.6 s for 10 000 boxes, 6.7 s for 30 000, and ten million never end).
MAX_SIBLINGS = 12_000
MAX_PAYLOAD = 64 << 20

# C2PA 2.4, A.5: the uuid box a manifest store lies in.
C2PA_USERTYPE = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
# Boxes that hold boxes. `meta` is a full box in ISO files and a plain one in QuickTime.
CONTAINERS = frozenset(
    ("moov", "trak", "mdia", "minf", "stbl", "edts", "udta", "meta", "moof", "traf", "mvex")
)


@dataclass(frozen=True, slots=True)
class Box:
    """One box. start: of its header, in bytes from the file's beginning; size: header and payload as
    they lie in the file; missing: bytes its header promises past the end of the file."""

    kind: str
    path: str
    start: int
    size: int
    header: int
    missing: int = 0
    usertype: bytes = b""

    @property
    def payload(self) -> int:
        """Where its payload starts."""
        return self.start + self.header

    @property
    def stop(self) -> int:
        return self.start + self.size

    @property
    def payload_bytes(self) -> int:
        return self.size - self.header

    @property
    def c2pa(self) -> bool:
        return self.usertype == C2PA_USERTYPE

    @property
    def holds_boxes(self) -> bool:
        return self.kind in CONTAINERS


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's outermost boxes, and how many bytes after them belong to none."""

    boxes: tuple[Box, ...]
    rest: int

    def of(self, kind: str) -> tuple[Box, ...]:
        return tuple(box for box in self.boxes if box.kind == kind)


def layout(source: BinaryIO) -> Layout:
    """The outermost boxes. A last box cut short by the end of the file is kept, with what it misses.

    Raises SourceError where there are more than 12 000.
    """
    stop = source.seek(0, 2)
    found = tuple(_side_by_side(source, 0, stop, ""))
    return Layout(found, stop - (found[-1].stop if found else 0))


def check_count(source: BinaryIO) -> None:
    """Raises SourceError where a file has more boxes than any film, whatever else is wrong with it:
    12 000 side by side, 100 000 in all, or 16 in each other."""
    waiting = [(box, 1) for box in layout(source).boxes if box.holds_boxes]
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
    """Every box inside `root`, outside in, in file order.

    Raises SourceError where boxes nest deeper than 16, number more than 100 000, or run past their parent.
    """
    waiting = [(root, 1)]
    count = 0
    while waiting:
        parent, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise _too_deep(parent)
        children = []
        for child in inside(source, parent):
            count += 1
            if count > MAX_BOXES:
                raise _too_many(MAX_BOXES)
            yield child
            if child.holds_boxes:
                children.append((child, depth + 1))
        waiting.extend(reversed(children))


def inside(source: BinaryIO, parent: Box) -> Iterator[Box]:
    """The boxes directly inside one that holds boxes.

    Raises SourceError where one runs past its parent, or there are more than 12 000.
    """
    for box in _children(source, parent):
        if box.missing:
            raise SourceError("a box runs past the one it is in", where=f"{box.path} at byte {box.start}")
        yield box


def payload(source: BinaryIO, box: Box, limit: int = MAX_PAYLOAD) -> bytes:
    """A box's payload. Raises SourceError where it is longer than `limit` bytes."""
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
    """Bytes before a container's first child: an ISO `meta` opens with a version, QuickTime's does not."""
    if box.kind != "meta":
        return 0
    source.seek(box.payload)
    return 0 if source.read(8)[4:] == b"hdlr" else 4


def _box(source: BinaryIO, at: int, stop: int, parent: str) -> Box | None:
    """The box whose header is at `at`; None where what is left there is no box."""
    if stop - at < 8:
        return None
    source.seek(at)
    head = source.read(min(32, stop - at))
    size, kind = struct.unpack_from(">I4s", head)
    header = 8
    if size == 1 and len(head) >= 16:
        (size,) = struct.unpack_from(">Q", head, 8)
        header = 16
    if size == 0:  # 14496-12, 4.2.2: to the end of the file
        size = stop - at
    if size < header:
        return None
    name = kind.decode("latin-1")
    usertype = head[header : header + 16] if kind == b"uuid" else b""
    kept = min(size, stop - at)
    return Box(name, f"{parent}/{name}", at, kept, min(header, kept), size - kept, usertype)


def _too_deep(parent: Box) -> SourceError:
    return SourceError("boxes nest too deep", where=parent.path, expected=f"at most {MAX_DEPTH} levels")


def _too_many(limit: int) -> SourceError:
    return SourceError("too many boxes for a real film", expected=f"at most {limit}")
