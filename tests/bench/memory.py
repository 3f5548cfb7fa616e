"""Peak memory at 2160p: whether it grows with a film's length, and what it is over bare encoders.

    python -m tests.bench.memory [--work DIR] [--quick]

The sum of PSS (a page shared by n processes counts 1/n in each) over a process and all it started, sampled
every 50 ms; the page cache is not in it. Answerprint finishes with two workers. The bare encoders are two
processes at once that encode raw frames with the film's own settings and do nothing else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench import write_json
from tests.bench.film import Film, make_clips, write_job
from tests.bench.finish import answerprint, machine, peer
from tests.bench.recipe import Scene, planned, write_encoding, write_frames

EVERY_S = 0.05
HELD = 48  # raw frames that the bare encoders go round: 2 s, 0.6 GB at 2160p
ENCODERS = 2
FILMS = {
    "30 s": Film("30s", 3840, 2160, 30, "ultrafast", repeats=3),
    "120 s": Film("120s", 3840, 2160, 120, "ultrafast", repeats=12),
    "10 s medium": Film("10s", 3840, 2160, 10, "medium"),
}
QUICK = {
    "30 s": Film("2s", 320, 180, 2, "ultrafast"),
    "120 s": Film("4s", 320, 180, 4, "ultrafast", repeats=2),
    "10 s medium": Film("2s-medium", 320, 180, 2, "medium"),
}
MB = 1e6


@dataclass(frozen=True, slots=True)
class Peak:
    """The highest sum of PSS, in bytes; of: each process's part of it then, largest first, by its role."""

    total: int = 0
    of: tuple[tuple[str, int], ...] = ()


def main(arguments: list[str]) -> None:
    asked = _asked(arguments)
    with TemporaryDirectory() as scratch:
        work = Path(asked.work or scratch).resolve()
        os.environ["ANSWERPRINT_CONFIG"] = str(work / "config")
        films = QUICK if asked.quick else FILMS
        scenes = {name: scene(film, work) for name, film in films.items()}
        ours = {name: peak(answerprint(each)) for name, each in scenes.items()}
        bare = {name: bare_encoders(scenes[name]) for name in ("30 s", "10 s medium")}
    found = result(ours, bare)
    print(table(found))
    write_json(Path("bench-memory.json"), {"machine": machine(), **found})


def _asked(arguments: list[str]) -> Namespace:
    parser = ArgumentParser(prog="python -m tests.bench.memory")
    parser.add_argument("--work", default="", help="where clips are kept between runs")
    parser.add_argument("--quick", action="store_true", help="films of 320x180: shows that it runs")
    return parser.parse_args(arguments)


def scene(film: Film, work: Path) -> Scene:
    folder = work / f"memory-{film.name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_job(film, make_clips(film, work), folder / "job.yaml")
    return Scene(planned(film, folder / "job.yaml"), folder)


def bare_encoders(each: Scene) -> Peak:
    """Two encoders at once, over the film's length or 20 s, by when their buffers have long been full."""
    raw = each.folder / "frames.raw"
    try:
        write_frames(each.plan, raw, HELD)
        told = write_encoding(each.plan, raw, each.folder / "bare.json", threads=1)
        command = [str(word) for word in peer("floor.py", "encode", told)]
        both = f"{sys.executable} -c pass"
        return peak_of([subprocess.Popen(command) for _ in range(ENCODERS)], both)
    finally:
        raw.unlink(missing_ok=True)
