"""A person's key: encrypted, private, and refused without its passphrase."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from post.errors import OutputError, ProvenanceError
from provenance.approval.person_key import is_encrypted, load_key, make_key

WORDS = "correct horse"


def test_a_key_is_read_with_its_passphrase_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "ana.pem"
    made = make_key(path, WORDS)
    assert is_encrypted(path)
    assert load_key(path, WORDS).id == made.id
    assert path.stat().st_mode & 0o777 == 0o600
    for wrong in ("", "another one"):
        with pytest.raises(ProvenanceError, match="the key cannot be read") as fault:
            load_key(path, wrong)
        assert WORDS not in str(fault.value)
    with pytest.raises(OutputError, match="there is a key already"):
        make_key(path, WORDS)


def test_a_short_passphrase_makes_no_key(tmp_path: Path) -> None:
    with pytest.raises(ProvenanceError, match="too short"):
        make_key(tmp_path / "ana.pem", "short")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ana.pem"
    make_key(path, "")
    assert not is_encrypted(path)
    path.chmod(0o644)
    with pytest.raises(ProvenanceError, match="others can read this key"):
        load_key(path, "")


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ana.pem"
    path.write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    path.chmod(0o600)
    with pytest.raises(ProvenanceError, match="the key cannot be read"):
        load_key(path, "")
