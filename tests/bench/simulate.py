"""Compares what the simulator predicts with the local pool of one worker and of two, on real clips.

    python -m tests.bench.simulate [--seconds 12] [--rounds 2] [--quick]

Needs ANSWERPRINT_MEDIA. Making is timed by the command's own events, from the plan to the last result, with an empty
store each time, in turns. `measured` predicts from the seconds of the runs with one worker alone; `counted` from the
work's counts, before anything was run. `own` predicts each from its own run: what is left is the simulator's error,
without that of tasks which slow each other. `waits` are tasks that wait for known seconds, in the real pool of up to
eight: there the machine's load has no part.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from post.engine import Store, Task, WorkerPool
from post.farm.expected import JobCost, TaskCost
from post.farm.simulate import FarmModel, simulate
from tests.bench.farm import CLIPS, JOB
from tests.flow.commands import COMMAND, environment

WORKERS = (1, 2)
# The local pool is up when tasks are given out; its answers take a few ms, and a disk no request.
LOCAL = ("--start", "0", "--dispatch", "0.003", "--store-mbps", "1000", "--request", "0")


def command(home: Path, *words: str) -> dict[str, Any]:
    """Runs a command in an own home, and returns its JSON."""
    around = environment(home) | {"PATH": os.environ["PATH"]}
    answer = subprocess.run(
        [COMMAND, *words, "--json"], capture_output=True, text=True, check=False, env=around
    )
    if answer.returncode:
        raise SystemExit(answer.stderr)
    data: dict[str, Any] = json.loads(answer.stdout)
    return data


def made_in(home: Path, workers: int, log: Path) -> float:
    """Makes the film with an empty store, and returns the seconds from the plan to the last result."""
    store, events = home / "store", home / "events"
    for old in (store, home / "out"):
        shutil.rmtree(old, ignore_errors=True)
    for file in (events, log):
        file.unlink(missing_ok=True)
    command(
        home, "finish", str(home / "job.yaml"), "-o", str(home / "out"), "--store", str(store),
        "--workers", str(workers), "--events", str(events), "--log", str(log),
    )  # fmt: skip
    rows = [json.loads(line) for line in events.read_text().splitlines()]
    times = {name: [datetime.fromisoformat(row["at"]) for row in rows if row["event"] == name] for name in
             ("planned", "result")}  # fmt: skip
    return (times["result"][-1] - times["planned"][0]).total_seconds()


def predicted(home: Path, *more: str) -> dict[int, float]:
    """Returns the simulated seconds of making by the number of workers."""
    data = command(
        home, "simulate", str(home / "job.yaml"), "--store", str(home / "asked"),
        "--workers", ",".join(map(str, WORKERS)), *LOCAL, *more,
    )  # fmt: skip
    return {row["workers"]: row["making_seconds"] for row in data["farms"]}


def compare(home: Path, rounds: int) -> dict[str, Any]:
    """Returns what was measured, what was predicted, and by how much that was wrong."""
    counted = predicted(home)
    best: dict[int, float] = {}
    for _ in range(rounds):
        for workers in WORKERS:
            log = home / f"log{workers}.new"
            took = made_in(home, workers, log)
            if took < best.get(workers, float("inf")):
                best[workers] = took
                log.replace(home / f"log{workers}")
    measured = predicted(home, "--measured", str(home / "log1"))
    own = {each: predicted(home, "--measured", str(home / f"log{each}"))[each] for each in WORKERS}
    return {
        "making_seconds": {each: round(took, 2) for each, took in best.items()},
        **{
            name: {
                each: {"seconds": said[each], "error": round(said[each] / best[each] - 1, 3)}
                for each in WORKERS
            }
            for name, said in (("counted", counted), ("measured", measured), ("own", own))
        },
    }


def wait(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Waits for as many seconds as its data says."""
    time.sleep(data)
    path.write_text("waited")


def compare_waits(home: Path, count: int) -> dict[int, dict[str, float]]:
    """Returns what the pool and the simulator take for tasks that wait, by the number of workers."""
    chance = random.Random(15)
    seconds = [round(0.4 * chance.lognormvariate(0, 0.7), 3) for _ in range(count)]
    cost = JobCost(tuple(TaskCost(f"{n}", each, weight=round(1000 * each)) for n, each in enumerate(seconds)))
    return {each: _compare_waits(home / f"waits{each}", each, seconds, cost) for each in (1, 2, 4, 8)}


def _compare_waits(folder: Path, workers: int, seconds: list[float], cost: JobCost) -> dict[str, float]:
    store, run = (
        Store(folder, b"a key of 16 bytes"),
        f"{__name__.replace('__main__', 'tests.bench.simulate')}:wait",
    )
    warm = [Task(f"{n + 4096:064x}", run, 0.0, name="warm") for n in range(workers)]
    tasks = [
        Task(f"{n:064x}", run, each, cost=round(1000 * each), name=str(n)) for n, each in enumerate(seconds)
    ]
    with WorkerPool(workers) as pool:
        list(pool.run(warm, store))
        began = time.monotonic()
        list(pool.run(tasks, store))
        took = time.monotonic() - began
    said = simulate(cost, FarmModel(workers, dispatch_s=0.003)).making_s
    return {"measured": round(took, 3), "predicted": round(said, 3), "error": round(said / took - 1, 3)}


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.bench.simulate")
    parser.add_argument("--seconds", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args(arguments)
    rounds, seconds = (1, 4) if asked.quick else (asked.rounds, asked.seconds)
    root = os.environ["ANSWERPRINT_MEDIA"]
    cut = "\n".join(f"  - {{take: {'ab'[n % 2]}, length: 2s, in: 0.{n % 8}s}}" for n in range(seconds // 2))
    with TemporaryDirectory() as folder:
        home = Path(folder)
        size = ", width: 320, height: 180" if asked.quick else ", width: 640, height: 360"
        (home / "job.yaml").write_text(JOB.format(root=root, a=CLIPS[0], b=CLIPS[1], cut=cut, more=size))
        waits = compare_waits(home, 8 if asked.quick else 40)
        print(json.dumps({"waits": waits, **compare(home, rounds)}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
