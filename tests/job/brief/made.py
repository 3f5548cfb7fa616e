"""Briefs, written to a folder and read."""

from __future__ import annotations

from pathlib import Path

from post.job.brief.model import MotionBrief
from post.job.brief.read import read_motion_brief
from post.job.diagnostics import Diagnostics
from presets.yaml_nodes import Written, read

WHOLE = """\
schema: Brief.1
objective: Sell the coat.
formats: [16x9, 1920x1080, {size: 9x16, length: 10s}]
beats:
  - {id: open, says: a dog, coverage: {framing: [wide, close]}}
  - {id: end}
copy: [Winter is here]
rules:
  - {id: calm, says: calm, check: {type: camera, params: {pan: 20, roll: 0}}, beats: [open]}
  - {id: right, says: Is it right?}
visual_rules:
  - {id: no-red, check: {type: palette, params: {banned: ["#E4002B", "#00ff00"], delta_e: "8"}}}
non_negotiables:
  - {id: logo, check: {type: logo, params: {file: logo.svg, retired: [logo.svg]}}}
references: [{file: logo.svg, says: this}]
"""


def brief_of(folder: Path, text: str) -> MotionBrief:
    path = folder / "brief.yaml"
    path.write_text(text)
    (folder / "logo.svg").write_text("<svg/>")
    diagnostics = Diagnostics(path)
    found = read_motion_brief(diagnostics, read(Written(path, "brief.yaml")))
    diagnostics.close()
    return found
