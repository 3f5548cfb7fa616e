"""A job with gates and people, small films, and an open review with a client that is signed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi.testclient import TestClient

from post.api.settings import Settings
from post.engine import InProcess
from post.review.access.identity import GUEST, PERSON, ProvenIdentity
from post.review.access.sessions import SIGN_IN, make_link
from post.review.app import make_app
from post.review.open_review import OpenReview, open_review
from post.review.settings import ReviewSettings
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip

SQLITE, POSTGRESQL = "sqlite", "postgresql"
HOST = "localhost:8555"
ORIGIN = f"http://{HOST}"
JOB = """
schema: Job.2
title: Small
clock: 24
takes: {dusk: dusk.mp4}
cut: [{take: dusk, length: 1s}]
deliver: [{preset: draft, name: wide, width: 160, height: 90}]
people: people.yaml
gates: {release: {roles: [creative]}}
"""
PEOPLE = """\
people:
  - id: ana
    name: Ana Roth
    kind: person
    roles: [creative, legal]   # both
    email: ana@example.org
  - id: ben
    name: Ben Ito
    kind: person
    roles: [legal]
    logins: [bito]
  - {id: bot, name: A bot, kind: agent, roles: [creative]}
"""
ANA = ProvenIdentity("ana", "Ana Roth", PERSON, "link")
BEN = ProvenIdentity("ben", "Ben Ito", PERSON, "link")
BOT = ProvenIdentity("bot", "A bot", "agent", "link")
GUSTAV = ProvenIdentity("guest:gustav", "Gustav", GUEST, "link")


class SetClock:
    """A clock that tests set: seconds since 1970."""

    def __init__(self, at: float = 1_800_000_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        """Returns the time, which has gone on by a millisecond."""
        self.at += 0.001
        return self.at


@dataclass
class Reviewing:
    """An open review. clients: signed in, by person."""

    folder: Path
    review: OpenReview
    app: Any
    clock: SetClock
    clients: dict[str, TestClient] = field(default_factory=dict)

    @property
    def out(self) -> Path:
        """Where films are found."""
        return self.review.settings.out

    def client(self, who: ProvenIdentity = ANA) -> TestClient:
        """Returns a client that is signed in as somebody, and sends their page's secret."""
        if who.id not in self.clients:
            made = self.stranger()
            with self.review.database.writing() as db:
                token = make_link(db, who, SIGN_IN, self.clock() + 900)
            assert made.post("/sign-in/link", json={"token": token}).status_code == 204
            found = re.search(r'data-secret="([^"]+)"', made.get("/").text)
            assert found is not None
            made.headers["x-review-secret"] = found[1]
            self.clients[who.id] = made
        return self.clients[who.id]

    def stranger(self) -> TestClient:
        """Returns a client that nobody is signed in with."""
        return TestClient(self.app, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)

    def take_in(self) -> int:
        """Takes in what lies in the folder of films."""
        return self.review.intake.look()

    def revision(self, film: str = "wide", number: int = 0) -> dict[str, Any]:
        """Returns a film's revision as JSON, the newest where no number is given."""
        films = self.client().get("/api/films").json()["films"]
        row = next(each for each in films if each["name"] == film)
        listed = self.client().get(f"/api/films/{row['id']}/revisions").json()["revisions"]
        return dict(next(each for each in listed if number in (0, each["number"])))


@contextmanager
def reviewing(folder: Path, database: str = "", **more: Any) -> Iterator[Reviewing]:
    """Yields an open review of a small job, without films yet. more: of ReviewSettings."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "job.yaml").write_text(JOB)
    (folder / "people.yaml").write_text(PEOPLE)
    (folder / "dusk.mp4").write_bytes(_dusk())
    own = Settings(folder / "config", folder / "store", folder / "store")
    clock = SetClock()
    settings = ReviewSettings(folder / "job.yaml", folder / "out", folder / "data", database, own=own, **more)
    review = open_review(settings, clock, InProcess)
    (folder / "out").mkdir(exist_ok=True)
    try:
        yield Reviewing(folder, review, make_app(review, [HOST], watches=False), clock)
    finally:
        review.close()


@cache
def _dusk() -> bytes:
    with TemporaryDirectory() as folder:
        return make_film(Path(folder) / "dusk.mp4").read_bytes()


def make_film(path: Path, look: str = "dusk", frames: int = 24, **more: Any) -> Path:
    """Writes a small film with sound that browsers play."""
    path.parent.mkdir(parents=True, exist_ok=True)
    usual = {"rate": Fraction(24), "b_frames": 0, "sound": SoundRecipe(channels=1)}
    return make_clip(path, ClipRecipe(look, 160, 90, frames=frames, **{**usual, **more}))
