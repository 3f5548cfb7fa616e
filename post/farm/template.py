"""Writes a job as an Open Job Description template, 2023-09, that farm managers and `openjd run` take.

    Sounds    mixes and stems  --+
                                 +-->  Finish    joins, checks and signs
    Segments  the picture      --+

Each step's tasks lie in a folder as `task_folder` has it. No key and no secret is in a template or a task: whoever does
tasks has `store.key`, whoever does `Finish` has the key of the certificate too.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from post.atomic import write_whole
from post.deliver.tasks import SEGMENT
from post.engine import Task
from post.errors import JobError
from post.farm.task_folder import write_tasks
from post.printable import printable

TEMPLATE, TASKS = "template.json", "tasks"
SOUNDS, SEGMENTS, FINISH = "Sounds", "Segments", "Finish"
SPECIFICATION, CHUNKING = "jobtemplate-2023-09", "TASK_CHUNKING"
CHUNK_S = 60  # of work in a chunk: a worker's own start takes 2 to 4 s
TASK_MIB, START_MIB = 1024, 512
LEAST_TIMEOUT_S, PATIENCE = 900, 20  # so many times what is expected: another machine may be slow, and busy
STOP_S = 30
LONGEST_NAME, LONGEST_VALUE = 128, 1024  # characters, by the specification
SIGNER = "attr.answerprint.signs"


@dataclass(frozen=True, slots=True)
class FarmSetup:
    """How a job is sent. job: its file; store: what all hosts share, a folder or an address; cores: that a host gives
    to a chunk; chunks: whether tasks are given out several at once; finish: whether the last step signs the
    films; only: of these films, as of the command `finish`."""

    job: Path
    store: str
    title: str
    cores: int = 2
    chunks: bool = True
    finish: bool = True
    only: str = ""


def write_farm(
    tasks: Sequence[Task], seconds: Sequence[float], setup: FarmSetup, out: Path
) -> dict[str, Any]:
    """Writes the tasks and the template of a job to a folder, the template last, and returns the template.

    seconds: that each task is expected to take. Raises JobError where a path is longer than a template may hold,
    OutputError or RetryError where the folder cannot be written.
    """
    paired = list(zip(tasks, seconds, strict=True))
    steps = {
        SOUNDS: [each for each in paired if each[0].run != SEGMENT],
        SEGMENTS: [each for each in paired if each[0].run == SEGMENT],
    }
    template = farm_template({name: [each[1] for each in found] for name, found in steps.items()}, setup)
    for name, found in steps.items():
        write_tasks(out / TASKS / name.lower(), [task for task, _ in found])
    write_whole(out / TEMPLATE, json.dumps(template, indent=1, ensure_ascii=False) + "\n")
    return template


def farm_template(steps: dict[str, list[float]], setup: FarmSetup) -> dict[str, Any]:
    """Returns the template. steps: the expected seconds of each task, by the step's name."""
    given = {name: found for name, found in steps.items() if found}
    made = [_task_step(name, found, setup) for name, found in given.items()]
    if setup.finish:
        made.append(_finish_step(list(given), setup))
    extensions = {"extensions": [CHUNKING]} if setup.chunks else {}
    return {
        "specificationVersion": SPECIFICATION,
        **extensions,
        "name": _name(setup.title),
        "parameterDefinitions": _parameters(setup),
        "steps": made,
    }


def _parameters(setup: FarmSetup) -> list[dict[str, Any]]:
    """Returns the job's parameters. A template's own paths are beside it; those outside may only be texts."""
    more = [
        _text("JobFile", str(setup.job), "The job file, on the host that signs."),
        {
            "name": "Films", "type": "PATH", "objectType": "DIRECTORY", "dataFlow": "OUT", "default": "films",
            "description": "The folder for the deliverables.",
        },
    ]  # fmt: skip
    return [
        {
            "name": "Tasks", "type": "PATH", "objectType": "DIRECTORY", "dataFlow": "IN", "default": TASKS,
            "description": "The folder of the tasks.",
        },
        _text("Store", setup.store, "What all hosts share: a folder, or s3://BUCKET/PREFIX."),
        _text("Answerprint", "answerprint", "The command, on every host."),
        *(more if setup.finish else ()),
        *([_text("Only", setup.only, "The films to make.")] if setup.only and setup.finish else ()),
    ]  # fmt: skip


def _text(name: str, value: str, about: str) -> dict[str, Any]:
    if len(value) > LONGEST_VALUE:
        raise JobError(
            "is too long for a template", where=name, got=f"{len(value)} characters",
            expected=f"at most {LONGEST_VALUE}", fix="use a shorter path",
        )  # fmt: skip
    return {"name": name, "type": "STRING", "default": value, "description": about}


def _task_step(name: str, seconds: list[float], setup: FarmSetup) -> dict[str, Any]:
    folder = "{{Param.Tasks}}/" + name.lower()
    at_once = max(1, round(CHUNK_S / max(0.01, sum(seconds) / len(seconds)))) if setup.chunks else 1
    at_once = min(at_once, len(seconds))
    words = [
        "worker", "--task", folder, "--numbers", "{{Task.Param.Number}}", "--store", "{{Param.Store}}",
        "--workers", str(setup.cores), "--openjd",
    ]  # fmt: skip
    return {
        "name": name,
        "parameterSpace": {"taskParameterDefinitions": [_numbers(len(seconds), at_once, setup.chunks)]},
        "hostRequirements": {"amounts": _amounts(setup.cores)},
        "script": {"actions": {"onRun": _action(words, max(seconds) * at_once)}},
    }


def _numbers(count: int, at_once: int, chunks: bool) -> dict[str, Any]:
    if not chunks:
        return {"name": "Number", "type": "INT", "range": f"1-{count}"}
    chunk = {"defaultTaskCount": at_once, "targetRuntimeSeconds": CHUNK_S, "rangeConstraint": "CONTIGUOUS"}
    return {"name": "Number", "type": "CHUNK[INT]", "range": f"1-{count}", "chunks": chunk}


def _finish_step(after: list[str], setup: FarmSetup) -> dict[str, Any]:
    words = [
        "finish", "{{Param.JobFile}}", "-o", "{{Param.Films}}", "--store", "{{Param.Store}}",
        "--workers", str(setup.cores), "--may-wait",
    ]  # fmt: skip
    words += ["--only", "{{Param.Only}}"] if setup.only else []
    depends = {"dependencies": [{"dependsOn": name} for name in after]} if after else {}
    signer = {"attributes": [{"name": SIGNER, "anyOf": ["yes"]}]}
    return {
        "name": FINISH,
        **depends,
        "hostRequirements": {"amounts": _amounts(setup.cores), **signer},
        "script": {"actions": {"onRun": _action(words, 4 * LEAST_TIMEOUT_S / PATIENCE)}},
    }


def _amounts(cores: int) -> list[dict[str, Any]]:
    return [
        {"name": "amount.worker.vcpu", "min": cores},
        {"name": "amount.worker.memory", "min": START_MIB + TASK_MIB * cores},
    ]


def _action(words: list[str], expected_s: float) -> dict[str, Any]:
    """Returns what a host runs. A worker that is told to stop leaves whole results, or none."""
    return {
        "command": "{{Param.Answerprint}}",
        "args": words,
        "timeout": max(LEAST_TIMEOUT_S, ceil(PATIENCE * expected_s)),
        "cancelation": {"mode": "NOTIFY_THEN_TERMINATE", "notifyPeriodInSeconds": STOP_S},
    }


def _name(title: str) -> str:
    """Returns a job's title as a template may hold it: one line, and no format string."""
    return printable(title).replace("{{", "{").replace("}}", "}").strip()[:LONGEST_NAME] or "film"
