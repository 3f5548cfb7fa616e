"""The commands handoff and conform: to editors, and from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.api.engines import cores
from post.atomic import real_path
from post.cli.environment import read_environment
from post.cli.options import AsJson, JobFile, StoreAt
from post.cli.output import ProgressBar, print_result
from post.cli.stores import open_stores, read_anchors
from post.cli.text.editors_text import changed_lines, handoff_lines, left_out_lines
from post.errors import JobError

if TYPE_CHECKING:
    from post.handoff.exchange.conform import TakeIn
    from post.handoff.losses import Loss
    from post.handoff.timeline import Timeline
    from post.job.model import TakeRef
    from post.prepare.sources import JobSources
    from post.values import Plan, Take
    from post.values.time import Clock


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("handoff")(handoff)
    app.command("conform")(conform)


def handoff(
    job: Path = JobFile,
    to: str = typer.Option(
        ..., "--to", help="otio, otioz, fcpxml, fcpxml-resolve, fcp7xml, edl, or cdl or cube for each shot."
    ),
    out: Path = typer.Option(..., "-o", "--out", help="The file to write; a folder for cdl and cube."),
    version: str = typer.Option("", "--version", help="Of FCPXML: 1.9 to 1.13."),
    dtd: Path | None = typer.Option(
        None, "--dtd", help="Apple's DTD of that version: what it does not allow is refused."
    ),
    only: str = typer.Option(
        "", "--only", help="As this deliverable has it; the job's first where not given."
    ),
    baked: bool = typer.Option(
        False, "--baked", help="Of plates: a ProRes 422 HQ file of each shot, retimed and framed, not graded."
    ),
    handles: str = typer.Option(
        "0f", "--handles", help="With --baked: how much more of its take a plate has at each end."
    ),
    start: int = typer.Option(
        0, "--start", min=0, help="With --baked: the number of each plate's first frame."
    ),
    reference: bool = typer.Option(
        False, "--reference", help="Also the film, small and unsigned, with timecode and shots burnt in."
    ),
    store: str | None = StoreAt,
    as_json: bool = AsJson,
) -> None:
    """Write the cut for an editor or a grader, and say what the format loses."""
    from post.handoff.baked.asked import refuse_idle
    from post.handoff.exchange.formats import COLOURS, refuse_dtd, refuse_version
    from post.handoff.exchange.shot_colour import write_cdls, write_cubes

    made: dict[str, Any] = {"media": [], "reference": None}
    refuse_idle(to in COLOURS, (baked, reference), handles, start)
    refuse_version(to, version)
    if dtd is not None:
        refuse_dtd(to)
    if to in COLOURS:
        _guard_place(out, None, job)
        sources, _ = _planned(job, only, store)
        lost = (write_cubes if to == "cube" else write_cdls)(sources.job, out)
    else:
        wanted = (handles, start) if baked else None, reference
        lost, made = _write_cut((job, only, store), (to, version, dtd), out, wanted)
    rows = [each.row() for each in lost]
    data = {"path": str(out), "lost": rows, **made}
    print_result(data, as_json, [*handoff_lines(data, to)])


def _write_cut(
    of: tuple[Path, str, str | None],
    form: tuple[str, str, Path | None],
    out: Path,
    wanted: tuple[tuple[str, int] | None, bool],
) -> tuple[tuple[Loss, ...], dict[str, Any]]:
    """Writes the cut for an editor, and returns what it lost, and the media that were made for it as JSON.

    of: the job, the deliverable and the store; form: the format, its version and its DTD; wanted: the handles of plates
    and the number of each one's first frame, None for no plates; and whether a reference movie.
    """
    from post.handoff.exchange.formats import find_writer
    from post.handoff.fcpxml.write import refuse_invalid

    (job, only, store), (to, version, dtd), (baked, reference) = of, form, wanted
    writer = find_writer(to)
    assert writer.write is not None
    _guard_place(out, writer.suffixes, job)
    planned = _planned(job, only, store, reference=reference)
    timeline, left_off = _timeline(*planned, job), tuple["Loss", ...]()
    made: dict[str, Any] = {"media": [], "reference": None}
    if baked is not None or reference:
        timeline, left_off, made = _with_media(timeline, planned, out, wanted, store)
    if dtd is not None:
        refuse_invalid(timeline, to, version, dtd)
    return tuple(dict.fromkeys((*writer.write(timeline, out, version), *left_off))), made


def _with_media(
    live: Timeline,
    planned: tuple[JobSources, Plan],
    out: Path,
    wanted: tuple[tuple[str, int] | None, bool],
    store: str | None,
) -> tuple[Timeline, tuple[Loss, ...], dict[str, Any]]:
    """Makes media beside a timeline, and returns the timeline of them, what they lose, and each as JSON."""
    from post.engine import WorkerPool
    from post.handoff.baked.bake import bake
    from post.handoff.baked.files import Workshop
    from post.handoff.baked.reference import make_reference

    baked, reference = wanted
    timeline, left_off, rows = live, tuple["Loss", ...](), list[dict[str, Any]]()
    with WorkerPool(cores()) as pool, ProgressBar() as meter:
        workshop = Workshop(pool, open_stores(store)[1], meter)
        if baked is not None:
            timeline, left_off, rows = bake(live, planned, out, baked, workshop)
        movie = make_reference(planned, out, workshop) if reference else None
    return timeline, left_off, {"media": rows, "reference": movie}


def _guard_place(out: Path, suffixes: tuple[str, ...] | None, job: Path) -> None:
    """Raises JobError for a name that the format does not have, and for one that is the job's own."""
    if suffixes is not None and out.suffix.lower() not in suffixes:
        raise JobError(
            "not a name of this format", where="-o", expected=f"a name ending in {suffixes[0]}", got=out.name
        )
    if real_path(out) == real_path(job):
        raise JobError("would overwrite the job", where="-o", got=str(out), fix="name another file")


def _planned(job: Path, only: str, store: str | None, *, reference: bool = False) -> tuple[JobSources, Plan]:
    """Returns a job's opened files and its plan, whose second film is the reference movie where that is wanted."""
    from post.engine import WorkerPool
    from post.handoff.baked.reference import with_reference
    from post.job import load_job
    from post.prepare.plan_job import plan_job
    from post.prepare.watermark import key_watermark

    with WorkerPool(1) as pool:
        asked = key_watermark(pool.call(load_job, job), read_environment().config)
        content, kept = open_stores(store)
        if reference and (both := with_reference(asked, only)) is not asked:
            asked, only = both, ""
        return pool.call(plan_job, asked, read_anchors(), content, only, kept)


def _timeline(sources: JobSources, plan: Plan, path: Path) -> Timeline:
    """Returns a planned job's timeline, whose media lie where the job has them, not in the store."""
    from post.handoff.from_plan import timeline_of
    from post.job import load_job

    timeline = timeline_of(load_job(path), plan.renditions[0])
    places = {str(each.file.here): str(each.clip.path) for each in sources.sounds}
    sounds = tuple(
        replace(each, media=replace(each.media, path=places.get(each.media.path, each.media.path)))
        for each in timeline.sounds
    )
    return replace(timeline, sounds=sounds)


def conform(
    timeline: Path = typer.Argument(help="The editor's file: .otio, .otioz, .fcpxml, .xml, .edl or .aaf."),
    takes: Path | None = typer.Option(
        None,
        "--takes",
        help="The folder of its media. Without it: those in .otioz, or of --update's job.",
    ),
    out: Path | None = typer.Option(
        None, "-o", "--out", help="The job file to write; the updated one if left out."
    ),
    update: Path | None = typer.Option(
        None, "--update", help="The job that the edit changes, by its shots' ids."
    ),
    rate: str = typer.Option("", "--rate", help="Frames a second of an EDL that does not say it."),
    project: str = typer.Option("", "--project", help="The name of one of several projects in a file."),
    as_json: bool = AsJson,
) -> None:
    """Write a job from an editor's timeline; with --update, bring its changes into the job that it came from."""
    place = _job_place(out, update)
    if update is not None:
        data = _updated(timeline, takes, (update, place), (rate, project))
    else:
        data = _conformed(timeline, takes, place, (rate, project))
    counts = f"{data['clips']} clips, {data['retimes']} retimes, {data['transitions']} transitions"
    print_result(data, as_json, [f"wrote {place}: {counts}", *changed_lines(data), *left_out_lines(data)])


def _conformed(timeline: Path, takes: Path | None, out: Path, asked: tuple[str, str]) -> dict[str, Any]:
    """Writes a new job. asked: the rate, and the project."""
    from post.atomic import there_already, write_whole
    from post.handoff.exchange.conform import conform as conformed
    from post.handoff.exchange.formats import ReadAsked, read_any
    from post.handoff.otio.bundle import bundled_takes

    if out.exists():
        raise there_already(out)
    read = read_any(timeline, ReadAsked(_clock(asked[0]), asked[1]))
    with _taking_in() as take_in, bundled_takes(timeline, takes, out.parent / "media") as folder:
        made = conformed(read, folder, out, timeline.name, take_in)
        write_whole(out, made.text, over=False)
    return {
        "job": str(out), "clips": made.job.clips, "retimes": made.job.retimes,
        "transitions": made.job.transitions, "refused": [each.row() for each in made.refused],
        "lost": [each.row() for each in made.lost],
    }  # fmt: skip


def _updated(
    timeline: Path, takes: Path | None, places: tuple[Path, Path], asked: tuple[str, str]
) -> dict[str, Any]:
    """Writes a job with an edit's changes. places: the job, and the file to write; asked: the rate, and the project."""
    from post.atomic import there_already, write_whole
    from post.handoff.exchange.formats import ReadAsked, format_of, read_any
    from post.handoff.exchange.update import update_job
    from post.handoff.media import TakesFolder
    from post.job import load_job
    from post.job.editing.text import replace_text
    from post.owned import editing

    job, out = places
    if real_path(out) != real_path(job) and out.exists():
        raise there_already(out)
    clock = _clock(asked[0]) or load_job(job).clock
    read = read_any(timeline, ReadAsked(clock, asked[1]))
    folder = TakesFolder(takes) if takes is not None else None
    with editing(real_path(job)), _taking_in() as take_in:
        made = update_job(job, read, format_of(timeline), folder, take_in)
        if real_path(out) == real_path(job):
            replace_text(real_path(job), made.text)
        else:
            write_whole(out, made.text, over=False)
    return {
        "job": str(out), "clips": made.clips, "retimes": made.retimes, "transitions": made.transitions,
        "changed": [each.row() for each in made.changed], "refused": [each.row() for each in made.refused],
        "lost": [each.row() for each in made.lost],
    }  # fmt: skip


def _job_place(out: Path | None, update: Path | None) -> Path:
    """Returns the job file to write. Raises JobError where none is named, or an update would move to another folder."""
    if out is None and update is None:
        raise JobError("no job is named", where="-o", expected="-o JOB, or --update JOB")
    if out is None or update is None:
        return out or update or Path()
    if real_path(out).parent != real_path(update).parent:
        raise JobError(
            "an updated job stays in its folder", where="-o", expected=str(real_path(update).parent), got=str(out),
            fix="its paths are relative to it",
        )  # fmt: skip
    return out


def _clock(rate: str) -> Clock | None:
    """Returns the clock that --rate asks for; None for none. Raises JobError for what is no rate."""
    from post.job.rates import RATES, read_rate
    from post.values.time import Clock

    if not rate:
        return None
    exact = read_rate(rate)
    if exact is None:
        raise JobError("not a frame rate", where="--rate", expected=RATES, got=rate)
    return Clock(exact)


@contextmanager
def _taking_in() -> Iterator[TakeIn]:
    """Opens what returns the take in a file, in a process of its own; each file is read once."""
    from post.engine import WorkerPool
    from post.prepare.sources import take_of

    anchors = read_anchors()
    known: dict[tuple[Path, str, str], Take] = {}
    with WorkerPool(1) as pool:

        def take_in(ref: TakeRef) -> Take:
            key = real_path(ref.path), ref.colour, ref.range
            if key not in known:
                known[key] = pool.call(take_of, ref, anchors)
            return known[key]

        yield take_in
