"""Finishes small films from real clips: one that meets every rule, and versions of it that break one each."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg
from PIL import Image, ImageDraw

from post.api.finishing import FinishHooks, FinishOptions, run_finish
from post.api.settings import Settings
from post.engine import InProcess
from post.takes.probe import probe

FOLDERS = ("ai_clips", "footage")
SHAPES = ((640, 360), (360, 640), (480, 480))
SECONDS = Fraction(5, 2)  # of a film
# What is laid over the job for each mutation that is rendered, as YAML.
RENDERED = {
    "good": "{}",
    "missing label": "{label: none}",
    "shrunk label": "{label: {height: 2.6}}",
    "late label": "{label: {at: 0.4s}}",
    "brief label": "{label: {show: initial, dwell: 2s}}",
    "moved label": "{label: {place: bottom-left}}",
    "reworded label": "{label: {text: AIR GENERATOR}}",
    "wrong number": "{titles: {claim: {text: 60 % less sugar}}}",
    "altered claim": "{titles: {claim: {text: 50 % less fat}}}",
    "wrong logo": "{brand: {logo: {file: other.png}}}",
}
CLAIM = "50 % less sugar"


@dataclass(frozen=True, slots=True)
class GuardClip:
    """A clip that a film is made of. start: seconds into it; size: of the film, in pixels."""

    path: Path
    start: float
    size: tuple[int, int]

    @property
    def name(self) -> str:
        return f"{self.path.stem}-{self.size[0]}x{self.size[1]}"


def guard_clips(count: int) -> list[GuardClip]:
    """Returns the clips of so many films: the start of every real clip that is long enough, then another part of each
    that has one, in another shape."""
    media = Path(os.environ["ANSWERPRINT_MEDIA"])
    paths = sorted(path for folder in FOLDERS for path in (media / folder).glob("*.mp4"))
    paths.sort(key=lambda path: (FOLDERS.index(path.parent.name), path.name))
    lengths = {path: _seconds(path) for path in paths}
    long = [path for path in paths if lengths[path] >= SECONDS]
    rounds = [
        GuardClip(path, float(SECONDS * turn), SHAPES[(at + turn) % 3])
        for turn in range(3)
        for at, path in enumerate(long)
        if lengths[path] >= SECONDS * (turn + 1)
    ]
    return rounds[:count]


def _seconds(path: Path) -> Fraction:
    picture = probe(path, path.name).picture
    return picture.grid.seconds(picture.length)


def finished(clip: GuardClip, work: Path, settings: Settings) -> dict[str, Path]:
    """Returns the finished film of each rendered mutation by its name, made where it is not there yet."""
    folder = work / clip.name
    films = {name: folder / f"film-{name.replace(' ', '-')}.mp4" for name in RENDERED}
    if all(path.exists() for path in films.values()):
        return films
    folder.mkdir(parents=True, exist_ok=True)
    _draw_logo(folder / "logo.png", "circle")
    _draw_logo(folder / "other.png", "square")
    _cut(clip, folder / "take.mp4")
    (folder / "job.yaml").write_text(_job(clip), "utf-8")
    places, here = (folder / "job.yaml", folder), InProcess()
    run_finish(places, FinishOptions(), settings, FinishHooks(), pool=here)  # type: ignore[arg-type]  # in this process
    return films


def _cut(clip: GuardClip, out: Path) -> None:
    """Cuts the part of a clip that is shown, at the size of the film: the film is then no reframing of it."""
    width, height = clip.size
    filled = (
        f"scale={width}:{height}:force_original_aspect_ratio=increase,crop={width}:{height},setsar=1,fps=24"
    )
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-ss", str(clip.start), "-t", str(float(SECONDS) + 0.2),
        "-i", str(clip.path), "-an", "-vf", filled, "-c:v", "libx264", "-preset", "veryfast", "-crf", "12",
        "-pix_fmt", "yuv420p", "-threads", "1", str(out),
    ]  # fmt: skip
    subprocess.run(command, check=True)


def _job(clip: GuardClip) -> str:
    width, height = clip.size
    axes = "\n".join(f"      {name.replace(' ', '-')}: {over}" for name, over in RENDERED.items())
    return f"""schema: Job.2
title: Guard
clock: 24
house: plain
takes: {{a: {{file: take.mp4, generator: {{model: bench}}}}}}
cut: [{{take: a, length: {float(SECONDS)}s}}]
titles: [{{id: claim, text: {CLAIM}, at: 0s, length: {float(SECONDS)}s, style: lower-third, language: en}}]
brand: [{{id: logo, file: logo.png, place: top-left, width: 14}}]
label: {{height: 5.5, place: top-right}}
versions:
  name: "{{deliver}}-{{guard}}"
  axes:
    guard:
{axes}
deliver: [{{preset: draft, name: film, width: {width}, height: {height}, picture: {{crf: 20, preset: veryfast}}}}]
provenance: {{key: development, training_mining: notAllowed, xmp: true, aigc: {{producer: Bench7}}}}
"""


def _draw_logo(path: Path, shape: str) -> None:
    image = Image.new("RGBA", (400, 400))
    brush = ImageDraw.Draw(image)
    if shape == "circle":
        brush.ellipse([10, 10, 390, 390], fill="#e4572e")
        brush.polygon([(200, 60), (320, 300), (80, 300)], fill="#ffffff")
        brush.rectangle([180, 180, 220, 280], fill="#17313e")
    else:
        brush.rectangle([20, 20, 380, 380], fill="#2e86ab")
        brush.ellipse([110, 110, 290, 290], fill="#ffffff")
        brush.line([60, 340, 340, 60], fill="#f6c667", width=28)
    image.save(path)
