"""Where a key lies that is not in a file: one address, which never holds a secret.

pkcs11:token=Studio;object=film?module-path=/usr/lib/softhsm/libsofthsm2.so   (RFC 7512)
awskms:///alias/film?region=eu-west-1        or an ARN in place of the alias
azurekv://studio/film/VERSION                or the vault's whole host name
vault://transit/film?version=3               the mount, then the key
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes, urlsplit

from post.errors import ProvenanceError

PKCS11, AWS, AZURE, VAULT = "pkcs11", "awskms", "azurekv", "vault"
_LONGEST = 2048


@dataclass(frozen=True, slots=True)
class _Form:
    """What an address of one scheme is made of. needs: attributes or path segments without which it is
    none; options: what may follow the question mark."""

    example: str
    options: tuple[str, ...]
    attributes: tuple[str, ...] = ()
    segments: range = range(0)
    host: bool = False


FORMS = {
    PKCS11: _Form(
        "pkcs11:token=NAME;object=NAME?module-path=LIBRARY",
        ("module-path", "pin-source"),
        ("token", "object", "id", "serial"),
    ),
    AWS: _Form("awskms:///KEY?region=REGION", ("region", "endpoint"), segments=range(1, 3)),
    AZURE: _Form("azurekv://VAULT/KEY/VERSION", (), segments=range(1, 3), host=True),
    VAULT: _Form("vault://MOUNT/KEY", ("version", "namespace", "address"), segments=range(1, 8), host=True),
}


@dataclass(frozen=True, slots=True)
class KeyUri:
    """An address taken apart. host and parts: what stands before the question mark; attributes: the same
    of a PKCS#11 address; options: what stands after."""

    scheme: str
    host: str = ""
    parts: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    id: bytes = b""
    text: str = field(default="", repr=False)

    def __str__(self) -> str:
        return self.text


def parse(text: str) -> KeyUri:
    """Takes an address apart.

    Raises ProvenanceError where it is none, or holds what must not be written down. Never quotes it: it
    may hold what the writer should not have written.
    """
    scheme, colon, rest = text.partition(":")
    form = FORMS.get(scheme)
    if not colon or form is None or len(text) > _LONGEST or not _plain_text(text):
        raise ProvenanceError(
            "no address of a key", expected=" | ".join(row.example for row in FORMS.values())
        )
    path, _, query = rest.partition("?")
    options = _pairs(query, "&", form.options, form)
    if form.attributes:
        attributes = _pairs(path, ";", form.attributes, form)
        if not {"object", "id"} & set(attributes):
            raise _no(form, "it names no key: object= or id= is missing")
        return KeyUri(scheme, attributes=attributes, options=options, id=_id(path), text=text)
    return _by_path(text, scheme, form, options)


def _plain_text(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _by_path(text: str, scheme: str, form: _Form, options: Mapping[str, str]) -> KeyUri:
    try:
        split = urlsplit(text)
        host, secret = split.hostname or "", split.password or split.username
    except ValueError as exc:
        raise _no(form, "it cannot be taken apart") from exc
    if secret is not None or split.fragment:
        raise _no(form, "it holds more than an address: credentials come from the surroundings")
    if host and host != split.netloc:  # a port, or capitals that a host name loses
        host = split.netloc
    parts = tuple(_plain(part, form) for part in split.path.split("/") if part)
    if bool(host) != form.host or len(parts) not in form.segments:
        raise _no(form, "a part is missing, or there is one too many")
    return KeyUri(scheme, host, parts, options=options, text=text)


def _pairs(text: str, between: str, known: tuple[str, ...], form: _Form) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in filter(None, text.split(between)):
        name, equals, value = pair.partition("=")
        if not equals or name not in known or name in found:
            # Neither name nor value is quoted: either may be a PIN.
            raise _no(form, f"it may hold {', '.join(known) or 'no options'}, each once")
        found[name] = "" if name == "id" else _plain(value, form)
    return found


def _plain(value: str, form: _Form) -> str:
    try:
        found = unquote_to_bytes(value).decode("utf-8")
    except UnicodeDecodeError as exc:
        raise _no(form, "it is not UTF-8") from exc
    if not found or not found.isprintable():
        raise _no(form, "a part of it is empty, or cannot be printed")
    return found


def _id(path: str) -> bytes:
    """The `id` of a PKCS#11 address: bytes, not text (RFC 7512, 2.3)."""
    values = [pair.partition("=")[2] for pair in path.split(";") if pair.startswith("id=")]
    return unquote_to_bytes(values[0]) if values else b""


def _no(form: _Form, why: str) -> ProvenanceError:
    return ProvenanceError(f"no address of a key: {why}", expected=form.example)
