from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from post.errors import Problems
from post.job import load_job
from post.job.reader import known_keys
from post.job.table.schema import job_schema
from post.job.table.schema_table import FORMS
from post.job.write import new_job
from presets import find, names
from presets.places import SHIPPED
from presets.yaml_nodes import Written, read
from tests.job.conftest import Write
from tests.job.made import CUT, FULL, clips, probed
from tests.job.table.draft_seven import DraftSeven

SCHEMA = job_schema()
valid = DraftSeven(SCHEMA).accepts


def plain(path: Path) -> Any:
    return read(Written(path, path.name)).plain()


def test_the_demo_job_is_valid() -> None:
    assert valid(plain(SHIPPED / "demo" / "job.yaml"), SCHEMA)


def test_a_new_job_is_valid(tmp_path: Path) -> None:
    [clip] = clips(tmp_path, "a.mp4")
    path = tmp_path / "job.yaml"
    path.write_text(new_job(tmp_path, [clip], [probed(clip, Fraction(24), 48)]))
    assert valid(plain(path), SCHEMA)


def test_a_job_with_every_part_is_valid_and_loads(write: Write) -> None:
    takes = "takes: {dog: dog.mp4, ship: {file: ship.mp4, colour: bt709, generator: {seed: 1}}}"
    path = write(
        takes=takes, cut=CUT, deliver="deliver: [social-16x9, {preset: social-9x16, name: tall}]", more=FULL
    )
    assert valid(plain(path), SCHEMA)
    assert len(load_job(path).cut) == 4


@pytest.mark.parametrize(
    "parts",
    [
        {"title": ""}, {"schema": "schema: Job.3"}, {"more": "titels: []"}, {"cut": "cut: dog"},
        {"cut": "cut: [{take: dog, zoom: 99}]"}, {"cut": "cut: [{take: dog, in: 5}]"},
        {"cut": "cut: [{take: dog, stages: [{stage: look, saturashun: 1}]}]"},
        {"more": "look: {saturation: [1]}"},
        {"deliver": "deliver: [{name: a, depth: 9, width: 64, height: 64}]"},
        {"deliver": "deliver: [{name: a}]"}, {"more": "titles: [{text: a}]"},
    ],
)  # fmt: skip
def test_what_the_schema_refuses_the_loader_refuses(parts: dict[str, str], write: Write) -> None:
    path = write(**parts)
    assert not valid(plain(path), SCHEMA)
    with pytest.raises(Problems):
        load_job(path)


@pytest.mark.parametrize("form", FORMS)
def test_every_key_the_loader_takes_is_in_the_schema(form: str) -> None:
    if form in ("point", "focus-key", "box", "stage", "transition"):
        pytest.skip("written by stage, or a list")
    definition = SCHEMA["definitions"][form]
    assert set(definition["properties"]) == {*known_keys(FORMS[form]), *FORMS[form].renamed}
    assert definition["additionalProperties"] == FORMS[form].open


def test_the_schema_is_plain_json_of_a_draft_editors_read() -> None:
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize("kind", ["house", "look", "optics", "grain", "type", "label", "deliver"])
def test_every_shipped_preset_is_valid_by_the_schema_of_its_form(kind: str) -> None:
    for name in names(kind):
        assert valid(find(kind, name).plain(), SCHEMA["definitions"][kind]), name
