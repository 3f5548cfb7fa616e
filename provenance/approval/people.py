"""Reads who may sign: a people file.

people:
  - id: ana                        # in decisions; never given to another person
    name: Ana Roth
    kind: person                   # agents and guests are listed too, and never approve
    roles: [creative, legal]
    logins: [aroth]                # under which films are rendered: nobody approves what they rendered
    keys:
      - {kind: ed25519, public: MCowBQYDK2VwAyEA...}         # `answerprint keys new ana --person` prints it
      - {kind: webauthn, public: MFkw..., site: review.example, origins: ["https://review.example"]}
"""

from __future__ import annotations

import binascii
import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from securesystemslib.signer import Key, SSlibKey

from post.atomic import real_path
from post.errors import AnswerprintError, JobError, Problems, unknown
from presets.yaml_nodes import Node, Written, read
from provenance.approval.webauthn_key import PublicKey, WebAuthnKey

PersonKind = Literal["person", "agent", "guest"]
KeyKind = Literal["ed25519", "webauthn"]
KINDS: tuple[PersonKind, ...] = get_args(PersonKind)
KEY_KINDS: tuple[KeyKind, ...] = get_args(KeyKind)
ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
LEAST_RSA_BITS = 2048
_NEEDED, _OTHERS = ("id", "name", "kind", "roles"), ("logins", "keys", "email")


@dataclass(frozen=True, slots=True)
class PersonKey:
    """A public key of a person. id: the SHA-256 of its SubjectPublicKeyInfo, 64 hex digits; public: that, in base64;
    site, origins: of a browser's key alone; where: "file:line"."""

    id: str
    kind: KeyKind
    public: str
    site: str = ""
    origins: tuple[str, ...] = ()
    where: str = field(default="", compare=False)

    @property
    def verifier(self) -> Key:
        """The key as securesystemslib verifies with it."""
        loaded = load_der_public_key(b64decode(self.public))
        if self.kind == "webauthn":
            return WebAuthnKey(self.id, cast(PublicKey, loaded), self.site, self.origins)
        return SSlibKey.from_crypto(cast(ed25519.Ed25519PublicKey, loaded), self.id)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign, or may not. logins: names under which they render."""

    id: str
    name: str
    kind: PersonKind
    roles: tuple[str, ...]
    keys: tuple[PersonKey, ...] = ()
    logins: tuple[str, ...] = ()
    email: str = ""

    @property
    def may_approve(self) -> bool:
        """Whether this is a person: agents and guests never approve."""
        return self.kind == "person"


@dataclass(frozen=True, slots=True)
class People:
    """Everybody in a people file. where: the file, for errors."""

    all: tuple[Person, ...]
    where: str = ""

    def find(self, person: str) -> Person | None:
        """Returns the person with that ID; None where there is none."""
        return next((each for each in self.all if each.id == person), None)

    def owner_of(self, keyid: str) -> Person | None:
        """Returns whose key has that ID; None for a key of nobody."""
        return next((each for each in self.all if any(key.id == keyid for key in each.keys)), None)

    def find_key(self, keyid: str) -> PersonKey | None:
        """Returns the key with that ID; None where nobody has it."""
        return next((key for each in self.all for key in each.keys if key.id == keyid), None)

    def with_role(self, role: str) -> tuple[Person, ...]:
        """Returns the persons who may sign in a role, without agents and guests."""
        return tuple(each for each in self.all if each.may_approve and role in each.roles)


def read_people(path: Path) -> People:
    """Returns the people in a people file.

    Raises Problems with every fault and its line: two people with one ID, one key of two people, a key that is none.
    """
    reader = _PeopleReader()
    root = read(Written(real_path(path), str(path)))
    people = tuple(reader.people(root))
    reader.check(people)
    if reader.faults:
        raise Problems(reader.faults)
    return People(people, str(path))


def key_id(public: bytes) -> str:
    """Returns the ID of a key. public: its SubjectPublicKeyInfo, DER."""
    return hashlib.sha256(public).hexdigest()


def public_text(public: PublicKey) -> str:
    """Returns a public key as a people file has it: its SubjectPublicKeyInfo in base64."""
    return b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


class _PeopleReader:
    """Reads people, and keeps every fault."""

    def __init__(self) -> None:
        self.faults: list[AnswerprintError] = []

    def people(self, root: Node) -> Iterator[Person]:
        keys = self._keys(root, "a people file", ("people",), ())
        for item in self._items(keys.get("people"), "people"):
            yield self._person(item)

    def check(self, people: tuple[Person, ...]) -> None:
        """Keeps a fault for each ID, key and login that two people have."""
        if not people:
            self.faults.append(JobError("nobody may sign", where="people", fix="list at least one person"))
        for noun, marks in (
            ("ID", [each.id for each in people]),
            ("key", [key for each in people for key in {key.id for key in each.keys}]),
            ("login", [login for each in people for login in {*each.logins, each.id}]),
        ):
            for mark in sorted({each for each in marks if marks.count(each) > 1}):
                fix = f"each {noun} belongs to one person"
                self.faults.append(JobError(f"two people have one {noun}", where="people", got=mark, fix=fix))

    def _person(self, node: Node) -> Person:
        found = self._keys(node, "a person", _NEEDED, _OTHERS)
        own = self._text(found.get("id"), "id")
        if own and not ID.fullmatch(own):
            self._say("not an ID", found["id"], "small letters, digits, dots and dashes", own)
        kind = self._choice(found.get("kind"), "kind", KINDS)
        roles, logins = (self._texts(found.get(name), name) for name in ("roles", "logins"))
        keys = tuple(filter(None, (self._key(item) for item in self._items(found.get("keys"), "keys"))))
        name, email = self._text(found.get("name"), "name"), self._text(found.get("email"), "email")
        return Person(own, name, cast(PersonKind, kind), roles, keys, logins, email)

    def _key(self, node: Node) -> PersonKey | None:
        found = self._keys(node, "a key", ("kind", "public"), ("site", "origins"))
        kind = cast(KeyKind, self._choice(found.get("kind"), "kind", KEY_KINDS))
        text = self._text(found.get("public"), "public")
        der = _public_der(text, kind)
        if der is None:
            expected = (
                "the base64 of an Ed25519 public key" if kind == "ed25519" else "the base64 of a public key"
            )
            self._say("no key can be read from this", node, expected, f"{text[:40]!r}")
            return None
        site, origins = self._text(found.get("site"), "site"), self._texts(found.get("origins"), "origins")
        if (kind == "webauthn") != bool(site and origins):
            self._say(
                "site and origins belong to a key of a browser", node, "both, for the kind webauthn", kind
            )
        return PersonKey(key_id(der), kind, b64encode(der).decode(), site, origins, node.where)

    def _keys(
        self, node: Node, noun: str, needed: tuple[str, ...], others: tuple[str, ...]
    ) -> Mapping[str, Node]:
        for key, item in node.mapping.items():
            if key not in (*needed, *others):
                self.faults.append(unknown(key, (*needed, *others), item.where, f"key of {noun}"))
        if missing := [key for key in needed if key not in node.mapping]:
            self._say("lacks keys", node, ", ".join(needed), f"no {', no '.join(missing)}")
        return node.mapping

    def _items(self, node: Node | None, noun: str) -> tuple[Node, ...]:
        if node is not None and not isinstance(node.value, tuple):
            self._say("not a list", node, f"a list of {noun}", node.kind)
        return node.items if node else ()

    def _texts(self, node: Node | None, noun: str) -> tuple[str, ...]:
        return tuple(filter(None, (self._text(item, noun) for item in self._items(node, noun))))

    def _text(self, node: Node | None, noun: str) -> str:
        if node is None:
            return ""
        if isinstance(node.value, dict | tuple | None) or not node.text.strip():
            self._say("not text", node, f"{noun} as text", node.kind)
            return ""
        return node.text

    def _choice(self, node: Node | None, noun: str, choices: tuple[str, ...]) -> str:
        given = self._text(node, noun)
        if node is not None and given and given not in choices:
            self.faults.append(unknown(given, choices, node.where, noun))
        return given if given in choices else choices[-1]

    def _say(self, what: str, node: Node, expected: str, got: str) -> None:
        self.faults.append(JobError(what, where=node.where, expected=expected, got=got))


def _public_der(text: str, kind: KeyKind) -> bytes | None:
    """Returns the SubjectPublicKeyInfo of a key that may sign; None for any other."""
    try:
        der = b64decode(text, validate=True)
        loaded = load_der_public_key(der)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return None
    if isinstance(loaded, ed25519.Ed25519PublicKey):
        allowed = True
    elif isinstance(loaded, ec.EllipticCurvePublicKey):
        allowed = kind == "webauthn" and loaded.curve.name == "secp256r1"
    else:
        allowed = (
            kind == "webauthn" and isinstance(loaded, rsa.RSAPublicKey) and loaded.key_size >= LEAST_RSA_BITS
        )
    # As it is written again: one key has one ID.
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return loaded.public_bytes(*form) if allowed else None
