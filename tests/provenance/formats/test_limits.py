"""A file with too many parts is refused before a foreign library parses it."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import pytest

from post.errors import SourceError
from provenance.formats.limits import MAX_CHUNKS, MAX_MISSING, MAX_PARTS, check_limits, check_store_limits
from provenance.manifest.reader import read_stream
from tests.provenance.attacks.bombs import carrying, deep_supers
from tests.provenance.formats.made_boxes import box


def riff(count: int) -> bytes:
    chunk = b"junk" + struct.pack("<I", 3) + b"odd\0"
    return b"RIFF" + struct.pack("<I", 4 + count * len(chunk)) + b"WAVE" + chunk * count


def png(count: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + (struct.pack(">I4s", 3, b"tEXt") + b"abc" + bytes(4)) * count


def film(count: int) -> bytes:
    return box("ftyp", b"isom") + box("free") * count


@pytest.mark.parametrize(
    ("kind", "made", "most"),
    [
        ("audio/wav", riff, MAX_CHUNKS - 1),
        ("video/avi", riff, MAX_CHUNKS - 1),
        ("image/png", png, MAX_CHUNKS - 1),
        ("video/mp4", film, 11_999),
        ("image/heic", film, 11_999),
    ],
)
def test_as_many_parts_as_a_real_file_has_and_no_more(
    kind: str, made: Callable[[int], bytes], most: int
) -> None:
    source = io.BytesIO(made(most))
    check_limits(source, kind)
    assert source.tell() == 0
    with pytest.raises(SourceError, match="too many"):
        check_limits(io.BytesIO(made(most + 1)), kind)


def test_a_kind_that_is_read_at_once_is_not_counted() -> None:
    check_limits(io.BytesIO(b"\xff\xd8\xff" * 100), "image/jpeg")
    check_limits(io.BytesIO(b""), "")


def stored(cbor: bytes) -> bytes:
    """A manifest store around an assertion's content."""
    inner = box("jumb", box("jumd", bytes(17)) + box("cbor", cbor))
    return box("jumb", box("jumd", bytes(17)) + inner)


@pytest.mark.parametrize("major", [2, 3, 4, 5])
@pytest.mark.parametrize("before", [b"", b"\x83\x01\x43abc", b"\xa1\x63pad"])
def test_what_declares_far_more_than_it_holds_is_refused_before_room_is_made_for_it(
    major: int, before: bytes
) -> None:
    for head in (b"\x1b" + struct.pack(">Q", 1 << 62), b"\x1a" + struct.pack(">I", MAX_MISSING + 100)):
        lie = before + bytes([major << 5 | head[0]]) + head[1:]
        with pytest.raises(SourceError, match="declares far more than it holds"):
            check_store_limits(stored(lie + b"few"))


def test_what_a_manifest_holds_is_left_alone() -> None:
    long = b"\x5a" + struct.pack(">I", 70_000) + b"\x5b" * 70_000  # what looks like heads in a text is none
    check_store_limits(stored(long + b"\x9f\x01\xff" + b"\xfb" + b"\x5b" * 8))
    check_store_limits(b"")
    check_store_limits(b"\0\0\0\x01jumb")


def test_as_many_parts_as_a_real_manifest_has_and_no_more() -> None:
    check_store_limits(stored(bytes(MAX_PARTS - 5)))
    with pytest.raises(SourceError, match="too many parts"):
        check_store_limits(stored(bytes(MAX_PARTS)))
    with pytest.raises(SourceError, match="too many parts"):
        check_store_limits(box("jumb", bytes.fromhex("0000000866726565") * MAX_PARTS))


@pytest.mark.parametrize("levels", [7, 3_000])
def test_superboxes_nest_six_deep_and_no_deeper(levels: int) -> None:
    check_store_limits(deep_supers(6))
    with pytest.raises(SourceError, match="nests too deep; expected at most 6 superboxes"):
        check_store_limits(deep_supers(levels))


@pytest.mark.parametrize("beside", [False, True])
def test_a_store_that_nests_too_deep_never_reaches_the_library(beside: bool) -> None:
    deep = deep_supers(3_000)
    film = io.BytesIO(carrying(b"") if beside else carrying(deep))
    found = read_stream(film, "video/mp4", "", deep if beside else None)
    # The words are ours: the library has a bound of its own, which is another.
    assert (found.outcome, found.why) == (
        "unreadable", "a manifest store nests too deep; expected at most 6 superboxes",
    )  # fmt: skip
