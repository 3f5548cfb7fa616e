from __future__ import annotations

import stat
from pathlib import Path

import numpy as np
import pytest

from post.atomic import checksum
from post.errors import ProvenanceError
from provenance.durable.watermark_key import derive_identifier, read_key, read_or_make_key, write_pattern
from provenance.durable.watermark_pattern import make_tile

KEY = bytes(range(32))


def test_a_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    config = tmp_path / "config"
    key = read_or_make_key(config)
    assert len(key) == 32
    assert read_or_make_key(config) == read_key(config) == key
    assert stat.S_IMODE((config / "durable.key").stat().st_mode) == 0o600
    assert read_or_make_key(tmp_path / "another") != key


def test_searching_for_a_key_makes_none(tmp_path: Path) -> None:
    with pytest.raises(ProvenanceError, match="cannot be read"):
        read_key(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    read_or_make_key(tmp_path)
    (tmp_path / "durable.key").chmod(0o640)
    with pytest.raises(ProvenanceError, match="others can read this key; expected mode 600, got mode 640"):
        read_or_make_key(tmp_path)


def test_half_a_key_is_refused_and_not_shown(tmp_path: Path) -> None:
    read_or_make_key(tmp_path)
    (tmp_path / "durable.key").write_bytes(b"secretsecretsecr")
    with pytest.raises(ProvenanceError, match="expected 32 bytes, got 16") as fault:
        read_key(tmp_path)
    assert "secret" not in str(fault.value)


def test_a_pattern_is_addressed_by_its_content_and_private(tmp_path: Path) -> None:
    file = write_pattern(tmp_path, KEY, 7)
    assert checksum(file.here).sha256 == file.sha256
    assert stat.S_IMODE(file.here.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.here.parent.stat().st_mode) == 0o700
    assert write_pattern(tmp_path, KEY, 7) == file
    assert len(list(file.here.parent.iterdir())) == 1


def test_a_pattern_holds_neither_the_key_nor_another_identifiers(tmp_path: Path) -> None:
    one, other = (np.load(write_pattern(tmp_path, KEY, number).here) / 4096 for number in (7, 8))
    assert KEY not in write_pattern(tmp_path, KEY, 7).here.read_bytes()
    np.testing.assert_allclose(one, make_tile(KEY, 7), atol=1e-3)
    assert float(np.abs(one - other).max()) > 1


def test_a_key_always_gives_the_same_pattern(tmp_path: Path) -> None:
    """Published films have this pattern: another pattern needs another name (watermark_pattern.ALGORITHM)."""
    drawn = np.load(write_pattern(tmp_path, KEY, 0x0A1B2C3D).here).astype(int)
    assert drawn[0, :6] == pytest.approx([1005, -380, -466, 862, 2282, 2141], abs=2)
    assert drawn[100, 200:206] == pytest.approx([-299, 780, 1630, 1364, 129, -1002], abs=2)


def test_an_identifier_is_the_start_of_an_hmac_of_its_name() -> None:
    """Films carry it: the value is that of `openssl dgst -sha256 -mac HMAC -macopt hexkey:0001...1f`."""
    assert derive_identifier(KEY, "Spring") == 0x9B9A4AEC


def test_another_name_or_another_key_gives_another_identifier() -> None:
    others = {
        derive_identifier(KEY, "Spring"),
        derive_identifier(KEY, "spring"),
        derive_identifier(KEY[::-1], "Spring"),
    }
    assert len(others) == 3
