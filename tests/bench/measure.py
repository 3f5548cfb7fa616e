"""Measures the cost of measuring: CPU seconds of each measure on a clip, and of decoding it.

    python -m tests.bench.measure [CLIP...]     default: a made clip of 5 s, 1920x1080

Decoding and every measure are timed in the same run, so that ratios hold on a busy machine.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from time import process_time

import post.measure  # noqa: F401  declares the measures
from post.measure.fact import MEASURES, ClipLength
from post.measure.frames import Step, walk
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.takes.probe import probe


def costs(path: Path) -> dict[str, float]:
    """Returns CPU seconds by measure. The small pictures and the motion, which measures share, are separate."""
    start = process_time()
    take = probe(path, path.stem)
    spent = {"probe": process_time() - start, "decode": 0.0, "shared": 0.0, **dict.fromkeys(MEASURES, 0.0)}
    footage = ClipLength(take.picture.length, take.picture.grid.rate)
    measures = {name: kind(footage) for name, kind in MEASURES.items()}
    for step in _timed(walk(path, take.picture), spent):
        with _charged(spent, "shared"):
            _ = step.frame.small, step.before and step.motion
        for name, one in measures.items():
            with _charged(spent, name):
                one.see(step)
    known: dict[str, object] = {}
    for name, one in measures.items():
        with _charged(spent, name):
            known[name] = one.found(known)
    return spent


def _timed(steps: Iterator[Step], spent: dict[str, float]) -> Iterator[Step]:
    while True:
        with _charged(spent, "decode"):
            step = next(steps, None)
        if step is None:
            return
        yield step


@contextmanager
def _charged(spent: dict[str, float], name: str) -> Iterator[None]:
    start = process_time()
    yield
    spent[name] += process_time() - start


def main(paths: list[Path]) -> None:
    """Prints a line for each clip."""
    for path in paths:
        spent = costs(path)
        parts = "  ".join(f"{name} {seconds:.2f}" for name, seconds in spent.items())
        fast = sum(seconds for name, seconds in spent.items() if name != "banding")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{path.name}: {parts}  all but banding {fast:.2f} s  peak {peak} MB")


if __name__ == "__main__":
    if sys.argv[1:]:
        main([Path(name) for name in sys.argv[1:]])
    else:
        with tempfile.TemporaryDirectory() as folder:
            main([make_clip(Path(folder) / "made.mp4", ClipRecipe("sea", 1920, 1080, Fraction(24), 120))])
