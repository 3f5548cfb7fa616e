"""Half a copy is known by what its container says of itself."""

from __future__ import annotations

import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest

from post.takes.made.synthetic import ClipRecipe, make_clip
from post.watch.whole import what_is_missing


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "dusk.mp4"
    make_clip(path, ClipRecipe("dusk", 64, 48, Fraction(24), 6))
    return path


def remuxed(clip: Path, to: Path, **options: str) -> Path:
    with av.open(str(clip)) as source, av.open(str(to), "w", options=options) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    return to


def riff(to: Path) -> Path:
    with wave.open(str(to), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(2000))
    return to


MADE: dict[str, Callable[[Path, Path], Path]] = {
    "mp4": lambda clip, folder: clip,
    "index-first.mp4": lambda clip, folder: remuxed(clip, folder / "a.mp4", movflags="faststart"),
    "fragments.mp4": lambda clip, folder: remuxed(
        clip, folder / "b.mp4", movflags="frag_keyframe+empty_moov"
    ),
    "mov": lambda clip, folder: remuxed(clip, folder / "c.mov"),
    "mkv": lambda clip, folder: remuxed(clip, folder / "d.mkv"),
    "wav": lambda clip, folder: riff(folder / "e.wav"),
}


@pytest.mark.parametrize("kind", MADE)
def test_a_whole_file_lacks_nothing_and_a_half_one_does(kind: str, clip: Path, tmp_path: Path) -> None:
    made = MADE[kind](clip, tmp_path)
    assert what_is_missing(made) == ""
    data, half = made.read_bytes(), tmp_path / "half"
    for share in (0.2, 0.5, 0.8, 0.97):
        half.write_bytes(data[: int(len(data) * share)])
        assert what_is_missing(half), share


def test_room_that_is_taken_in_advance_is_not_content(clip: Path, tmp_path: Path) -> None:
    half, data = tmp_path / "half.mov", remuxed(clip, tmp_path / "whole.mov").read_bytes()
    half.write_bytes(bytes(len(data)))
    assert what_is_missing(half) == "its first bytes are not written yet"
    head = data.index(b"mdat") - 4
    half.write_bytes(data[:head] + bytes(len(data) - head))
    assert what_is_missing(half) == "it has no index (moov) yet"


@pytest.mark.parametrize("content", [b"hello", bytes([0x47]) * 400, b"\x1a\x45\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xff",
                                     b"RIFF\xff\xff\xff\xffAVI ", b"RIFF\0\0\0\0AVI "])  # fmt: skip
def test_what_says_nothing_of_its_length_counts_as_whole(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "clip"
    path.write_bytes(content)
    assert what_is_missing(path) == ""


@pytest.mark.media
def test_no_real_clip_lacks_anything(media: Callable[[str], Path]) -> None:
    names = (line.split("\t")[0] for line in media("MANIFEST.tsv").read_text().splitlines()[1:])
    clips = [
        path for name in names if (path := media(name)).suffix in (".mp4", ".mov", ".mkv", ".webm", ".avi")
    ]
    assert len(clips) > 10
    assert {path.name: said for path in clips if path.exists() and (said := what_is_missing(path))} == {}
