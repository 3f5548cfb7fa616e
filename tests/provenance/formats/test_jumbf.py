"""A manifest store is parsed whole or refused."""

from __future__ import annotations

import struct
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.errors import SourceError
from provenance.formats import jumbf
from provenance.formats.jumbf import MAX_BOXES, MAX_DEPTH, iterate_boxes, parse_superbox, read_manifests
from tests.made.work import count_lines
from tests.provenance.formats.made_boxes import box, superbox, wide_box

LINES_A_BOX = 36  # of Python: 18 are run
CLAIM = superbox(b"c2cl", b"c2pa.claim.v2", box("cbor", b"\xa0"))
SIGNATURE = superbox(b"c2cs", b"c2pa.signature", box("cbor", b"\x80"))


def store(*manifests: bytes) -> bytes:
    return superbox(b"c2pa", b"c2pa", *manifests)


def lines_until_refused(data: bytes, why: str) -> int:
    """Returns how many lines of Python are run until a store is refused."""

    def read() -> None:
        with pytest.raises(SourceError, match=why):
            read_manifests(data)

    return count_lines(read)


def test_a_manifest_is_taken_apart() -> None:
    note = superbox(b"json", b"org.note", box("json", b"{}"), box("json", b"[]"))
    assertions = superbox(b"c2as", b"c2pa.assertions", note)
    whole = superbox(b"c2ma", b"urn:a", assertions, CLAIM, SIGNATURE)
    (found,) = read_manifests(store(whole) + b"behind")
    assert (found.label, found.content, found.claim) == ("urn:a", whole[8:], b"\xa0")
    assert found.signature is not None
    assert found.signature.data == b"\x80"
    assert {label: (each.data, each.content) for label, each in found.assertions.items()} == {
        "org.note": (b"{}", note[8:])
    }


def test_manifests_come_in_file_order_and_may_lack_everything() -> None:
    found = read_manifests(store(superbox(b"c2ma", b"urn:b"), superbox(b"c2ma", b"urn:a")))
    assert [(each.label, each.claim, each.signature, dict(each.assertions)) for each in found] == [
        ("urn:b", b"", None, {}),
        ("urn:a", b"", None, {}),
    ]


@pytest.mark.parametrize(
    "data", [b"", b"jumb", box("free", bytes(30)), box("free", store(superbox(b"c2ma", b"urn:a"))[8:])]
)
def test_what_is_no_store_has_no_manifests(data: bytes) -> None:
    assert read_manifests(data) == ()


def nested(levels: int) -> bytes:
    data = superbox(b"c2ma", b"core")
    for _ in range(levels - 1):
        data = superbox(b"c2ma", b"a", data)
    return data


def test_superboxes_may_nest_to_the_limit_and_no_deeper() -> None:
    assert len(read_manifests(nested(MAX_DEPTH))) == 1
    with pytest.raises(SourceError, match="nests too deep"):
        read_manifests(nested(MAX_DEPTH + 1))


@pytest.mark.parametrize(
    "many",
    [
        lambda boxes: box("free") * (boxes + 1),
        lambda boxes: superbox(b"c2ma", b"a", box("free") * 100) * (boxes // 100),
    ],
    ids=["side by side", "inside others"],
)
def test_a_store_of_too_many_boxes_is_refused_at_once(
    many: Callable[[int], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(jumbf, "MAX_BOXES", 1000)
        assert lines_until_refused(store(many(10_000)), "too many boxes") < LINES_A_BOX * 1000
    with pytest.raises(SourceError, match="too many boxes"):
        read_manifests(store(many(MAX_BOXES)))


@pytest.mark.parametrize(
    ("inner", "why"),
    [
        (struct.pack(">I4s", 4096, b"cbor"), "runs past"),
        (struct.pack(">I4sQ", 1, b"cbor", 1 << 62), "runs past"),
        (struct.pack(">I4s", 7, b"cbor"), "smaller than its own header"),
        (struct.pack(">I4sQ", 1, b"cbor", 15), "smaller than its own header"),
    ],
)
def test_a_box_of_an_impossible_size_is_refused(inner: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        read_manifests(store(inner))
    with pytest.raises(SourceError, match=why):
        parse_superbox(inner)


def test_a_tree_keeps_every_box_and_counts_what_is_none() -> None:
    content = store(wide_box("cbor", b"12"), CLAIM)[8:]
    found = parse_superbox(content + b"odd")
    assert [(each.kind, each.size, bytes(each.content)) for each in found.children[1:]] == [
        ("cbor", 18, b"12"),
        ("jumb", len(CLAIM), CLAIM[8:]),
    ]
    assert (found.type, found.label, found.rest) == (b"c2pa", b"c2pa", 3)
    assert bytes(found.children[2].children[1].content) == b"\xa0"


def test_boxes_side_by_side_end_with_what_holds_them() -> None:
    data = box("cbor", b"1234") + struct.pack(">I4s", 100, b"json") + b"few"
    assert [tuple(each) for each in iterate_boxes(data, 0, len(data))] == [
        (b"cbor", 0, 8, 12, 0),
        (b"json", 12, 20, 23, 89),
    ]
    assert list(iterate_boxes(data, 12, 19)) == []


@pytest.mark.parametrize(
    "inner",
    [
        nested(200),
        struct.pack(">I4s", 0, b"jumb") * 10,
        struct.pack(">I4s", 7, b"jumb"),
        struct.pack(">I4s", 1 << 30, b"jumb"),
    ],
    ids=["deep", "open-ended", "too short", "too long"],
)
def test_a_store_that_nests_or_claims_too_much_ends_at_once(inner: bytes) -> None:
    assert lines_until_refused(store(inner), "JUMBF|box") < LINES_A_BOX * MAX_DEPTH * 10


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_manifests_or_a_source_error(data: bytes) -> None:
    with suppress(SourceError):
        read_manifests(data)
