"""Hostile boxes end in a clear error, quickly."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from functools import partial

import pytest

from post.errors import SourceError
from provenance.formats.bmff import (
    MAX_DEPTH,
    MAX_SIBLINGS,
    check_box_count,
    read_children,
    read_layout,
    read_payload,
    walk,
)
from tests.made.work import count_lines
from tests.provenance.formats.made_boxes import box

LINES_A_BOX = 80  # of Python: 40 are run


def nested(levels: int) -> bytes:
    data = b""
    for _ in range(levels):
        data = box("udta", data)
    return box("moov", data)


def kinds(data: bytes) -> list[str]:
    source = io.BytesIO(data)
    return [found.path for found in walk(source, read_layout(source).boxes[0])]


def test_boxes_are_named_by_the_path_to_them() -> None:
    assert kinds(box("moov", box("trak", box("tkhd", b"1234")) + box("free"))) == [
        "/moov/trak",
        "/moov/free",
        "/moov/trak/tkhd",
    ]


def test_boxes_may_nest_to_the_limit_and_no_deeper() -> None:
    assert len(kinds(nested(MAX_DEPTH - 1))) == MAX_DEPTH - 1
    with pytest.raises(SourceError, match="nest too deep"):
        kinds(nested(MAX_DEPTH + 1))


@pytest.mark.parametrize(
    "bomb",
    [nested(20_000), box("moov", box("free") * 200_000), box("moov", nested(14) * 20_000)],
    ids=["deep", "many", "both"],
)
def test_a_bomb_ends_before_more_boxes_are_read_than_a_film_may_have(bomb: bytes) -> None:
    for read in (kinds, lambda data: check_box_count(io.BytesIO(data))):
        assert count_lines(partial(_refused, read, bomb)) < LINES_A_BOX * MAX_SIBLINGS


def _refused(read: Callable[[bytes], object], data: bytes) -> None:
    with pytest.raises(SourceError):
        read(data)


def test_a_file_of_nothing_but_headers_is_refused() -> None:
    assert len(read_layout(io.BytesIO(box("free") * MAX_SIBLINGS)).boxes) == MAX_SIBLINGS
    with pytest.raises(SourceError, match="too many boxes"):
        read_layout(io.BytesIO(box("free") * (MAX_SIBLINGS + 1)))


@pytest.mark.parametrize("damage", [b"", b"\0" * 5, struct.pack(">I4s", 4096, b"trak")])
def test_boxes_are_counted_whatever_else_is_wrong_with_them(damage: bytes) -> None:
    check_box_count(io.BytesIO(box("moov", box("trak") + damage)))
    with pytest.raises(SourceError, match="too many boxes"):
        check_box_count(io.BytesIO(box("moov", box("trak") * (MAX_SIBLINGS + 1) + damage)))


def test_a_box_past_its_parent_is_refused() -> None:
    lying = box("moov", struct.pack(">I4s", 4096, b"trak"))
    with pytest.raises(SourceError, match="runs past"):
        kinds(lying)


def test_a_last_box_cut_short_says_how_much_is_missing() -> None:
    found = read_layout(io.BytesIO(box("ftyp", b"isom") + box("mdat", bytes(100))[:-40]))
    assert [(each.kind, each.missing) for each in found.boxes] == [("ftyp", 0), ("mdat", 40)]


@pytest.mark.parametrize("tail", [b"\0" * 5, b"\0\0\0\x03free", b"xyz"])
def test_bytes_that_are_no_box_are_counted(tail: bytes) -> None:
    assert read_layout(io.BytesIO(box("ftyp", b"isom") + tail)).rest == len(tail)


def test_a_box_may_carry_its_size_in_eight_bytes_or_run_to_the_end() -> None:
    wide = struct.pack(">I4sQ", 1, b"mdat", 20) + b"1234"
    last = struct.pack(">I4s", 0, b"free") + b"rest"
    found = read_layout(io.BytesIO(wide + last)).boxes
    assert [(each.size, each.header, each.payload_bytes) for each in found] == [(20, 16, 4), (12, 8, 4)]


@pytest.mark.parametrize("lead", [b"", b"\0\0\0\0"], ids=["QuickTime", "ISO"])
def test_both_kinds_of_meta_are_opened(lead: bytes) -> None:
    assert "/moov/meta/hdlr" in kinds(box("moov", box("meta", lead + box("hdlr", bytes(12)))))


def test_a_payload_larger_than_its_limit_is_not_read() -> None:
    source = io.BytesIO(box("moov", box("keys", bytes(100))))
    found = next(read_children(source, read_layout(source).boxes[0]))
    with pytest.raises(SourceError, match="too large"):
        read_payload(source, found, 99)
