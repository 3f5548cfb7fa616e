"""Runs all benchmarks, one after the other, each in a process of its own.

    python -m tests.bench [--only NAME] [--quick] [--work DIR] [--moviepy PYTHON] [--color-matcher PYTHON]

--quick shows in under a minute that they run; its numbers mean nothing. It leaves out the benchmark of the kernel,
which has no short form. The benchmarks of cuts, in-betweens, previews, guardrails, the farm, its simulator and chaos
need ANSWERPRINT_MEDIA.
"""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from importlib.util import find_spec

NAMES = (
    "kernel",
    "sound",
    "meter",
    "cuts",
    "finish",
    "fixed",
    "memory",
    "measure",
    "match",
    "grain",
    "repair",
    "between",
    "sign",
    "watermark",
    "recover",
    "farm",
    "simulate",
    "chaos",
    "fuzz",
    "versions",
    "preview",
    "guard",
    "review",
)


def main(arguments: list[str]) -> int:
    asked = _asked(arguments)
    names = [asked.only] if asked.only else [name for name in NAMES if find_spec(f"tests.bench.{name}")]
    codes = []
    for name in names:
        options = _options(asked)[name]
        if options is None:
            continue
        print(f"== {name}", flush=True)
        command = [sys.executable, "-m", f"tests.bench.{name}", *options]
        codes.append(subprocess.run(command, check=False).returncode)
    return max(codes, default=0)


def _asked(arguments: list[str]) -> Namespace:
    parser = ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--only", choices=NAMES)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--work", default="", help="where clips are kept between runs")
    parser.add_argument("--moviepy", default="", help="a Python that has moviepy 2")
    parser.add_argument("--color-matcher", default="", help="a Python that has color-matcher")
    return parser.parse_args(arguments)


def _options(asked: Namespace) -> dict[str, list[str] | None]:
    """Returns the options of each benchmark; None for one that is not run."""
    quick = ["--quick"] if asked.quick else []
    kept = [*quick, *(["--work", asked.work] if asked.work else [])]
    return {
        "kernel": None if asked.quick else [],
        "sound": ["2"] if asked.quick else [],
        "cuts": quick if os.environ.get("ANSWERPRINT_MEDIA") else None,
        "finish": [*kept, *(["--moviepy", asked.moviepy] if asked.moviepy else [])],
        "fixed": kept,
        "memory": kept,
        "measure": None if asked.quick else [],
        "match": [*quick, *(["--color-matcher", asked.color_matcher] if asked.color_matcher else [])],
        "grain": quick,
        "repair": None if asked.quick else [],
        "between": quick if os.environ.get("ANSWERPRINT_MEDIA") else None,
        "watermark": None if asked.quick else [],
        "sign": kept,
        "recover": kept,
        "versions": kept if os.environ.get("ANSWERPRINT_MEDIA") else None,
        "preview": kept if os.environ.get("ANSWERPRINT_MEDIA") else None,
        "guard": kept if os.environ.get("ANSWERPRINT_MEDIA") else None,
        "farm": quick if os.environ.get("ANSWERPRINT_MEDIA") else None,
        "chaos": quick if os.environ.get("ANSWERPRINT_MEDIA") else None,
        "review": kept,
        "fuzz": ["--minutes", "0.5" if asked.quick else "10"],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
