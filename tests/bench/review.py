"""Measures how soon the reviewers' list of 200 films is there: on a real server, signed in by a real link.

    python -m tests.bench.review [--runs 30] [--films 200] [--quick] [--work DIR]

Each film has three revisions with the hashes of 720 frames, the second approved, and ten notes. A client signs in, and
asks for the page and for its JSON in turn, over one connection, as a browser does. Writes bench-review.json: the median
and the longest of each in ms, and the CPU ms of the server's process for each. More than 300 ms at the median is an
error.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import httpx
import uvicorn

from post.api.settings import Settings
from post.engine import InProcess
from post.review.access.identity import PERSON, ProvenIdentity
from post.review.access.sessions import SIGN_IN
from post.review.app import make_app
from post.review.database.tables import CommentRow, FilmRow, RevisionRow
from post.review.open_review import OpenReview, open_review
from post.review.server import hosts_of, one_time_link, review_config
from post.review.settings import ReviewSettings
from post.takes.made.synthetic import ClipRecipe, make_clip
from tests.bench import write_json

LONGEST_MS = 300
JOB = """schema: Job.2
title: Two hundred
clock: 24
takes: {dusk: dusk.mp4}
cut: [{take: dusk, length: 1s}]
deliver: [{preset: draft, name: wide, width: 160, height: 90}]
people: people.yaml
gates: {release: {roles: [creative]}}
"""
PEOPLE = "people: [{id: ana, name: Ana Roth, kind: person, roles: [creative]}]\n"
ANA = ProvenIdentity("ana", "Ana Roth", PERSON, "link")
FRAMES, REVISIONS, NOTES = 720, 3, 10


def opened(folder: Path, films: int) -> OpenReview:
    """Returns a review of so many films, which are only listed."""
    (folder / "job.yaml").write_text(JOB)
    (folder / "people.yaml").write_text(PEOPLE)
    make_clip(folder / "dusk.mp4", ClipRecipe("dusk", 64, 36, frames=24))
    own = Settings(folder / "config", folder / "store", folder / "store")
    settings = ReviewSettings(folder / "job.yaml", folder / "out", folder / "data", own=own)
    review = open_review(settings, make_pool=InProcess)
    with review.database.writing() as db:
        rows = [FilmRow(name=f"spot-{number:03}-de-16x9", latest=REVISIONS) for number in range(films)]
        db.add_all(rows)
        db.flush()
        for film in rows:
            revisions = [_revision(film.id, number) for number in range(1, REVISIONS + 1)]
            db.add_all(revisions)
            db.flush()
            db.add_all(_note(film.id, revisions[0].id, at) for at in range(NOTES))
    return review


def _revision(film: int, number: int) -> RevisionRow:
    return RevisionRow(
        film_id=film, number=number, sha256=f"{film:032}{number:032}", file_name="spot.mp4", released=False,
        state="ready", frames=FRAMES, seen_at=1.8e9 + number, approved=number == 2, watchable_s=None,
        receipt={"shots": [["open", 0, 48]] * 30}, frame_hashes=os.urandom(32 * FRAMES),
    )  # fmt: skip


def _note(film: int, revision: int, at: int) -> CommentRow:
    return CommentRow(
        film_id=film, revision_id=revision, first=at, stop=at + 1, text="warmer here", author="ana",
        author_name="Ana Roth", author_kind=PERSON, written_at=1.8e9, changed_at=1.8e9,
    )  # fmt: skip


def _measured(review: OpenReview, films: int, runs: int) -> dict[str, Any]:
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(review_config(make_app(review, hosts_of(listener), watches=False)))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        with httpx.Client(base_url=address) as client:
            token = one_time_link(review, address, ANA, SIGN_IN).partition("#")[2]
            client.post("/sign-in/link", json={"token": token}).raise_for_status()
            return {
                name: _timed(client, path, films, runs)
                for name, path in (("page", "/"), ("json", "/api/films"))
            }
    finally:
        server.should_exit = True
        thread.join()


def _timed(client: httpx.Client, path: str, films: int, runs: int) -> dict[str, Any]:
    times, cpu = list[float](), list[float]()
    for _ in range(runs + 1):
        began, used = time.perf_counter(), time.process_time()
        text = client.get(path).raise_for_status().text
        times.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - used))
        assert text.count("spot-") >= films
    first, *rest = times  # the first imports and compiles what the others find
    return {
        "median_ms": round(statistics.median(rest), 1),
        "longest_ms": round(max(rest), 1),
        "first_ms": round(first, 1),
        "over_300_ms": sum(each > LONGEST_MS for each in rest),
        "cpu_ms": round(statistics.median(cpu[1:]), 1),
        "bytes": len(text.encode()),
    }


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(description="The list of 200 films, timed.")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--films", type=int, default=200)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--work", default="")
    given = parser.parse_args(arguments)
    runs = 3 if given.quick else given.runs
    with TemporaryDirectory() as folder:
        review = opened(Path(folder), given.films)
        found = _measured(review, given.films, runs)
    result = {"films": given.films, "runs": runs, **found}
    print(json.dumps(result, indent=1))
    write_json(Path("bench-review.json"), result)
    return int(any(found[each]["median_ms"] > LONGEST_MS for each in found) and not given.quick)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
