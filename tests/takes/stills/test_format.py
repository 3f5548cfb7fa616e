"""What a file is, is told by its first bytes; a kind of still that is not read is refused by its name."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from post.errors import SourceError
from post.takes.probe import probe
from post.takes.stills.format import format_of

REFUSED = {
    "JPEG XL": b"\xff\x0a" + b"\0" * 60,
    "JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + b"\0" * 60,
    "Photoshop": b"8BPS\0\1" + b"\0" * 60,
    "DPX": b"SDPX" + b"\0" * 60,
    "HEIC": b"\0\0\0\x18ftypheic" + b"\0" * 60,
    "SVG": b"<svg xmlns='x'>" + b" " * 60,
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_still_that_is_not_read_is_refused_by_the_name_of_its_kind(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "still.png"
    path.write_bytes(REFUSED[kind])
    with pytest.raises(SourceError, match=rf"still\.png: is a picture in {kind}, which is not read; .*PNG"):
        probe(path, "still")


def test_a_photograph_of_many_tiles_is_refused_whole(media: Callable[[str], Path]) -> None:
    with pytest.raises(SourceError, match="is a picture in HEIC, which is not read; .* export it as PNG"):
        probe(media("odd/17b_iphone_pug.heic"), "pug")


@pytest.mark.parametrize(
    "head", [b"\0\0\0\x18ftypisom", b"\x1a\x45\xdf\xa3", b"RIFF\0\0\0\0AVI ", b"OggS", b"PK\3\4"]
)
def test_clips_and_sounds_are_no_stills(head: bytes) -> None:
    assert format_of(BytesIO(head + b"\0" * 60), "clip") is None


def test_avif_under_the_familys_brand_is_avif() -> None:
    head = b"\0\0\0\x20ftypmif1\0\0\0\0mif1avifmiaf" + b"\0" * 32
    found = format_of(BytesIO(head), "x.avif")
    assert found is not None
    assert found.name == "AVIF"
