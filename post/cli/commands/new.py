"""The commands demo and new: they make a job from clips."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.cli.commands.finish import finish_job
from post.cli.environment import read_environment
from post.cli.finished import finished_lines
from post.cli.options import AsJson
from post.cli.output import ProgressBar, print_note, print_result
from post.cli.text.warning_text import warning_lines
from post.errors import AnswerprintError, JobError, OutputError, Problems, SourceError

if TYPE_CHECKING:
    from post.job.model import TakeRef
    from post.values import JobWarning, Take

BRIEF = "brief.yaml"  # of a new job
CHECKED = ("integrity", "signer", "chain", "conformance", "vouched_by")


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("demo")(demo)
    app.command("new")(new)


def demo(
    folder: Path = typer.Argument(Path("demo"), help="The folder for the demo."), as_json: bool = AsJson
) -> None:
    """Make a few generated clips, a brief and a job; finish the job and verify its films."""
    from post.cli.demo_clips import make_demo
    from provenance.trust import lists
    from provenance.verify import verify
    from provenance.verify.reviewer.summary import vouched_words

    config = read_environment().config
    with ProgressBar() as meter:
        job = make_demo(folder, config, meter)
    print_note(f"made clips, brief and job in {folder}")
    data = finish_job(job, folder / "out", store=folder / "store")
    reports = [verify(Path(each["path"]), lists.read_configured(config)) for each in data["deliverables"]]
    verified: list[dict[str, Any]] = [
        {
            "name": each["name"],
            **{k: report.plain()[k] for k in CHECKED},
        }
        for each, report in zip(data["deliverables"], reports, strict=True)
    ]
    lines = [
        f"verified {row['name']:11} {row['integrity']}, signer {row['signer']} ({vouched_words(report)}), "
        f"chain {row['chain']}, conformance {row['conformance']['passed']} of {row['conformance']['total']}"
        for row, report in zip(verified, reports, strict=True)
    ]
    look = [f"watch {each['path']}" for each in data["deliverables"]] + [f"read  {data['report']}"]
    print_result({**data, "verified": verified}, as_json, [*finished_lines(data), *lines, *look])
    worst = max((report.exit_code for report in reports), default=0)
    raise typer.Exit(worst)


def new(
    folder: Path,
    clips: list[str] = typer.Option(..., "--clips", help="Clips, by path or pattern; may be repeated."),
    as_json: bool = AsJson,
) -> None:
    """Write a first job from clips; `finish` works on it unedited."""
    from post.atomic import there_already, write_whole
    from post.engine import WorkerPool
    from post.job import load_job
    from post.job.brief.new_brief import NEW_BRIEF
    from post.job.write import new_job
    from post.plan.framing import crop_warnings
    from post.prepare.subjects import first_crops
    from post.values.warning import ranked

    named, matched = _clips(clips)
    job = folder / "job.yaml"
    if job.exists():
        raise there_already(job)
    takes, left_out = _takes_in(named, matched)
    text = new_job(folder, list(takes), list(takes.values()), brief=BRIEF)
    brief = folder / BRIEF
    if not brief.exists():
        # Two who make a job here at once write the same.
        with suppress(OutputError):
            write_whole(brief, NEW_BRIEF, over=False)
    write_whole(job, text, over=False)
    for why in left_out.values():
        print_note(f"left out: {why}")
    with WorkerPool(1) as pool:
        crops = pool.call(first_crops, pool.call(load_job, job), list(takes.values()))
    known = [(take, take_ref(path)) for path, take in takes.items()]
    warnings = ranked((*warnings_of(known), *crop_warnings(crops)))
    data = {
        "job": str(job),
        "clips": len(takes),
        "left_out": [{"path": str(path), "why": str(why)} for path, why in left_out.items()],
        "warnings": [each.row() for each in warnings],
    }
    lines = [f"wrote {job}: {len(takes)} clips", *warning_lines(warnings, read_environment().columns)]
    print_result(data, as_json, lines)


def _clips(given: list[str]) -> tuple[list[Path], list[Path]]:
    """Returns the clips that are named one by one, and those that patterns match. Raises JobError for one that is not.

    A pattern is one that the shell left alone; an image sequence's (frame_%04d.png) is the name of one clip.
    """
    from post.takes.stills.sequence import is_pattern

    named, matched, missing = list[Path](), list[Path](), list[str]()
    for each in given:
        # Absolute or relative, which Path.glob cannot both be given.
        found = [Path(path) for path in sorted(glob.glob(each)) if path != each]  # noqa: PTH207
        matched += found
        if not found and (Path(each).exists() or is_pattern(Path(each))):
            named.append(Path(each))
        elif not found:
            missing.append(each)
    if missing:
        raise JobError(
            "no such clip", where="--clips", got=" ".join(missing), fix="check the path or pattern"
        )
    return named, matched


def _takes_in(
    named: Sequence[Path], matched: Sequence[Path]
) -> tuple[dict[Path, Take], dict[Path, AnswerprintError]]:
    """Returns the take in each clip, and why clips are left out.

    A clip that was named must be one. One that a pattern matched may be anything: the others are used without it.
    Raises its error where no clip is left.
    """
    takes: dict[Path, Take] = {}
    left_out: dict[Path, AnswerprintError] = {}
    with _opened_takes() as take_in:
        for path in dict.fromkeys([*named, *matched]):
            try:
                takes[path] = take_in(path)
            except SourceError as fault:
                if path in named:
                    raise
                left_out[path] = fault
    if not takes:
        raise Problems(list(left_out.values()))
    return takes, left_out


def takes_in(paths: Sequence[Path]) -> list[Take]:
    """Returns the take in each clip, with its credentials checked against this user's trust lists."""
    with _opened_takes() as take_in:
        return [take_in(path) for path in paths]


@contextmanager
def _opened_takes() -> Iterator[Callable[[Path], Take]]:
    """Opens what returns the take in a clip, in a process of its own."""
    from post.engine import WorkerPool
    from post.prepare.sources import take_of
    from provenance.trust import lists

    anchors = lists.read_configured(read_environment().config)
    with WorkerPool(1) as pool:
        yield lambda path: pool.call(take_of, take_ref(path), anchors)


def warnings_of(takes: Sequence[tuple[Take, TakeRef]]) -> tuple[JobWarning, ...]:
    """Returns what a person should know of clips before they are used, the worst first. takes: each with what is said
    of it in a job."""
    from post.prepare.warnings import take_warnings
    from post.values.warning import ranked

    return ranked(each for take, ref in takes for each in take_warnings(take, ref))


def take_ref(path: Path, record: Sequence[tuple[str, str, str]] = (), accept: str = "") -> TakeRef:
    """Returns a clip as a job names it. record: how it was generated; accept: why it is taken although its credentials
    fail."""
    from post.job.model import TakeRef

    return TakeRef(path.stem, path, "", accept=accept, record=tuple(record))
