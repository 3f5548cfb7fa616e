"""Writes the brief of a new job: a few rules that any film keeps, and where to go on."""

from __future__ import annotations

from post.job.table.brief_table import BRIEF_SCHEMA

NEW_BRIEF = f"""\
# What the film has to tell and to keep to. `answerprint check job.yaml` measures the rules; a rule without a check is
# a question for a person. `answerprint schema brief` lists the types of check and their parameters.
schema: {BRIEF_SCHEMA}
# objective: what the film is for
# formats: [{{size: 16x9, length: 10s}}]
# beats:                                  # takes name theirs: `beat: open`
#   - {{id: open, says: what is seen first}}
rules:
  - {{id: opens-on-picture, says: the first frame is a picture, check: first-frame}}
  - {{id: no-black, says: nothing is black for long, check: black}}
  - {{id: one-shot, says: no take is cut inside a shot, check: one-shot}}
visual_rules:
  - {{id: camera, says: the camera does not race, check: {{type: camera, params: {{pan: 100, tilt: 60, roll: 45}}}}}}
non_negotiables:
  - {{id: product, says: Does everything that is shown look as it is?}}
"""
