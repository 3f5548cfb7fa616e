"""A file's manifest stores are found in any kind of file, or there are none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.formats import manifest_store


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
