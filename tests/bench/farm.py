"""Measures two Dask workers against the local pool, on real clips, in turns: wall clock and CPU seconds.

    python -m tests.bench.farm [--seconds 10] [--rounds 2] [--quick]

Needs ANSWERPRINT_MEDIA. Both start warm: workers run before the film is asked for, as on a farm, and the pool's start
is counted, as each command pays it; so the film's own process is counted in both. CPU seconds of Dask are those of
the command, its workers and its scheduler. Frames of both films are compared by the SHA-256 of the unsigned files.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.flow.commands import COMMAND, environment
from tests.made.cluster import Cluster

CLIPS = ("ai_clips/moviegen_penguins_5s.mp4", "ai_clips/longcat_vc_motorcycle_480sq.mp4")
JOB = """
schema: Job.2
title: Farm
clock: 24
house: daylight
takes: {{a: {root}/{a}, b: {root}/{b}}}
cut:
{cut}
deliver:
  - {{preset: social-16x9, name: film{more}}}
"""
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Ran:
    """One run. wall_s, cpu_s: what it took; film: the SHA-256 of its unsigned film."""

    wall_s: float
    cpu_s: float
    film: str


def tree_cpu_s(pid: int) -> float:
    """Returns the CPU seconds of a process and of those that it started, ended ones included."""
    total = 0.0
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total = sum(int(each) for each in fields[11:15]) / TICK
        children = [
            int(each)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for each in (task / "children").read_text().split()
        ]
    except OSError:
        return total
    return total + sum(map(tree_cpu_s, children))


def run(home: Path, name: str, engine: tuple[str, ...], workers: Cluster | None) -> Ran:
    """Makes the film once with an empty store of its own, or the cluster's emptied one."""
    store = Path(workers.store) if workers else home / f"store-{name}"
    if workers:
        shutil.rmtree(store, ignore_errors=True)
    there = [*workers.workers, workers.scheduler] if workers else []
    before = sum(tree_cpu_s(each.pid) for each in there if each)
    spent, started = os.times(), time.monotonic()
    answer = subprocess.run(
        [COMMAND, "finish", str(home / "job.yaml"), "-o", str(home / name), "--store", str(store), "--json", *engine],
        capture_output=True, text=True, check=False, env=environment(home) | {"PATH": os.environ["PATH"]},
    )  # fmt: skip
    wall, ended = time.monotonic() - started, os.times()
    if answer.returncode:
        raise SystemExit(answer.stderr)
    cpu = ended.children_user + ended.children_system - spent.children_user - spent.children_system
    cpu += sum(tree_cpu_s(each.pid) for each in there if each) - before
    film: dict[str, Any] = json.loads(answer.stdout)["deliverables"][0]
    return Ran(wall, cpu, film["unsigned_sha256"])


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.bench.farm")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args(arguments)
    rounds, seconds = (1, 2) if asked.quick else (asked.rounds, asked.seconds)
    more = ", width: 320, height: 180" if asked.quick else ""
    root = os.environ["ANSWERPRINT_MEDIA"]
    # The second clip is hardly longer than a shot.
    cut = "\n".join(
        f"  - {{take: {'ab'[n % 2]}, length: 2s, in: {0 if n % 2 else n % 3}s}}" for n in range(seconds // 2)
    )
    with TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "job.yaml").write_text(JOB.format(root=root, a=CLIPS[0], b=CLIPS[1], cut=cut, more=more))
        print(json.dumps(_compare(home, rounds), indent=1))
    return 0


def _compare(home: Path, rounds: int) -> dict[str, Any]:
    run(home, "first", (), None)  # the page cache, and the secret of the seals
    cluster = Cluster(home, str(home / "store-farm"))
    local, dask = [], []
    try:
        cluster.start_scheduler()
        for _ in range(2):
            cluster.start_worker()
        engine = ("--engine", f"dask:127.0.0.1:{cluster.port}")
        run(home, "warm", engine, cluster)
        for number in range(rounds):
            local.append(run(home, f"local{number}", (), None))
            dask.append(run(home, f"dask{number}", engine, cluster))
    finally:
        cluster.end()
    best = {name: (min(r.wall_s for r in runs), min(r.cpu_s for r in runs)) for name, runs in
            (("local", local), ("dask", dask))}  # fmt: skip
    return {
        "wall_s": {name: round(each[0], 2) for name, each in best.items()},
        "cpu_s": {name: round(each[1], 2) for name, each in best.items()},
        "throughput": round(best["local"][0] / best["dask"][0], 3),
        "throughput_by_cpu": round(best["local"][1] / best["dask"][1], 3),
        "same_film": len({each.film for each in [*local, *dask]}) == 1,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
