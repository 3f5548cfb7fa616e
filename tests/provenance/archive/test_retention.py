"""An archive that is held, or whose date is to come, says so; one that cannot say is never free to go."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from post.errors import JobError
from provenance.archive.retention import LegalHold, Retention, read_date, read_retention

TODAY = date(2026, 12, 1)


def test_a_date_keeps_until_the_day_before_it() -> None:
    kept = Retention("2026-12-02")
    assert list(kept.why_kept(TODAY)) == ["it is kept until 2026-12-02"]
    assert list(kept.why_kept(date(2026, 12, 2))) == []


def test_a_hold_keeps_whatever_the_date_until_it_is_lifted() -> None:
    held = Retention("2020-01-01").held("Legal", "a claim").held("Legal", "another").held("Tax", "audit")
    assert len(list(held.why_kept(TODAY))) == 3
    lifted = held.lifted("Legal", "settled")
    assert list(lifted.why_kept(TODAY)) == ["Tax holds it: audit"]
    assert lifted.holds[0] == LegalHold("Legal", "a claim", "Legal", "settled")
    with pytest.raises(JobError, match="no legal hold"):
        lifted.lifted("Legal", "again")


@pytest.mark.parametrize(("by", "why"), [("", "x"), ("x", " "), ("x", "y" * 2000)])
def test_nobody_holds_without_a_name_and_a_reason(by: str, why: str) -> None:
    with pytest.raises(JobError):
        Retention().held(by, why)


def test_it_is_read_as_it_was_written() -> None:
    made = Retention("2033-01-01").held("A", "b").lifted("A", "c").held("D", "e")
    assert read_retention(json.loads(made.text()), "x") == made


@pytest.mark.parametrize(
    "data",
    [
        None, [], {}, {"schema": "Retention.1"}, {"schema": "Retention.1", "retain_until": "soon", "holds": []},
        {"schema": "Retention.1", "retain_until": "", "holds": [{"by": "x"}]},
        {"schema": "Retention.1", "retain_until": "", "holds": "none"},
        {"schema": "Retention.1", "retain_until": "", "holds": [], "more": 1},
    ],
)  # fmt: skip
def test_what_is_no_retention_is_refused(data: Any) -> None:
    with pytest.raises(JobError):
        read_retention(data, "x")


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "01.12.2026"])
def test_a_date_is_written_as_iso_8601_has_it(text: str) -> None:
    with pytest.raises(JobError, match="no date"):
        read_date(text, "--retain-until")
