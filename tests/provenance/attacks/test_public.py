"""Damaged files of other signers: what they leave unhashed is reported, and what they hash is checked."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from provenance.trust.lists import Anchors
from provenance.verify import verify
from tests.provenance.attacks.reel import Reel
from tests.provenance.formats.made_boxes import box
from tests.provenance.made import flipped

pytestmark = pytest.mark.media

STCO = "/moov/trak/mdia/minf/stbl/stco"


def spoilt(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", ["moov", "mdat", "free"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("name", ["video1.mp4", "video1_adobe_unit.mp4"])
def test_a_film_of_another_maker_is_checked(
    name: str,
    share: float,
    kind: str,
    media: Callable[[str], Path],
    official: tuple[Anchors, ...],
    tmp_path: Path,
) -> None:
    reel = Reel.of(media(f"c2pa/{name}"))
    for found in reel.layout.of(kind):
        if found.payload_bytes < 64:
            continue
        data = reel.flip(found.payload + int(found.payload_bytes * share))
        report = verify(spoilt(tmp_path, name, data), official)
        assert report.integrity in ("tampered", "unreadable")
        assert report.exit_code == 6


def test_chunk_offsets_that_nobody_hashed_are_listed_and_never_pass(
    media: Callable[[str], Path], official: tuple[Anchors, ...], tmp_path: Path
) -> None:
    # Its maker left them out: pictures can be put in another order, and every reader calls it valid.
    reel = Reel.of(media("c2pa/video1.mp4"))
    table = reel.leaves("stco")[0]
    at = table.payload + 8
    (count,) = struct.unpack_from(">I", reel.data, at - 4)
    assert count >= 2
    one, two = reel.data[at : at + 4], reel.data[at + 4 : at + 8]
    report = verify(spoilt(tmp_path, "video1.mp4", reel.write(at, two + one)), official)
    assert report.integrity == "intact"
    assert {item.box for item in report.unhashed} == {STCO}
    assert report.exit_code == 6


def test_a_second_first_box_is_listed(
    media: Callable[[str], Path], official: tuple[Anchors, ...], tmp_path: Path
) -> None:
    data = media("c2pa/video1.mp4").read_bytes() + box(b"ftyp", b"hidden in plain sight")
    report = verify(spoilt(tmp_path, "film.mp4", data), official)
    assert "/ftyp (another)" in {item.box for item in report.unhashed}


def test_a_first_box_that_holds_more_than_brands_is_listed(
    media: Callable[[str], Path], official: tuple[Anchors, ...], tmp_path: Path
) -> None:
    reel = Reel.of(media("c2pa/video1.mp4"))
    first = reel.top("ftyp")
    for told in (b"isom" + bytes(4) + b"\xff\xd8\xff\xe0", b"isom" + bytes(4) + b"abcd" * 99):
        grown = reel.data[: first.start] + box(b"ftyp", told) + reel.data[first.stop :]
        report = verify(spoilt(tmp_path, "film.mp4", grown), official)
        assert "/ftyp (more than brands)" in {item.box for item in report.unhashed}


@pytest.mark.parametrize("share", [0.3, 0.6, 0.999])
@pytest.mark.parametrize("name", ["C.jpg", "CA.jpg", "boxhash.jpg", "adobe-20220124-CAICA.jpg"])
def test_a_picture_of_another_maker_is_checked(
    name: str, share: float, media: Callable[[str], Path], official: tuple[Anchors, ...], tmp_path: Path
) -> None:
    data = media(f"c2pa/{name}").read_bytes()
    scan = data.rindex(b"\xff\xda")
    at = scan + int((len(data) - scan) * share)
    report = verify(spoilt(tmp_path, name, flipped(data, at)), official)
    assert report.integrity == "tampered"
    assert report.exit_code == 6


def test_a_picture_with_something_behind_it_is_found_out(
    media: Callable[[str], Path], official: tuple[Anchors, ...], tmp_path: Path
) -> None:
    data = media("c2pa/CA.jpg").read_bytes() + b"hidden behind the end"
    assert verify(spoilt(tmp_path, "CA.jpg", data), official).exit_code == 6


def test_a_picture_whose_signature_has_something_in_its_padding_is_listed(
    media: Callable[[str], Path], official: tuple[Anchors, ...], tmp_path: Path
) -> None:
    data = media("c2pa/CA.jpg").read_bytes()
    at = data.index(bytes(2000), data.index(b"c2pa.signature")) + 600
    report = verify(spoilt(tmp_path, "CA.jpg", data[:at] + b"hidden" + data[at + 6 :]), official)
    assert {item.box for item in report.unhashed} == {"manifest store (c2pa.signature padding)"}
    assert report.exit_code == 6
