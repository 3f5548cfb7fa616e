"""How a job asks for its films to be registered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from post.errors import Problems
from post.job import load_job
from post.job.model import Registration
from post.recovery.register import RegistryOptions, registry_options

Write = Callable[..., Path]


def asked(write: Write, watermark: str) -> Registration | None:
    return load_job(write(provenance=f"provenance: {{watermark: {watermark}}}")).provenance.registration


@pytest.mark.parametrize("watermark", ["{mark: true}", "{registry: false}", "{registry: no, mark: true}"])
def test_nothing_is_registered_unasked(write: Write, watermark: str) -> None:
    assert load_job(write()).provenance.registration is None
    assert asked(write, watermark) is None


@pytest.mark.parametrize("word", ["true", "True", "yes"])
def test_true_is_this_users_own_registry(write: Write, word: str, tmp_path: Path) -> None:
    job = load_job(write(provenance=f"provenance: {{watermark: {{registry: {word}}}}}"))
    assert job.provenance.registration is not None
    assert job.provenance.registration.folder is None
    assert registry_options(job, tmp_path) == RegistryOptions(tmp_path, False, job.title)


def test_a_folder_is_found_from_where_the_job_lies(write: Write) -> None:
    path = write(provenance="provenance: {watermark: {registry: ../films, iscc: true}}")
    found = load_job(path).provenance.registration
    assert found is not None
    assert (found.folder, found.iscc) == ((path.parent / "../films").resolve(), True)


@pytest.mark.parametrize(
    ("watermark", "said"),
    [
        ("{iscc: true}", "of no use without a registry"),
        ("{registry: true, iscc: perhaps}", "iscc"),
        ("{registry: [a, b]}", "registry"),
        ("{registri: true}", "registry"),
    ],
)
def test_what_makes_no_sense_is_said_with_its_place(write: Write, watermark: str, said: str) -> None:
    with pytest.raises(Problems) as found:
        asked(write, watermark)
    assert said in str(found.value)
    assert "provenance.watermark" in str(found.value)
