"""Measures what versions cost over one, in CPU seconds, beside what `versions` predicted.

    python -m tests.bench.versions [--work DIR] [--quick] [--scene hooks|matrix]

hooks: a 30 s 1080p spot from real clips in 10 versions, 2 hooks by 5 languages, over one of them alone.
matrix: 36 films, 3 shapes by 3 lengths by 4 languages, over each alone: of those, one language is made alone in each
shape and length, for languages differ in text only.

Every measurement has a store of its own, in which sources are measured and nothing is made. CPU seconds are those of
the command and of all that it starts. Needs ANSWERPRINT_MEDIA; --quick makes small films of 6 s.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench import cpu_seconds, write_json

COMMAND = str(Path(sys.executable).parent / "answerprint")
TAKES = {
    "dog": "ai_clips/ltx2_dog_snow.mp4",
    "penguins": "ai_clips/moviegen_penguins_5s.mp4",
    "rio": "footage/rio_drone_720p.mp4",
    "blocks": "footage/sam2_blocks_topdown.mp4",
    "guitar": "ai_clips/ltx2_guitar_student.mp4",
    "desk": "ai_clips/ltx2_official_student.mp4",
}
# Shot, take, seconds of a spot of 30 s, its way in.
SHOTS = (
    ("open", "dog", 2.0, ""),
    ("birds", "penguins", 4.0, ""),
    ("city", "rio", 8.0, "12f"),
    ("craft", "blocks", 8.0, ""),
    ("play", "guitar", 4.5, ""),
    ("end", "desk", 4.0, ""),
)
TITLES = (("line", 2.5, 2.0), ("claim", 15.0, 3.0), ("close", 27.0, 2.5))
WORDS = {
    "en": ("Winter", "Made to last", "In shops now"),
    "de": ("Winterzeit", "Für die Dauer", "Jetzt im Handel"),
    "fr": ("Hiver", "Fait pour durer", "En magasin"),
    "es": ("Invierno", "Hecho para durar", "Ya en tiendas"),
    "it": ("Inverno", "Fatto per durare", "Nei negozi"),
}
HOOKS = {"dog": "{}", "birds": "{cut: {open: {take: penguins, in: 2.5s}}}"}
LENGTHS = {
    "l30": "{}",
    "l15": "{cut: {only: [open, city, end]}}",
    "l6": "{cut: {only: [open, end]}}",
}
SHAPES = ("social-16x9", "social-1x1", "social-9x16")


@dataclass(frozen=True, slots=True)
class Scene:
    """A job with versions. deliver: the presets of its films; axes: by name, then by value; alone: the names of the
    films that are made alone, for the mean cost of one."""

    name: str
    deliver: tuple[str, ...]
    axes: dict[str, dict[str, str]]
    alone: tuple[str, ...]


def _languages(count: int) -> dict[str, str]:
    return {code: _titles(words) for code, words in list(WORDS.items())[:count]}


def _titles(words: tuple[str, ...]) -> str:
    said = (f"{name}: {{text: {word}}}" for (name, _, _), word in zip(TITLES, words, strict=True))
    return f"{{titles: {{{', '.join(said)}}}}}"


SCENES = {
    "hooks": Scene("hooks", SHAPES[:1], {"language": _languages(5), "hook": HOOKS}, (f"{SHAPES[0]}-en-dog",)),
    "matrix": Scene(
        "matrix",
        SHAPES,
        {"language": _languages(4), "length": LENGTHS},
        tuple(f"{shape}-en-{length}" for shape in SHAPES for length in LENGTHS),
    ),
}


def job_text(scene: Scene, media: Path, *, quick: bool) -> str:
    """Returns the job of a scene. quick: a fifth as long, and small."""
    share = 0.2 if quick else 1.0
    size = ", width: 320, height: 180, picture: {preset: ultrafast}" if quick else ""
    return "\n".join([
        "schema: Job.2", f"title: Versions {scene.name}", "clock: 24", "house: daylight", "takes:",
        *(f"  {name}: {media / path}" for name, path in TAKES.items()),
        "cut:",
        *(
            f"  - {{id: {shot}, take: {take}, length: {seconds * share:g}s"
            f"{f', transition: {way}' if way and not quick else ''}}}"
            for shot, take, seconds, way in SHOTS
        ),
        "titles:",
        *(
            f"  - {{id: {name}, text: {word}, at: {at * share:g}s, length: {max(seconds * share, 0.5):g}s}}"
            for (name, at, seconds), word in zip(TITLES, WORDS["en"], strict=True)
        ),
        f"sound: {{music: [{{file: {media / 'audio_music/sonicpi_loop_garzul.flac'}, loop: true}}]}}",
        "deliver:", *(f"  - {{preset: {name}, name: {name}{size}}}" for name in scene.deliver),
        "versions:", "  axes:",
        *(
            f"    {axis}: {{{', '.join(f'{value}: {over}' for value, over in values.items())}}}"
            for axis, values in scene.axes.items()
        ),
    ])  # fmt: skip


class Room:
    """A folder with a job, and a store in which its sources are measured."""

    def __init__(self, folder: Path, scene: Scene, media: Path, *, quick: bool) -> None:
        self.folder, self.job = folder / scene.name, folder / scene.name / "job.yaml"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.job.write_text(job_text(scene, media, quick=quick) + "\n", "utf-8")
        self.measured = self.folder / "store"

    def run(self, *words: str, store: Path) -> tuple[Any, float]:
        """Runs a command, and returns its JSON and its CPU seconds."""
        before = cpu_seconds()
        around = {**os.environ, "HOME": str(self.folder)}
        command = [COMMAND, *words, "--store", str(store), "--json"]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=around)
        return json.loads(done.stdout), cpu_seconds() - before

    def finish(self, only: str) -> float:
        """Makes the films that `only` asks for, from nothing but measured sources, and returns the CPU seconds."""
        store, out = self.folder / "made", self.folder / "out"
        for place in (store, out):
            shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.measured, store, symlinks=True)
        return self.run(
            "finish", str(self.job), "-o", str(out), *(("--only", only) if only else ()), store=store
        )[1]

    def predicted(self, only: str = "") -> dict[str, Any]:
        """Returns what `versions` says of films before any is made."""
        words = ("--only", only) if only else ()
        found: dict[str, Any] = self.run("versions", str(self.job), *words, store=self.measured)[0]
        return found


def measure(scene: Scene, folder: Path, media: Path, *, quick: bool) -> dict[str, Any]:
    """Returns what a scene costs, as measured and as predicted."""
    room = Room(folder, scene, media, quick=quick)
    said = room.predicted()  # measures the sources too
    planning = room.run("versions", str(room.job), store=room.measured)[1]
    alone = [room.finish(name) for name in scene.alone]
    ratios = [room.predicted(name)["cpu"]["seconds"] for name in scene.alone]
    whole = room.finish("")
    films = len(said["versions"])
    return {
        "films": films,
        "frames_over_one": said["work"]["cost_of_one"],
        "planning_warm_cpu_s": round(planning, 1),
        "alone_cpu_s": [round(each, 1) for each in alone],
        "whole_cpu_s": round(whole, 1),
        "over_one": round(whole / max(alone), 3),
        "share_of_each_alone": round(whole / (films * mean(alone)), 3),
        "predicted": {
            "alone_cpu_s": ratios,
            "whole_cpu_s": said["cpu"]["seconds"],
            "over_one": round(said["cpu"]["seconds"] / max(ratios), 3),
            "share_of_each_alone": round(said["cpu"]["seconds"] / (films * mean(ratios)), 3),
        },
    }


def _lines(name: str, found: dict[str, Any]) -> Iterator[str]:
    guess = found["predicted"]
    yield f"{name}: {found['films']} films, {found['frames_over_one']} times the frames of one"
    for key in ("whole_cpu_s", "over_one", "share_of_each_alone"):
        off = guess[key] / found[key] - 1
        yield f"  {key:20} measured {found[key]:8}  predicted {guess[key]:8}  ({off:+.0%})"


def main(arguments: list[str]) -> int:
    """Measures the scenes asked for, prints what was found, and writes it as JSON."""
    parser = ArgumentParser(prog="python -m tests.bench.versions")
    parser.add_argument("--work", default="")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--scene", choices=list(SCENES), default="")
    asked = parser.parse_args(arguments)
    media = Path(os.environ["ANSWERPRINT_MEDIA"])
    with TemporaryDirectory() as made:
        folder = Path(asked.work or made)
        result = {}
        for name in [asked.scene] if asked.scene else list(SCENES):
            result[name] = measure(SCENES[name], folder, media, quick=asked.quick)
            print("\n".join(_lines(name, result[name])), flush=True)
        write_json(folder / "versions.json", result)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
