"""Measures the CPU seconds of each part of a film: all of it in one process, under the profiler.

    python -m tests.bench.parts JOB.yaml OUT CONFIG     JSON on stdout

The profiler adds about 1 microsecond to each Python call, which matters little to parts that are native calls.
A part includes what it calls. A part that is counted in another one says so in its name.
"""

from __future__ import annotations

import ast
import json
import sys
import time
from collections.abc import Mapping
from cProfile import Profile
from pathlib import Path
from pstats import Stats
from typing import Any

ROOT = Path(__file__).parents[2]
PRODUCT = ("post", "provenance", "presets")
# The functions of each part, as (end of the file's path, function): their CPU seconds with what they call.
PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "prepare": (("prepare/plan_job.py", "plan_job"),),
    "decode": (("takes/picture.py", "frame"),),
    "scale": (("takes/conform.py", "frame"),),
    "kernel": (("kernel/halide_kernel.py", "grade"), ("kernel/halide_kernel.py", "finish"),
               ("kernel/numpy_kernel.py", "grade"), ("kernel/numpy_kernel.py", "finish")),
    "kernel compiling (inside kernel)": (("kernel/halide_pipeline.py", "compile_pipeline"),),
    "table": (("render/worker_cache.py", "bake_shot_lut"),),
    "grain field": (("render/worker_cache.py", "make_noise"),),
    "layers": (("render/segment.py", "_draw_layer"),),
    "encode": (("render/encoder.py", "write"), ("render/encoder.py", "finish")),
    "sound": (("render/sound/make.py", "make"),),
    "join": (("deliver/mux/film.py", "join_segments"),),
    "check": (("deliver/check.py", "check_film"),),
    "receipt": (("deliver/receipt.py", "make_receipt"),),
    "sign": (("deliver/sign.py", "__call__"),),
    "verify (inside report)": (("provenance/verify/steps.py", "verify"),),
    "stills (inside report)": (("report/before_after.py", "film_stills"),),
    "report": (("report/page.py", "write_report"),),
}  # fmt: skip


def main(job: str, out: str, config: str) -> None:
    profile = Profile(time.process_time)
    profile.runcall(finish_here, Path(job), Path(out), Path(config))
    started = time.process_time() - Stats(profile).total_tt  # type: ignore[attr-defined]  # undocumented, steady
    json.dump({"start-up": round(started, 3), **parts(profile)}, sys.stdout)


def finish_here(job: Path, out: Path, config: Path) -> None:
    from post.deliver.finish import FinishSetup, finish
    from post.deliver.output_set import OutputSet
    from post.deliver.sign import film_signer
    from post.engine import ContentStore, InProcess
    from post.job import load_job
    from post.prepare.plan_job import plan_job
    from post.report.page import write_receipts, write_report
    from tests.made.stores import open_store

    asked = load_job(job)
    signer = film_signer(config, asked.provenance.key)
    setup = FinishSetup(OutputSet(out, out), open_store(out / "store"), InProcess(), signer, _silent)
    done = finish(*plan_job(asked, signer.anchors, ContentStore(out / "content")), setup)
    write_receipts(done, out / "receipt.json")
    write_report(done, out / "report.html", setup)


def _silent(said: str, done: int, total: int) -> None:
    return None


def parts(profile: Profile) -> dict[str, float]:
    """Returns the CPU seconds of each part, and of the whole.

    Raises SystemExit for a listed function that was not called and that no file of the product has.
    """
    stats: Any = Stats(profile)
    calls = {(file, function): row[3] for (file, _, function), row in stats.stats.items()}
    spent = {name: [_seconds(calls, where) for where in rows] for name, rows in PARTS.items()}
    idle = [where for name, rows in PARTS.items() for where in rows if _seconds(calls, where) is None]
    if missing := [f"{file}:{function}" for file, function in idle if not exists(file, function)]:
        raise SystemExit(f"tests/bench/parts.py: PARTS lists what does not exist: {', '.join(missing)}")
    return {name: round(sum(filter(None, each)), 3) for name, each in spent.items()} | {
        "whole": round(stats.total_tt, 3)
    }


def _seconds(calls: Mapping[tuple[str, str], float], where: tuple[str, str]) -> float | None:
    """Returns the CPU seconds of a function with what it calls; None where it was not called."""
    found = [
        spent for (file, function), spent in calls.items() if file.endswith(where[0]) and function == where[1]
    ]
    return sum(found) if found else None


def exists(file: str, function: str) -> bool:
    """Returns whether a file of the product whose path ends so has a function (or method) of that name."""
    return any(
        isinstance(node, ast.FunctionDef) and node.name == function
        for top in PRODUCT
        for path in (ROOT / top).rglob("*.py")
        if path.as_posix().endswith(f"/{file}")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
