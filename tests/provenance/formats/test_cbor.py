"""CBOR is read as the standard says, and nothing in it takes long or much."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.errors import SourceError
from provenance.formats import cbor
from tests.made.work import count_lines


@pytest.mark.parametrize(
    ("data", "found"),
    [
        # RFC 8949, Appendix A
        ("1818", 24), ("1bffffffffffffffff", 2**64 - 1), ("3863", -100), ("f93e00", 1.5),
        ("fb3ff199999999999a", 1.1), ("f4", False), ("f6", None),
        ("c074323031332d30332d32315432303a30343a30305a", "2013-03-21T20:04:00Z"),
        ("4401020304", b"\1\2\3\4"), ("62c3bc", "ü"), ("83010203", [1, 2, 3]),
        ("a26161016162820203", {"a": 1, "b": [2, 3]}),
        ("5f42010243030405ff", b"\1\2\3\4\5"), ("7f657374726561646d696e67ff", "streaming"),
        ("9f018202039f0405ffff", [1, [2, 3], [4, 5]]), ("bf61610161629f0203ffff", {"a": 1, "b": [2, 3]}),
    ],
)  # fmt: skip
def test_the_standards_own_examples_read_as_it_says(data: str, found: Any) -> None:
    assert cbor.decode(bytes.fromhex(data)) == found


@pytest.mark.parametrize(
    "item", [b"", b"x" * 23, b"x" * 24, b"x" * 256, b"x" * 70_000, "ü" * 100, ["a", b"b", ["c"]]]
)
def test_what_is_written_reads_back(item: Any) -> None:
    assert cbor.decode(cbor.encode(item)) == item


@pytest.mark.parametrize(
    ("least", "longer"),
    [
        ("17", "1817"),
        ("1818", "190018"),
        ("18ff", "1900ff"),
        ("190100", "1a00000100"),
        ("19ffff", "1a0000ffff"),
        ("1a00010000", "1b0000000000010000"),
        ("1affffffff", "1b00000000ffffffff"),
        ("1b0000000100000000", ""),
    ],
)
def test_the_shortest_form_of_a_number_wastes_nothing_and_any_longer_one_does(
    least: str, longer: str
) -> None:
    short = bytes.fromhex(least)
    measured = cbor.decode_measured(short)
    assert (measured.bytes, measured.wasted) == (len(short), 0)
    if longer:
        more = cbor.decode_measured(bytes.fromhex(longer))
        assert more.item == measured.item
        assert more.wasted > 0


@pytest.mark.parametrize(
    "bomb",
    [
        b"\x81" * 5000,
        b"\x9f" * 5000,
        b"\xa1\x00" * 5000,
        b"\xd2" * 5000,
        b"\x9b\x00\xff\xff\xff\xff\xff\xff\xff",
        b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"\x9f" + b"\x00" * 3000,
        b"\x1f",
        b"\xff",
        b"\x5f\x01\xff",
        b"",
    ],
)
def test_cbor_that_nests_or_claims_too_much_ends_at_once(
    bomb: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cbor, "MAX_ITEMS", 2000)

    def decode() -> None:
        with pytest.raises(SourceError):
            cbor.decode(bomb)

    assert count_lines(decode) < 2000 + 30 * 2000  # an item takes 16 lines of Python


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_an_item_or_a_source_error(data: bytes) -> None:
    with suppress(SourceError):
        cbor.decode(data)
