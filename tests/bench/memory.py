"""Measures peak memory at 2160p: its growth with a film's length, and its ratio to that of bare encoders.

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
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from post.values import Span
from tests.bench import write_json
from tests.bench.film import RATE, Film, make_clips, write_job
from tests.bench.finish import Scene, answerprint, machine, peer
from tests.bench.recipe import planned, write_encoding, write_frames

EVERY_S = 0.05
HELD = 48  # raw frames that the bare encoders repeat: 2 s, 0.6 GB at 2160p
ENCODERS = 2
FILMS = {
    "30 s": Film("30s", 3840, 2160, 30, "ultrafast", repeats=3),
    "120 s": Film("120s", 3840, 2160, 120, "ultrafast", repeats=12),
    "10 s medium": Film("10s", 3840, 2160, 10, "medium"),
}
QUICK = {
    "30 s": Film("2s", 320, 180, 2, "ultrafast"),
    "120 s": Film("4s", 320, 180, 4, "ultrafast", repeats=2),
}
BARE = ("30 s", "10 s medium")  # the films that the bare encoders are compared with
MB = 1e6
ROLES = {"floor.py": "encoder", "spawn_main": "worker", "resource_tracker": "tracker", "answerprint": "main"}


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
        ours = {name: peak_of(answerprint(each, workers=ENCODERS)) for name, each in scenes.items()}
        bare = {name: bare_encoders(scenes[name]) for name in BARE if name in scenes}
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
    """Returns the peak of two encoders at once, over 10 s of the film at most: their buffers are full after 2 s."""
    plan, raw = each.plan, each.folder / "frames.raw"
    some = Span(0, min(plan.film.seconds, 10) * RATE)
    try:
        write_frames(plan, raw, HELD)
        encodings = [
            write_encoding(plan, raw, each.folder / f"bare{number}.json", HELD, some)
            for number in range(ENCODERS)
        ]
        return peak_of(*(peer("floor.py", "encode", encoding) for encoding in encodings))
    finally:
        raw.unlink(missing_ok=True)


def peak_of(*commands: list[object]) -> Peak:
    """Returns the highest memory of commands that run at once. Raises SystemExit where one fails."""
    started = [
        subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL) for command in commands
    ]
    highest = Peak()
    while any(process.poll() is None for process in started):
        highest = max(highest, sample([process.pid for process in started]), key=lambda peak: peak.total)
        time.sleep(EVERY_S)
    if any(process.returncode for process in started):
        raise SystemExit(f"failed: {commands}")
    return highest


def sample(roots: Sequence[int]) -> Peak:
    """Returns the memory of the processes and of all that they started, now."""
    held = [(called(pid), pss(pid)) for pid in descent(roots)]
    return Peak(sum(bytes_ for _, bytes_ in held), tuple(sorted(held, key=lambda row: -row[1])))


def descent(roots: Sequence[int]) -> Iterator[int]:
    for pid in roots:
        yield pid
        with suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                yield from descent([int(child) for child in (task / "children").read_text().split()])


def pss(pid: int) -> int:
    """Returns a process's PSS in bytes; 0 for one that has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def called(pid: int) -> str:
    """Returns a process's role, from its command line."""
    with suppress(OSError):
        line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return next((role for sign, role in ROLES.items() if sign in line), "other")
    return "other"


def result(ours: dict[str, Peak], bare: dict[str, Peak]) -> dict[str, Any]:
    peaks = {f"answerprint, {name}": each for name, each in ours.items()}
    peaks |= {f"bare encoders, {name}": each for name, each in bare.items()}
    return {
        "peak_mb": {name: round(each.total / MB) for name, each in peaks.items()},
        "processes_mb": {
            name: [f"{role} {held / MB:.0f}" for role, held in each.of] for name, each in peaks.items()
        },
        "120 s over 30 s": round(ours["120 s"].total / ours["30 s"].total, 3),
        "over bare encoders": {name: round(ours[name].total / each.total, 3) for name, each in bare.items()},
    }


def table(found: dict[str, Any]) -> str:
    rows = [
        f"  {name:30} {peak:6} MB  ({', '.join(found['processes_mb'][name])})"
        for name, peak in found["peak_mb"].items()
    ]
    over = ", ".join(f"{name} {ratio:.2f}" for name, ratio in found["over bare encoders"].items())
    grows = found["120 s over 30 s"]
    return "\n".join(
        ["peak memory (PSS)", *rows, f"  120 s over 30 s {grows:.3f}; over bare encoders: {over}"]
    )


if __name__ == "__main__":
    main(sys.argv[1:])
