"""Measures a whole film in CPU seconds: Answerprint over its floor, with FFmpeg and moviepy, all in one run.

    python -m tests.bench.finish [--work DIR] [--sizes 1080p,2160p] [--moviepy PYTHON] [--rounds N] [--quick]

10 s at 24 fps, x264 medium, crf 18: look, grain, title, label, sound, and (ours alone) checked, reported and
signed. CPU seconds are user and system time of a process and all it starts; the least of the rounds.

The floor is decoding both sources plus encoding the same finished frames with the same encoder and
settings, by a bare script of one thread. The frames are read raw from the page cache; the cost
of reading them is measured and subtracted. Work that shares a processor costs more CPU seconds than the same work
alone, so there are two floors: one encoder at a time, for one worker of ours, and two at once, each encoding
half the film, for two workers. FFmpeg and moviepy, which get two threads, are compared with two encoders at
once for the frames that each makes itself: their grain differs from ours, so their films do not cost the same to
encode.
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
from subprocess import PIPE
from tempfile import TemporaryDirectory
from typing import Any

import imageio_ffmpeg

from post.values import Span
from tests.bench import timed, write_json
from tests.bench.film import Film, make_clips, write_job
from tests.bench.own_floor import compared, write_raw
from tests.bench.recipe import Planned, planned, write_encoding, write_frames, write_recipe

PEERS = Path(__file__).parent / "peers"
SIZES = {
    "1080p": Film("1080p", 1920, 1080, 10),
    "2160p": Film("2160p", 3840, 2160, 10),
}
QUICK = Film("180p", 320, 180, 2, preset="ultrafast")
# Two lengths for moviepy, so that the cost of a frame can be separated from that of starting.
EXCERPTS = {"1080p": (12, 36), "2160p": (6, 18), "180p": (6, 12)}
LIBRARIES = ("answerprint", "av", "numpy", "halide", "imageio-ffmpeg", "c2pa-python")


@dataclass(frozen=True, slots=True)
class Scene:
    """A film ready to be timed, in a folder of its own. python: a Python that has moviepy, or ""."""

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
        # Its own keys and store: nothing of the user's is read, and no result exists already.
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
    """Returns all results for one film. Raw frames (750 MB at 1080p, 3 GB at 2160p) are removed at the end."""
    clips = make_clips(film, work)
    folder = work / f"finish-{film.name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_job(film, clips, folder / "job.yaml")
    write_job(film, clips, folder / "matched.yaml", match=True)
    scene = Scene(planned(film, folder / "job.yaml"), folder, asked.moviepy)
    raw = folder / "frames.raw"
    try:
        write_frames(scene.plan, raw, film.frames)
        rounds = [one_round(scene, raw) for _ in range(asked.rounds)]
        films = {who: compared(*pair) for who, pair in _pairs(scene).items()}
    finally:
        for path in folder.glob("*.raw"):
            path.unlink()
    cpu = {name: min(each[name] for each in rounds) for name in rounds[0]}
    return {
        "cpu_s": cpu, **summed(cpu, film), "films": films, "parts": parts(scene), "load": os.getloadavg()
    }  # fmt: skip


def _pairs(scene: Scene) -> dict[str, tuple[Path, Path, int]]:
    """Returns each peer's film, ours, and the frame of ours that it begins with."""
    ours = next((scene.folder / "out").glob("*.mp4"))
    pairs = {"ffmpeg": (scene.folder / "ffmpeg.mp4", ours, 0)}
    if scene.python:
        pairs["moviepy"] = (scene.folder / "moviepy-long.mp4", ours, _excerpt(scene, "long").first)
    return pairs


def one_round(scene: Scene, raw: Path) -> dict[str, float]:
    """Returns the CPU seconds of everything, by turns: ours between the two floors, so that a drift affects both."""
    film, folder = scene.plan.film, scene.folder
    whole, halves = Span(0, film.frames), _halves(film.frames)
    encodings = [
        write_encoding(scene.plan, raw, folder / f"floor{number}.json", film.frames, span)
        for number, span in enumerate([whole, *halves])
    ]
    recipe = write_recipe(scene.plan, folder / "recipe")
    for store in folder.glob("store*"):
        shutil.rmtree(store)
    spent = {
        "decode": cpu(peer("floor.py", "decode", *scene.plan.clips)),
        "read": cpu(peer("floor.py", "read", encodings[0])),
        "encode": cpu(peer("floor.py", "encode", encodings[0])),
        "answerprint": cpu(answerprint(scene, workers=1)),
        "answerprint again": cpu(answerprint(scene, workers=1)),
        "answerprint, matched": cpu(answerprint(scene, "matched", workers=1)),
        "encode, two at once": cpu(*(peer("floor.py", "encode", half) for half in encodings[1:])),
        "answerprint, two workers": cpu(answerprint(scene, workers=2)),
        "ffmpeg": cpu(peer("graph.py", recipe, folder / "ffmpeg.mp4")),
        "ffmpeg, its frames": own_frames(scene, "ffmpeg", peer("graph.py", recipe)),
    }
    return spent | (moviepy(scene, recipe) if scene.python else {})


def own_frames(scene: Scene, who: str, command: list[object]) -> float:
    """Returns the CPU seconds of encoding the frames that a peer makes, two encoders at once.

    command: the peer's, without its output.
    """
    lossless, raw = scene.folder / f"{who}-frames.mkv", scene.folder / f"{who}.raw"
    run([*command, lossless, "frames"])
    count = write_raw(lossless, raw)
    lossless.unlink()
    halves = [
        write_encoding(scene.plan, raw, scene.folder / f"{who}{number}.json", count, span)
        for number, span in enumerate(_halves(count))
    ]
    spent = cpu(*(peer("floor.py", "encode", half) for half in halves))
    raw.unlink()
    return spent


def _halves(frames: int) -> tuple[Span, Span]:
    return Span(0, frames // 2), Span(frames // 2, frames)


def moviepy(scene: Scene, recipe: Path) -> dict[str, float]:
    """Returns the CPU seconds of two excerpts; in each, the title has the same share of the time as in the film."""
    spent = {}
    for name in ("short", "long"):
        span = _excerpt(scene, name)
        script = [scene.python, PEERS / "moviepy_film.py", recipe, span.first, span.stop]
        spent[f"moviepy, {name}"] = cpu([*script, scene.folder / f"moviepy-{name}.mp4"])
    return spent | {"moviepy, its frames": own_frames(scene, "moviepy", script)}


def _excerpt(scene: Scene, name: str) -> Span:
    """Returns the frames of the film that moviepy makes: the title is in the first 30 % of them."""
    film = scene.plan.film
    frames = dict(zip(("short", "long"), EXCERPTS[film.name], strict=True))[name]
    first = round(film.title_s[1] * 24) - round(0.3 * frames)
    return Span(first, first + frames)


def summed(cpu: dict[str, float], film: Film) -> dict[str, Any]:
    """Returns what each took for the whole film, and its ratio to its own floor (its frames, as many encoders)."""
    rest = cpu["decode"] - cpu["read"]
    floor, both = cpu["encode"] + rest, cpu["encode, two at once"] + rest
    rows = {
        "floor": (floor, floor),
        "answerprint": (cpu["answerprint"], floor),
        "answerprint, matched": (cpu["answerprint, matched"], floor),
        "floor, two at once": (both, both),
        "answerprint, two workers": (cpu["answerprint, two workers"], both),
        "ffmpeg": (cpu["ffmpeg"], cpu["ffmpeg, its frames"] + rest),
    }
    if "moviepy, long" in cpu:
        short, long = EXCERPTS[film.name]
        frame = (cpu["moviepy, long"] - cpu["moviepy, short"]) / (long - short)
        own = cpu["moviepy, its frames"] * film.frames / long + rest
        rows["moviepy"] = (cpu["moviepy, short"] + frame * (film.frames - short), own)
    return {
        "film_cpu_s": {name: round(spent, 2) for name, (spent, _) in rows.items()},
        "over_floor": {name: round(spent / under, 3) for name, (spent, under) in rows.items()},
    }


def answerprint(scene: Scene, job: str = "job", *, workers: int) -> list[object]:
    """Returns the command for a job. Each job and number of workers has a store of its own."""
    command = Path(sys.executable).parent / "answerprint"
    path, store = scene.folder / f"{job}.yaml", scene.folder / f"store-{job}-{workers}"
    out = scene.folder / "out"
    return [command, "finish", path, "-o", out, "--store", store, "--workers", workers, "--json"]


def peer(script: str, *arguments: object) -> list[object]:
    return [sys.executable, PEERS / script, *arguments]


def cpu(*commands: list[object]) -> float:
    """Returns the CPU seconds of commands that run at once."""
    return round(timed(lambda: run(*commands)), 3)


def run(*commands: list[object]) -> str:
    """Runs commands at once; returns their stdout. Raises SystemExit where one fails."""
    started = [subprocess.Popen([str(word) for word in words], stdout=PIPE, stderr=PIPE, text=True)
               for words in commands]  # fmt: skip
    said = [process.communicate() for process in started]
    for process, (_, complaint) in zip(started, said, strict=True):
        if process.returncode:
            raise SystemExit(f"{process.args!r}\n{complaint}")
    return "".join(out for out, _ in said)


def parts(scene: Scene) -> dict[str, float]:
    """Returns our CPU seconds by part, from a separate run in one process."""
    out = scene.folder / "parts"
    command = [sys.executable, "-m", "tests.bench.parts", scene.job, out, os.environ["ANSWERPRINT_CONFIG"]]
    told: dict[str, float] = json.loads(run(command))
    return told


def table(name: str, got: dict[str, Any]) -> str:
    rows = [f"{name}: CPU seconds for the film, and over the floor (load {got['load'][0]:.1f})"]
    for who, spent in got["film_cpu_s"].items():
        rows.append(f"  {who:26} {spent:8.1f}  {got['over_floor'][who]:6.2f}")
    for who, film in got["films"].items():
        size = f"{film['mbit_s']:.2f} Mbit/s beside our {film['ours_mbit_s']:.2f}"
        rows.append(f"  {who}'s picture: {size}, PSNR {film['psnr_db']} dB against ours")
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
