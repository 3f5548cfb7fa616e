"""Every shipped deliverable, made with its real encoder and decoded by an independent decoder."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import av
import imageio_ffmpeg
import pytest

import presets
from tests.flow import commands, warm_commands
from tests.flow_job import JOB, make_clips

SHIPPED = sorted(path.stem for path in (Path(presets.__file__).parent / "deliver").glob("*.yaml"))
# The expected codec tag, pixel format and sound of each.
KINDS = {
    "av1-10bit": ("av01", "yuv420p10le", "aac"),
    "av1-10bit-grain": ("av01", "yuv420p10le", "aac"),
    "hevc-10bit": ("hvc1", "yuv420p10le", "aac"),
    "prores-422hq": ("apch", "yuv422p10le", "pcm_s24le"),
}
SURROUND = ("surround-16x9",)
# At 23.976 frames a second a film's length is not a whole number of milliseconds or of AAC frames; a frame is
# 2002 samples.
SMALL = JOB.replace("clock: 24", "clock: 23.976").split("deliver:")[0]
HEAD = SMALL.split("cut:")[0]
# Each segment of AV1 starts a worker of its own: these films have few.
ONE_SHOT = HEAD + "cut: [{take: dusk, length: 1s}]\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("codecs")
    make_clips(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_deliverable_plays_as_planned(folder: Path, name: str) -> None:
    film, shortest = (ONE_SHOT, 24) if name.startswith("av1") else (SMALL, 49)
    (folder / f"{name}.yaml").write_text(f"{film}deliver: [{{preset: {name}, width: 256, height: 144}}]\n")
    job, out, store = folder / f"{name}.yaml", folder / name, folder / "store"
    (row,) = finish(name)(folder, "finish", job, "-o", out, "--store", store, "--json").data["deliverables"]
    tag, pixels, sound = KINDS.get(name, ("avc1", "yuv420p", "aac"))
    with av.open(row["path"]) as container:
        context, heard = container.streams.video[0].codec_context, container.streams.audio[0]
        assert (context.codec_tag, context.pix_fmt, heard.codec_context.name) == (tag, pixels, sound)
        tags = context.color_primaries, context.color_trc, context.colorspace, context.color_range
        assert tags == (1, 1, 1, 1)
        assert str(container.streams.video[0].average_rate) == "24000/1001"
    assert frames_of(row["path"]) == row["frames"] >= shortest
    assert samples_of(row["path"], 6 if name in SURROUND else 2) == row["samples"] == row["frames"] * 2002
    assert warm_commands.answerprint(folder, "verify", row["path"]).code == 0


def finish(codec: str) -> Callable[..., commands.Answer]:
    """Returns what runs a command. SVT-AV1 crashes where it starts twice in one process: it needs workers."""
    return commands.answerprint if codec.startswith("av1") else warm_commands.answerprint


def frames_of(path: str) -> int:
    lines = ffmpeg("-i", path, "-map", "0:v", "-f", "framemd5", "-").decode().splitlines()
    return len([line for line in lines if not line.startswith("#")])


def samples_of(path: str, channels: int) -> int:
    return len(ffmpeg("-i", path, "-map", "0:a", "-f", "f32le", "-")) // (4 * channels)


def ffmpeg(*arguments: str) -> bytes:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout


SHORT = (
    HEAD
    + """cut:
  - {take: dusk, length: 1f}
  - {take: sea, length: 2f}
  - {take: tall, length: 1s, transition: 2f}
  - {take: dusk, length: 3f}
label: none
"""
)
ONE_FRAME = HEAD + "cut: [{take: dusk, length: 1f}]\nlabel: none\n"
THREE_FRAMES = HEAD + "cut: [{take: dusk, length: 1f}, {take: sea, length: 2f}]\nlabel: none\n"


FILMS = [(codec, *film) for codec in ("h264", "hevc") for film in ((SHORT, 28), (ONE_FRAME, 1))]


@pytest.mark.slow
@pytest.mark.parametrize(("codec", "cut", "frames"), [*FILMS, ("av1", THREE_FRAMES, 3)])
def test_shots_of_single_frames_are_joined_like_any_other(
    folder: Path, codec: str, cut: str, frames: int
) -> None:
    name, speed = f"{codec}-{frames}", "10" if codec == "av1" else "ultrafast"
    picture = f"picture: {{codec: {codec}, preset: {speed}}}"
    (folder / f"{name}.yaml").write_text(
        f"{cut}deliver: [{{preset: draft, name: film, width: 256, height: 144, {picture}}}]\n"
    )
    films = [finished(folder, name, f"{name}-{n}") for n in range(2)]
    assert frames_of(films[0]["path"]) == frames
    assert films[0]["unsigned_sha256"] == films[1]["unsigned_sha256"]


def finished(folder: Path, job: str, out: str) -> dict[str, str]:
    """Finishes the job in a store of its own; returns the row of its first deliverable."""
    words = (
        "finish",
        folder / f"{job}.yaml",
        "-o",
        folder / out,
        "--store",
        folder / f"{out}-store",
        "--json",
    )
    row: dict[str, str] = finish(job)(folder, *words).data["deliverables"][0]
    return row
