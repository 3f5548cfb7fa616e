"""Measures how near a matched shot comes to its ungraded picture, and how often matching makes it worse.

    python -m tests.bench.match [--half held-out|fit] [--view VIEW]... [--quick] [--json PATH] [--color-matcher PYTHON]
        [--ours] [--spots [--when sure|likely|always] [--house PATH] [--seed N]
        [--sheets FOLDER]]

dE2000 to the ungraded picture. Each view of a scene under two grades, and ungraded ("nothing wrong"):
same: the very frame; overlap: halves that share a tenth, and moments of one shot; disjoint: halves that
share nothing; unrelated: two scenes. harm: share made more than .3 worse than untouched. step: codes out
for one code in between neighbours, 99 of 100, the median pair's and the worst. The gate and every constant
were tuned on the fit half; what counts is the held-out half. "ours" is a transfer that is sure (`when: sure`):
only there is the ungraded picture what a match should lead to. "ours, likely" balances the rest, which leads to the
other shot and not to the ungraded picture; --spots measures what that is for.
"""

from __future__ import annotations

import json
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from time import process_time

import numpy as np

from post.measure.match import WHEN, When, match, open_any
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values.shot_figures import ShotFigures
from presets import find
from tests.bench.match.peers import HERE, Peer, color_matcher
from tests.bench.match.scenes import HALVES, VIEWS, Half, pairs
from tests.bench.match.spots import SEED, matched, report, sheet, spots
from tests.bench.match.trials import Score, Trial, score, trials

GOALS = {"same": (0.6, 1.5), "overlap": (1.5, 4.0), "disjoint": (3.0, 5.0), "unrelated": (None, None)}


def ours(trial: Trial, when: When = "sure") -> Score:
    decision = match([trial.target], [trial.pair.reference], when)
    out = decision.stage.colour(trial.target.reshape(-1, 3).astype(np.float64)).reshape(trial.target.shape)
    return score(trial, out, decision.method == "abstain")


def theirs(peer: Peer, trial: Trial) -> Score:
    return score(trial, peer(trial.target, trial.pair.reference))


def table(scores: dict[str, list[tuple[Trial, Score]]]) -> dict[str, dict[str, dict[str, float]]]:
    """Returns the scores by method and view."""
    rows: dict[str, dict[str, dict[str, float]]] = {}
    for name, all_of_them in scores.items():
        for view in VIEWS:
            wrong = [s for t, s in all_of_them if t.pair.view == view and t.grade is not None]
            right = [s for t, s in all_of_them if t.pair.view == view and t.grade is None]
            if wrong:
                rows.setdefault(name, {})[view] = _summary(wrong, right)
    return rows


def _summary(wrong: list[Score], right: list[Score]) -> dict[str, float]:
    steps = [s.step for s in wrong if np.isfinite(s.step)] or [float("nan")]
    return {
        "pairs": len(wrong),
        "before": float(np.mean([s.before for s in wrong])),
        "mean": float(np.mean([s.after for s in wrong])),
        "p95": float(np.mean([s.p95 for s in wrong])),
        "harm_pct": 100 * float(np.mean([s.harmed for s in wrong])),
        "abstain_pct": 100 * float(np.mean([s.abstained for s in wrong])),
        "nothing_wrong_mean": float(np.mean([s.after for s in right])) if right else 0.0,
        "nothing_wrong_worst": max((s.after for s in right), default=0.0),
        "step_median": float(np.median(steps)),
        "step_worst": max(steps),
    }


def cost() -> dict[str, float]:
    """Returns the CPU seconds of matching one clip of 5 s, 1920x1080, to another: opening and decoding, and in all."""
    with tempfile.TemporaryDirectory() as folder:
        clips = [
            make_clip(Path(folder) / f"{scene}.mp4", ClipRecipe(scene, 1920, 1080, Fraction(24), 120))
            for scene in ("sea", "dusk")
        ]
        match([np.zeros((32, 32, 3), np.float32)], [np.zeros((32, 32, 3), np.float32)])
        start = process_time()
        opened = [open_any(clip) for clip in clips]
        probed = process_time() - start
        match(opened[0], opened[1])
        return {"probe_s": probed, "match_s": process_time() - start - probed, "frames": 240}


def run(asked: Namespace) -> dict[str, object]:
    wanted = [pair for pair in pairs(asked.half) if pair.view in (asked.view or VIEWS)]
    all_trials = list(trials(wanted[::11] if asked.quick else wanted))
    methods: dict[str, Callable[[Trial], Score]] = {
        "ours": ours,
        "ours, likely": partial(ours, when="likely"),
    }
    if not asked.ours:
        methods |= {name: partial(theirs, peer) for name, peer in HERE.items()}
    start = process_time()
    scores = {}
    for name, method in methods.items():
        scores[name] = [(trial, method(trial)) for trial in all_trials]
        print(f"{name}: {(process_time() - start) / len(all_trials):.2f} CPU s a pair", file=sys.stderr)
        start = process_time()
    if asked.color_matcher:
        outs = color_matcher(asked.color_matcher, [(t.target, t.pair.reference) for t in all_trials])
        scores["color-matcher"] = [(t, score(t, out)) for t, out in zip(all_trials, outs, strict=True)]
    else:
        print("color-matcher: skipped; give --color-matcher a Python that has it", file=sys.stderr)
    return {"half": asked.half, "results": table(scores), "cost": cost()}


def show(data: dict[str, object]) -> None:
    print(
        f"{data['half']} half. dE2000 mean/p95 (goal); harm; abstained; nothing wrong: mean, worst; step: median, worst"
    )
    results = data["results"]
    assert isinstance(results, dict)
    for view in VIEWS:
        goal = GOALS[view]
        print(
            f"-- {view}"
            + (f" (goal {goal[0]} / {goal[1]})" if goal[0] else " (goal harm 2 %, nothing moved by 1.0)")
        )
        for name, rows in results.items():
            if view in rows:
                print(f"   {name:18}" + _line(rows[view]))
    print(f"5 s of 1080p to 5 s of 1080p: {data['cost']}")


def _line(row: dict[str, float]) -> str:
    return (
        f"{row['before']:6.2f} ->{row['mean']:6.2f} /{row['p95']:6.2f}  harm {row['harm_pct']:3.0f} %"
        f"  abstained {row['abstain_pct']:3.0f} %  moved {row['nothing_wrong_mean']:5.2f}"
        f" {row['nothing_wrong_worst']:5.2f}  step {row['step_median']:4.1f} {row['step_worst']:5.1f}"
        f"  n {row['pairs']:.0f}"
    )


def run_spots(half: Half, asked: Namespace) -> None:
    house = read_figures(asked.house) if asked.house else None
    found = [matched(names, asked.when, house) for names in spots(half, asked.seed)]
    print(report(half, found))
    for number, spot in enumerate(found if asked.sheets else ()):
        asked.sheets.mkdir(parents=True, exist_ok=True)
        sheet(spot).save(asked.sheets / f"{half}-{number:02}.png")


def read_figures(house: str) -> ShotFigures:
    """Returns the figures that a house that ships brings its shots to."""
    said = find("house", house).mapping["balance"].mapping
    return ShotFigures(**{name: float(node.text) for name, node in said.items()})


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.bench.match")
    parser.add_argument("--half", choices=("held-out", "fit"), default="held-out")
    parser.add_argument("--view", choices=VIEWS, action="append", help="only this view; may be repeated")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path, help="where the numbers are written too")
    parser.add_argument("--color-matcher", type=Path, help="a Python that has color-matcher")
    parser.add_argument("--ours", action="store_true", help="no other methods")
    parser.add_argument(
        "--spots", action="store_true", help="measure spots of several takes instead, both halves"
    )
    parser.add_argument("--when", choices=WHEN, default="likely", help="of --spots")
    parser.add_argument(
        "--house", help="match the takes of --spots to this house that ships, not to the first"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="other spots than those of every day")
    parser.add_argument("--sheets", type=Path, help="a folder for pictures of --spots, before and after")
    asked = parser.parse_args(arguments)
    if asked.spots:
        for half in HALVES:
            run_spots(half, asked)
        return 0
    data = run(asked)
    show(data)
    if asked.json:
        asked.json.write_text(json.dumps(data, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
