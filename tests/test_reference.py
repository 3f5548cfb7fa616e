"""The reference of stages has every knob that users can set, and none that the program sets itself."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from post.errors import Problems
from post.job import load_job
from post.job.reader import known_keys
from post.job.table.key_table import job_markdown
from post.job.table.schema import job_schema
from post.job.table.schema_table import FORMS
from post.knob import Knob, knobs_of, public_knobs
from post.reference import stage_lines, stage_markdown, stage_table
from post.stage import find, stage_names
from tests.job.conftest import Write, write

__all__ = ["write"]

INTERNAL = {
    (name, key) for name in stage_names() for key, knob in knobs_of(find(name)).items() if knob.internal
}


def test_knobs_that_the_program_sets_are_internal() -> None:
    assert {
        ("caption", "clear"),
        ("caption", "content"),
        ("caption", "language"),
        ("caption", "lift"),
        ("graphic", "clear"),
        ("card", "clear"),
        ("countdown", "clear"),
        ("countdown", "nearest_weight"),
        ("deflicker", "first"),
        ("deflicker", "gains"),
        ("degrain", "cuts"),
        ("ffmpeg", "rate"),
        ("graphic", "clear"),
        ("label", "clear"),
        ("match", "forced"),
        ("match", "method"),
        ("match", "reference"),
        ("moviepy", "rate"),
        ("moviepy", "release"),
        ("reframe", "focus_x"),
        ("reframe", "focus_y"),
        ("reframe", "path"),
        ("reframe", "reason"),
        ("retime", "lasts"),
        ("retime", "scale"),
        ("title", "clear"),
        ("title", "nearest_weight"),
        ("tone-map", "primaries"),
        ("tone-map", "system"),
        ("watermark", "carrier"),
        ("watermark", "identifier"),
    } == INTERNAL


def test_the_reference_has_every_public_knob_and_no_internal_one() -> None:
    listed = {(row["name"], knob["name"]) for row in stage_table() for knob in row["knobs"]}
    assert listed == {(name, key) for name in stage_names() for key in public_knobs(find(name))}
    assert not listed & INTERNAL


def test_the_schema_and_the_loader_have_no_internal_knob_as_a_key() -> None:
    definitions = job_schema()["definitions"]
    for name, form in FORMS.items():
        own = {key for stage, key in INTERNAL if stage in form.stages} - set(form.keys)
        assert not own & set(known_keys(form))
        assert not own & set(definitions[name].get("properties", {}))
    (match,) = [
        each for each in definitions["stage"]["anyOf"] if each["properties"]["stage"]["const"] == "match"
    ]
    assert "saturation" in match["properties"]
    assert "reference" not in match["properties"]


@pytest.mark.parametrize(
    ("cut", "says"),
    [
        ("{take: dog, repair: {deflicker: {gains: [1, 1, 1]}}}", r"repair\.deflicker\.gains: unknown key"),
        ("{take: dog, focus_x: 0.2}", r"cut\[0\]\.focus_x: unknown key.*focus"),
        (
            "{take: dog, stages: [{stage: match, reference: dog.mp4}]}",
            r"stages\[0\]\.reference: unknown knob",
        ),
    ],
)
def test_a_job_cannot_set_an_internal_knob(cut: str, says: str, write: Write) -> None:
    with pytest.raises(Problems, match=says):
        load_job(write(cut=f"cut: [{cut}]"))


def test_bounds_are_written_without_exponents() -> None:
    texts = [stage_markdown(), *stage_lines(stage_table()), json.dumps(job_schema())]
    assert not [found for text in texts for found in re.findall(r"\d[\d.]*e[+-]?\d+\b", text)]
    assert Knob("n", "whole", 0, 2**31 - 1).expected == "a whole number, 0 to 2147483647"
    assert Knob("n", "number", 0.25, 4).expected == "0.25 to 4"


def test_the_table_of_keys_has_every_key_of_a_job_and_leads_to_its_sections_and_stages() -> None:
    text = job_markdown()
    for name, form in FORMS.items():
        section = text.partition(f"### `{name}`\n")[2].partition("### ")[0]
        assert re.findall(r"^\| `(\w+)`", section, re.MULTILINE) == list(form.keys)
        assert set(re.findall(r"^\| `(\w+)` \(required", section, re.MULTILINE)) == set(form.required)
    headings = {f"#{name}" for name, form in FORMS.items() if form.keys}
    headings |= {f"#{name}-{find(name).does}" for name in stage_names()}
    assert set(re.findall(r"\]\((.*?)\)", text)) <= headings
    assert "[`retime`](#retime-time) and [`reframe`](#reframe-frame)" in text


def test_the_readme_has_no_internal_knob() -> None:
    text = (Path(__file__).parents[1] / "post" / "README.md").read_text("utf-8")
    for name, key in INTERNAL:
        section = text.partition(f"#### `{name}` ")[2].partition("#### ")[0]
        assert section
        assert f"| `{key}` |" not in section
