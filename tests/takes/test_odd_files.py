"""Clips as cutting, recording and old tools leave them: every whole frame, in order, and the rest is told."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from post.errors import SourceError
from post.takes.frame_planes import luma
from post.takes.made.synthetic import SoundRecipe
from post.takes.picture import PictureReader
from post.takes.probe import probe
from post.values.media import Take
from tests.made.numbered import number_of, numbered_clip, small
from tests.made.odd_clips import (
    PacketPart,
    end_to_end,
    from_key,
    from_packet,
    joined_midway,
    packed,
    remuxed,
    without_times_shown,
)

Media = Callable[[str], Path]
Make = Callable[[Path], Path]
TS = "open.ts"
BARE = {"use_editlist": "0"}
X264 = "b-adapt=0:scenecut=0:open-gop=1:bframes=3"
FAST = ("preset", "veryfast")
X265 = f"log-level=none:pools=none:{X264}"
RENEWED = "intra-refresh=1:keyint=8:scenecut=0:bframes=0"

SOURCES = {
    "open.mp4": small(gop=8, b_frames=3, options=(("x264-params", X264), FAST)),
    "pyramid.mp4": small(gop=8, b_frames=3, options=(("x264-params", f"{X264}:b-pyramid=normal"), FAST)),
    "open.avi": small(gop=8, b_frames=3, options=(("x264-params", X264), FAST)),
    "open.ts": small(
        gop=8, b_frames=3, options=(("x264-params", X264), FAST), sound=SoundRecipe(codec="mp2")
    ),
    "hevc.mp4": small(codec="libx265", gop=8, b_frames=3, options=(("x265-params", X265),)),
    "hevc.ts": small(codec="libx265", gop=8, b_frames=3, options=(("x265-params", X265),)),
    "renewed.ts": small(b_frames=0, options=(("x264-params", RENEWED), FAST)),
    "mpeg2.ts": small(codec="mpeg2video", gop=8),
    "part2.avi": small(codec="mpeg4", gop=12, b_frames=1),
    "plain.avi": small(codec="mpeg4", gop=5, b_frames=0),
}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    for name, recipe in SOURCES.items():
        numbered_clip(folder / name, recipe)
    return folder


@dataclass(frozen=True, slots=True)
class Odd:
    """An odd clip. make: from the folder of the sources, to a path; first, last: the numbers of its frames; skipped:
    how many it says to have left out."""

    make: Callable[[Path, Path], Path]
    first: int = 0
    last: int = 39
    skipped: int = 0


def cut(
    source: str, change: Callable[[list[PacketPart]], list[PacketPart]], **options: str
) -> Callable[[Path, Path], Path]:
    return lambda folder, path: remuxed(folder / source, path, change, options)


def midway(source: str, odd_bytes: int = 0) -> Callable[[Path, Path], Path]:
    return lambda folder, path: joined_midway(folder / source, path, 0.3, odd_bytes)


def whole(source: str) -> Callable[[Path, Path], Path]:
    return lambda folder, path: remuxed(folder / source, path, list)


ODD = {
    "h264_cut_no_edit_list.mp4": Odd(cut("open.mp4", from_key(1), **BARE), 8, skipped=3),
    "h264_cut_edit_list.mp4": Odd(cut("open.mp4", from_key(1)), 8),
    "h264_pyramid_cut.mp4": Odd(cut("pyramid.mp4", from_key(2), **BARE), 16, skipped=3),
    "h264_cut.mkv": Odd(cut("open.mp4", from_key(1)), 8, skipped=3),
    "h264_cut.flv": Odd(cut("open.mp4", from_key(1)), 8, skipped=3),
    "h264_from_any_packet.mp4": Odd(cut("open.mp4", from_packet(5), **BARE), 8, skipped=3),
    "h264_from_any_packet.mkv": Odd(cut("open.mp4", from_packet(5)), 8, skipped=3),
    "hevc_cut.mp4": Odd(cut("hevc.mp4", from_key(1), **BARE), 8, skipped=3),
    "hevc_cut.mkv": Odd(cut("hevc.mp4", from_key(1)), 8, skipped=3),
    "hevc_cut.ts": Odd(cut("hevc.mp4", from_key(1)), 8, skipped=3),
    "h264_joined_midway.ts": Odd(midway("open.ts"), 24, skipped=10),
    "h264_joined_in_a_packet.ts": Odd(midway("open.ts", 77), 24, skipped=10),
    "hevc_joined_midway.ts": Odd(midway("hevc.ts"), 16, skipped=8),
    "mpeg2_joined_midway.ts": Odd(midway("mpeg2.ts"), 16, skipped=5),
    "mpeg2_from_any_packet.mpg": Odd(cut("mpeg2.ts", from_packet(3)), 8, skipped=5),
    "mpeg2.mxf": Odd(whole("mpeg2.ts")),
    "h264_times_of_decoding.avi": Odd(whole("open.avi")),
    "h264_times_of_decoding.mkv": Odd(cut("open.mp4", without_times_shown)),
    "part2_packed.avi": Odd(cut("part2.avi", packed)),
    "part2_packed.mkv": Odd(cut("part2.avi", packed)),
    "part2_from_any_packet.avi": Odd(cut("part2.avi", from_packet(5)), 12, skipped=6),
    "part2.mp4": Odd(whole("part2.avi")),
    "no_key_is_marked.mp4": Odd(cut("open.mp4", lambda parts: [replace(p, key=False) for p in parts])),
    "all_are_marked_as_keys.mkv": Odd(cut("open.mp4", lambda parts: [replace(p, key=True) for p in parts])),
}


@pytest.mark.parametrize("name", ODD)
def test_every_whole_frame_of_an_odd_clip_is_read_in_order(name: str, sources: Path, tmp_path: Path) -> None:
    odd = ODD[name]
    path = odd.make(sources, tmp_path / name)
    take = probe(path, "odd")
    picture, wanted = take.picture, list(range(odd.first, odd.last + 1))
    assert (picture.length, picture.variable, picture.grid.rate) == (len(wanted), False, Fraction(24))
    mixed = random.Random(3).sample(range(len(wanted)), len(wanted))
    with PictureReader(path, picture) as reader:
        for i in [*range(len(wanted)), *mixed]:
            assert number_of(reader.frame(i)) == wanted[i]
    assert midway_note(take) == ([odd.skipped] if odd.skipped else [])


def midway_note(take: Take) -> list[int]:
    """Returns how many frames each warning of a take says to be left out at its head."""
    said = [each.what.split() for each in take.warnings if each.code == "starts-midway"]
    return [int(words[2]) for words in said]


def test_what_is_renewed_bit_by_bit_starts_when_it_is_whole(sources: Path, tmp_path: Path) -> None:
    """Behind a key packet that leans on what is missing, FFmpeg calls pictures whole that are not."""
    path = joined_midway(sources / "renewed.ts", tmp_path / "renewed.ts", 0.3)
    take = probe(path, "odd")
    length = take.picture.length
    assert length >= 8
    with PictureReader(path, take.picture) as reader:
        assert [number_of(reader.frame(i)) for i in range(length)] == list(range(40 - length, 40))


def test_recordings_joined_end_to_end_are_one_clip(sources: Path, tmp_path: Path) -> None:
    path = end_to_end(tmp_path / "two.ts", sources / TS, sources / TS)
    picture = probe(path, "odd").picture
    assert (picture.length, picture.grid.rate) == (80, Fraction(24))
    with PictureReader(path, picture) as reader:
        assert [number_of(reader.frame(i)) for i in range(80)] == [*range(40), *range(40)]


def test_what_leans_on_another_recording_is_not_shown(sources: Path, tmp_path: Path) -> None:
    cut_off = joined_midway(sources / TS, tmp_path / "rest.ts", 0.3)
    path = end_to_end(tmp_path / "two.ts", sources / TS, cut_off)
    take = probe(path, "odd")
    assert "damaged" in {each.code for each in take.warnings}
    with PictureReader(path, take.picture) as reader:
        assert [number_of(reader.frame(i)) for i in range(take.picture.length)] == list(range(40))


def test_frames_that_an_avi_dropped_are_held(sources: Path, tmp_path: Path) -> None:
    def gap(parts: list[PacketPart]) -> list[PacketPart]:
        return [replace(part, pts=i + 6 * (i > 9), dts=i + 6 * (i > 9)) for i, part in enumerate(parts)]

    path = remuxed(sources / "plain.avi", tmp_path / "gap.avi", gap)
    take = probe(path, "odd")
    assert (take.picture.length, take.picture.variable, take.picture.start) == (46, True, Fraction(0))
    assert not [each for each in take.warnings if each.code == "cut-short"]
    with PictureReader(path, take.picture) as reader:
        assert [number_of(reader.frame(i)) for i in range(46)] == [*range(10), *[9] * 6, *range(10, 40)]


def test_an_avi_starts_with_its_sound_whatever_its_codec_reorders(tmp_path: Path) -> None:
    recipe = replace(SOURCES["open.avi"], sound=SoundRecipe("impulses", codec="pcm_s16le"))
    take = probe(numbered_clip(tmp_path / "with_sound.avi", recipe), "odd")
    assert take.sound is not None
    assert (take.picture.start, take.sound.start) == (Fraction(0), Fraction(0))


RATES = {
    "high.mkv": Fraction(240),
    "high.flv": Fraction(240),
    "ntsc.mkv": Fraction(120000, 1001),
    "ntsc.flv": Fraction(60000, 1001),
    "film.flv": Fraction(24000, 1001),
    "rare.mkv": Fraction(27),
    "thousand.mkv": Fraction(1000),
}


@pytest.mark.parametrize("name", RATES)
def test_a_rate_in_a_container_that_counts_milliseconds_is_exact(name: str, tmp_path: Path) -> None:
    picture = probe(numbered_clip(tmp_path / name, small(rate=RATES[name])), "odd").picture
    assert (picture.grid.rate, picture.length, picture.variable) == (RATES[name], 40, False)


def test_the_rate_of_a_stream_without_times_is_its_own(tmp_path: Path) -> None:
    picture = probe(numbered_clip(tmp_path / "raw.h264", small(rate=Fraction(24))), "odd").picture
    assert (picture.grid.rate, picture.length) == (Fraction(24), 40)


def nothing_in_it(folder: Path, path: Path) -> Path:
    return remuxed(folder / "open.mp4", path, from_key(1))


def noise(_: Path, path: Path) -> Path:
    path.write_bytes(random.Random(5).randbytes(20_000))
    return path


def half_a_packet(folder: Path, path: Path) -> Path:
    path.write_bytes((folder / "open.ts").read_bytes()[:700])
    return path


def no_headers(folder: Path, path: Path) -> Path:
    data = (folder / "open.mp4").read_bytes()
    path.write_bytes(data[data.index(b"mdat") - 4 :])
    return path


def another_container(_: Path, path: Path) -> Path:
    path.write_bytes(b".RMF\0\0\0\x12\0\0\0\0\0\0\0\0\0\6" + bytes(4000))
    return path


REFUSED = {
    "no_parameter_sets.ts": (nothing_in_it, "holds no picture that decodes"),
    "noise.mp4": (noise, "is damaged, incomplete, or no media file"),
    "noise.ts": (noise, "is damaged, incomplete, or no media file"),
    "half_a_packet.ts": (half_a_packet, "holds no picture|is damaged"),
    "no_headers.mp4": (no_headers, "is damaged, incomplete, or no media file"),
    "real_media.mp4": (another_container, "is in a container that is not read here"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_words_that_are_true(
    name: str, sources: Path, tmp_path: Path
) -> None:
    make, says = REFUSED[name]
    with pytest.raises(SourceError, match=rf"^{name}: ({says})") as caught:
        probe(make(sources, tmp_path / name), "odd")
    assert caught.value.fix


# name: length, rate, frames left out.
SHARED = {
    "05d_hevc_cut_noedit.mp4": (96, 24, 3),
    "06_h264_cut_opengop.mp4": (96, 24, 0),
    "07_ts_joined_midway.ts": (72, 24, 12),
    "24_fragmented.mp4": (60, 30, 0),
    "27_240fps.mkv": (120, 240, 0),
    "28_h264_bframes.avi": (36, 24, 0),
    "32_clean.ts": (36, 24, 0),
    "32b_mpeg_ps.mpg": (36, 24, 0),
    "32e_avchd.m2ts": (36, 24, 0),
}


@pytest.mark.media
@pytest.mark.parametrize("name", SHARED)
def test_the_shared_odd_files_read_as_their_list_says(name: str, media: Media) -> None:
    length, rate, skipped = SHARED[name]
    path = media(f"odd/{name}")
    take = probe(path, "odd")
    picture = take.picture
    assert (picture.length, picture.decoded, picture.grid.rate) == (length, length, Fraction(rate))
    assert midway_note(take) == ([skipped] if skipped else [])
    with PictureReader(path, picture) as reader:
        planes = [luma(reader.frame(i)).astype(np.float32).copy() for i in range(length)]
    # They show a moving pattern: no frame is another one again, and none is far from its neighbours.
    steps = [float(np.abs(a - b).mean()) for a, b in pairwise(planes)]
    assert min(steps) > 0.05
    assert max(steps) < 6 * float(np.median(steps))
