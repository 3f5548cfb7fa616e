"""The commands archive and replay: they keep all that films were made from, and make the films again from it."""

from __future__ import annotations

from pathlib import Path

import typer

from post.api.archive.archiving import ArchiveOptions, archive_job
from post.api.archive.replaying import replay_archive
from post.cli.archive.text import archive_lines, replay_lines
from post.cli.options import AsJson, JobFile, StoreAt
from post.cli.output import ProgressBar, print_result
from post.cli.stores import command_settings

Workers = typer.Option(
    0, "--workers", min=0, help="How many segments are made at once; 0: one for each core."
)
ArchiveFolder = typer.Argument(metavar="ARCHIVE", help="The folder of an archive.")


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("archive")(archive)
    app.command("replay")(replay)


def archive(
    job: Path = JobFile,
    out: Path = typer.Option(..., "-o", "--out", help="The new folder for the archive."),
    film: list[Path] = typer.Option(
        [], "--film", help="A finished film to keep too, where `finish` wrote it. Repeatable."
    ),
    redact: str = typer.Option(
        "", "--redact", metavar="prompts", help="Take prompts out: keyed digests stay."
    ),
    openings: Path | None = typer.Option(
        None, "--openings", metavar="FILE", help="With --redact: write what opens the digests, for you alone."
    ),
    retain_until: str = typer.Option(
        "", "--retain-until", metavar="DATE", help="Before this day (YYYY-MM-DD), prune refuses."
    ),
    legal_hold: str = typer.Option(
        "", "--legal-hold", metavar="WHO", help="Who holds the archive: prune refuses until it is lifted."
    ),
    why: str = typer.Option("", "--why", help="With --legal-hold: the reason."),
    share: Path | None = typer.Option(
        None, "--share", metavar="DIR", help="A folder that keeps each content once for many archives."
    ),
    dated: str = typer.Option("", "--dated", metavar="DATE", help="The archive's date; else today (UTC)."),
    workers: int = Workers,
    store: str | None = StoreAt,
    as_json: bool = AsJson,
) -> None:
    """Keep everything that a job's films were made from, as a bag (BagIt) with RO-Crate metadata."""
    asked = ArchiveOptions(
        tuple(film), redact, openings, retain_until, legal_hold, why, share, dated, workers
    )
    with ProgressBar() as meter:
        made = archive_job(job, out, asked, command_settings(store), progress=meter)
    print_result(dict(made.data), as_json, archive_lines(made.data))


def replay(
    archive: Path = ArchiveFolder,
    out: Path | None = typer.Option(
        None, "-o", "--out", help="A folder to keep the films in that are made again."
    ),
    workers: int = Workers,
    as_json: bool = AsJson,
) -> None:
    """Make the films of an archive again, from it alone, and compare every frame; exit 6 where one differs."""
    with ProgressBar() as meter:
        found = replay_archive(archive, out, command_settings(), workers=workers, progress=meter)
    print_result(dict(found.data), as_json, replay_lines(found.data))
    raise typer.Exit(found.exit_code)
