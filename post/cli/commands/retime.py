"""The command retime: one clip at another speed."""

from __future__ import annotations

from pathlib import Path

import typer

from post.cli.options import AsJson
from post.cli.output import ProgressBar, print_result
from post.errors import unknown


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module to the app."""
    app.command("retime")(retime)


def retime(
    clip: Path,
    output: Path = typer.Option(..., "-o", "--output", help="The .mkv file to write."),
    speed: str = typer.Option(
        "1", "--speed", help="A speed, or keys time:speed[:ease], such as `0s:1, 1s:4:smooth`."
    ),
    quality: str = typer.Option(
        "nearest", "--quality", help="How frames between two are made, as `sampling` in a job."
    ),
    length: str = typer.Option("", "--length", help="How long it is: 2s, or 48f of its own frames."),
    fit: str = typer.Option("0f", "--fit", help="How long all of it lasts, by one factor over its speeds."),
    freeze: str = typer.Option("0f", "--freeze", help="How long its last frame is held at the end."),
    reverse: bool = typer.Option(False, "--reverse", help="Backwards, from its end."),
    as_json: bool = AsJson,
) -> None:
    """Write one clip at another speed, without loss (FFV1). Its picture only: sound is left out."""
    from post.deliver.retimed_clip import retime_clip
    from post.knob import knobs_of
    from post.picture.retime import Retime

    ways = list(knobs_of(Retime)["sampling"].choices)
    if quality not in ways:
        raise unknown(quality, ways, "--quality", "way")
    asked = Retime(speed=speed, sampling=quality, lasts=fit, freeze=freeze, reverse=reverse)
    with ProgressBar() as progress:
        made = retime_clip(clip, asked, length, output, progress)
    film = made.format
    data = {
        "path": str(output), "width": film.width, "height": film.height, "fps": str(film.clock),
        "frames": film.length, "quality": quality, "speed": speed,
    }  # fmt: skip
    seconds = float(film.clock.seconds(film.length))
    shown = (
        f"{film.width}x{film.height} {film.length} frames ({seconds:.3f} s), {quality}, unsigned: {output}"
    )
    print_result(data, as_json, [shown])
