"""The JSON Schema of a brief accepts what the reader reads, and refuses what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

import presets
from post.job.brief.rule_check import CHECK_TYPES
from post.job.brief.schema import brief_schema, checks_markdown
from presets.yaml_nodes import Written, read
from tests.job.brief.made import WHOLE
from tests.job.table.draft_seven import DraftSeven

SCHEMA = brief_schema()


def _accepts(path: Path) -> bool:
    return DraftSeven(SCHEMA).accepts(read(Written(path, "brief.yaml")).plain(), SCHEMA)


@pytest.mark.parametrize("text", [WHOLE, (Path(presets.__file__).parent / "demo" / "brief.yaml").read_text()])
def test_what_is_read_is_valid(text: str, tmp_path: Path) -> None:
    (tmp_path / "brief.yaml").write_text(text)
    assert _accepts(tmp_path / "brief.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "colour: red", "rules: [{says: x}]", "rules: [{id: a, check: camra}]",
        "rules: [{id: a, check: {type: camera, params: {pann: 3}}}]",
        "rules: [{id: a, check: {type: people, params: {least: 500}}}]",
    ],
)  # fmt: skip
def test_what_is_refused_is_not(text: str, tmp_path: Path) -> None:
    (tmp_path / "brief.yaml").write_text(text)
    assert not _accepts(tmp_path / "brief.yaml")


def test_every_type_of_check_is_documented() -> None:
    told = checks_markdown()
    assert all(f"### `{name}`" in told for name in CHECK_TYPES)
    assert len(CHECK_TYPES) >= 20
