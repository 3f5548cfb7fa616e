"""Every unsigned byte of a manifest store is as the standard writes it, or is reported."""

from __future__ import annotations

import hashlib
from base64 import b64encode

import pytest

from post.errors import SourceError
from provenance.coverage.jumbf import UnsignedPart, find_unsigned
from tests.made.work import count_lines
from tests.provenance.formats.made_boxes import box, superbox

SIGNATURE = superbox(
    b"c2cs", b"c2pa.signature", box(b"cbor", b"\xd2\x84\x40\xa0\xf6\x40")
)  # well formed and empty


def manifest(label: bytes, *parts: bytes, says: bytes = b"\xa0", kind: bytes = b"c2ma") -> bytes:
    claim = superbox(b"c2cl", b"c2pa.claim.v2", box(b"cbor", says))
    return superbox(kind, label, claim, SIGNATURE, *parts)


def store(*manifests: bytes) -> bytes:
    return superbox(b"c2pa", b"c2pa", *manifests)


def test_a_plain_store_has_no_unsigned_part() -> None:
    assert find_unsigned([store(manifest(b"urn:a"))]) == ()
    assert find_unsigned([]) == ()


def test_a_manifest_that_is_referred_to_in_any_way_is_covered() -> None:
    first, second = manifest(b"urn:a"), manifest(b"urn:b", says=b"self#jumbf=/c2pa/urn:a/c2pa.signature")
    third = manifest(b"urn:c", says=b"self#jumbf=/c2pa/urn:b")
    assert find_unsigned([store(first, second, third)]) == ()
    # An update lies in a store of its own.
    assert (
        find_unsigned([store(first, second), store(manifest(b"urn:c", says=b"/c2pa/urn:b", kind=b"c2um"))])
        == ()
    )


def test_a_manifest_that_no_other_refers_to_is_reported() -> None:
    odd = manifest(b"urn:odd", says=b"self#jumbf=/c2pa/urn:a")
    (found,) = find_unsigned([store(odd, manifest(b"urn:a"))])
    assert found == UnsignedPart("a manifest that no other refers to", len(odd) - 8)


def test_a_second_copy_of_a_manifest_is_reported() -> None:
    one = manifest(b"urn:a")
    (found,) = find_unsigned([store(one, one)])
    assert found.place == "a manifest that no other refers to"


@pytest.mark.parametrize(
    ("kind", "label"), [(b"c2as", b"c2pa.assertions"), (b"c2vc", b"c2pa.credentials")], ids=["c2as", "c2vc"]
)
def test_a_second_copy_of_a_box_in_a_part_is_reported(kind: bytes, label: bytes) -> None:
    """A claim hashes one box of a label; which one a reader uses is not defined."""
    note = superbox(b"json", b"org.note", box("json", b"{}"))
    digest = hashlib.sha256(note[8:]).digest()
    assert find_unsigned([store(manifest(b"urn:a", superbox(kind, label, note), says=digest))]) == ()
    found = find_unsigned([store(manifest(b"urn:a", superbox(kind, label, note, note), says=digest))])
    assert found == (UnsignedPart("org.note", len(note) - 8),)


def test_a_second_box_in_a_claim_or_a_signature_is_reported() -> None:
    """The signature covers one claim, and is one item: nothing covers what is put beside them."""
    note = box(b"cbor", b"\x64note")
    empty = box(b"cbor", b"\xd2\x84\x40\xa0\xf6\x40")
    claim = superbox(b"c2cl", b"c2pa.claim.v2", box(b"cbor", b"\xa0"), note)
    signature = superbox(b"c2cs", b"c2pa.signature", empty, empty)
    found = find_unsigned([store(superbox(b"c2ma", b"urn:a", claim, signature))])
    assert found == (
        UnsignedPart("cbor in c2pa.claim", len(note)),
        UnsignedPart("cbor in c2pa.signature", len(empty)),
    )


def test_references_in_a_compressed_manifest_are_not_guessed() -> None:
    compressed = superbox(b"c2cm", b"urn:b", box(b"brob", b"anything"))
    assert find_unsigned([store(manifest(b"urn:a"), compressed)]) == ()


@pytest.mark.parametrize(
    "written",
    [lambda digest: digest, b64encode, lambda digest: ",".join(map(str, digest)).encode()],
    ids=["bytes", "base64", "numbers"],
)
@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_a_credential_is_covered_if_its_digest_is_written(algorithm: str, written: object) -> None:
    held = superbox(b"json", b"did:a", box(b"json", b"{}"))
    credentials = superbox(b"c2vc", b"c2pa.credentials", held)
    (found,) = find_unsigned([store(manifest(b"urn:a", credentials))])
    assert found == UnsignedPart("did:a", len(held) - 8)
    digest = hashlib.new(algorithm, held[8:]).digest()
    assert callable(written)
    assert find_unsigned([store(manifest(b"urn:a", credentials, says=written(digest)))]) == ()


def test_unknown_and_duplicate_parts_are_reported() -> None:
    assert [each.place for each in find_unsigned([store(manifest(b"urn:a", SIGNATURE))])] == [
        "jumb in a manifest"
    ]
    assert [each.place for each in find_unsigned([store(manifest(b"urn:a", box(b"free", b"x")))])] == [
        "free in a manifest"
    ]
    odd = superbox(b"abcd", b"com.example")
    assert find_unsigned([store(manifest(b"urn:a", odd))]) == (UnsignedPart("jumb in a manifest", len(odd)),)


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"jumb",
        box(b"jumb"),
        box(b"jumb", b"\0\0\0\x05jumd"),
        store(box(b"jumb", bytes(40))),
        store(*(manifest(b"urn:" + b"a" * n) for n in range(20))),
        store(
            manifest(
                b"urn:a",
                superbox(b"c2vc", b"c2pa.credentials", *[superbox(b"json", b"a")] * 10_000),
                says=bytes(100_000),
            )
        ),
    ],
    ids=["nothing", "a name", "an empty box", "a size too small", "zeros", "lengths", "a long search"],
)
def test_a_hostile_store_is_refused_at_once(hostile: bytes) -> None:
    def find() -> None:
        with pytest.raises(SourceError):
            find_unsigned([hostile])

    # A search is native work: it is refused before it begins, or a digest would be looked for in 9 forms per box.
    assert count_lines(find) < 20_000 + 100 * hostile.count(b"jumb")
