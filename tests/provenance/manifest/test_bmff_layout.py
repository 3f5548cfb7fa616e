"""Chunk offsets move with the media, or the film is refused as unsuited."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from provenance.manifest import bmff_layout
from provenance.manifest.bmff_layout import Unsuited, place_boxes
from tests.provenance.formats.made_boxes import box
from tests.provenance.made import Noise
from tests.provenance.manifest.films import Parts, chunks_of, rebuilt

GB4 = 1 << 32
ROOM = bmff_layout.wrap_store(bytes(1000))


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    return Parts(Noise().write(tmp_path_factory.mktemp("parts") / "film.mp4"))


def sparse(path: Path, parts: Parts, media_bytes: int, wide: bool) -> Path:
    """Writes a film whose only chunk is at the end of its media, as a sparse file."""
    head = parts.ftyp + struct.pack(">I4sQ", 1, b"mdat", 16 + media_bytes)
    last = len(head) + media_bytes - len(parts.media)
    with path.open("wb") as out:
        out.write(head)
        out.seek(last)
        out.write(parts.media)
        out.write(rebuilt(parts.moov, lambda each: each - parts.was + last, wide))
    return path


def test_offsets_past_4_gb_move_with_the_media(parts: Parts, tmp_path: Path) -> None:
    path = sparse(tmp_path / "long.mp4", parts, GB4 + (1 << 20), wide=True)
    with path.open("rb") as source:
        laid = place_boxes(source, ROOM)
        media, index = laid[2], laid[3]
        assert (media.at, media.kind) == (len(parts.ftyp) + len(ROOM), "mdat")
        source.seek(index.source_at)
        before = wide_chunks(source.read(index.size))
    assert min(before) > GB4
    assert wide_chunks(index.data) == [each + len(ROOM) for each in before]
    assert index.at == index.source_at + len(ROOM)


def wide_chunks(moov: bytes) -> list[int]:
    at = moov.index(b"co64") + 8
    (count,) = struct.unpack_from(">I", moov, at)
    return list(struct.unpack_from(f">{count}Q", moov, at + 4))


def test_offsets_that_would_outgrow_32_bits_are_not_wrapped(parts: Parts, tmp_path: Path) -> None:
    path = sparse(tmp_path / "edge.mp4", parts, GB4 - 500 - 16 - len(parts.ftyp), wide=False)
    with path.open("rb") as source:
        assert max(chunks_of(place_boxes(source, b"")[2].data)) < GB4
        with pytest.raises(Unsuited, match="do not fit in 32 bits"):
            place_boxes(source, bmff_layout.wrap_store(bytes(GB4 // 1024)))


@pytest.mark.parametrize(
    ("added", "why"),
    [
        (box(b"moof", b""), "fragmented"),
        (box(b"sidx", bytes(24)), "fragmented"),
        (box(b"meta", bytes(4)), "items are outside"),
        (box(b"moov", b""), "no single index"),
        (b"12345", "do not fill the file"),
        (b"\0\0\1\0free", "do not fill the file"),
    ],
)
def test_films_whose_places_cannot_all_be_moved_are_not_suited(
    added: bytes, why: str, parts: Parts, tmp_path: Path
) -> None:
    path = tmp_path / "odd.mp4"
    path.write_bytes(parts.ftyp + parts.moov + box(b"mdat", parts.media) + added)
    with path.open("rb") as source, pytest.raises(Unsuited, match=why):
        place_boxes(source, ROOM)


@pytest.mark.parametrize("kind", [b"saio", b"iloc", b"cmov"])
def test_places_other_than_chunks_are_not_suited(kind: bytes, parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "odd.mp4"
    moov = box(b"moov", parts.moov[8:] + box(kind, bytes(16)))
    path.write_bytes(parts.ftyp + moov + box(b"mdat", parts.media))
    with path.open("rb") as source, pytest.raises(Unsuited, match=kind.decode()):
        place_boxes(source, ROOM)


def test_a_table_that_claims_more_than_it_holds_is_not_suited(parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "odd.mp4"
    at = parts.moov.index(b"stco") + 8
    moov = parts.moov[:at] + b"\xff\xff\xff\xff" + parts.moov[at + 4 :]
    path.write_bytes(parts.ftyp + moov + box(b"mdat", parts.media))
    with path.open("rb") as source, pytest.raises(Unsuited, match="cut short"):
        place_boxes(source, ROOM)


def test_a_film_without_ftyp_is_not_suited(parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "odd.mov"
    path.write_bytes(parts.moov + box(b"mdat", parts.media))
    with path.open("rb") as source:
        with pytest.raises(Unsuited, match="ftyp"):
            bmff_layout.read_ftyp(source)
        with pytest.raises(Unsuited, match="ftyp"):
            place_boxes(source, ROOM)
