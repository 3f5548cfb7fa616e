"""Real clips of generators and cameras, against their manifest and against another FFmpeg."""

from __future__ import annotations

import hashlib
import random
import re
import subprocess
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from post.errors import SourceError
from post.takes.picture import PictureReader
from post.takes.probe import probe
from post.takes.sound.decode import read_sound
from post.values.media import Take

Media = Callable[[str], Path]

pytestmark = pytest.mark.media

FOLDERS = {
    "ai_clips": "cogvideox_1 cogvideox_3 diffsynth_office diffsynth_toon_dog_mpeg4 fasthunyuan_hiker"
    " heygen_avatar_a_362x380 kandinsky5_degenerate longcat_vc_motorcycle_480sq ltx2_couple_dialogue"
    " ltx2_dog_snow ltx2_guitar_768x512 ltx2_guitar_student ltx2_guitar_teacher ltx2_official_student"
    " ltx2_official_teacher ltx2_pigeons_768x512 matrixgame2_forest moviegen_penguins_5s",
    "footage": "bbb_trailer_720p_mp3 bikes_street_272p chaplin_filmscan_360p marathon_400p_2997"
    " phone_dog_1080p_vfr rio_drone_720p sam2_blocks_topdown sam2_dog_courtyard sam2_juggle_grass"
    " smpte_bars_1080p25",
    "c2pa": "bench_100kb_bmffhash_mismatch preftyp_uuid_2s video1 video1_adobe_unit video1_no_manifest",
}
CLIPS = [f"{folder}/{name}.mp4" for folder, names in FOLDERS.items() for name in names.split()]
CLIPS.append("c2pa/unsigned_screencap_vfr.mov")
# Read to their ends: varying rates, an odd codec, an odd rate. Of the others, the first frames.
WHOLE = {
    "ai_clips/moviegen_penguins_5s.mp4",
    "ai_clips/diffsynth_toon_dog_mpeg4.mp4",
    "ai_clips/heygen_avatar_a_362x380.mp4",
    "footage/phone_dog_1080p_vfr.mp4",
    "footage/marathon_400p_2997.mp4",
}
FIRST_FRAMES = 32
# The manifest counts packets; this file's edit list hides some.
HIDDEN = {"c2pa/unsigned_screencap_vfr.mov": 64}


@cache
def manifest(root: Path) -> dict[str, str]:
    """Each file's line of details."""
    rows = (line.split("\t") for line in (root / "MANIFEST.tsv").read_text().splitlines()[1:])
    return {row[0]: row[4] for row in rows}


@cache
def taken(path: Path) -> Take:
    return probe(path, "clip")


def ffmpeg(*arguments: str) -> bytes:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-threads", "1", *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout


@pytest.mark.parametrize("name", CLIPS)
def test_a_clip_is_probed_as_the_manifest_has_it(name: str, media: Media) -> None:
    path = media(name)
    details = manifest(path.parents[1])[name]
    take = taken(path)
    shape = re.search(r"v#(\d+) (\w+).* (\d+)x(\d+) (\w+) (\S+)fps range=(\w+)", details)
    assert shape is not None
    stream, codec, width, height, pixel_format, rate, spread = shape.groups()
    picture = take.picture
    assert (picture.stream, picture.codec, picture.pixel_format) == (int(stream), codec, pixel_format)
    assert (picture.width, picture.height) == (int(width), int(height))
    assert ("range" in picture.assumed) == (spread == "unspec")
    assert ("colour" in picture.assumed) == ("colour=untagged" in details)
    frames = re.search(r"; (\d+) frames", details)
    assert frames is not None
    assert picture.decoded == int(frames[1]) - HIDDEN.get(name, 0)
    assert picture.variable == ("VFR" in details)
    if not picture.variable:
        assert picture.grid.rate == Fraction(rate)
        assert picture.length == picture.decoded
    sar = re.search(r"SAR=(\S+);", details)
    assert picture.sar == (Fraction(sar[1]) if sar else 1)
    _check_sound(take, details)
    assert not any("location" in key for key, _ in take.tags)


def _check_sound(take: Take, details: str) -> None:
    heard = re.search(r"a#(\d+) (\S+) .*?(\d+)Hz", details)
    if heard is None:
        assert take.sound is None
        return
    assert take.sound is not None
    assert (take.sound.stream, take.sound.rate_hz) == (int(heard[1]), int(heard[3]))
    assert take.sound.silent == ("digital silence" in details)


@pytest.mark.parametrize("name", CLIPS)
def test_frames_are_those_that_another_ffmpeg_decodes(name: str, media: Media) -> None:
    path = media(name)
    few = () if name in WHOLE else ("-frames:v", str(FIRST_FRAMES))
    lines = ffmpeg("-i", str(path), "-map", "0:v:0", *few, "-fps_mode", "passthrough", "-f", "framemd5", "-")
    rows = [line.split(",") for line in lines.decode().splitlines() if not line.startswith("#")]
    truth = [row[5].strip() for row in rows]
    picture = taken(path).picture
    assert picture.decoded == len(truth) or few
    length = min(picture.length, FIRST_FRAMES) if few else picture.length
    shown = _shown(
        [int(row[2]) for row in rows], lines.decode(), length, picture.grid.rate, variable=picture.variable
    )
    with PictureReader(path, picture) as reader:
        for i in [*random.Random(name).sample(range(length), min(2, length)), *range(length)]:
            frame = reader.frame(i).to_ndarray().tobytes()
            assert hashlib.md5(frame, usedforsecurity=False).hexdigest() == truth[shown[i]], i


def _shown(stamps: list[int], report: str, length: int, rate: Fraction, *, variable: bool) -> list[int]:
    """Which decoded frame is on display at each place of the grid, from the other FFmpeg's own stamps."""
    if not variable:
        return list(range(length))
    tick = Fraction(re.search(r"#tb 0: (\S+)", report)[1])  # type: ignore[index]  # every report has it
    times = [(stamp - stamps[0]) * tick for stamp in stamps]
    return [sum(t <= i / rate + tick / 2 for t in times) - 1 for i in range(length)]


@pytest.mark.parametrize("name", [n for n in CLIPS if n.startswith(("ai_clips/", "footage/"))])
def test_sound_is_what_another_ffmpeg_decodes(name: str, media: Media) -> None:
    path = media(name)
    sound = taken(path).sound
    if sound is None:
        pytest.skip(f"{name} has no sound")
    ours = read_sound(path, sound, sound.rate_hz)
    raw = ffmpeg("-i", str(path), "-map", "0:a:0", "-f", "f32le", "-")
    theirs = np.frombuffer(raw, np.float32).reshape(-1, sound.channels)
    length = min(len(ours), len(theirs))
    assert abs(len(ours) - len(theirs)) <= 2048  # versions differ in what they trim off the end
    assert np.abs(ours[:length] - theirs[:length]).max() < 1e-4


def test_a_stream_without_frames_is_refused(media: Media) -> None:
    for name in ("c2pa/bunny_init.mp4", "c2pa/dashinit.mp4"):
        with pytest.raises(SourceError, match="holds no picture that decodes"):
            probe(media(name), "clip")
