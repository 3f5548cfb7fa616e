"""The bytes that a signature leaves out are read from its hash assertion, and counted."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import pytest

from provenance import manifest
from provenance.coverage.bmff import UnhashedBytes, find_unhashed
from provenance.formats.bmff import read_layout
from tests.provenance.formats.made_boxes import box, uuid_box
from tests.provenance.made import House

FREE = {"c2pa.hash.bmff.v3": {"exclusions": [{"xpath": "/ftyp"}, {"xpath": "/free"}]}}


def film(path: Path, *boxes: bytes) -> Path:
    path.write_bytes(box("ftyp", b"isom1234") + b"".join(boxes))
    return path


def excluding(**row: Any) -> dict[str, Any]:
    return {"c2pa.hash.bmff.v3": {"exclusions": [row]}}


def test_a_free_box_with_content_is_counted_only_where_the_hash_leaves_it_out(tmp_path: Path) -> None:
    path = film(tmp_path / "f.mp4", box("free", b"hidden"), box("free"), box("mdat", b"1"))
    assert find_unhashed(path, FREE) == (UnhashedBytes("/free", 6),)
    assert find_unhashed(path, excluding(xpath="/ftyp")) == ()


def test_bytes_after_the_last_box_are_counted(tmp_path: Path) -> None:
    path = film(tmp_path / "f.mp4", box("mdat", b"1"), b"\0" * 5)
    assert find_unhashed(path, FREE) == (UnhashedBytes("(after the last box)", 5),)


def test_a_box_inside_others_is_found_by_its_path(tmp_path: Path) -> None:
    path = film(tmp_path / "f.mp4", box("moov", box("udta", box("free", b"1234"))), box("udta"))
    assert find_unhashed(path, excluding(xpath="/moov/udta/free")) == (UnhashedBytes("/moov/udta/free", 4),)


@pytest.mark.parametrize(
    ("subset", "count"), [([{"offset": 16, "length": 0}], 4), ([{"offset": 8, "length": 2}], 2), (None, 12)]
)
def test_only_the_part_left_out_is_counted(subset: Any, count: int, tmp_path: Path) -> None:
    path = film(tmp_path / "f.mp4", box("abcd", bytes(12)))
    assert find_unhashed(path, excluding(xpath="/abcd", subset=subset)) == (UnhashedBytes("/abcd", count),)


def test_an_exclusion_of_another_box_leaves_this_one_hashed(tmp_path: Path) -> None:
    path = film(tmp_path / "f.mp4", box("abcd", b"xxxxyyyy"))
    wanted = [{"offset": 8, "value": list(b"zzzz")}]
    assert find_unhashed(path, excluding(xpath="/abcd", data=wanted)) == ()
    wanted = [{"offset": 8, "value": list(b"xxxx")}]
    assert find_unhashed(path, excluding(xpath="/abcd", data=wanted)) == (UnhashedBytes("/abcd", 8),)
    assert find_unhashed(path, excluding(xpath="/abcd", length=99)) == ()


def grown(data: bytes, more: bytes) -> bytes:
    """Returns a signed film with bytes added inside its manifest's box, with the index in front or behind."""
    source = io.BytesIO(data)
    (found,) = read_layout(source).of("uuid")
    head = struct.pack(">I", found.size + len(more))
    return data[: found.start] + head + data[found.start + 4 : found.stop] + more + data[found.stop :]


def test_bytes_hidden_behind_the_manifest_in_its_own_box_are_counted(
    several: Path, house: House, tmp_path: Path
) -> None:
    path = tmp_path / "f.mp4"
    path.write_bytes(grown(several.read_bytes(), b"smuggled"))
    assertions = manifest.read(several, house.pem).manifests[0]["assertions"]
    assert find_unhashed(several, assertions) == ()
    assert find_unhashed(path, assertions) == (UnhashedBytes("/uuid (after the manifest)", 8),)
    assert house.verify(path).exit_code == 6


def test_the_padding_of_a_signature_cannot_hide_anything(several: Path, house: House, tmp_path: Path) -> None:
    data = several.read_bytes()
    pad = data.rindex(bytes(4096))  # in the active manifest's signature, before the picture
    path = tmp_path / "f.mp4"
    path.write_bytes(data[:pad] + b"hidden" + data[pad + 6 :])
    report = house.verify(path)
    assert report.integrity == "intact"  # as every reader reports
    assert report.unhashed == (UnhashedBytes("/uuid (c2pa.signature padding)", 6),)
    assert report.exit_code == 6


def test_a_manifest_box_of_unknown_purpose_is_counted(tmp_path: Path) -> None:
    path = film(tmp_path / "f.mp4", uuid_box(b"diary", bytes(22)))
    (found,) = find_unhashed(path, FREE)
    assert found.bytes == 16 + 4 + 6 + 30
