"""Measures how well the guardrails catch what is wrong in finished films, and how often they alarm for nothing.

    python -m tests.bench.guard [--work DIR] [--films N] [--quick]

Of each real clip a small film is finished that meets every rule, and mutations of it: missing, shrunk, late, brief,
moved, faded, reworded and cut-off labels, flashes, swapped metadata, a stripped AIGC label, a wrong number, an altered
claim, a wrong logo. A check must hold back each mutation that it is about, and no other film. Both rates are given per
check with 95 % bounds (Clopper and Pearson), in guard.json too; a check with too few cases for its bounds to keep to
what is asked says so. A film takes 2 to 3 minutes of CPU with its mutations; --quick makes one.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2

from post.api.checking import CheckRequest, check_film
from post.api.settings import Settings
from post.engine import InProcess
from provenance.policy import load_facts
from tests.bench import cpu_seconds, write_json
from tests.bench.guard import mutations
from tests.bench.guard.films import finished, guard_clips
from tests.bench.guard.guards import known_guards, write_facts, write_policy
from tests.bench.guard.score import GuardScore, Rate

FLAGGED = ("fail", "warn", "needs_human")  # a film is held for it
# What every film of a clip came to: by clip, by mutation, by check.
Verdicts = dict[str, dict[str, dict[str, str]]]


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.bench.guard")
    parser.add_argument("--work", type=Path, help="where films are kept between runs")
    parser.add_argument("--films", type=int, default=32)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    with TemporaryDirectory() as own:
        work = (asked.work or Path(own)) / "guard"
        work.mkdir(parents=True, exist_ok=True)
        verdicts = _verdicts(1 if asked.quick else asked.films, work)
    scores = [_score(guard.check, verdicts) for guard in known_guards()]
    for score in scores:
        print(
            f"{score.check:18} caught {score.caught}; false alarms {score.alarms}; unchecked {score.unchecked}: "
            f"{score.word}"
        )
    result = {
        "films": len(verdicts),
        "mutations": len(next(iter(verdicts.values()))) - 1,
        "checks": [each.plain() for each in scores],
    }
    if asked.work:
        write_json(asked.work / "guard.json", result)
    return int(not all(score.is_met for score in scores))


def _verdicts(films: int, work: Path) -> Verdicts:
    policy = str(write_policy(work / "policy.yaml"))
    settings = Settings(work / "config" / "answerprint", work / "store", work / "store")
    found: Verdicts = {}
    for clip in guard_clips(films):
        paths = finished(clip, work)
        paths |= {name: mutations.mutated(name, paths["good"]) for name in mutations.FILES}
        asked = CheckRequest((policy,), load_facts(write_facts(work / clip.name)))
        before = cpu_seconds()
        found[clip.name] = {name: _checked(path, asked, settings) for name, path in paths.items()}
        print(f"{clip.name}: {len(paths)} films, {cpu_seconds() - before:.1f} s of CPU", flush=True)
        for guard in known_guards():
            _tell(clip.name, guard.check, guard.catches, guard.touches, found[clip.name])
    return found


def _checked(path: Path, asked: CheckRequest, settings: Settings) -> dict[str, str]:
    report = check_film(path, asked, settings, pool=InProcess())
    return {row.ruling.id: f"{row.ruling.verdict}: {row.ruling.measured}" for row in report.rows}


def _tell(
    clip: str,
    check: str,
    catches: tuple[str, ...],
    touches: tuple[str, ...],
    found: Mapping[str, Mapping[str, str]],
) -> None:
    """Prints each verdict that is not as it should be."""
    for name, verdicts in found.items():
        failed = verdicts[check].startswith(FLAGGED)
        if name in touches or failed == (name in catches):
            continue
        print(
            f"  {'missed' if name in catches else 'alarm'}: {check} on {name} of {clip}: {verdicts[check]}",
            flush=True,
        )


def _score(check: str, verdicts: Verdicts) -> GuardScore:
    (guard,) = [each for each in known_guards() if each.check == check]
    rows = [(name, film[check]) for clip in verdicts.values() for name, film in clip.items()]
    must = [said.startswith(FLAGGED) for name, said in rows if name in guard.catches]
    other = [said.startswith(FLAGGED) for name, said in rows if name not in (*guard.catches, *guard.touches)]
    opened = sum(said.startswith("cannot_check") for _, said in rows)
    return GuardScore(check, Rate(sum(must), len(must)), Rate(sum(other), len(other)), opened)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
