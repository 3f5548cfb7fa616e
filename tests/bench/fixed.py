"""Measures what a film costs beside its pictures, in CPU seconds and as shares of making it whole, all in one run.

    python -m tests.bench.fixed [--work DIR] [--quick]      bench-fixed.json

    start          `answerprint --help`
    whole          a film of each length, made with an empty store by one worker
    unchanged      the same command again: nothing is made
    title          another text for its title, of 2 s: what it touches is made, the film is joined and signed
    films again    with all results in the store and no films: joined, checked, signed and reported, nothing rendered
    parts          of the shortest film, in one process: beyond are all that neither decode, picture nor encode are

One deliverable more costs at most what `films again` does: a film of a set shares the job's start, plan and report.
"""

from __future__ import annotations

import os
import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench import write_json
from tests.bench.film import Film, make_clips, write_job
from tests.bench.finish import Scene, answerprint, cpu, machine, parts
from tests.bench.recipe import planned

FILMS = tuple(Film(f"1080p, {seconds} s", 1920, 1080, seconds, titled_s=2) for seconds in (6, 15, 30))
QUICK = (Film("180p, 2 s", 320, 180, 2, preset="ultrafast", titled_s=1),)
# Of the parts of a film, those that pictures are made by; `kernel` is counted with what it compiles.
PICTURES = ("decode", "scale", "kernel", "table", "grain field", "layers", "encode")


@dataclass(frozen=True, slots=True)
class Rounds:
    """CPU seconds of the runs of one film, each after the other."""

    whole: float
    unchanged: float
    title: float
    films_again: float

    def shares(self) -> dict[str, float]:
        """Returns each as a share of the film made whole."""
        rows = {"unchanged": self.unchanged, "title": self.title, "films again": self.films_again}
        return {name: round(spent / self.whole, 4) for name, spent in rows.items()}


def main(arguments: list[str]) -> None:
    parser = ArgumentParser(prog="python -m tests.bench.fixed")
    parser.add_argument("--work", default="", help="where clips are kept between runs")
    parser.add_argument("--quick", action="store_true", help="a film of 320x180: shows that it runs")
    asked = parser.parse_args(arguments)
    with TemporaryDirectory() as scratch:
        work = Path(asked.work or scratch).resolve()
        # Its own keys and store: nothing of the user's is read, and no result exists already.
        os.environ["ANSWERPRINT_CONFIG"] = str(work / "config")
        result = bench(QUICK if asked.quick else FILMS, work)
    print("\n".join(table(result)))
    write_json(Path("bench-fixed.json"), {"machine": machine(), **result})


def bench(films: tuple[Film, ...], work: Path) -> dict[str, Any]:
    """Returns the CPU seconds of everything, by the film's name."""
    command = Path(sys.executable).parent / "answerprint"
    scenes = {film.name: _scene(film, work) for film in films}
    rounds = {name: measure(scene) for name, scene in scenes.items()}
    shortest = parts(scenes[films[0].name])
    return {
        "start": cpu([command, "--help"]),
        "films": {name: {**_plain(each), "shares": each.shares()} for name, each in rounds.items()},
        "parts": {"film": films[0].name, **shortest, "beyond": beyond(shortest)},
        "load": os.getloadavg(),
    }


def _scene(film: Film, work: Path) -> Scene:
    clips = make_clips(film, work)
    folder = work / f"fixed-{film.width}-{film.seconds}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_job(film, clips, folder / "job.yaml")
    return Scene(planned(film, folder / "job.yaml"), folder)


def measure(scene: Scene) -> Rounds:
    """Returns the CPU seconds of one film: whole, again, with another title, and joined again."""
    text = scene.job.read_text("utf-8")
    command = answerprint(scene, workers=1)
    whole, unchanged = cpu(command), cpu(command)
    scene.job.write_text(text.replace("Twice the dog", "Twice a dog"), "utf-8")
    title = cpu(command)
    shutil.rmtree(scene.folder / "out")
    return Rounds(whole, unchanged, title, cpu(command))


def beyond(spent: Mapping[str, float]) -> float:
    """Returns the CPU seconds of a film that no picture costs: the kernel's compiling is among them."""
    compiling = spent.get("kernel compiling (inside kernel)", 0.0)
    return round(spent["whole"] - sum(spent[name] for name in PICTURES) + compiling, 3)


def _plain(each: Rounds) -> dict[str, float]:
    return {
        "whole": each.whole,
        "unchanged": each.unchanged,
        "title": each.title,
        "films again": each.films_again,
    }


def table(result: Mapping[str, Any]) -> list[str]:
    """Returns the results as lines for a person."""
    rows = [f"start: {result['start']:.2f} CPU s (load {result['load'][0]:.1f})"]
    for name, film in result["films"].items():
        shares = film["shares"]
        told = ", ".join(f"{what} {film[what]:.2f} ({share:.1%})" for what, share in shares.items())
        rows.append(f"{name}: whole {film['whole']:.2f} CPU s, {told}")
    spent = result["parts"]
    rows.append(f"beyond pictures, {spent['film']}: {spent['beyond']:.2f} CPU s of {spent['whole']:.2f}")
    return rows


if __name__ == "__main__":
    main(sys.argv[1:])
