"""The command ingest: it records takes as they arrive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.atomic import real_path
from post.cli.commands.new import take_ref, takes_in, warnings_of
from post.cli.environment import read_environment, text_argument
from post.cli.options import AsJson, StoreAt
from post.cli.output import print_note, print_result
from post.cli.text.warning_text import warning_lines
from post.errors import JobError, ProvenanceError, unknown
from presets.yaml_nodes import Written, read

if TYPE_CHECKING:
    from post.job.editing.records import TakenIn
    from post.values import JobWarning, Take
    from provenance.record import FieldValue


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("ingest")(ingest)


def ingest(
    files: list[Path],
    job: Path = typer.Option(..., "--job", help="The job file to which the takes are added."),
    name: str = typer.Option("", "--name", help="The take's name in the job; for one file."),
    model: str = typer.Option("", "--model", help="The model that generated it."),
    prompt: str = typer.Option("", "--prompt", help="The prompt it was generated from."),
    seed: str = typer.Option("", "--seed", help="The seed it was generated with."),
    operator: str = typer.Option("", "--operator", help="The person or company that generated it."),
    visible_mark: str = typer.Option("", "--visible-mark", help="A generator's mark seen in the picture."),
    record: Path | None = typer.Option(None, "--record", help="A service's answer or a sidecar; one file."),
    beside: bool = typer.Option(False, "--beside", help="Also read the records beside the files."),
    provider: str = typer.Option("", "--provider", help="The service that wrote the record."),
    accept: str = typer.Option("", "--accept", help="Why a clip is taken whose credentials fail; declared."),
    beat: str = typer.Option("", "--beat", help="The beat of the brief that it was made for."),
    tag: list[str] = typer.Option([], "--tag", help="NAME=VALUE, such as framing=wide; may be repeated."),
    store: str | None = StoreAt,
    as_json: bool = AsJson,
) -> None:
    """Add takes to a job: their hash, format and credentials, how they were generated, and what the brief finds."""
    from post.job.editing.records import take_in
    from post.job.editing.text import NewTake
    from provenance.record import from_maker

    if len(files) > 1 and (name or record):
        option = "--name" if name else "--record"
        raise JobError("one for several files", where=option, fix="ingest them one at a time")
    hand = {
        "model": model, "prompt": prompt, "seed": seed, "operator": operator, "visible_mark": visible_mark,
    }  # fmt: skip
    hand = {field: text_argument(text, f"--{field.replace('_', '-')}") for field, text in hand.items()}
    name, accept = text_argument(name, "--name"), text_argument(accept, "--accept")
    told = from_maker({field: value for field, value in hand.items() if value})
    takes = takes_in(files)
    for path, take in zip(files, takes, strict=True):
        _refuse_tampered(path, take, accept)
    known = [_known(path, record or _beside(path, beside), provider, told) for path in files]
    tags = tuple(_tag(each) for each in tag)
    _refuse_beat(job, text_argument(beat, "--beat"))
    rows = [
        NewTake(path, take.file.sha256, name, each, _reason(take, accept), beat, tags)
        for path, take, each in zip(files, takes, known, strict=True)
    ]
    done = take_in(job, rows)
    data = [
        _take_json(take, each) | {"added": take.file.sha256 in done.fresh}
        for take, each in zip(takes, known, strict=True)
    ]
    refs = [take_ref(row.path, row.generator, row.accept) for row in rows]
    warnings = warnings_of(list(zip(takes, refs, strict=True)))
    _print(data, done, warnings, _coverage(job, done, store), as_json=as_json)


def _tag(given: str) -> tuple[str, str]:
    name, _, value = (part.strip() for part in text_argument(given, "--tag").partition("="))
    if not name or not value:
        raise JobError("not a tag", where="--tag", expected="NAME=VALUE, such as framing=wide", got=given)
    return name, value


def _refuse_beat(job: Path, beat: str) -> None:
    """Raises JobError where the job's brief has no such beat: the job could not be read with it."""
    from post.engine import WorkerPool
    from post.job import load_job

    if not beat or not _has_brief(job):
        return
    with WorkerPool(1) as pool:
        known = [each.id for each in pool.call(load_job, job).beats]
    if beat not in known:
        raise unknown(beat, known, "--beat", "beat of the brief")


def _has_brief(job: Path) -> bool:
    return "brief" in read(Written(real_path(job), str(job))).mapping


def _coverage(job: Path, done: TakenIn, store: str | None) -> tuple[list[dict[str, Any]], list[str]]:
    """Returns, as JSON and in lines, the groups that have a new take or lack one: what the brief's rules came to on
    their takes, and which are missing. Nothing where the job has no brief, or nothing is new."""
    from post.cli.commands.look import TAKE_LOADS, covered_takes
    from post.engine import WorkerPool
    from post.selects.rows import coverage_lines, group_row

    if not done.added or not _has_brief(job):
        return [], []
    with WorkerPool(1, TAKE_LOADS) as pool:
        loaded, ranked = covered_takes(pool, job, store)
    if loaded.motion_brief is None:
        return [], []
    rows = [group_row(group, takes) for group, takes in ranked]
    told = [
        (row, group.dimension)
        for row, (group, _) in zip(rows, ranked, strict=True)
        if row["missing"] or not row["takes"] or any(each["name"] in done.added for each in row["takes"])
    ]
    return [row for row, _ in told], coverage_lines(*zip(*told, strict=True)) if told else []


def _print(
    data: Sequence[Mapping[str, Any]],
    done: TakenIn,
    warnings: Sequence[JobWarning],
    coverage: tuple[list[dict[str, Any]], list[str]],
    *,
    as_json: bool,
) -> None:
    """Prints what was taken in. data: the takes as JSON; done: what was written into the job; coverage: what the brief
    says of the new takes, as JSON and in lines."""
    result = {
        "takes": list(data),
        "added": list(done.added),
        "told": list(done.told),
        "warnings": [each.row() for each in warnings],
        "coverage": coverage[0],
    }
    lines = [
        *(line for row in data for line in _lines(row)),
        f"added: {', '.join(done.added) or 'none new'}",
        *([f"told more of: {', '.join(done.told)}"] if done.told else []),
        *warning_lines(warnings, read_environment().columns),
        *coverage[1],
    ]
    print_result(result, as_json, lines)


def _refuse_tampered(path: Path, take: Take, accept: str) -> None:
    """Raises ProvenanceError if a clip was changed after it was signed, and no reason is given to take it."""
    if take.credential == "tampered" and not accept:
        raise ProvenanceError(
            "was changed after it was signed",
            where=str(path),
            expected="a file as its signer left it",
            got="; ".join(take.credential_detail),
            fix="get the original, or take it as it is with --accept REASON, which is declared",
        )


def _reason(take: Take, accept: str) -> str:
    return accept if take.credential == "tampered" else ""


def _beside(path: Path, wanted: bool) -> Path | None:
    """Returns the record beside a clip if it is wanted; otherwise prints a note that there is one."""
    from provenance.record import find_beside

    found = find_beside(path)
    if found and not wanted:
        print_note(f"{path}: a record lies beside it; take it with --record {found} or --beside")
    return found if wanted else None


def _known(
    path: Path, record: Path | None, provider: str, told: Sequence[FieldValue]
) -> tuple[FieldValue, ...]:
    from provenance.record import merge, read_record

    return merge(told, read_record(record, path, provider).known if record else ())


def _take_json(take: Take, known: Sequence[FieldValue]) -> dict[str, Any]:
    from provenance.record import find_conflicts, merge

    picture = take.picture
    rows = merge(known, take.record)
    return {
        "file": take.file.name,
        "sha256": take.file.sha256,
        "width": picture.width,
        "height": picture.height,
        "fps": str(picture.grid),
        "frames": picture.length,
        "credential": take.credential,
        "detail": list(take.credential_detail),
        "marks": list(take.marks),
        "record": [row._asdict() for row in rows],
        "conflicts": [str(each) for each in find_conflicts(rows)],
        "warnings": [each.row() for each in take.warnings],
    }


def _lines(row: Mapping[str, Any]) -> list[str]:
    said = [f"  {each['field']}: {_short(each['value'])} ({each['how']})" for each in row["record"]]
    return [
        f"{row['file']}: {row['credential']}, sha256 {row['sha256'][:16]}",
        *said,
    ]


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= 100 else f"{line[:97]}..."
