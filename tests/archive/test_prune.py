"""An archive goes when its day has come and nobody holds it; before, prune refuses and says why."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from post.archive.prune import hold_archive, prune_archive
from post.errors import GuardrailError, JobError, ProvenanceError
from provenance.archive.read_bag import read_bag
from tests.flow.warm_commands import answerprint

BEFORE, AFTER = date(2098, 12, 31), date(2099, 1, 1)


def test_prune_looks_unless_it_is_told_to_remove(copy: Path) -> None:
    found = prune_archive(copy, AFTER, remove=False)
    assert not found.removed
    assert found.files == sum(path.is_file() for path in copy.rglob("*"))
    assert found.bytes == sum(path.stat().st_size for path in copy.rglob("*") if path.is_file())
    assert found.kept == ()
    assert copy.is_dir()


def test_an_archive_stays_until_its_day(copy: Path) -> None:
    with pytest.raises(GuardrailError, match="2099-01-01"):
        prune_archive(copy, BEFORE, remove=True)
    assert read_bag(copy).valid
    assert prune_archive(copy, AFTER, remove=True).removed
    assert list(copy.parent.iterdir()) == []


def test_a_held_archive_stays_and_remains_valid(copy: Path) -> None:
    hold_archive(copy, "Legal", "a claim")
    assert read_bag(copy).valid
    with pytest.raises(GuardrailError, match="Legal holds it: a claim"):
        prune_archive(copy, AFTER, remove=True)
    hold_archive(copy, "Legal", "settled", lift=True)
    assert read_bag(copy).valid
    with pytest.raises(JobError):
        hold_archive(copy, "Legal", "again", lift=True)
    assert prune_archive(copy, AFTER, remove=True).removed


@pytest.mark.parametrize("text", ['{"schema": "Retention.1", "retain_until": "", "holds": []}', ""])
def test_a_date_that_was_taken_out_frees_nothing(copy: Path, text: str) -> None:
    (copy / "retention.json").write_text(text)
    with pytest.raises(ProvenanceError, match="how long it is kept"):
        prune_archive(copy, AFTER, remove=True)
    (copy / "retention.json").unlink()
    with pytest.raises(ProvenanceError, match="how long it is kept"):
        prune_archive(copy, AFTER, remove=True)
    assert copy.is_dir()


def test_what_is_no_archive_is_never_removed(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "mine").write_text("work")
    answer = answerprint(tmp_path, "prune", tmp_path / "x", "--yes")
    assert answer.code == 3
    assert (tmp_path / "x" / "mine").exists()


def test_the_commands_say_why_an_archive_stays(copy: Path, tmp_path: Path) -> None:
    assert answerprint(tmp_path, "hold", copy, "--who", "Legal", "--why", "a claim", "--json").data[
        "holds"
    ] == [{"by": "Legal", "why": "a claim"}]
    looked = answerprint(tmp_path, "prune", copy)
    assert looked.code == 4
    assert "stays: Legal holds it: a claim" in looked.out
    asked = answerprint(tmp_path, "prune", copy, "--yes")
    assert asked.code == 4
    assert "hold --lift" in asked.said
    assert copy.is_dir()
