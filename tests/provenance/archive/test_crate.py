"""The metadata of an archive is RO-Crate 1.1: a validator by others finds nothing against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from provenance.archive.crate import (
    CONTEXT,
    NAME,
    CrateAbout,
    CrateFile,
    CrateFilm,
    CrateTake,
    write_crate,
)
from tests.provenance.archive.validator import validated

ABOUT = CrateAbout("Spot <b>", "2026-12-01", ("Answerprint", "0.1.0"))
FILES = [
    CrateFile("takes/12/a dog #1.mp4", "video/mp4", 3, "0" * 64, "a take"),
    CrateFile("job/job.yaml", "application/yaml", 3, "1" * 64, "the job"),
    CrateFile("films/wide.mp4", "video/mp4", 3, "2" * 64, "a film"),
]
TAKES = [
    CrateTake(
        "dog",
        FILES[0].path,
        True,
        (("provider", "openai"), ("model", "sora-2"), ("prompt", "a dog"), ("seed", "7")),
    ),
    CrateTake("plain", "job/job.yaml", False, ()),
]
FILMS = [
    CrateFilm("wide", "films/wide.mp4", (FILES[0].path, FILES[1].path), "3" * 64),
    CrateFilm("tall", "", (FILES[0].path,), "4" * 64),
]


def graph() -> dict[str, dict[str, Any]]:
    data = json.loads(write_crate(ABOUT, FILES, TAKES, FILMS))
    assert data["@context"] == CONTEXT
    return {row["@id"]: row for row in data["@graph"]}


def test_the_way_from_a_prompt_to_the_film_can_be_walked() -> None:
    rows = graph()
    finishing = rows["#finishing-wide"]
    take = finishing["object"][0]["@id"]
    assert take == "takes/12/a%20dog%20%231.mp4"
    (made,) = [row for row in rows.values() if row.get("result") == {"@id": take}]
    assert rows[made["object"][0]["@id"]]["text"] == "a dog"
    assert rows[made["instrument"][0]["@id"]]["name"] == "openai sora-2"
    assert rows[made["additionalProperty"][0]["@id"]]["value"] == "7"
    assert rows[finishing["instrument"]["@id"]]["softwareVersion"] == "0.1.0"


def test_everything_that_is_referred_to_is_described() -> None:
    rows = graph()
    named = {item["@id"] for row in rows.values() for item in _refs(row)}
    assert named - set(rows) == {"https://w3id.org/ro/crate/1.1"}


def _refs(value: Any) -> list[dict[str, str]]:
    if isinstance(value, dict):
        own = [value] if set(value) == {"@id"} else []
        return own + [found for item in value.values() for found in _refs(item)]
    return [found for item in value for found in _refs(item)] if isinstance(value, list) else []


def test_a_validator_by_others_finds_nothing(tmp_path: Path) -> None:
    for file in FILES:
        (tmp_path / file.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file.path).write_bytes(b"xyz")
    (tmp_path / NAME).write_bytes(write_crate(ABOUT, FILES, TAKES, FILMS))
    found = validated(tmp_path)
    assert found.issues == []
    assert found.passed == found.checks > 30


def test_the_validator_would_find_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(write_crate(ABOUT, FILES, TAKES, FILMS))
    assert validated(tmp_path).issues
