from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from post.errors import SourceError
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from post.takes.probe import probe, probe_sound_file
from post.values.colour import Colour
from tests.made.broken import cut_short, nested_boxes, patched
from tests.made.numbered import small
from tests.made.work import count_bytes_read, count_lines

Made = Callable[..., Path]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A small clip with changes to its recipe, by file name."""

    def make(name: str = "clip.mp4", **changes: object) -> Path:
        return make_clip(tmp_path / name, small(**changes))

    return make


def test_a_take_is_its_file(made: Made) -> None:
    path = made(frames=5)
    take = probe(path, "opening")
    assert take.name == "opening"
    assert take.file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (take.file.name, take.file.here, take.bytes) == ("clip.mp4", path, path.stat().st_size)
    assert take.credential == "unsigned"
    assert take.sound is None
    assert "mp4" in take.container


@pytest.mark.parametrize("rate", ["8", "15", "16", "24", "25", "28", "30000/1001", "30"])
@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv"])
def test_every_generators_rate_is_found(rate: str, name: str, made: Made) -> None:
    picture = probe(made(name, rate=Fraction(rate), frames=50), "clip").picture
    assert (picture.grid.rate, picture.length, picture.variable) == (Fraction(rate), 50, False)


@pytest.mark.parametrize(
    ("changes", "depth", "chroma", "pixel_format"),
    [
        ({}, 8, "420", "yuv420p"),
        ({"pixel_format": "yuv422p10le"}, 10, "422", "yuv422p10le"),
        ({"pixel_format": "yuv444p"}, 8, "444", "yuv444p"),
        ({"codec": "png", "pixel_format": "rgb24"}, 8, "444", "rgb24"),
        ({"codec": "png", "pixel_format": "gray"}, 8, "420", "gray"),
        (
            {"codec": "ffv1", "pixel_format": "yuv420p10le", "width": 181, "height": 97},
            10,
            "420",
            "yuv420p10le",
        ),
    ],
)
def test_a_pixel_format_is_told_apart(
    changes: dict[str, object], depth: int, chroma: str, pixel_format: str, made: Made
) -> None:
    picture = probe(
        made("clip.mov" if changes.get("codec") == "png" else "clip.mkv", **changes), "clip"
    ).picture
    assert (picture.depth, picture.chroma, picture.pixel_format) == (depth, chroma, pixel_format)


def test_colour_is_what_the_tags_say(made: Made) -> None:
    colour = Colour(9, 14, 9)
    take = probe(made(colour=colour, pixel_format="yuv420p10le"), "clip")
    assert (take.picture.colour, take.picture.assumed) == (colour, ())


def test_colour_that_is_not_tagged_is_assumed_and_said(made: Made) -> None:
    take = probe(made(), "clip")
    assert take.picture.colour == Colour(1, 1, 6)
    assert take.picture.assumed == ("colour", "range")
    assert any("BT.601 matrix" in str(warning) for warning in take.warnings)
    large = probe(made("large.mp4", width=1280, height=96), "clip").picture
    assert large.colour == Colour(1, 1, 1)


def test_the_jobs_word_on_colour_overrides(made: Made) -> None:
    take = probe(made(), "clip", colour="bt709", range="full")
    assert take.picture.colour == Colour(range="full")
    assert take.picture.assumed == ()


def test_an_untagged_full_range_is_seen_in_the_picture(tmp_path: Path) -> None:
    recipe = small(look="bars", codec="ffv1", colour=Colour(range="full"), gop=1)
    full = make_clip(tmp_path / "full.mkv", recipe)
    untagged = _without_tags(full, tmp_path / "untagged.nut")
    take = probe(untagged, "clip")
    assert (take.picture.colour.range, "range" in take.picture.assumed) == ("full", True)
    assert "range-untagged" in [warning.code for warning in take.warnings]


def _without_tags(source: Path, path: Path) -> Path:
    """The same packets in a container that carries no colour."""
    with av.open(str(source)) as inside, av.open(str(path), "w") as out:
        stream = inside.streams.video[0]
        stream.codec_context.color_range = 0
        copy = out.add_stream_from_template(stream)
        copy.codec_context.color_range = 0
        for packet in inside.demux(stream):
            if packet.dts is not None:
                packet.stream = copy
                out.mux(packet)
    return path


def test_sound_is_measured_from_the_pictures_first_frame(made: Made) -> None:
    late = SoundRecipe(codec="pcm_s16le", start_s=Fraction(1, 2))
    sound = probe(made("clip.mov", sound=late), "clip").sound
    assert sound is not None
    assert (sound.start, sound.samples, sound.rate_hz) == (Fraction(1, 2), 80000, 48000)
    early = probe(made("late.mkv", start_s=Fraction(1), sound=SoundRecipe(codec="flac")), "clip").sound
    assert early is not None
    assert early.start == -1


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("aac24.mp4", SoundRecipe(rate_hz=24000, channels=1)),
        ("aac96.mp4", SoundRecipe(rate_hz=96000)),
        ("aac32.mov", SoundRecipe(rate_hz=32000, channels=6)),
        ("mp3.mp4", SoundRecipe(codec="mp3", rate_hz=44100)),
        ("first.mp4", SoundRecipe(first=True)),
        ("opus.webm", SoundRecipe(codec="libopus", channels=1)),
    ],
)
def test_sound_of_any_kind_is_found(name: str, recipe: SoundRecipe, made: Made) -> None:
    codec = "libvpx-vp9" if name.endswith("webm") else "libx264"
    take = probe(made(name, codec=codec, sound=recipe), "clip")
    assert take.sound is not None
    assert (take.sound.rate_hz, take.sound.channels) == (recipe.rate_hz, recipe.channels)
    assert take.sound.stream == (0 if recipe.first else 1)
    assert take.picture.stream == (1 if recipe.first else 0)
    assert not take.sound.silent
    assert abs(take.sound.samples / recipe.rate_hz - 40 / 24) < 0.06


def test_digital_silence_is_told_from_sound(made: Made) -> None:
    sound = probe(made("clip.mov", sound=SoundRecipe(kind="silence", codec="pcm_s16le")), "clip").sound
    assert sound is not None
    assert sound.silent


def test_cover_art_is_not_the_picture(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", small(frames=5))
    path = tmp_path / "cover.mp4"
    with av.open(str(clip)) as inside, av.open(str(path), "w") as out:
        cover = out.add_stream("png", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "rgb24"
        cover.disposition = av.stream.Disposition.attached_pic
        copy = out.add_stream_from_template(inside.streams.video[0])
        out.mux(cover.encode(av.VideoFrame(64, 64, "rgb24")))
        for packet in inside.demux(video=0):
            if packet.dts is not None:
                packet.stream = copy
                out.mux(packet)
    picture = probe(path, "clip").picture
    assert (picture.codec, picture.width, picture.length) == ("h264", 192, 5)


def test_a_gif_is_a_clip(made: Made) -> None:
    picture = probe(made("clip.gif", codec="gif", pixel_format="rgb8", rate=Fraction(10)), "clip").picture
    assert (picture.length, picture.grid.rate, picture.chroma) == (40, Fraction(10), "444")


def test_tags_are_kept_but_never_a_place(made: Made) -> None:
    tags = (
        ("comment", "made by a model"),
        ("prompt", '{"seed": 7}'),
        ("AIGC", "1"),
        ("location", "+48.20+016.37/"),
        ("com.apple.quicktime.location.ISO6709", "+48.20+016.37/"),
        ("workflow", "x" * 50000),
    )
    kept = dict(probe(made(tags=tags), "clip").tags)
    assert (kept["comment"], kept["prompt"], kept["AIGC"]) == ("made by a model", '{"seed": 7}', "1")
    assert len(kept["workflow"]) == 16384
    assert not any("48.20" in value for value in kept.values())


def test_a_clip_cut_short_a_little_is_used_with_a_warning(made: Made, tmp_path: Path) -> None:
    whole = made("whole.mp4", look="noise", gop=8)
    take = probe(cut_short(whole, tmp_path / "most.mp4", 0.8), "clip")
    assert 24 <= take.picture.length < 40
    assert any("cut short" in str(each) and "of 40 frames" in str(each) for each in take.warnings)


REFUSED: dict[str, tuple[Callable[[Path, Path], Path], str]] = {
    "cut in half": (
        lambda whole, d: cut_short(whole, d / "x.mp4", 0.3),
        "x.mp4: is cut short; expected 40 frames",
    ),
    "no index": (
        lambda whole, d: patched(whole, d / "x.mp4", b"moov", b"junk"),
        "x.mp4: is damaged, incomplete",
    ),
    "empty": (lambda whole, d: cut_short(whole, d / "x.mp4", 0), "x.mp4: is empty; .* got 0 bytes"),
    "text": (
        lambda whole, d: _text(d / "x.mp4", "hello " * 999),
        "x.mp4: is damaged, incomplete, or no media",
    ),
    "a playlist": (lambda whole, d: _text(d / "x.mp4", f"#EXTM3U\n{whole}\n"), "x.mp4: "),
    "a folder": (lambda whole, d: d, "is a folder"),
    "missing": (lambda whole, d: d / "no.mp4", "no.mp4: is missing"),
    "nested": (lambda whole, d: nested_boxes(d / "x.mp4", 50000), "x.mp4: "),
    "encrypted": (lambda whole, d: patched(whole, d / "x.mp4", b"avc1\0\0", b"encv\0\0"), "x.mp4: "),
}


def _text(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.mark.parametrize("how", REFUSED)
def test_a_file_that_cannot_be_used_says_so_at_once(how: str, made: Made, tmp_path: Path) -> None:
    breaks, message = REFUSED[how]
    path = breaks(made("whole.mp4", look="noise", gop=8), tmp_path)
    faults: list[SourceError] = []
    lines: list[int] = []

    def refuse() -> None:
        with pytest.raises(SourceError, match=message) as caught:
            probe(path, "clip")
        faults.append(caught.value)

    read = count_bytes_read(lambda: lines.append(count_lines(refuse)))
    assert read < 8 * (path.stat().st_size if path.exists() else 0) + 100_000
    assert lines[0] < 10_000
    (fault,) = faults
    assert fault.where
    assert fault.expected
    assert fault.fix


def test_really_encrypted_video_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "secret.mp4"
    secret = {
        "encryption_scheme": "cenc-aes-ctr",
        "encryption_key": "0" * 31 + "1",
        "encryption_kid": "0" * 32,
    }
    clip = make_clip(tmp_path / "clip.mp4", small(frames=9))
    with av.open(str(clip)) as inside, av.open(str(path), "w", options=secret) as out:
        copy = out.add_stream_from_template(inside.streams.video[0])
        for packet in inside.demux(video=0):
            if packet.dts is not None:
                packet.stream = copy
                out.mux(packet)
    with pytest.raises(SourceError, match=r"secret.mp4: is encrypted"):
        probe(path, "clip")


def test_sound_alone_is_no_clip(tmp_path: Path) -> None:
    path = tmp_path / "music.m4a"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = 48000, 0, Fraction(1, 48000)
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    with pytest.raises(SourceError, match="holds no picture; .* got only sound"):
        probe(path, "clip")
    assert probe_sound_file(path).silent


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.mp4"
    os.mkfifo(path)
    with pytest.raises(SourceError, match="is no file"):
        probe(path, "clip")


def test_a_held_frame_in_the_middle_is_a_varying_rate_and_said(tmp_path: Path) -> None:
    stamps = tuple(i * 512 + (2048 if i >= 20 else 0) for i in range(40))
    recipe = replace(ClipRecipe(), width=192, height=96, frames=40, stamps=stamps, tick=Fraction(1, 12288))
    take = probe(make_clip(tmp_path / "clip.mp4", recipe), "clip")
    assert (take.picture.length, take.picture.decoded, take.picture.variable) == (44, 40, True)
    assert any("40 frames on a grid of 44 at 24 fps" in str(warning) for warning in take.warnings)
