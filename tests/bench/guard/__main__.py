"""Measures how well the guardrails catch what is wrong in finished films, and how often they alarm for nothing.

    python -m tests.bench.guard [--work DIR] [--films N] [--more N] [--part I/N] [--quick] [--publish]

Of each real clip a small film is finished that meets every rule, and mutations of it: missing, shrunk, late, brief,
moved, faded, reworded and cut-off labels, flashes, swapped metadata, a stripped AIGC label, a wrong number, an altered
claim, a wrong logo. A check must fail each mutation that it is about, and no other film. A film that it leaves to a
person is neither caught nor a false alarm: it is counted apart, as asked or as a doubt. Rates are given per check with
95 % bounds (Clopper and Pearson), in guard.json too; a check with too few cases for its bounds to keep to what is asked
says so. With --work, films and verdicts are kept there: a run goes on where the last one ended, --more N ends it after
N further clips, and --part I/N shares the clips between runs at once. --quick makes one; --publish writes what the
product quotes (`provenance/policy/rates.json`).
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2

from post.api.checking import CheckRequest, check_looked
from post.api.settings import Settings
from post.api.stores import read_anchors
from post.engine import InProcess
from post.qc.look import WorkerLook
from provenance.policy import load_facts, rates
from tests.bench import cpu_seconds, write_json
from tests.bench.guard import mutations
from tests.bench.guard.films import GuardClip, finished, guard_clips
from tests.bench.guard.guards import Guard, guards_of, known_guards, write_facts, write_policy
from tests.bench.guard.score import GuardScore, Rate

CAUGHT, ASKED = ("fail", "warn"), "needs_human"
# What one film of a clip came to, by check; of every film of a clip, by mutation.
FilmVerdicts = dict[str, str]
ClipVerdicts = dict[str, FilmVerdicts]


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.bench.guard")
    parser.add_argument("--work", type=Path, help="where films are kept between runs")
    parser.add_argument("--films", type=int, default=32)
    parser.add_argument("--more", type=int, help="clips at most that are not checked yet")
    parser.add_argument(
        "--part", default="1/1", help="of several runs at once, such as 2/3: every third clip"
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--publish", action="store_true", help="write the rates that the product quotes")
    asked = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    with TemporaryDirectory() as own:
        work = (asked.work or Path(own)) / "guard"
        work.mkdir(parents=True, exist_ok=True)
        verdicts = _verdicts(1 if asked.quick else asked.films, asked.more, asked.part, work)
    scores = [score_of(guard, verdicts) for guard in known_guards()]
    for score in scores:
        print(
            f"{score.check:18} caught {score.caught}, left {score.left.hits}; asked {score.asked}; false alarms "
            f"{score.alarms}, doubts {score.doubts.hits}; unchecked {score.unchecked}: {score.word}"
        )
    mutated = {name for clip in verdicts.values() for name in clip} - {"good"}
    result = {"films": len(verdicts), "mutations": len(mutated), "checks": [each.plain() for each in scores]}
    if asked.work:
        write_json(asked.work / "guard.json", result)
    if asked.publish:
        write_json(Path(rates.__file__).with_name("rates.json"), result)
    return int(not all(score.is_met for score in scores))


def _verdicts(films: int, more: int | None, part: str, work: Path) -> dict[str, ClipVerdicts]:
    """Returns what every film of each clip came to, by the clip's name."""
    settings = Settings(work / "config" / "answerprint", work / "store", work / "store")
    found: dict[str, ClipVerdicts] = {}
    mine, parts = map(int, part.split("/"))
    for at, clip in enumerate(guard_clips(films)):
        kept = work / clip.name / "verdicts.json"
        if kept.exists():
            found[clip.name] = json.loads(kept.read_text("utf-8"))
            continue
        if more == 0 or at % parts != mine - 1:
            continue
        more = None if more is None else more - 1
        before = cpu_seconds()
        found[clip.name] = _clip_verdicts(clip, settings, work)
        write_json(kept, found[clip.name])
        print(
            f"{clip.name}: {len(found[clip.name])} films, {cpu_seconds() - before:.1f} s of CPU", flush=True
        )
        for guard in known_guards():
            _tell(clip.name, guard, found[clip.name])
    return found


def _clip_verdicts(clip: GuardClip, settings: Settings, work: Path) -> ClipVerdicts:
    paths = finished(clip, work, settings)
    paths |= {name: mutations.mutated(name, paths["good"]) for name in mutations.FILES}
    facts = load_facts(write_facts(work / clip.name))

    def checked(name: str, look: WorkerLook) -> FilmVerdicts:
        policy = write_policy(work / clip.name / "policy.yaml", guards_of(name))
        asked = CheckRequest((str(policy),), facts)
        report = check_looked(paths[name], look, asked, read_anchors(settings.config))
        return {row.ruling.id: f"{row.ruling.verdict}: {row.ruling.measured}" for row in report.rows}

    found: ClipVerdicts = {}
    alike = ("good", *mutations.SAME_PICTURE)
    with WorkerLook(paths["good"], pool=InProcess()) as look:
        found |= {name: checked(name, look) for name in alike}
    for name in paths:
        if name not in alike:
            with WorkerLook(paths[name], pool=InProcess()) as look:
                found[name] = checked(name, look)
    return found


def _tell(clip: str, guard: Guard, found: Mapping[str, Mapping[str, str]]) -> None:
    """Prints each verdict that is not as it should be."""
    for name, verdicts in found.items():
        said = verdicts.get(guard.check, "")
        failed, asked = said.startswith(CAUGHT), said.startswith(ASKED)
        must = "fail" if name in guard.catches else "ask" if name in guard.asks else "let pass"
        right = {"fail": failed, "ask": failed or asked, "let pass": not (failed or asked)}[must]
        if said and name not in guard.touches and not right:
            print(f"  {guard.check} must {must} {name} of {clip}: {said}", flush=True)


def score_of(guard: Guard, verdicts: Mapping[str, Mapping[str, Mapping[str, str]]]) -> GuardScore:
    """Returns what a guard came to. verdicts: by clip, by mutation, by check."""
    films = ((name, film.get(guard.check, "")) for clip in verdicts.values() for name, film in clip.items())
    rows = [(name, said) for name, said in films if said]
    must = [said for name, said in rows if name in guard.catches]
    asks = [said for name, said in rows if name in guard.asks]
    special = {*guard.catches, *guard.asks, *guard.touches}
    right = [said for name, said in rows if name not in special]
    return GuardScore(
        guard.check, _rate(must, CAUGHT), _rate(must, (ASKED,)), _rate(asks, (*CAUGHT, ASKED)), _rate(right, CAUGHT),
        _rate(right, (ASKED,)), sum(said.startswith("cannot_check") for _, said in rows),
    )  # fmt: skip


def _rate(said: list[str], words: tuple[str, ...]) -> Rate:
    return Rate(sum(each.startswith(words) for each in said), len(said))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
