"""A review of small films, served to a real browser."""

from __future__ import annotations

import json
import re
import shutil
import socket
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from sqlalchemy import select
from sqlalchemy.orm import undefer

from post.api.settings import Settings
from post.engine import InProcess
from post.review.access.identity import ProvenIdentity
from post.review.access.sessions import ENROL, SIGN_IN
from post.review.app import make_app
from post.review.database.tables import FilmRow, RevisionRow
from post.review.films.follow_up import FollowUp
from post.review.films.revision_frames import frames_of
from post.review.open_review import OpenReview, open_review
from post.review.server import address_of, hosts_of, one_time_link, review_config
from post.review.settings import ReviewSettings
from post.signoff.binding import SeenFilm
from post.takes.made.synthetic import ClipRecipe, SoundRecipe
from tests.review.page.burnt import burnt_film
from tests.review.page.watchdog import BrowserWatchdog

CHROMIUM = shutil.which("chromium")
RATES = {"film-23976": Fraction(24000, 1001), "film-24": Fraction(24), "film-2997": Fraction(30000, 1001)}
FRAMES = 120
PATIENCE_S = 15
JOB = """
schema: Job.2
title: Small
clock: 24
takes: {dusk: dusk.mp4}
cut: [{take: dusk, length: 1s}]
deliver:
  - {preset: draft, name: film-23976}
  - {preset: draft, name: film-24}
  - {preset: draft, name: film-2997}
people: people.yaml
gates: {release: {roles: [creative, legal], two_person: true}}
"""
PEOPLE = """
people:
  - {id: ana, name: Ana Roth, kind: person, roles: [creative]}
  - {id: ben, name: "Ben <i>Okafor</i>", kind: person, roles: [legal]}
"""
START = "00:59:59;20"  # the first frame of film-2997: numbers are dropped a few frames on
CHANGED = (60, 72)  # of the second revision of film-24: these frames show other numbers
CHECKED = ("film-24", "film-2997")  # the newest revisions: nobody can approve a film before
SHOTS = [["open", 0, 41], ["<b>middle</b>", 40, 80], ["end", 80, FRAMES]]
ANA, BEN = (
    ProvenIdentity("ana", "Ana Roth", "person", "link"),
    ProvenIdentity("ben", "Ben <i>Okafor</i>", "person", "link"),
)
HOSTILE = "<img src=x onerror=alert(1)>"
WARNING = {"code": "cut-inside", "of": "shot end", "what": f"a cut {HOSTILE}", "rank": "note", "frame": 90}
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium: the review page is not opened")


def recipe(name: str) -> ClipRecipe:
    """Returns the recipe of a small film, with sound."""
    tags = (("timecode", START),) if name == "film-2997" else ()
    return ClipRecipe("dusk", 192, 108, RATES[name], FRAMES, sound=SoundRecipe(), tags=tags)


def write_films(out: Path) -> None:
    """Writes a film at each rate, and their receipt."""
    out.mkdir(parents=True, exist_ok=True)
    for name in RATES:
        burnt_film(out / f"{name}.mp4", recipe(name))
    rows = [{"name": name, "shots": SHOTS, "warnings": [WARNING]} for name in RATES]
    (out / "receipt.json").write_text(json.dumps({"receipts": rows, "signed": {}}), "utf-8")


@dataclass
class ServedReview:
    """A review that is served. address: without a path; asked: addresses of others that pages asked for; faults: what
    pages wrote to the console as errors; contexts: signed in, by person and options: tests share them, and so what
    their first page has loaded; pages: of the test that runs."""

    review: OpenReview
    address: str
    playwright: Playwright
    browser: Browser | None = None
    watchdog: BrowserWatchdog = field(default_factory=BrowserWatchdog)
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)

    def begin_test(self) -> None:
        """Sees to it that there is a browser, and that it is not waited for without an end."""
        if self.browser is None or not self.browser.is_connected():
            self.contexts.clear()
            self.watchdog = BrowserWatchdog()
            self.browser = self.playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", self.watchdog.argument]
            )
        self.watchdog.rearm()

    def end_test(self) -> None:
        """Closes every page of a test, of one that failed too: a film that plays in a loop would play on."""
        self.watchdog.rearm()
        for page in self.pages:
            with suppress(PlaywrightError):  # its browser may have been killed
                page.close()
        self.pages.clear()
        self.watchdog.rest()

    def sign_in(self, who: ProvenIdentity = ANA, *, fresh: bool = False, **options: object) -> Page:
        """Returns an empty page of somebody who is signed in. options: of the browser's context; fresh: in a session of
        its own, which no other test has."""
        key = repr((who.id, sorted(options.items())))
        context = None if fresh else self.contexts.get(key)
        if context is None:
            context = self._context(who, options)
            if not fresh:
                self.contexts[key] = context
        page = context.new_page()
        self.pages.append(page)
        return page

    def _context(self, who: ProvenIdentity, options: dict[str, object]) -> BrowserContext:
        assert self.browser is not None
        context = self.browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}  # type: ignore[arg-type]
        )
        context.set_default_timeout(1000 * PATIENCE_S)
        context.on("request", lambda request: self._note(request.url))
        context.on("console", lambda said: self._hear(said.type, said.text))
        context.on("weberror", lambda fault: self.faults.append(str(fault.error)))
        page = context.new_page()
        page.goto(self.link(who, SIGN_IN))
        page.wait_for_url(f"{self.address}/")
        page.close()
        return context

    def link(self, who: ProvenIdentity, use: str = ENROL) -> str:
        """Returns a link that works once: it signs somebody in, or enrols a key of theirs."""
        return one_time_link(self.review, self.address, who, use)

    def open_list(self, page: Page) -> None:
        """Opens the list of films."""
        page.goto(f"{self.address}/")

    def open_film(self, page: Page, name: str) -> None:
        """Opens the page of a film, and waits until its first frame is shown."""
        with self.review.database.reading() as db:
            number = db.scalars(select(FilmRow.id).where(FilmRow.name == name)).one()
        page.goto(f"{self.address}/films/{number}")
        self.wait_for_film(page)

    def wait_for_film(self, page: Page) -> None:
        """Waits until the first frame of a film is shown."""
        page.wait_for_selector("html[data-ready]", state="attached")
        page.wait_for_selector("#stage[data-frame='0']")

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and not re.search("status of 4(03|09)", text):  # which tests bring about
            self.faults.append(text)

    def _note(self, url: str) -> None:
        if not url.startswith((self.address, "data:", f"blob:{self.address}")):
            self.asked.append(url)


def until(page: Page, expression: str) -> None:
    """Waits until a JavaScript expression is true. `wait_for_function` evaluates text, which the policy forbids."""
    last = time.monotonic() + PATIENCE_S
    while time.monotonic() < last:
        if page.evaluate(expression):
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"never true: {expression}")


def log_renders(review: OpenReview) -> None:
    """Logs that somebody else rendered every film, as `finish` does."""
    with review.database.reading() as db:
        hashes = undefer(RevisionRow.frame_hashes), undefer(RevisionRow.sound_hashes)
        rows = list(db.scalars(select(RevisionRow).options(*hashes)))
        films = [(row.film.name, frames_of(row), row.sha256) for row in rows]
    for name, frames, sha256 in films:
        signoff = review.jobs.signoff(name)
        assert signoff is not None
        assert frames is not None
        signoff.log_renders([SeenFilm(name, frames, sha256)], "renderer")


def reviewed_films(folder: Path) -> OpenReview:
    """Returns a review of three films, of which `CHECKED` are checked; film-24 has two revisions."""
    out = folder / "out"
    write_films(out)
    (folder / "job.yaml").write_text(JOB, "utf-8")
    (folder / "people.yaml").write_text(PEOPLE, "utf-8")
    burnt_film(folder / "dusk.mp4", ClipRecipe("dusk", 64, 36, frames=24))
    own = Settings(folder / "config", folder / "store", folder / "store")
    review = open_review(
        ReviewSettings(folder / "job.yaml", out, folder / "data", own=own), make_pool=InProcess
    )
    review.intake.look()
    changed = range(*CHANGED)
    burnt_film(out / "film-24.mp4", recipe("film-24"), lambda i: i + 1000 * (i in changed))
    review.intake.look()
    log_renders(review)
    follow_up = FollowUp(review.database, review.media, review.jobs, own)
    for _ in CHECKED:
        assert follow_up.judge_next()  # the newest first
    return review


GO = """([place, frame]) => new Promise((done) => {
    const look = () => { if (stage.dataset.frame === String(frame)) { seen.disconnect(); done(frame); } };
    const seen = new MutationObserver(look);
    seen.observe(stage, { attributes: true, attributeFilter: ["data-frame"] });
    document.getElementById("goto-place").value = place;
    document.getElementById("goto").requestSubmit();
    look();
})"""


class FramePictures:
    """Goes to frames of a page's film, and takes pictures of what is shown: in one call each, and of the film alone, as
    hundreds are taken."""

    def __init__(self, page: Page) -> None:
        box = page.locator("#video").bounding_box()
        assert box is not None
        self._page, self._devices = page, page.context.new_cdp_session(page)
        self._clip = {**box, "scale": 0.5}

    def go_to(self, place: str, frame: int) -> bytes:
        """Returns a PNG of a frame once the page says that it is shown. place: as it is typed."""
        self._page.evaluate(GO, [place, frame])
        asked = {"format": "png", "clip": self._clip, "optimizeForSpeed": True}
        return b64decode(self._devices.send("Page.captureScreenshot", asked)["data"])


def go_to(page: Page, place: str, frame: int, more: str = "") -> None:
    """Goes to a place that is typed, and waits until the page says that the frame is shown. more: of the selector."""
    page.fill("#goto-place", place)
    page.press("#goto-place", "Enter")
    page.wait_for_selector(f'#stage[data-frame="{frame}"]{more}')


@contextmanager
def serving_review(folder: Path) -> Iterator[ServedReview]:
    """Serves a review of small films for the block."""
    review = reviewed_films(folder)
    listener = socket.create_server(("127.0.0.1", 0))
    config = review_config(make_app(review, hosts_of(listener), watches=False))
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        with sync_playwright() as playwright:
            served = ServedReview(review, address_of(listener), playwright)
            yield served
            if served.browser is not None:
                served.browser.close()
    finally:
        server.should_exit = True
        thread.join()
