"""The frames that a film declares are counted in whatever order its boxes are."""

from __future__ import annotations

import io

import pytest

from post.errors import SourceError
from post.takes.track_table import MOST_PACKETS, check_tracks
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
    sound = box(b"mdia", SOUND + box(b"minf", DATA + sizes(200_000_000)))
    picture = box(b"mdia", PICTURE + box(b"minf", DATA + sizes(MOST_PACKETS)))
    check_tracks(film(sound, picture, sound), "a.mov")
    with pytest.raises(SourceError, match="frames"):
        check_tracks(film(sound, picture, box(b"mdia", PICTURE + MANY)), "a.mov")
