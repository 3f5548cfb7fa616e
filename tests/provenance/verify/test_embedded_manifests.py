"""The manifests in a file are checked by their bytes, and by what later claims say of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.errors import SourceError
from provenance.formats import cbor, jumbf, manifest_store
from provenance.formats.jumbf import StoredManifest, Superbox
from provenance.verify import embedded_manifests
from tests.provenance.made import House

PROMPT = "org.example.prompt"
WORDS = b"\x00\x01a red fox in the snow"


def entry(digest: bytes) -> bytes:
    """A claim that lists one assertion, as CBOR: {"assertions": [{"url", "hash"}]}."""
    url = f"self#jumbf=c2pa.assertions/{PROMPT}"
    row = b"\xa2" + b"".join(cbor.encode(each) for each in ("url", url, "hash", digest))
    return b"\xa1" + cbor.encode("assertions") + b"\x81" + row


def clip(content: bytes | None, data: bytes = WORDS) -> StoredManifest:
    """A clip's manifest that signed for WORDS, and what is there now."""
    held = {PROMPT: Superbox(PROMPT, content, data, {})} if content is not None else {}
    return StoredManifest("clip", b"the clip", entry(hashlib.sha256(WORDS).digest()), None, held)


def redacting() -> StoredManifest:
    named = cbor.encode([f"self#jumbf=/c2pa/clip/c2pa.assertions/{PROMPT}"])
    return StoredManifest("film", b"the film", b"\xa1" + cbor.encode("redacted_assertions") + named, None, {})


@pytest.mark.parametrize(
    ("there", "came"),
    [
        (clip(None), None),
        (clip(bytes(20), bytes(18)), None),
        (clip(WORDS), None),
        (clip(b"other words", b"other words"), "assertion.hashedURI.mismatch"),
    ],
    ids=["taken out", "zeros in its place", "still there", "edited"],
)
def test_what_a_later_claim_calls_redacted_is_gone_or_as_it_was_signed(
    there: StoredManifest, came: str | None
) -> None:
    first, _ = embedded_manifests.check([there, redacting()])
    assert next((each.code for each in first.faults if each.place == PROMPT), None) == came


@pytest.fixture(scope="module")
def own(several: Path) -> bytes:
    (found,) = manifest_store.read_stores(several, "video/mp4")
    return found


@settings(max_examples=300, deadline=None)
@given(place=st.integers(0, 1 << 30), change=st.integers(1, 255))
def test_a_store_with_a_changed_byte_in_what_is_signed_has_a_fault(
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
        assert checked[-1].ingredients == {checked[0].label: True}


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
