"""Sample tables agree with a demuxer, and false ones are refused."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest

from post.errors import SourceError
from provenance.formats.sample_table import read_tracks
from tests.provenance.formats.made_boxes import box
from tests.provenance.made import Noise


def agrees(path: Path) -> None:
    """Every packet a demuxer hands out is in the table, at its place, with its size and time.

    The table may hold more: a demuxer leaves out what the edit list never shows.
    """
    with path.open("rb") as source:
        track = next(each for each in read_tracks(source) if each.kind == "vide")
    table = dict(zip(track.offset.tolist(), zip(track.size, track.first_s, strict=True), strict=True))
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        base = stream.time_base or Fraction(1)
        packets = [(packet.pos, packet.size, packet.pts or 0) for packet in file.demux(stream) if packet.size]
    assert len(packets) in (len(table), len(table) - 1)
    for place, size, pts in packets:
        assert table[place][0] == size
        assert table[place][1] == pytest.approx(float(pts * base), abs=1e-6)


@pytest.mark.parametrize("options", [{}, {"movflags": "faststart"}], ids=["index last", "index first"])
def test_frames_lie_where_a_demuxer_finds_them(options: dict[str, str], tmp_path: Path) -> None:
    agrees(Noise(40, options=options).write(tmp_path / "clip.mp4"))


@pytest.mark.media
@pytest.mark.parametrize(
    "name",
    [
        "footage/phone_dog_1080p_vfr.mp4",
        "footage/sam2_dog_courtyard.mp4",
        "ai_clips/ltx2_dog_snow.mp4",
        "c2pa/video1_no_manifest.mp4",
    ],
)
def test_frames_of_real_clips_lie_where_a_demuxer_finds_them(name: str, media: Callable[[str], Path]) -> None:
    agrees(media(name))


def full(kind: str, *numbers: int) -> bytes:
    return box(kind, struct.pack(f">{len(numbers) + 1}I", 0, *numbers))


def movie(**other: bytes) -> bytes:
    """One frame of 4 bytes at byte 100, shown for a second; any table can be put in another's place."""
    tables = {
        "stts": full("stts", 1, 1, 1000),
        "stsz": full("stsz", 4, 1),
        "stsc": full("stsc", 1, 1, 1, 1),
        "stco": full("stco", 1, 100),
        "mdhd": full("mdhd", 0, 0, 1000, 1000, 0),
    } | other
    stbl = box("stbl", b"".join(tables.get(name, b"") for name in ("stts", "ctts", "stsz", "stsc", "stco")))
    hdlr = box("hdlr", bytes(8) + b"vide" + bytes(12))
    mdia = box("mdia", tables["mdhd"] + hdlr + box("minf", stbl))
    return box("moov", box("trak", mdia + tables.get("edts", b"")))


def test_a_table_made_by_hand_is_read() -> None:
    (track,) = read_tracks(io.BytesIO(movie()))
    assert (track.offset.tolist(), track.first_s.tolist(), track.last_s.tolist()) == ([100], [0.0], [1.0])


def test_an_edit_list_delays_a_start_and_trims_it() -> None:
    # 0.5 s of nothing (movie scale 1000, mvhd absent), then from media time 250 of 1000 on.
    rows = struct.pack(">IiI", 500, -1, 0x10000) + struct.pack(">IiI", 750, 250, 0x10000)
    edits = box("edts", box("elst", struct.pack(">II", 0, 2) + rows))
    (track,) = read_tracks(io.BytesIO(movie(edts=edits)))
    assert (track.first_s.tolist(), track.last_s.tolist()) == ([0.25], [1.25])


def test_frames_shown_earlier_than_they_are_decoded_have_offsets_below_0() -> None:
    # Two frames, decoded in one order and shown in the other (14496-12, 8.6.1.3, version 1).
    rows = struct.pack(">IiIi", 1, 1000, 1, -1000)
    offsets = box("ctts", struct.pack(">BxxxI", 1, 2) + rows)
    two = {"stts": full("stts", 1, 2, 1000), "stsz": full("stsz", 4, 2), "stsc": full("stsc", 1, 1, 2, 1)}
    (track,) = read_tracks(io.BytesIO(movie(**two, ctts=offsets)))
    assert (track.first_s.tolist(), track.last_s.tolist()) == ([1.0, 0.0], [2.0, 1.0])


@pytest.mark.parametrize(
    "lie",
    [
        {"stsz": full("stsz", 4, 4_000_000_000)},
        {"stsz": full("stsz", 0, 9)},
        {"stts": full("stts", 1, 4_000_000_000, 1)},
        {"stts": full("stts", 4_000_000_000, 1, 1)},
        {"stsc": full("stsc", 1, 1, 4_000_000_000, 1)},
        {"stsc": full("stsc", 1, 7, 1, 1)},
        {"stco": full("stco", 9, 100)},
        {"stco": b""},
        {"stts": box("stts")},
        {"mdhd": full("mdhd", 0, 0, 0, 0, 0)},
    ],
    ids=str,
)
def test_a_table_that_lies_is_refused_before_it_is_believed(lie: dict[str, bytes]) -> None:
    with pytest.raises(SourceError):
        read_tracks(io.BytesIO(movie(**lie)))
