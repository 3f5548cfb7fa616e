"""A brief of 20 rules on real generated takes: `python -m tests.brief.real` judges them all.

Limits were chosen on the clips of CHOSEN_ON, and shown on those of SHOWN_ON, which meet the brief.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from post.atomic import checksum
from post.brief.measure import take_footage
from post.brief.rulings import take_rulings
from post.engine import Store
from post.job.brief.model import MotionBrief
from post.job.brief.read import read_motion_brief
from post.job.diagnostics import Diagnostics
from post.job.model import Job, TakeRef
from post.takes.probe import probe
from post.values import File
from post.values.claim import Ruling
from presets.yaml_nodes import Written, read
from tests.plan.made import job

CHOSEN_ON = (
    "cogvideox_1", "diffsynth_office", "diffsynth_toon_dog_mpeg4", "kandinsky5_degenerate", "ltx2_couple_dialogue",
    "ltx2_guitar_teacher", "matrixgame2_forest", "moviegen_penguins_5s",
)  # fmt: skip
SHOWN_ON = (
    "cogvideox_3", "fasthunyuan_hiker", "heygen_avatar_a_362x380", "longcat_vc_motorcycle_480sq", "ltx2_dog_snow",
    "ltx2_guitar_768x512", "ltx2_guitar_student", "ltx2_official_student", "ltx2_official_teacher",
    "ltx2_pigeons_768x512",
)  # fmt: skip
BRIEF = """\
schema: Brief.1
objective: Show what generated clips can tell in ten seconds.
beats: [{id: open, says: an animal outside}, {id: end, says: a person at work}]
non_negotiables:
  - {id: no-red, says: another brand's red is not seen, check: {type: palette, params: {banned: "#e4002b"}}}
  - {id: no-claims, check: {type: words, params: {banned: [guaranteed, miracle]}}}
  - {id: model, check: {type: generator, params: {fields: [model]}}}
  - {id: product, says: Does the product look as it is sold?}
visual_rules:
  - {id: calm, check: {type: camera, params: {pan: 12, tilt: 8, zoom: 12, roll: 6}}}
  - {id: steady, check: {type: camera, params: {shake: 0.6}}}
  - {id: alive, check: {type: motion, params: {least: 0.1}}}
  - {id: sharp, check: sharpness}
  - {id: steady-light, check: flicker}
  - {id: exposed, check: {type: tone, params: {least_light: 0.25, most_light: 0.92, least_contrast: 0.15}}}
  - {id: natural, check: {type: tone, params: {most_colour: 0.14}}}
  - {id: lens, says: Does it feel like one lens?}
rules:
  - {id: opens, check: first-frame}
  - {id: black, check: black}
  - {id: frozen, check: frozen}
  - {id: flashes, check: flashes}
  - {id: lines, check: {type: size, params: {least_lines: 280}}}
  - {id: one-shot, check: one-shot}
  - {id: people, check: {type: people, params: {most: 3}}}
  - {id: told, check: beats}
"""


def brief_in(folder: Path, text: str = BRIEF) -> MotionBrief:
    """The brief, written to a folder and read."""
    path = folder / "brief.yaml"
    path.write_text(text)
    diagnostics = Diagnostics(path)
    found = read_motion_brief(diagnostics, read(Written(path, "brief.yaml")))
    diagnostics.close()
    return found


def judge(path: Path, asks: MotionBrief, keep: Store | None = None, beat: str = "open") -> tuple[Ruling, ...]:
    """What the rules about takes came to on a clip."""
    file = File(checksum(path).sha256, path.name, path)
    opened = replace(probe(path, path.name), name=path.stem, file=file)
    ref = TakeRef(path.stem, path, "spot.yaml:4", record=(("model", "a model", "recorded"),), beat=beat)
    asked: Job = job(motion_brief=asks, takes=(ref,))
    shown = take_footage(asked, ref, opened, keep)
    assert shown is not None
    return take_rulings(asks, shown)


def main(names: list[str]) -> None:
    """Prints the rules that each clip breaks, or that are open."""
    clips = Path(os.environ["ANSWERPRINT_MEDIA"]) / "ai_clips"
    with TemporaryDirectory() as folder:
        asks = brief_in(Path(folder))
        for name in names or [*CHOSEN_ON, *SHOWN_ON]:
            rulings = judge(clips / f"{name}.mp4", asks)
            told = [
                f"{each.id} {each.verdict} ({each.measured})" for each in rulings if each.verdict != "pass"
            ]
            group = "chosen on" if name in CHOSEN_ON else "shown on"
            print(f"{group:9} {name:28} {len(rulings)} rules: {'; '.join(told) or 'all kept'}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
