"""A whole film in CPU seconds: Answerprint over its floor, beside FFmpeg and moviepy, all in one run.

    python -m tests.bench.finish [--work DIR] [--sizes 1080p,2160p] [--moviepy PYTHON] [--rounds N] [--quick]

10 s at 24 fps, x264 medium, crf 18: look, grain, title, label, sound, and (ours alone) checked, reported and
signed. CPU seconds are user and system time of a process and all it starts; the least of the rounds.

The floor is decoding both sources plus encoding the same finished frames with the same encoder and
settings, by a bare script, with one encoder thread or two, whichever is cheaper. The frames are read raw
from the page cache; what reading them costs is measured and taken off.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import imageio_ffmpeg

from tests.bench import timed, write_json
from tests.bench.film import Film, make_clips, write_job
from tests.bench.recipe import Planned, planned, write_encoding, write_frames, write_recipe

PEERS = Path(__file__).parent / "peers"
SIZES = {
    "1080p": Film("1080p", 1920, 1080, 10),
    "2160p": Film("2160p", 3840, 2160, 10),
}
QUICK = Film("180p", 320, 180, 2, preset="ultrafast")
# What moviepy is timed on: two lengths, so that a frame's cost is told apart from starting up.
EXCERPTS = {"1080p": (12, 36), "2160p": (6, 18), "180p": (6, 12)}
LIBRARIES = ("answerprint", "av", "numpy", "halide", "imageio-ffmpeg", "c2pa-python")
WORKERS = "2"


@dataclass(frozen=True, slots=True)
class Scene:
    """A film made ready to be timed in a folder of its own. python: that has moviepy, or ""."""

    plan: Planned
    folder: Path
    python: str = ""

    @property
    def job(self) -> Path:
        return self.folder / "job.yaml"


def main(arguments: list[str]) -> None:
    asked = _asked(arguments)
    films = [QUICK] if asked.quick else [SIZES[name] for name in asked.sizes.split(",")]
    with TemporaryDirectory() as scratch:
        work = Path(asked.work or scratch).resolve()
        # Keys and store of its own: nothing of the user's is read, or found already made.
        os.environ["ANSWERPRINT_CONFIG"] = str(work / "config")
        result = {film.name: bench(film, work, asked) for film in films}
    for name, got in result.items():
        print(table(name, got))
    write_json(Path("bench-finish.json"), {"machine": machine(), "films": result})


def _asked(arguments: list[str]) -> Namespace:
    parser = ArgumentParser(prog="python -m tests.bench.finish")
    parser.add_argument("--work", default="", help="where clips are kept between runs")
    parser.add_argument("--sizes", default=",".join(SIZES))
    parser.add_argument("--moviepy", default="", help="a Python that has moviepy 2")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="a film of 320x180: shows that it runs")
    return parser.parse_args(arguments)


def bench(film: Film, work: Path, asked: Namespace) -> dict[str, Any]:
    """Everything about one film. Raw frames (750 MB at 1080p, 3 GB at 2160p) are removed at the end."""
    clips = make_clips(film, work)
    folder = work / f"finish-{film.name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_job(film, clips, folder / "job.yaml")
    scene = Scene(planned(film, folder / "job.yaml"), folder, asked.moviepy)
    raw = folder / "frames.raw"
    try:
        write_frames(scene.plan, raw, film.frames)
        rounds = [one_round(scene, raw) for _ in range(asked.rounds)]
    finally:
        raw.unlink(missing_ok=True)
    cpu = {name: min(each[name] for each in rounds) for name in rounds[0]}
    return {"cpu_s": cpu, **summed(cpu, film), "parts": parts(scene), "load": os.getloadavg()}


def one_round(scene: Scene, raw: Path) -> dict[str, float]:
    """CPU seconds of everything, by turns: ours between the two floors, so that a drift falls on both."""
    film, folder = scene.plan.film, scene.folder
    encodings = {
        threads: write_encoding(scene.plan, raw, folder / f"floor{threads}.json", film.frames, threads)
        for threads in (1, 2)
    }
    recipe = write_recipe(scene.plan, folder / "recipe")
    shutil.rmtree(folder / "store", ignore_errors=True)
    spent = {
        "decode": cpu(peer("floor.py", "decode", *scene.plan.clips)),
        "read": cpu(peer("floor.py", "read", encodings[1])),
        "encode, 1 thread": cpu(peer("floor.py", "encode", encodings[1])),
        "answerprint": cpu(answerprint(scene)),
        "answerprint again": cpu(answerprint(scene)),
        "encode, 2 threads": cpu(peer("floor.py", "encode", encodings[2])),
        "ffmpeg": cpu(peer("graph.py", recipe, folder / "ffmpeg.mp4")),
    }
    return spent | (moviepy(scene, recipe) if scene.python else {})


def moviepy(scene: Scene, recipe: Path) -> dict[str, float]:
    """CPU seconds of two excerpts in which the title stands for the share of the film it has in the whole."""
    film = scene.plan.film
    gone = round(film.title_s[1] * 24)
    spent = {}
    for name, frames in zip(("short", "long"), EXCERPTS[film.name], strict=True):
        first = gone - round(0.3 * frames)
        script = [scene.python, PEERS / "moviepy_film.py", recipe, first, first + frames]
        spent[f"moviepy, {name}"] = cpu([*script, scene.folder / f"moviepy-{name}.mp4"])
    return spent


def summed(cpu: dict[str, float], film: Film) -> dict[str, Any]:
    """The floor, what each took for the whole film, and each over the floor."""
    encode = min(cpu["encode, 1 thread"], cpu["encode, 2 threads"]) - cpu["read"]
    whole = {"floor": cpu["decode"] + encode, "answerprint": cpu["answerprint"], "ffmpeg": cpu["ffmpeg"]}
    if "moviepy, long" in cpu:
        short, long = EXCERPTS[film.name]
        frame = (cpu["moviepy, long"] - cpu["moviepy, short"]) / (long - short)
        whole["moviepy"] = cpu["moviepy, short"] + frame * (film.frames - short)
    ratios = {name: round(spent / whole["floor"], 3) for name, spent in whole.items() if name != "floor"}
    return {"film_cpu_s": {name: round(spent, 2) for name, spent in whole.items()}, "over_floor": ratios}


def answerprint(scene: Scene) -> list[object]:
    command = Path(sys.executable).parent / "answerprint"
    out, store = scene.folder / "out", scene.folder / "store"
    return [command, "finish", scene.job, "-o", out, "--store", store, "--workers", WORKERS, "--json"]


def peer(script: str, *arguments: object) -> list[object]:
    return [sys.executable, PEERS / script, *arguments]


def cpu(command: list[object]) -> float:
    return round(timed(lambda: run(command)), 3)


def run(command: list[object]) -> str:
    """What a command says on stdout; its complaint ends the bench."""
    words = [str(word) for word in command]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}\n{done.stderr}")
    return done.stdout


def parts(scene: Scene) -> dict[str, float]:
    """Where ours go, from a run of its own in one process."""
    out = scene.folder / "parts"
    command = [sys.executable, "-m", "tests.bench.parts", scene.job, out, os.environ["ANSWERPRINT_CONFIG"]]
    told: dict[str, float] = json.loads(run(command))
    return told


def table(name: str, got: dict[str, Any]) -> str:
    rows = [f"{name}: CPU seconds for the film, and over the floor (load {got['load'][0]:.1f})"]
    for who, spent in got["film_cpu_s"].items():
        rows.append(f"  {who:12} {spent:8.1f}  {got['over_floor'].get(who, 1):6.2f}")
    again = got["cpu_s"]["answerprint again"]
    rows.append(f"  a second run of ours, everything kept: {again:.1f} s")
    rows.append("  ours in one process: " + ", ".join(f"{what} {s:.2f}" for what, s in got["parts"].items()))
    return "\n".join(rows)


def machine() -> dict[str, Any]:
    told = run([imageio_ffmpeg.get_ffmpeg_exe(), "-version"]).split("\n")[0]
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "ffmpeg": told,
        "versions": {name: version(name) for name in LIBRARIES},
    }


def processor() -> str:
    info = Path("/proc/cpuinfo")
    names = (
        [line for line in info.read_text().splitlines() if line.startswith("model name")]
        if info.exists()
        else []
    )
    return names[0].split(": ")[1] if names else platform.processor()


if __name__ == "__main__":
    main(sys.argv[1:])
