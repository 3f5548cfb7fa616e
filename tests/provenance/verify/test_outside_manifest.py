"""Boxes that no signature covers are counted in every kind of file that is made of boxes."""

from __future__ import annotations

from pathlib import Path

import pytest

from provenance.coverage.bmff import UnhashedBytes
from provenance.manifest import Reading
from provenance.verify.locate_manifest import LocatedManifest
from provenance.verify.outside_manifest import collect_unhashed
from tests.provenance.formats.made_boxes import box


@pytest.mark.parametrize(
    ("media_type", "unhashed"),
    [
        ("video/mp4", (UnhashedBytes("/free", 6),)),
        ("video/quicktime", (UnhashedBytes("/free", 6),)),
        ("audio/mp4", (UnhashedBytes("/free", 6),)),
        ("image/heic", (UnhashedBytes("/free", 6),)),
        ("image/jpeg", ()),
    ],
)
def test_only_files_made_of_boxes_have_them_counted(
    media_type: str, unhashed: tuple[UnhashedBytes, ...], tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(box("ftyp", b"isom1234") + box("free", b"hidden"))
    hashed = {"c2pa.hash.bmff.v3": {"exclusions": [{"xpath": "/ftyp"}, {"xpath": "/free"}]}}
    reading = Reading("found", media_type, crjson={"manifests": [{"assertions": hashed}]})
    assert collect_unhashed(LocatedManifest(path, reading, "embedded")) == (unhashed, ())
