from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av import VideoFrame

from post.errors import SourceError
from post.takes import picture as picture_module
from post.takes.index import PacketEntry, PacketIndex
from post.takes.made.synthetic import ClipRecipe, SoundRecipe
from post.takes.picture import KEPT, PictureReader
from post.takes.probe import probe
from post.values.time import Span
from tests.made.numbered import number_of, numbered_clip, small

X264 = (("x264-params", "b-adapt=0:scenecut=0"), ("preset", "veryfast"))
OPEN_GOP = (("x264-params", "b-adapt=0:scenecut=0:open-gop=1:bframes=3"), ("preset", "veryfast"))

CLIPS: dict[str, ClipRecipe] = {
    "plain.mp4": small(),
    "one_key.mp4": small(gop=999, b_frames=3, options=X264),
    "short_groups.mp4": small(gop=5, b_frames=2, options=X264),
    "open_groups.mp4": small(gop=8, b_frames=3, options=OPEN_GOP),
    "open_groups.mkv": small(gop=8, b_frames=3, options=OPEN_GOP),
    "intra.mp4": small(gop=1, b_frames=0),
    "millis.mkv": small(gop=7, rate=Fraction(30000, 1001), options=X264),
    "hevc.mov": small(codec="libx265", gop=9, pixel_format="yuv420p10le"),
    "part2.mp4": small(codec="mpeg4", gop=6, b_frames=2),
    "part2.avi": small(codec="mpeg4", gop=6, b_frames=0),
    "part2_reordered.avi": small(codec="mpeg4", gop=6, b_frames=2),
    "transport.ts": small(gop=8, options=X264, sound=SoundRecipe(codec="mp2")),
    "prores.mov": small(codec="prores_ks", pixel_format="yuv422p10le"),
    "vp8.webm": small(codec="libvpx", gop=10),
    "vp9.webm": small(codec="libvpx-vp9", gop=10),
    "rgb.mov": small(codec="png", pixel_format="rgb24"),
    "lossless.mkv": small(codec="ffv1", pixel_format="yuv444p", gop=1),
    "raw.h264": small(gop=8, options=X264),
    "late.mp4": small(gop=8, options=X264, start_s=Fraction(7, 3), sound=SoundRecipe(first=True)),
}


def order_of(length: int) -> list[int]:
    """Every frame of a clip, forwards, backwards, and at random."""
    frames = list(range(length))
    mixed = frames[:]
    random.Random(7).shuffle(mixed)
    return [*frames, *reversed(frames), *mixed]


def green(frame: VideoFrame) -> VideoFrame:
    """RGB as planes, so that the pattern can be read."""
    return frame.reformat(format="gbrp") if frame.format.name == "rgb24" else frame


@pytest.mark.parametrize("name", CLIPS)
def test_every_frame_of_the_grid_is_the_frame_of_that_number(name: str, tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / name, CLIPS[name])
    picture = probe(path, "clip").picture
    assert (picture.length, picture.decoded, picture.variable) == (40, 40, False)
    with PictureReader(path, picture) as reader:
        for i in order_of(40):
            assert number_of(green(reader.frame(i))) == i


def test_a_varying_rate_holds_the_frame_that_is_on_display(tmp_path: Path) -> None:
    tick = Fraction(1, 90000)
    stamps = [i * 3000 for i in range(12)] + [36000 + 9000 + i * 3000 for i in range(12)]
    recipe = small(frames=24, rate=Fraction(30), stamps=tuple(stamps), tick=tick, gop=6)
    path = numbered_clip(tmp_path / "gap.mp4", recipe)
    picture = probe(path, "clip").picture
    assert (picture.grid.rate, picture.length, picture.decoded, picture.variable) == (
        Fraction(30),
        27,
        24,
        True,
    )
    shown = [*range(12), 11, 11, 11, *range(12, 24)]
    with PictureReader(path, picture) as reader:
        for i in order_of(27):
            assert number_of(reader.frame(i)) == shown[i]


def edited(source: Path, path: Path, first_s: Fraction) -> Path:
    """The clip cut without decoding, not at a key: what is before `first_s` is left to the edit list."""
    with av.open(str(source)) as inside, av.open(str(path), "w") as out:
        stream = inside.streams.video[0]
        copy = out.add_stream_from_template(stream)
        first = int(first_s / (stream.time_base or Fraction(1)))
        for packet in inside.demux(stream):
            if packet.dts is None or packet.pts is None:
                continue
            packet.pts, packet.dts, packet.stream = packet.pts - first, packet.dts - first, copy
            out.mux(packet)
    return path


def test_an_edit_list_hides_the_frames_before_it(tmp_path: Path) -> None:
    source = numbered_clip(tmp_path / "whole.mp4", small(gop=30, b_frames=2, options=X264))
    path = edited(source, tmp_path / "cut.mp4", Fraction(10, 24))
    picture = probe(path, "clip").picture
    assert picture.length == 30
    with PictureReader(path, picture) as reader:
        for i in order_of(30):
            assert number_of(reader.frame(i)) == i + 10


def counting(reader: PictureReader, monkeypatch: pytest.MonkeyPatch) -> list[VideoFrame | None]:
    """Everything the reader decodes from here on."""
    decoded: list[VideoFrame | None] = []
    decode = reader._next

    def counted() -> VideoFrame | None:
        decoded.append(decode())
        return decoded[-1]

    monkeypatch.setattr(reader, "_next", counted)
    return decoded


@pytest.mark.parametrize("step", [1, 3])
def test_read_backwards_a_long_group_is_decoded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    path = numbered_clip(tmp_path / "clip.mp4", small(gop=999, options=X264))
    with PictureReader(path, probe(path, "clip").picture) as reader:
        decoded = counting(reader, monkeypatch)
        assert number_of(reader.frame(39)) == 39
        assert [number_of(reader.frame(i)) for i in range(39 - step, -1, -step)] == [
            *range(39 - step, -1, -step)
        ]
    # Once to its end, and once more when it is known to be read backwards. Before: 40 * 40 / 2.
    assert len(decoded) <= 2 * 40 + 8


def test_read_backwards_in_little_memory_frames_are_decoded_again_and_stay_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = numbered_clip(tmp_path / "clip.mp4", small(gop=999, options=X264))
    monkeypatch.setattr(picture_module, "KEPT_BACKWARDS", 10 * 192 * 96 * 3 // 2)
    with PictureReader(path, probe(path, "clip").picture) as reader:
        decoded = counting(reader, monkeypatch)
        assert [number_of(reader.frame(i)) for i in reversed(range(40))] == [*reversed(range(40))]
        assert len(reader._kept) <= 10
        assert len(decoded) < 6 * 40
        # Forwards again it keeps no more than it needs.
        assert [number_of(reader.frame(i)) for i in range(40)] == [*range(40)]
        assert len(reader._kept) <= KEPT


def test_rising_reads_decode_each_frame_once_and_never_seek(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = numbered_clip(tmp_path / "clip.mp4", small(gop=8, options=X264))
    with PictureReader(path, probe(path, "clip").picture) as reader:
        starts: list[int | None] = []
        go = reader._go

        def noted(start: int | None) -> None:
            starts.append(start)
            go(start)

        monkeypatch.setattr(reader, "_go", noted)
        decoded = counting(reader, monkeypatch)
        for i in range(39):
            reader.frame(i)
            reader.frame(i + 1)
    assert [start for start in starts if start is not None] == [0]
    assert len(decoded) == 40


def test_a_jump_ahead_goes_through_the_nearest_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = numbered_clip(tmp_path / "clip.mp4", small(gop=8, b_frames=0, options=X264))
    with PictureReader(path, probe(path, "clip").picture) as reader:
        reader.frame(0)
        decoded = counting(reader, monkeypatch)
        assert number_of(reader.frame(33)) == 33
    assert len(decoded) == 2


def test_few_frames_are_kept(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "clip.mp4", small())
    with PictureReader(path, probe(path, "clip").picture) as reader:
        for i in range(20):
            reader.frame(i)
        assert len(reader._kept) == KEPT


def test_a_frame_outside_the_grid_is_refused(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "clip.mp4", small(frames=5))
    with PictureReader(path, probe(path, "clip").picture) as reader:
        for i in (-1, 5):
            with pytest.raises(IndexError, match="of 5"):
                reader.frame(i)


def test_a_file_that_changed_since_it_was_probed_is_refused(tmp_path: Path) -> None:
    picture = probe(numbered_clip(tmp_path / "a.mp4", small(frames=5)), "clip").picture
    path = numbered_clip(tmp_path / "b.mp4", small(frames=6))
    with pytest.raises(SourceError, match="not the file that was probed; expected .*5 frames, got 6 frames"):
        PictureReader(path, picture)
    with pytest.raises(SourceError, match="not the file that was probed"):
        PictureReader(path, replace(picture, stream=3))


def damaged(path: Path, packet: int) -> Path:
    """The clip with one packet of its picture overwritten, in the order of the file."""
    with av.open(str(path)) as container:
        places = [(p.pos, p.size) for p in container.demux(video=0) if p.size]
    at, size = places[packet]
    assert at is not None
    data = bytearray(path.read_bytes())
    data[at + 8 : at + size] = random.Random(1).randbytes(size - 8)
    path.write_bytes(data)
    return path


def test_a_damaged_frame_is_named_and_what_stands_alone_is_still_read(tmp_path: Path) -> None:
    recipe = small(look="noise", gop=10, b_frames=0, options=X264)
    path = numbered_clip(tmp_path / "clip.mp4", recipe)
    picture = probe(path, "clip").picture
    damaged(path, 14)
    with PictureReader(path, picture) as reader:
        readable = [i for i in range(40) if _reads(reader, i)]
        # Frames 15 to 19 are built on 14. The next group of pictures is whole.
        assert readable == [*range(14), *range(20, 40)]
        with pytest.raises(SourceError, match=r"clip.mp4: frame 14 cannot be decoded; .*trim the cut"):
            reader.frame(14)
        for i in (13, 25, 2):
            assert number_of(reader.frame(i)) == i


def _reads(reader: PictureReader, i: int) -> bool:
    try:
        return number_of(reader.frame(i)) == i
    except SourceError:
        return False


def test_one_group_of_pictures_in_any_order_gives_the_same_bytes(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "clip.mp4", small(gop=9, b_frames=3, options=OPEN_GOP))
    picture = probe(path, "clip").picture

    def digest(frame: VideoFrame) -> str:
        return hashlib.md5(frame.to_ndarray().tobytes(), usedforsecurity=False).hexdigest()

    with av.open(str(path)) as container:
        truth = [digest(frame) for frame in container.decode(video=0)]
    with PictureReader(path, picture) as reader:
        assert [digest(reader.frame(i)) for i in order_of(40)] == [truth[i] for i in order_of(40)]


def test_a_frame_shown_before_a_key_is_not_decoded_from_it() -> None:
    """In an open group, frames after the key in the file and before it on screen lean on the group before."""
    packets = [(0, True), (2, False), (1, False), (5, True), (3, False), (4, False), (6, False)]
    entries = tuple(PacketEntry(pts, dts, 1, key, shown=True) for dts, (pts, key) in enumerate(packets))
    index = PacketIndex(entries, tuple(range(7)), 1, Fraction(1, 24), counted=False, cut_short=False)
    assert [list(index.keys_before(pts)) for pts in (1, 3, 4, 5, 6)] == [[0], [0], [0], [3, 0], [3, 0]]


def test_a_key_frame_is_reached_by_decoding_it_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = numbered_clip(tmp_path / "clip.mp4", small(frames=60, gop=12, b_frames=2, options=X264))
    with PictureReader(path, probe(path, "clip").picture) as reader:
        decoded = counting(reader, monkeypatch)
        for key in (48, 24, 36, 12):
            assert number_of(reader.frame(key)) == key
    assert len(decoded) == 4


def test_keys_are_the_frames_that_decode_alone(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "clip.mp4", small(frames=60, gop=12, b_frames=2, options=X264))
    with PictureReader(path, probe(path, "clip").picture) as reader:
        assert reader.keys(Span(0, 60)) == [0, 12, 24, 36, 48]
        assert reader.keys(Span(13, 37)) == [24, 36]
