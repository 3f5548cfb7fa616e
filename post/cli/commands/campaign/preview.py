"""The command preview: a film in a browser while it is made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.api.engines import cores
from post.cli.options import AsJson, JobFile, StoreAt
from post.cli.output import print_note, print_result
from post.cli.stopwatch import COMMAND
from post.cli.stores import open_stores, read_anchors

if TYPE_CHECKING:
    from post.preview.show import Previewed


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("preview")(preview_verb)


def preview_verb(
    job: Path = JobFile,
    out: Path = typer.Option(..., "-o", "--out", help="The folder for the page, the playlist and the sheet."),
    only: str = typer.Option("", "--only", help="Of this deliverable; the job's first where not given."),
    port: int | None = typer.Option(
        None, "--port", min=0, max=65535, help="Serve the page there until stopped; else until all is made."
    ),
    master: Path | None = typer.Option(
        None, "--master", help="The finished film: the page shows it under the same frame numbers."
    ),
    workers: int = typer.Option(
        0, "--workers", min=0, help="How many processes make it; 0: one for each core."
    ),
    store: Path | None = StoreAt,
    as_json: bool = AsJson,
) -> None:
    """Show the film in a browser while it is made: 540p, unsigned, its first seconds first; a contact sheet too."""
    from post.preview.show import PreviewSetup, show

    def say(address: str) -> None:
        print_note(f"watch {address}")

    setup = PreviewSetup(
        out, only, port, workers or cores(), open_stores(store), read_anchors, COMMAND.seconds, say, master
    )
    made = show(job, setup)
    print_result(_json(made), as_json, _lines(made))


def _json(made: Previewed) -> dict[str, Any]:
    film = made.film
    return {
        "playlist": str(made.playlist), "sheet": str(made.sheet), "page": str(made.page), "name": film.name,
        "width": film.width, "height": film.height, "fps": f"{film.rate[0]}/{film.rate[1]}", "frames": film.frames,
        "slots": made.slots, "made": made.made, "first_watchable_s": made.first_s, "first_frame_s": made.frame_s,
        "player_ms": made.own_ms, "seconds": made.seconds, "corrected_s": made.right_s, "signed": False,
        "left_out": list(film.left_out),
    }  # fmt: skip


def _lines(made: Previewed) -> list[str]:
    film = made.film
    share = f"{made.made} of {made.slots} pieces made"
    return [
        f"{film.name:20} {film.width}x{film.height} {film.frames} frames, {share}, unsigned, unapproved: {made.page}",
        f"first watchable after {made.first_s:.2f} s, all of it after {made.seconds:.2f} s",
        *(f"  {each}" for each in film.left_out),
    ]
