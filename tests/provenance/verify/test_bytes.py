"""Foreign bytes taken apart: bounded, and ending in an answer or one clear error."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.errors import SourceError
from provenance.formats import cbor, der, jumbf, manifest_store
from provenance.verify import embedded_manifests
from provenance.verify.signer import signature, time_stamps
from provenance.verify.signer.signature import Stamp
from tests.provenance.made import House


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
    "bomb",
    [
        b"\x81" * 5000,
        b"\x9f" * 5000,
        b"\xa1\x00" * 5000,
        b"\xd2" * 5000,
        b"\x9b\x00\xff\xff\xff\xff\xff\xff\xff",
        b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"\x9f" + b"\x00" * 300_000,
        b"\x1f",
        b"\xff",
        b"\x5f\x01\xff",
        b"",
    ],
)
def test_cbor_that_nests_or_claims_too_much_ends_at_once(bomb: bytes) -> None:
    start = time.process_time()
    with pytest.raises(SourceError):
        cbor.decode(bomb)
    assert time.process_time() - start < 1.0


def box(kind: bytes, data: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I4s", len(data) + 8 if size is None else size, kind) + data


def named(label: str, *inner: bytes) -> bytes:
    return box(b"jumb", box(b"jumd", bytes(16) + b"\3" + label.encode() + b"\0") + b"".join(inner))


def nested(depth: int) -> bytes:
    made = b""
    for _ in range(depth):
        made = named("x", made)
    return made


@pytest.mark.parametrize(
    "bomb",
    [
        nested(200),
        named("c2pa", b"\0\0\0\0jumb" * 10),
        named("c2pa", box(b"jumb", b"", 7)),
        named("c2pa", box(b"jumb", b"", 1 << 30)),
        named("c2pa", box(b"free", b"") * 100_001),
    ],
    ids=["deep", "open-ended", "too short", "too long", "too many"],
)
def test_a_store_that_nests_or_claims_too_much_ends_at_once(bomb: bytes) -> None:
    start = time.process_time()
    with pytest.raises(SourceError):
        jumbf.read_manifests(bomb)
    assert time.process_time() - start < 1.0


def test_a_store_of_nothing_holds_nothing() -> None:
    assert jumbf.read_manifests(b"") == ()
    assert jumbf.read_manifests(box(b"free", bytes(30))) == ()


@pytest.mark.parametrize(
    "data",
    [b"", b"\x30", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x30\x89" + bytes(9), b"\x30\x05\x02\x01"],
)
def test_der_that_makes_no_sense_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        der.decode(data).inside()


def test_an_object_identifier_is_read() -> None:
    assert der.decode(bytes.fromhex("06092a864886f70d010702")).oid == "1.2.840.113549.1.7.2"
    assert der.decode(bytes.fromhex("0603550403")).oid == "2.5.4.3"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_end_in_an_answer_or_one_clear_error(data: bytes) -> None:
    readers: tuple[Callable[[], object], ...] = (
        lambda: cbor.decode(data),
        lambda: jumbf.read_manifests(data),
        lambda: der.decode(data).inside(),
        lambda: signature.read(data, b"claim"),
        lambda: time_stamps.read(Stamp(data, b"claim")),
    )
    for read in readers:
        try:
            read()
        except SourceError:
            continue


@pytest.fixture(scope="module")
def own(several: Path) -> bytes:
    (found,) = manifest_store.read_stores(several, "video/mp4")
    return found


@settings(max_examples=300, deadline=None)
@given(place=st.integers(0, 1 << 30), change=st.integers(1, 255))
def test_a_real_store_with_a_byte_changed_is_never_taken_for_whole(
    place: int, change: int, own: bytes
) -> None:
    """Whatever lies in what is hashed or signed is missed by neither; the rest is `unhashed`'s matter."""
    at = place % len(own)
    spoilt = own[:at] + bytes([own[at] ^ change]) + own[at + 1 :]
    try:
        checked = embedded_manifests.check(jumbf.read_manifests(spoilt))
    except SourceError:
        return
    inside = any(
        own.find(each.content) <= at < own.find(each.content) + len(each.content)
        for manifest in jumbf.read_manifests(own)
        for each in manifest.assertions.values()
    )
    assert (
        not inside or any(each.faults for each in checked) or {each.label for each in checked} != labels(own)
    )


def labels(data: bytes) -> set[str]:
    return {each.label for each in jumbf.read_manifests(data)}


def test_the_stores_of_a_whole_film_have_no_fault(several: Path, single: Path, house: House) -> None:
    for film in (several, single):
        (found,) = manifest_store.read_stores(film, "video/mp4")
        checked = embedded_manifests.check(jumbf.read_manifests(found))
        assert [each.faults for each in checked] == [(), ()]
        assert all(each.signature and each.signature.holds for each in checked)
        assert checked[-1].taken == {checked[0].label: True}


@pytest.mark.media
@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [
        ("CA.jpg", "image/jpeg", 1),
        ("video1.mp4", "video/mp4", 2),
        ("firefly_audio.wav", "audio/wav", 1),
        ("adobe-20220124-CAICA.jpg", "image/jpeg", 2),
        ("unsigned.mp3", "audio/mpeg", 0),
        ("riff_bomb_1000.wav", "audio/wav", 0),
    ],
)
def test_a_real_files_store_is_found_in_any_kind_of_file(
    name: str, kind: str, count: int, media: Callable[[str], Path]
) -> None:
    found = [
        each
        for part in manifest_store.read_stores(media(f"c2pa/{name}"), kind)
        for each in jumbf.read_manifests(part)
    ]
    assert len(found) == count
    assert [each.faults for each in embedded_manifests.check(found)] == [()] * count


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "audio/mpeg", "audio/wav", "video/mp4"])
@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300))
def test_a_file_of_any_bytes_has_no_store_or_one(
    kind: str, data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.bin"
    heads = {
        "image/png": b"\x89PNG\r\n\x1a\n",
        "image/jpeg": b"\xff\xd8",
        "audio/mpeg": b"ID3\4\0\0",
        "audio/wav": b"RIFF\0\0\0\0WAVE",
    }
    path.write_bytes(heads.get(kind, b"") + data)
    assert isinstance(manifest_store.read_stores(path, kind), tuple)
