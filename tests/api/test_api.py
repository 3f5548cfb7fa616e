"""The Python API: its documented example runs, and it is the command line's own code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import pytest

import post
from post import JobError, Problems, Settings, finish_job, list_versions, load_job, plan_job
from post.takes.made.synthetic import make_clip
from tests.flow.commands import environment
from tests.flow.warm_commands import answerprint
from tests.flow_job import CLIPS

README = Path(post.__file__).parent / "api" / "README.md"
JOB = """
schema: Job.2
title: Small
clock: 24
house: daylight
takes: {dusk: dusk.mp4}
cut: [{take: dusk, length: 1s}]
deliver: [{preset: draft, name: wide, width: 160, height: 90, picture: {crf: 30, preset: ultrafast}}]
"""
STUB = Path(post.__file__).with_suffix(".pyi")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("api")
    make_clip(made / "dusk.mp4", CLIPS["dusk"])
    (made / "job.yaml").write_text(JOB)
    return made


@pytest.fixture(scope="module")
def said(folder: Path) -> list[str]:
    """What the example of the README says, run as a script in a folder with a job."""
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    script = folder / "example.py"
    script.write_text(example)
    around = environment(folder) | {"PYTHONPATH": str(README.parents[2])}
    done = subprocess.run(
        [sys.executable, str(script)], cwd=folder, env=around, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_example_of_the_readme_makes_and_verifies_a_film(said: list[str], folder: Path) -> None:
    assert said[0] == "Small wide"
    assert "frame.png (160, 90)" in said
    assert (folder / "frame.png").read_bytes().startswith(b"\x89PNG")
    assert f"{Path('films/wide.mp4')} 24 0 intact sound" in said
    assert any(re.fullmatch(r"making: (\d+) of \1", line) for line in said), said
    assert said[-1].startswith("missing.yaml ")


def test_the_api_plans_what_the_command_plans(said: list[str], folder: Path) -> None:
    assert said
    settings = Settings(folder / "config", folder / "store", folder / "store")
    planned = plan_job(folder / "job.yaml", settings)
    shown = answerprint(
        folder, "plan", folder / "job.yaml", "--store", folder / "store", "--json",
        ANSWERPRINT_CONFIG=str(folder / "config"),
    )  # fmt: skip
    assert json.loads(json.dumps(dict(planned.data))) == shown.data
    (film,) = planned.films
    assert (film.name, film.frames, film.cached) == ("wide", 24, film.segments)
    assert planned.refused == ()
    assert list_versions(folder / "job.yaml", settings=settings).names == ("wide",)


def test_a_run_that_makes_nothing_says_so_and_its_events_are_told(said: list[str], folder: Path) -> None:
    assert said
    told: list[str] = []
    run = finish_job(
        folder / "job.yaml",
        folder / "films",
        settings=Settings(folder / "config", folder / "store", folder / "store"),
        tell=lambda event, /, **_: told.append(event),
    )
    (film,) = run.films
    assert (film.kept, film.reused, film.signed) == (True, film.segments, True)
    assert "kept" in told
    assert run.receipt.exists()


def test_every_fault_of_a_job_is_raised_at_once(tmp_path: Path) -> None:
    job = tmp_path / "job.yaml"
    job.write_text(JOB.replace("length: 1s", "length: never").replace("clock: 24", "clock: no"))
    with pytest.raises(Problems) as caught:
        load_job(job, settings=Settings(tmp_path, tmp_path, tmp_path))
    assert {fault.where.rpartition(": ")[2] for fault in caught.value.faults} >= {"clock", "cut[0].length"}


def test_a_name_that_fits_no_film_is_refused(folder: Path) -> None:
    with pytest.raises(JobError, match="tall"):
        load_job(folder / "job.yaml", "tall", Settings(folder / "config"))


def test_every_public_name_is_documented_and_typed() -> None:
    text, stub = README.read_text("utf-8"), STUB.read_text("utf-8")
    typed = set(re.findall(r"^from \S+ import \w+ as (\w+)$|^(\w+): ", stub, re.MULTILINE))
    public: list[str] = vars(post)["__all__"]
    assert {name for pair in typed for name in pair if name} == set(public)
    for name in public:
        assert re.search(rf"\b{name}\b", text), f"{README}: {name}"
        value = getattr(post, name)
        if callable(value) and not isinstance(value, type):
            assert "return" in get_type_hints(value, vars(sys.modules[value.__module__]) | late_types())


def late_types() -> dict[str, object]:
    """The names that modules of the API import for types alone."""
    from post.engine import InProcess, WorkerPool
    from provenance.report import Report
    from provenance.trust.lists import Anchors
    from provenance.verify import VerifyOptions

    return {each.__name__: each for each in (InProcess, WorkerPool, Report, Anchors, VerifyOptions)}


def test_importing_the_package_loads_nothing_of_the_api() -> None:
    loaded = "import sys, post; print(*(name for name in sys.modules if name.startswith('post')))"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["post"]
