"""Compares repairs with their goals and with FFmpeg's filters.

    python -m tests.bench.repair [--out FILE.json] [CLIP...]     default: the clips ANSWERPRINT_MEDIA has

Everything is timed in one thread and one run; cpu_ms is the time of measuring (deflicker) or of repairing one frame.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

from tests.bench.repair import exposure, noise, sky
from tests.bench.repair.clips import scenes

Found = dict[str, dict[str, float]]


def main() -> None:
    parser = ArgumentParser(prog="python -m tests.bench.repair")
    parser.add_argument("--out", type=Path, help="where the numbers go as JSON")
    parser.add_argument("clips", nargs="*")
    asked = parser.parse_args()
    clips = scenes(asked.clips)
    found = {
        "deflicker": {
            name: _said("deflicker", name, exposure.run(path), exposure.GOAL) for name, path in clips.items()
        },
        "degrain": {
            name: _said("degrain", name, noise.run(path), noise.GOAL) for name, path in clips.items()
        },
        "deband": {name: _said("deband", name, sky.run(name), sky.GOAL) for name in sky.SKIES},
    }
    if asked.out:
        goals = {"deflicker": exposure.GOAL, "degrain": noise.GOAL, "deband": sky.GOAL}
        asked.out.write_text(json.dumps({"goals": goals, "found": found}, indent=1))


def _said(what: str, name: str, found: Found, goal: dict[str, float]) -> Found:
    aim = ", ".join(f"{key} {value:g}" for key, value in goal.items())
    print(f"{what}: {name} (goal: {aim})", flush=True)
    for who, numbers in found.items():
        print(f"  {who:32s}" + "  ".join(f"{key} {value:.2f}" for key, value in numbers.items()), flush=True)
    return found


if __name__ == "__main__":
    main()
