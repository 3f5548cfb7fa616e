"""The frames that a film declares are counted in whatever order its boxes are."""

from __future__ import annotations

import io

import pytest

from post.errors import SourceError
from post.takes.track_table import MOST_BOXES, MOST_PACKETS, MOST_SOUND, PIECE, check_tracks
from tests.provenance.formats.made_boxes import box


def handler(kind: bytes) -> bytes:
    return box(b"hdlr", bytes(8) + kind + bytes(12))


def sizes(count: int) -> bytes:
    return box(b"stbl", box(b"stsz", bytes(8) + count.to_bytes(4, "big")))


def film(*tracks: bytes) -> io.BytesIO:
    return io.BytesIO(
        box(b"ftyp", b"qt  " + bytes(4)) + box(b"moov", b"".join(box(b"trak", each) for each in tracks))
    )


PICTURE, SOUND, DATA = handler(b"vide"), handler(b"soun"), handler(b"url ")
MANY = sizes(MOST_PACKETS + 1)


@pytest.mark.parametrize(
    "track",
    [
        box(b"mdia", PICTURE + box(b"minf", MANY)),
        box(b"mdia", PICTURE + box(b"minf", DATA + MANY)),
        box(b"mdia", box(b"minf", MANY) + PICTURE),
        box(b"mdia", PICTURE + SOUND + box(b"minf", MANY)),
        box(b"mdia", SOUND + PICTURE + box(b"minf", MANY)),
        box(b"edts", MANY) + box(b"mdia", PICTURE),
        box(b"mdia", PICTURE + box(b"minf", MANY + sizes(3))),
    ],
    ids=["mp4", "mov", "sizes first", "sound last", "sound first", "hidden", "a second table"],
)
def test_a_picture_with_too_many_frames_is_refused(track: bytes) -> None:
    with pytest.raises(SourceError, match="a.mov: has too many frames; expected up to 1000000, got 1000001"):
        check_tracks(film(box(b"mdia", SOUND), track), "a.mov")


def test_samples_of_sound_and_as_many_frames_as_allowed_are_taken() -> None:
    sound = pcm(200_000_000, 1, (1, 200_000), chunks=1000)
    picture = box(b"mdia", PICTURE + box(b"minf", DATA + sizes(MOST_PACKETS)))
    check_tracks(film(sound, picture, sound), "a.mov")
    with pytest.raises(SourceError, match="frames"):
        check_tracks(film(sound, picture, box(b"mdia", PICTURE + MANY)), "a.mov")


def words(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4, "big") for number in numbers)


def header(number: int) -> bytes:
    return box(b"tkhd", bytes(12) + words(number))


def fragment(number: int, *counts: int) -> bytes:
    runs = b"".join(box(b"trun", words(0, count)) for count in counts)
    return box(b"moof", box(b"traf", box(b"tfhd", words(0, number)) + runs))


@pytest.mark.parametrize("handled", [PICTURE, SOUND], ids=["picture", "sound"])
def test_samples_of_fragments_are_counted(handled: bytes) -> None:
    """FFmpeg takes memory for each that a fragment declares, though none of them takes a byte of the file."""
    most = MOST_PACKETS if handled == PICTURE else MOST_SOUND
    start = film(header(1) + box(b"mdia", DATA), header(2) + box(b"mdia", handled)).getvalue()
    half = fragment(2, most // 4, most // 4)
    check_tracks(io.BytesIO(start + half + half), "a.mp4")
    check_tracks(io.BytesIO(start + half + fragment(1, most // 4) + half), "a.mp4")
    with pytest.raises(SourceError, match=f"a.mp4: has too many .*; expected up to {most}, got {most + 1}"):
        check_tracks(io.BytesIO(start + half + half + fragment(2, 1)), "a.mp4")


def pcm(count: int, ticks: int, *runs: tuple[int, int], chunks: int) -> bytes:
    tables = box(b"stsz", words(0, 4, count)) + box(b"stts", words(0, 1, count, ticks))
    tables += box(b"stco", words(0, chunks) + bytes(4 * chunks))
    tables += box(b"stsc", words(0, len(runs), *(word for run in runs for word in (*run, 1))))
    return box(b"mdia", SOUND + box(b"minf", box(b"stbl", tables)))


def test_sound_of_a_fixed_size_is_counted_by_the_packets_that_are_made_of_it() -> None:
    hour = 3600 * 48000
    check_tracks(film(pcm(hour, 1, (1, 4096), (3, 48000), chunks=3600)), "a.mov")
    with pytest.raises(SourceError, match=f"samples in a track; expected up to {MOST_SOUND}, got {hour}"):
        check_tracks(film(pcm(hour, 2, (1, 48000), chunks=3600)), "a.mov")
    many = MOST_SOUND * PIECE // 8
    check_tracks(film(pcm(hour, 1, (1, many), chunks=8)), "a.mov")
    with pytest.raises(SourceError, match="samples in a track"):
        check_tracks(film(pcm(hour, 1, (1, many), chunks=9)), "a.mov")


@pytest.mark.parametrize("kind", [b"free", b"abcd", b"uuid"])
def test_boxes_before_the_headers_do_not_hide_them(kind: bytes) -> None:
    headers = film(box(b"mdia", PICTURE + box(b"minf", MANY))).getvalue()
    with pytest.raises(SourceError, match="too many frames"):
        check_tracks(io.BytesIO(box(b"free", b"") * (MOST_BOXES // 2) + headers), "a.mov")
    with pytest.raises(SourceError, match="a.mov: has too many boxes; expected up to 20000"):
        check_tracks(io.BytesIO(box(b"ftyp", b"qt  ") + box(kind, b"") * MOST_BOXES + headers), "a.mov")


def test_a_broken_box_hides_no_track_behind_it() -> None:
    broken = box(b"mdia", (4).to_bytes(4, "big") + b"free")
    with pytest.raises(SourceError, match="too many frames"):
        check_tracks(film(broken, box(b"mdia", PICTURE + box(b"minf", MANY))), "a.mov")


def test_a_long_recording_in_fragments_is_taken() -> None:
    start = film(header(1) + box(b"mdia", PICTURE)).getvalue()
    second = fragment(1, 25) + box(b"mdat", b"")
    check_tracks(io.BytesIO(start + second * 20_000), "a.mp4")  # five and a half hours
