"""Warnings that a job says are meant to be so."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.errors import Problems
from post.job import load_job
from post.values.warning import ALLOWABLE, CODES
from tests.flow_job import JOB, make_clips


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("allow")
    make_clips(made)
    return made


def allowed(folder: Path, text: str) -> tuple[tuple[str, str], ...]:
    (folder / "job.yaml").write_text(f"{JOB}\nallow: {text}\n")
    return load_job(folder / "job.yaml").allow


def test_a_code_alone_or_with_its_reason(folder: Path) -> None:
    assert allowed(folder, '[past-end, {warning: type-contrast, why: "a ghost"}]') == (
        ("past-end", "the job gives no reason"), ("type-contrast", "a ghost"),
    )  # fmt: skip
    assert allowed(folder, "[]") == ()


@pytest.mark.parametrize(
    "text", ["[no-such]", "[cut-short]", "[{why: x}]", "past-end", "[{warning: past-end, of: x}]"]
)
def test_what_cannot_be_allowed_is_a_fault_of_the_job(folder: Path, text: str) -> None:
    with pytest.raises(Problems, match="allow"):
        allowed(folder, text)


def test_nothing_is_allowed_that_is_no_warning() -> None:
    assert set(ALLOWABLE) < set(CODES)
