"""Makes a job of an editor's timeline and a folder of takes. All of it is checked before anything is written."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from post.atomic import real_path
from post.errors import JobError
from post.handoff.exchange.found_media import find_media, place_sources
from post.handoff.losses import Loss, Refusal
from post.handoff.media import TakesFolder
from post.handoff.timeline import ReadTimeline, Timeline
from post.handoff.to_job import ConformedJob, job_of
from post.job import load_job
from post.job.model import Job, TakeRef
from post.job.plain import job_text
from post.naming import Shown, naming
from post.os_faults import writing
from post.plan.shots import plan_shots
from post.takes.made.source import write_recipe
from post.values import Shot, Take

TakeIn = Callable[[TakeRef], Take]
REMARK = "Conformed from {}. `answerprint plan` shows the film; `conform --update` brings later edits in."


@dataclass(frozen=True, slots=True)
class Conformed:
    """A job that was made of a timeline. text: the job file's; timeline: with its media found."""

    text: str
    job: ConformedJob
    timeline: Timeline
    refused: tuple[Refusal, ...]
    lost: tuple[Loss, ...]


def conform(read: ReadTimeline, takes: TakesFolder, out: Path, source: str, take_in: TakeIn) -> Conformed:
    """Returns the job that a timeline asks for; nothing is written.

    out: where the job will lie; source: the timeline's name, for the job's first line; take_in: returns the take in a
    file. Raises Problems naming all media that are missing, ambiguous or changed; SourceError for a file that cannot
    be read; JobError, with its line of the job, for a shot that its take does not have.
    """
    timeline, _ = located(read.timeline, takes, take_in)
    made = job_of(timeline, takes, real_path(out).parent)
    text = job_text(made.data, REMARK.format(source))
    check_text(text, out, take_in)
    return Conformed(text, made, timeline, (*read.refused, *made.refused), (*read.lost, *made.lost))


def located(
    timeline: Timeline, takes: TakesFolder, take_in: TakeIn, known: Mapping[str, str] | None = None
) -> tuple[Timeline, dict[str, Take]]:
    """Returns a timeline whose media are found and counted from their first frames, and what each file holds, by path.

    known: the sha256 of clips' media by the clips' id. Raises what `find_media` and `place_sources` do.
    """
    found = find_media(timeline, takes, known)
    paths = dict.fromkeys(clip.media.path for clip in found.clips if not clip.media.make)
    taken = {path: take_in(TakeRef(Path(path).stem, Path(path), "")) for path in paths}
    return place_sources(found, taken), taken


def check_text(text: str, out: Path, take_in: TakeIn) -> tuple[Job, tuple[Shot, ...]]:
    """Returns the job that a text says, and its shots. out: where the job will lie.

    Raises what `load_job` and `plan_shots` do, with `out` in place of the draft that is read.
    """
    with draft(text, out) as path:
        job = load_job(path)
        return replace(job, path=out), planned_shots(job, take_in)


def planned_shots(job: Job, take_in: TakeIn) -> tuple[Shot, ...]:
    """Returns a job's shots on their takes. Raises Problems for shots that their takes do not have."""
    used = {cut.take for cut in job.cut}
    takes: dict[str, Take] = {}
    for ref in job.takes:
        if ref.name not in used:
            continue
        if ref.made is None:
            takes[ref.name] = replace(take_in(ref), name=ref.name)
            continue
        with tempfile.TemporaryDirectory() as folder:
            recipe = Path(folder) / "recipe.json"
            with recipe.open("xb") as file:
                write_recipe(ref.made.make, ref.made.fill, file)
            takes[ref.name] = replace(take_in(replace(ref, path=recipe)), name=ref.name)
    return plan_shots(job, takes)


@contextmanager
def draft(text: str, out: Path) -> Iterator[Path]:
    """Writes a job beside the place where it will lie, for the block: its paths are relative to that folder.

    Errors name `out`. Raises OutputError where its folder cannot be written to.
    """
    folder = real_path(out).parent
    made = not folder.exists()
    path = folder / f".{out.name}.{uuid4().hex}.yaml"
    with writing(out):
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    try:
        with naming({str(path): Shown(str(out)), path.name: Shown(out.name)}):
            yield path
    except BaseException:
        path.unlink()
        if made and not any(folder.iterdir()):
            folder.rmdir()
        raise
    path.unlink()


def refuse_other_rate(timeline: Timeline, job: Job) -> None:
    """Raises JobError where a timeline has another rate than the job that it changes."""
    if timeline.clock != job.clock:
        raise JobError(
            "the timeline has another rate than the job", where=timeline.name, expected=f"{job.clock} frames a second",
            got=f"{timeline.clock}", fix="set the editor's timeline to the job's rate, or conform it as a new job",
        )  # fmt: skip
