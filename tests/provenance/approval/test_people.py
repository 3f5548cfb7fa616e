"""The people file: whom it lists, and each way of getting it wrong."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from post.errors import Problems
from provenance.approval.people import public_text, read_people
from tests.provenance.approval.approval_desk import signer

ANA, BO = signer("ana").public, signer("bo").public
P256 = public_text(ec.generate_private_key(ec.SECP256R1()).public_key())
SHORT = public_text(rsa.generate_private_key(65537, 1024).public_key())


def row(id: str = "ana", kind: str = "person", roles: str = "[creative]", more: str = "") -> str:  # noqa: A002
    return f"  - {{id: {id}, name: Ana Roth, kind: {kind}, roles: {roles}{more}}}\n"


def keyed(public: str, kind: str = "ed25519", more: str = "") -> str:
    return f", keys: [{{kind: {kind}, public: {public}{more}}}]"


SITE = ', site: review.example, origins: ["https://review.example"]'


def read(tmp_path: Path, *rows: str) -> object:
    path = tmp_path / "people.yaml"
    path.write_text(f"people:\n{''.join(rows)}")
    return read_people(path)


def test_people_are_found_by_id_key_and_role(tmp_path: Path) -> None:
    path = tmp_path / "people.yaml"
    rows = (
        row(more=keyed(ANA)),
        row("bot", "agent", more=keyed(BO)),
        row("eve", more=keyed(P256, "webauthn", SITE)),
    )
    path.write_text(f"people:\n{''.join(rows)}")
    people = read_people(path)
    assert [each.id for each in people.with_role("creative")] == ["ana", "eve"]  # no agent
    owner = people.owner_of(signer("ana").id)
    assert owner is not None
    assert owner.id == "ana"
    eve = people.find("eve")
    assert eve is not None
    assert eve.keys[0].site == "review.example"
    assert people.find("zed") is None


DEFECTS = [
    ((row(more=keyed(ANA)), row("bo", more=keyed(ANA))), "two people have one key"),
    ((row(), row()), "two people have one ID; got ana"),
    ((row(more=", logins: [x]"), row("bo", more=", logins: [x]")), "two people have one login; got x"),
    ((row(more=", logins: [bo]"), row("bo")), "two people have one login; got bo"),
    ((row("Ana R"),), "not an ID"),
    ((row(kind="robot"),), "unknown kind"),
    ((row(roles="creative"),), "not a list; expected a list of roles, got 'creative'"),
    ((row(more=", role: x"),), "unknown key of a person"),
    ((row(more=keyed("AAAA")),), "no key can be read from this"),
    ((row(more=keyed(P256)),), "no key can be read from this"),  # a file key is Ed25519
    ((row(more=keyed(SHORT, "webauthn", SITE)),), "no key can be read from this"),
    ((row(more=keyed(P256, "webauthn")),), "site and origins belong to a key of a browser"),
    ((row(more=keyed(ANA, "ed25519", SITE)),), "site and origins belong to a key of a browser"),
    ((row(more=keyed(b64encode(b"x" * 44).decode())),), "no key can be read from this"),
    (("  - {id: ana}\n",), "lacks keys; expected id, name, kind, roles"),
    (("  []\n",), "nobody may sign"),
]


@pytest.mark.parametrize(("rows", "what"), DEFECTS)
def test_what_is_wrong_is_told(tmp_path: Path, rows: tuple[str, ...], what: str) -> None:
    with pytest.raises(Problems) as fault:
        read(tmp_path, *rows)
    assert what in str(fault.value), str(fault.value)
