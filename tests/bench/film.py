"""Makes the film that is timed: two clips of its own size, a look, grain, a title, a label and sound.

Its clips are made once into a work folder: from a generated clip and a camera's where ANSWERPRINT_MEDIA
names a folder that holds them, else from FFmpeg's own sources with noise. Both are H.264 4:2:0 with AAC.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

RATE = 24
REAL = ("ai_clips/ltx2_dog_snow.mp4", "footage/rio_drone_720p.mp4")
MADE = ("mandelbrot=size={size}:rate=24", "testsrc2=size={size}:rate=24")
CLIPS = ("one.mp4", "two.mp4")
TITLE_AT_S, TITLE_SHARE = 0.05, 0.3  # of the film's length
CRF = "18"


@dataclass(frozen=True, slots=True)
class Film:
    """A film's size, its length and its encoder preset. repeats: how often its two shots are repeated; titled_s: how
    long its title shows, 0 for TITLE_SHARE of it."""

    name: str
    width: int
    height: int
    seconds: int
    preset: str = "medium"
    repeats: int = 1
    titled_s: float = 0

    @property
    def size(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def frames(self) -> int:
        return self.seconds * RATE

    @property
    def shot_s(self) -> float:
        return self.seconds / len(CLIPS) / self.repeats

    @property
    def frame_bytes(self) -> int:
        return self.width * self.height * 3 // 2

    @property
    def title_s(self) -> tuple[float, float]:
        """Returns when the title appears, and when it has disappeared, in seconds."""
        come = self.seconds * TITLE_AT_S
        return come, come + (self.titled_s or self.seconds * TITLE_SHARE)


def write_job(film: Film, clips: Path, path: Path, *, match: bool = False) -> None:
    """Writes the job file of the film, for the clips in a folder. match: matches every shot to the first."""
    shots = "".join(f"  - {{take: {Path(name).stem}, length: {film.shot_s}s}}\n" for name in CLIPS)
    come, gone = film.title_s
    path.write_text(
        "schema: Job.2\ntitle: Bench\nclock: 24\nhouse: daylight\n"
        f"match: {'one' if match else 'none'}\n"
        f"takes: {{one: {clips / CLIPS[0]}, two: {clips / CLIPS[1]}}}\n"
        f"cut:\n{shots * film.repeats}"
        f"titles:\n  - {{text: Twice the dog, at: {come:g}s, length: {gone - come:g}s}}\n"
        f"sound:\n  music:\n    - {{file: {clips / 'music.wav'}, gain: -12 dB, loop: true}}\n"
        "deliver:\n"
        f"  - {{preset: social-16x9, name: film, width: {film.width}, height: {film.height},"
        f" picture: {{crf: {CRF}, preset: {film.preset}}}}}\n",
        "utf-8",
    )


def make_clips(film: Film, folder: Path) -> Path:
    """Makes the film's two clips and its music in a folder of their own, kept between runs; returns the folder."""
    real = os.environ.get("ANSWERPRINT_MEDIA")
    kind = "real" if real and all((Path(real) / name).exists() for name in REAL) else "made"
    clips = folder / f"{kind}-{film.size}-{film.shot_s:g}s"
    clips.mkdir(parents=True, exist_ok=True)
    sources = _real(Path(real or "")) if kind == "real" else _made(film.size)
    for name, source in zip(CLIPS, sources, strict=True):
        if not (clips / name).exists():
            _ffmpeg(*source, *_clip(film), to=clips / name)
    if not (clips / "music.wav").exists():
        tone = "aevalsrc=0.2*sin(2*PI*220*t)+0.1*sin(2*PI*331*t)|0.2*sin(2*PI*262*t):s=48000:d=4"
        _ffmpeg("-f", "lavfi", "-i", tone, to=clips / "music.wav")
    return clips


def _real(root: Path) -> list[list[str]]:
    """Returns ffmpeg's arguments for real clips: the generated one has sound, the camera's gets noise."""
    dog, rio = (str(root / name) for name in REAL)
    noise = ["-f", "lavfi", "-i", "anoisesrc=color=pink:amplitude=0.1:seed=2"]
    # Played back and forth where the clip is shorter than the shot.
    loop = ["-stream_loop", "-1"]
    return [[*loop, "-i", dog, *_mapped("0:a")], [*loop, "-i", rio, *noise, *_mapped("1:a")]]


def _made(size: str) -> list[list[str]]:
    """Returns ffmpeg's arguments for its own test pictures and noise."""
    noise = ["-f", "lavfi", "-i", "anoisesrc=color=pink:amplitude=0.1:seed=1"]
    return [["-f", "lavfi", "-i", graph.format(size=size), *noise, *_mapped("1:a")] for graph in MADE]


def _mapped(sound: str) -> list[str]:
    return ["-map", "0:v", "-map", sound]


def _clip(film: Film) -> list[str]:
    fill = f"scale={film.width}:{film.height}:force_original_aspect_ratio=increase:flags=lanczos"
    shape = f"{fill}:out_color_matrix=bt709:out_range=tv,crop={film.width}:{film.height},setsar=1"
    tags = ["-color_primaries", "1", "-color_trc", "1", "-colorspace", "1", "-color_range", "1"]
    return [
        "-vf", f"fps={RATE},{shape},noise=alls=2:allf=t,format=yuv420p", *tags,
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "16", "-g", "48",
        "-c:a", "aac", "-ar", "48000", "-ac", "2", "-b:a", "192k", "-t", f"{film.shot_s:g}",
    ]  # fmt: skip


def _ffmpeg(*arguments: str, to: Path) -> None:
    # So a killed run leaves no incomplete clip under the clip's name.
    part = to.with_name(f"part-{to.name}")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", *arguments, str(part)]
    subprocess.run(command, check=True)
    part.replace(to)
