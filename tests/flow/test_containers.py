"""A clip in each container of the list is finished, and `verify` knows each."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest

from post.values.files.container import CONTAINERS
from tests.flow.commands import Answer
from tests.flow.warm_commands import answerprint

# By FFmpeg's name of the container: the file's ending, and how it is encoded.
PICTURES = {
    "mov": (".mov", "-c:v libx264"),
    "matroska": (".mkv", "-c:v libx264"),
    "avi": (".avi", "-c:v mpeg4 -bf 1"),
    "mpegts": (".ts", "-c:v libx264"),
    "mpeg": (".mpg", "-c:v mpeg2video -bf 2"),
    "mxf": (".mxf", "-c:v mpeg2video -bf 2"),
    "nut": (".nut", "-c:v mpeg4"),
    "ogg": (".ogv", "-c:v libtheora"),
    "flv": (".flv", "-c:v libx264"),
    "ivf": (".ivf", "-c:v libvpx-vp9 -deadline realtime"),
    "gif": (".gif", "-c:v gif"),
    "apng": (".apng", "-c:v apng -f apng"),
    "yuv4mpegpipe": (".y4m", "-pix_fmt yuv420p"),
    "h264": (".h264", "-c:v libx264"),
    "hevc": (".hevc", "-c:v libx265 -x265-params log-level=none"),
    "obu": (".obu", "-c:v libaom-av1 -cpu-used 8 -usage realtime"),
    "m4v": (".m4v", "-c:v mpeg4 -f m4v"),
    "asf": (".wmv", "-c:v wmv2"),
    "dv": (".dv", "-c:v dvvideo -s 720x576 -pix_fmt yuv420p"),
}
SOUNDS = {
    "wav": (".wav", "-c:a pcm_s16le"),
    "w64": (".w64", "-c:a pcm_s16le"),
    "aiff": (".aiff", "-c:a pcm_s16be"),
    "caf": (".caf", "-c:a pcm_s16be"),
    "flac": (".flac", "-c:a flac"),
    "mp3": (".mp3", "-c:a libmp3lame"),
    "aac": (".aac", "-c:a aac"),
    "ac3": (".ac3", "-c:a ac3"),
    "eac3": (".eac3", "-c:a eac3"),
    "au": (".au", "-c:a pcm_s16be"),
}
# Kinds that can carry credentials, in an ID3 tag too: of these is said that there are none.
CARRYING = {"mov", "avi", "gif", "apng", "wav", "flac", "mp3", "aac"}
ALL = PICTURES | SOUNDS


def make(folder: Path, name: str) -> Path:
    ending, how = ALL[name]
    path = folder / f"{name}{ending}"
    source = "testsrc2=s=96x64:r=25:d=0.4" if name in PICTURES else "sine=f=440:d=1"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", source, *how.split()]
    subprocess.run([*command, "-y", str(path)], check=True, stdin=subprocess.DEVNULL)
    return path


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    """A folder with a clip in each container, and what `finish` said of a job of all of them."""
    folder = tmp_path_factory.mktemp("containers")
    files = {name: make(folder, name).name for name in ALL}
    job = {
        "schema": "Job.1",
        "title": "All",
        "clock": 25,
        "house": "plain",
        "takes": {name: files[name] for name in PICTURES},
        "cut": [{"take": name, "length": "5f"} for name in PICTURES],
        "sound": {"music": [{"file": files[name]} for name in SOUNDS]},
        "deliver": [{"preset": "draft", "width": 96, "height": 64, "picture": {"preset": "ultrafast"}}],
    }
    (folder / "job.yaml").write_text(json.dumps(job), "utf-8")  # JSON is YAML
    return folder, answerprint(
        folder, "finish", folder / "job.yaml", "-o", folder / "out", "--store", folder / "store", "--json"
    )


def test_the_list_is_the_one_that_is_tried() -> None:
    assert list(ALL) == [kind.demuxer for kind in CONTAINERS]
    assert set(PICTURES) == {kind.demuxer for kind in CONTAINERS if kind.picture}


@pytest.mark.slow
def test_a_clip_in_each_container_is_finished(finished: tuple[Path, Answer]) -> None:
    (film,) = finished[1].data["deliverables"]
    assert (film["frames"], film["fps"], film["signed"]) == (5 * len(PICTURES), "25/1", True)


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_each_container_is_known_to_verify(name: str, finished: tuple[Path, Answer]) -> None:
    folder = finished[0]
    found = answerprint(folder, "verify", folder / f"{name}{ALL[name][0]}", "--json")
    codes = {row["code"]: row["why"] for row in json.loads(found.out)["findings"]}
    if name in CARRYING:
        assert (found.code, list(codes)) == (6, ["manifest.absent"])
    else:
        assert (found.code, list(codes)) == (7, ["container.unsupported"])
        assert codes["container.unsupported"] == "this kind of file cannot carry Content Credentials"
