"""Where a film's CPU seconds go: the whole way in one process, under the profiler.

    python -m tests.bench.parts JOB.yaml OUT CONFIG     JSON on stdout

The profiler adds about 1 microsecond a Python call, which the parts that are one native call do not feel.
A part counts what it calls, except that what is listed as inside another is said so in its name.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from cProfile import Profile
from pathlib import Path
from pstats import Stats
from typing import Any

# What is counted, as (end of the file's name, function). Of each, CPU seconds with what it calls.
PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "gather": (("deliver/gather.py", "gather"),),
    "decode": (("takes/picture.py", "frame"),),
    "scale": (("takes/conform.py", "frame"),),
    "kernel": (("kernel/halide_kernel.py", "grade"), ("kernel/halide_kernel.py", "finish"),
               ("kernel/numpy_kernel.py", "grade"), ("kernel/numpy_kernel.py", "finish")),
    "kernel compiling (inside kernel)": (("kernel/halide_pipeline.py", "compile_pipeline"),),
    "table": (("render/worker_cache.py", "bake_shot_lut"),),
    "grain field": (("render/worker_cache.py", "make_noise"),),
    "layers": (("render/segment.py", "_draw_layer"),),
    "encode": (("render/encoder.py", "write"), ("render/encoder.py", "finish")),
    "sound": (("render/sound.py", "make"),),
    "join": (("deliver/mux.py", "join"),),
    "check": (("deliver/check.py", "check"),),
    "account": (("deliver/account.py", "account"),),
    "sign": (("deliver/seal.py", "__call__"),),
    "verify (inside report)": (("provenance/verify/steps.py", "verify"),),
    "stills (inside report)": (("deliver/pairs.py", "look"),),
    "report": (("deliver/report.py", "write_report"),),
}  # fmt: skip


def main(job: str, out: str, config: str) -> None:
    profile = Profile(time.process_time)
    profile.runcall(finish_here, Path(job), Path(out), Path(config))
    started = time.process_time() - Stats(profile).total_tt  # type: ignore[attr-defined]  # undocumented, steady
    json.dump({"start-up": round(started, 3), **parts(profile)}, sys.stdout)


def finish_here(job: Path, out: Path, config: Path) -> None:
    from post.deliver.finish import FinishSetup, finish
    from post.deliver.sign import film_signer
    from post.engine import InProcess, Store
    from post.job import load_job
    from post.prepare.plan_job import plan_job
    from post.report.page import write_receipts, write_report

    asked = load_job(job)
    signer = film_signer(config, asked.provenance.key)
    setup = FinishSetup(out, Store(out / "store"), InProcess(), signer, _silent)
    done = finish(*plan_job(asked, signer.anchors), setup)
    write_receipts(done, out / "receipt.json")
    write_report(done, out / "report.html", setup)


def _silent(said: str, done: int, total: int) -> None:
    return None


def parts(profile: Profile) -> dict[str, float]:
    """CPU seconds of each part, and of the whole."""
    stats: Any = Stats(profile)
    spent = {name: sum(map(_finder(stats), where)) for name, where in PARTS.items()}
    return {name: round(seconds, 3) for name, seconds in spent.items()} | {"whole": round(stats.total_tt, 3)}


def _finder(stats: Any) -> Callable[[tuple[str, str]], float]:
    rows: dict[tuple[str, str], float] = {
        (file, name): row[3] for (file, _, name), row in stats.stats.items()
    }

    def seconds(where: tuple[str, str]) -> float:
        return sum(
            spent for (file, name), spent in rows.items() if file.endswith(where[0]) and name == where[1]
        )

    return seconds


if __name__ == "__main__":
    main(*sys.argv[1:])
