"""The ranges that a data hash leaves out are read as a stranger's: whatever they hold is a fault of the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from post.errors import SourceError
from provenance.coverage.bmff import UnhashedBytes
from provenance.coverage.data_hash import find_unhashed_ranges, read_excluded_stores
from provenance.manifest import Reading
from provenance.verify.locate_manifest import LocatedManifest
from provenance.verify.outside_manifest import collect_unhashed


def hashed(*rows: Any) -> dict[str, Any]:
    return {"c2pa.hash.data": {"exclusions": list(rows)}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "voice.ogg"
    made.write_bytes(b"OggS" + bytes(range(60)))
    return made


def test_ranges_without_a_manifest_are_counted(path: Path) -> None:
    found = find_unhashed_ranges(path, "audio/ogg", hashed({"start": 4, "length": 6}))
    assert found == (UnhashedBytes("bytes 4 to 10, not a manifest alone", 6),)


@pytest.mark.parametrize(
    "row",
    [
        {"foo": 1},
        5,
        "x",
        None,
        {"start": "4", "length": 6},
        {"start": float("inf"), "length": 6},
        {"start": 4.5, "length": 6},
        {"start": True, "length": 6},
        {"start": -1, "length": 6},
        {"start": 4, "length": None},
        {"start": 4, "length": 10**5000},
    ],
    ids=range(11),
)
def test_a_range_that_is_none_is_the_files_fault(row: Any, path: Path) -> None:
    with pytest.raises(SourceError, match="no range of bytes; expected whole numbers from 0 on"):
        read_excluded_stores(path, "audio/ogg", hashed(row))
    reading = Reading("found", "audio/ogg", crjson={"manifests": [{"assertions": hashed(row)}]})
    _, findings = collect_unhashed(LocatedManifest(path, reading, "embedded"))
    assert [each.code for each in findings] == ["unhashed.unknown"]


@pytest.mark.parametrize("offset", [float("inf"), -100, "x", 1 << 70])
def test_a_place_in_a_box_that_is_none_is_the_files_fault(offset: Any, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes.fromhex("0000000c 6674797069736f6d 0000000c 6672656568656c6c"))
    row = {"xpath": "/free", "data": [{"offset": offset, "value": list(b"hell")}]}
    crjson = {"manifests": [{"assertions": {"c2pa.hash.bmff.v3": {"exclusions": [row]}}}]}
    found = collect_unhashed(LocatedManifest(path, Reading("found", "video/mp4", crjson=crjson), "embedded"))
    assert [each.code for each in found[1]] == ["unhashed.unknown"]
