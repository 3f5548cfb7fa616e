"""Parses the URI of a key that is not in a file. A URI never holds a secret.

pkcs11:token=Studio;object=film?module-path=/usr/lib/softhsm/libsofthsm2.so   (RFC 7512)
awskms:///alias/film?region=eu-west-1        or an ARN in place of the alias
azurekv://studio/film/VERSION                or the vault's whole host name
vault://transit/film?version=3               the mount, then the key

Which schemes there are, and what each may hold, is declared by the modules of `signing/places`.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote_to_bytes, urlsplit

from post.errors import ProvenanceError
from provenance.signing.place import KeyUri, UriForm
from provenance.signing.places import find_places

_MAX_CHARACTERS = 2048


def parse(text: str) -> KeyUri:
    """Returns a URI's parts.

    Raises ProvenanceError if the text is no key's URI, or holds credentials. The error never quotes the text, which
    may hold what should not have been written there.
    """
    scheme, colon, rest = text.partition(":")
    place = find_places().get(scheme)
    if not colon or place is None or len(text) > _MAX_CHARACTERS or not _is_plain(text):
        examples = (each.form.example for each in find_places().values())
        raise ProvenanceError("not the address of a key", expected=" | ".join(examples))
    form = place.form
    path, _, query = rest.partition("?")
    options = _parse_pairs(query, "&", form.options, form)
    if form.attributes:
        attributes = _parse_pairs(path, ";", form.attributes, form)
        if not {"object", "id"} & set(attributes):
            raise _malformed(form, "it names no key: object= or id= is missing")
        return KeyUri(scheme, attributes=attributes, options=options, id=_parse_id(path), text=text)
    return _parse_path(text, form, options)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _parse_path(text: str, form: UriForm, options: Mapping[str, str]) -> KeyUri:
    try:
        split = urlsplit(text)
        host, secret = split.hostname or "", split.password or split.username
    except ValueError as exc:
        raise _malformed(form, "it cannot be parsed") from exc
    if secret is not None or split.fragment:
        raise _malformed(form, "it holds more than an address: credentials come from the environment")
    if host and host != split.netloc:  # a port, or capitals that `hostname` loses
        host = split.netloc
    parts = tuple(_decode(part, form) for part in split.path.split("/") if part)
    if bool(host) != form.has_host or len(parts) not in form.segments:
        raise _malformed(form, "a part is missing, or there is one too many")
    return KeyUri(form.scheme, host, parts, options=options, text=text)


def _parse_pairs(text: str, separator: str, allowed: tuple[str, ...], form: UriForm) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in filter(None, text.split(separator)):
        name, equals, value = pair.partition("=")
        if not equals or name not in allowed or name in found:
            # Neither name nor value is quoted: either may be a PIN.
            raise _malformed(form, f"it may hold {', '.join(allowed) or 'no options'}, each once")
        found[name] = "" if name == "id" else _decode(value, form)
    return found


def _decode(value: str, form: UriForm) -> str:
    """Returns a part of a URI with its percent-encoding removed."""
    try:
        found = unquote_to_bytes(value).decode("utf-8")
    except UnicodeDecodeError as exc:
        raise _malformed(form, "it is not UTF-8") from exc
    if not found or not found.isprintable():
        raise _malformed(form, "a part of it is empty, or cannot be printed")
    return found


def _parse_id(path: str) -> bytes:
    """Returns the `id` of a PKCS#11 URI, which is bytes and not text (RFC 7512, 2.3)."""
    values = [pair.partition("=")[2] for pair in path.split(";") if pair.startswith("id=")]
    return unquote_to_bytes(values[0]) if values else b""


def _malformed(form: UriForm, why: str) -> ProvenanceError:
    return ProvenanceError(f"not the address of a key: {why}", expected=form.example)
