"""What the SDK calls a changed file, and nothing shows to be one; and what still is one."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from provenance.trust.lists import Anchors
from provenance.verify import verify
from tests.provenance.made import House, flipped

Media = Callable[[str], Path]
Edit = Callable[[bytes], bytes]


def same(data: bytes) -> bytes:
    return data


@pytest.mark.media
@pytest.mark.parametrize(
    ("name", "edit", "integrity", "code"),
    [
        ("truepic-20230212-camera.jpg", same, "unreadable", "assertion.dataHash.malformed"),
        (
            "truepic-20230212-camera.jpg",
            lambda data: flipped(data, len(data) - 999),
            "tampered",
            "assertion.dataHash.mismatch",
        ),
        ("dashinit.mp4", same, "unreadable", "assertion.bmffHash.malformed"),
        (
            "dashinit.mp4",
            lambda data: data + struct.pack(">I4s", 12, b"mdat") + b"film",
            "tampered",
            "assertion.bmffHash.mismatch",
        ),
        ("dash1.m4s", same, "unreadable", "segment.alone"),
        # Its time-stamp is whole, and of the claim that was signed before it was edited.
        ("E-sig-CA.jpg", same, "tampered", "timeStamp.mismatch"),
    ],
)
def test_a_file_without_a_changed_byte_is_not_called_tampered(
    name: str,
    edit: Edit,
    integrity: str,
    code: str,
    media: Media,
    official: tuple[Anchors, ...],
    tmp_path: Path,
) -> None:
    path = tmp_path / name
    path.write_bytes(edit(media(f"c2pa/{name}").read_bytes()))
    report = verify(path, official)
    assert (report.integrity, report.exit_code) == (integrity, 6)
    assert code in {found.code for found in report.findings}


def test_a_flipped_film_of_ours_stays_tampered(several: Path, house: House, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    data = several.read_bytes()
    path.write_bytes(flipped(data, len(data) - 99))
    assert house.verify(path).integrity == "tampered"
