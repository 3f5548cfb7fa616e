"""A key's file and a key's address: what is accepted, what is refused, and what is never quoted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.errors import ProvenanceError
from provenance.signing import certificates, key_file
from provenance.signing.key_file import MAX_BYTES, KeyFile, parse
from provenance.signing.key_uri import parse as parse_uri
from provenance.signing.place import KeyUri
from provenance.signing.places import find_places
from provenance.signing.software_key import key_pem

LEAF = certificates.make_leaf(
    "Leaf", certificates.make_intermediate("Issuer", certificates.make_root("Root", 9), 9), 9
)
CHAIN, KEY = certificates.to_pem(LEAF.certificate), key_pem(LEAF.key)
SECRET = KEY.splitlines()[1][:40]
URIS = [
    "pkcs11:token=Studio%20A;object=film;id=%01%ff?module-path=/usr/lib/p11.so&pin-source=file:/etc/pin",
    "awskms:///1234abcd-12ab-34cd-56ef-1234567890ab?region=eu-west-1",
    "awskms:///arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab",
    "awskms:///alias/film?endpoint=http://127.0.0.1:5000",
    "azurekv://studio/film/0123456789abcdef",
    "azurekv://studio.vault.azure.cn/film",
    "vault://transit/film?version=3&namespace=studio",
    "vault://secrets/eu/transit/film?address=https://vault.example:8200",
]
NO_URIS = [
    "", "film", "file:/key.pem", "pkcs11:", "pkcs11:token=a", "pkcs11:object=a;pin-value=1234",
    "pkcs11:object=a?pin-value=1234", "pkcs11:object=a;object=b", "awskms://", "awskms:///",
    "awskms:///a?secret=s3cret", "awskms://user:s3cret@/key", "azurekv:///film", "azurekv://studio",
    "azurekv://studio/a/b/c", "vault://film", "vault://:s3cret@transit/film", "vault://transit/film#s3cret",
    "vault://transit/film?token=s3cret", "vault://transit/%ff", "pkcs11:object=%00", "vault://tra nsit/\nfilm",
    "awskms:///" + "a" * 3000, "vault://[/film", "awskms:///schlüssel",
]  # fmt: skip


@pytest.mark.parametrize("text", URIS)
def test_an_address_is_stored_and_read_back(text: str) -> None:
    made = KeyFile(CHAIN, text, "http://tsa.example/", "house")
    assert parse(str(made).encode("ascii"), "") == made
    assert str(parse_uri(text)) == text


def test_an_address_is_parsed_as_its_standard_says() -> None:
    token = parse_uri(URIS[0])
    assert (token.attributes["token"], token.id) == ("Studio A", b"\x01\xff")
    assert token.options == {"module-path": "/usr/lib/p11.so", "pin-source": "file:/etc/pin"}
    assert parse_uri(URIS[2]).parts == ("arn:aws:kms:eu-west-1:111122223333:key", "1234abcd-12ab")
    mounted = parse_uri(URIS[7])
    assert (mounted.host, mounted.parts) == ("secrets", ("eu", "transit", "film"))


@pytest.mark.parametrize("text", NO_URIS)
def test_an_invalid_address_is_refused_and_never_quoted(text: str) -> None:
    with pytest.raises(ProvenanceError, match="not the address of a key") as caught:
        parse_uri(text)
    told = str(caught.value)
    assert "s3cret" not in told
    assert "1234" not in told


def test_a_key_in_a_file_is_stored_and_read_back() -> None:
    made = KeyFile(CHAIN * 2, tsa_url="http://tsa.example/", private_pem=KEY)
    assert parse(str(made).encode("ascii"), "") == made
    assert SECRET not in repr(made)


BROKEN = {
    "nothing": "",
    "no certificate": KEY,
    "no key": CHAIN,
    "two keys": KEY + KEY + CHAIN,
    "a key and an address": f"uri: {URIS[4]}\n{KEY}{CHAIN}",
    "a bad address": f"uri: file:/x\n{CHAIN}",
    "an unknown name": f"pin: 1234\n{KEY}{CHAIN}",
    "a name twice": f"tsa: http://a/\ntsa: http://b/\n{KEY}{CHAIN}",
    "a name for nothing": f"tsa:\n{KEY}{CHAIN}",
    "cut short": (KEY + CHAIN)[:-40],
    "text between": KEY + f"{SECRET}\n" + CHAIN,
    "another kind": KEY.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY") + CHAIN,
    "not base64": KEY.replace(SECRET[:8], "!!!!!!!!") + CHAIN,
    "a certificate that is not base64": KEY + CHAIN.replace("\nMII", "\n*II", 1),
    "not text": "\udcff",
    "too large": "\n" * MAX_BYTES + KEY + CHAIN,
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_malformed_file_is_refused_without_quoting_it(name: str) -> None:
    with pytest.raises(ProvenanceError) as caught:
        parse(BROKEN[name].encode("utf-8", "surrogateescape"), "k.pem")
    told = f"{caught.value} {caught.value.__cause__!r}"
    if not caught.value.__suppress_context__:
        told += repr(caught.value.__context__)
    assert SECRET not in told
    assert "1234" not in told


def test_a_file_that_others_can_read_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "k.pem"
    path.write_text(KEY + CHAIN)
    for mode in (0o640, 0o604, 0o660, 0o601):
        path.chmod(mode)
        with pytest.raises(ProvenanceError, match="chmod 600"):
            key_file.read(path)
    path.chmod(0o400)
    assert key_file.read(path).private_pem == KEY


PIECES = st.sampled_from(
    [KEY, CHAIN, "uri: ", "tsa: ", "identity: x", *URIS, "\n", "-----BEGIN ", "-----", "CERTIFICATE", "A" * 64, "\r",
     "-----END PRIVATE KEY-----", " ", ":", "\x00", "é"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.one_of(
        st.binary(max_size=400), st.lists(PIECES, max_size=12).map(lambda parts: "".join(parts).encode())
    )
)
def test_any_bytes_give_a_key_or_one_error(data: bytes) -> None:
    found = or_fault(lambda: parse(data, "k.pem"))
    if isinstance(found, ProvenanceError):
        assert SECRET not in str(found)
        return
    assert parse(str(found).encode("ascii"), "k.pem") == found
    assert bool(found.uri) != bool(found.private_pem)


T = TypeVar("T")


def or_fault(act: Callable[[], T]) -> T | ProvenanceError:
    try:
        return act()
    except ProvenanceError as fault:
        return fault


BITS = [
    "//",
    "/",
    "?",
    "=",
    ";",
    "&",
    "%",
    "%41",
    "%ff",
    "object",
    "token",
    "id",
    "a",
    "@",
    ":",
    "#",
    "[",
    "]",
]
TEXTS = st.one_of(
    st.text(max_size=80),
    st.builds(
        "{}:{}".format,
        st.sampled_from(sorted(find_places())),
        st.lists(st.sampled_from(BITS), max_size=14).map("".join),
    ),
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TEXTS)
def test_any_text_gives_an_address_or_one_error(text: str) -> None:
    found = or_fault(lambda: parse_uri(text))
    if isinstance(found, ProvenanceError):
        assert "not the address of a key" in str(found)
        return
    assert isinstance(found, KeyUri)
    assert parse_uri(str(found)) == found
