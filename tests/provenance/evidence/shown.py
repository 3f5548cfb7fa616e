"""Makes evidence reports of films, and opens them in Debian's Chromium: from the disk, without a network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page

from provenance.evidence.page import EmbeddedFilm, render_evidence
from provenance.evidence.report import EvidenceReport, MoreEvidence, gather_evidence
from provenance.trust.lists import Anchors
from provenance.verify import examine
from tests.captions.suites import suite

CHROMIUM = shutil.which("chromium")
VIDEO = "video/mp4"


@dataclass
class Shown:
    """A page in a browser. asked: the addresses that it asked for; faults: what the console said was wrong."""

    page: Page
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        """What the page says of the film, once it has checked it."""
        self.page.wait_for_selector("html[data-state]", state="attached", timeout=30_000)
        return self.page.get_attribute("html", "data-state") or ""

    @property
    def left_the_disk(self) -> list[str]:
        """The addresses that are neither the page's own file nor bytes that it has."""
        return [each for each in self.asked if not each.startswith(("file:///", "blob:", "data:"))]


@contextmanager
def opened(browser: Browser, place: Path, width: int = 1280) -> Iterator[Shown]:
    """Opens a page from the disk in a browser without a network."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.set_offline(True)
    shown = Shown(context.new_page())
    shown.page.on("request", lambda request: shown.asked.append(request.url))
    shown.page.on("console", lambda said: shown.faults.append(said.text) if said.type == "error" else None)
    shown.page.on("pageerror", lambda fault: shown.faults.append(str(fault)))
    try:
        shown.page.goto(place.as_uri())
        yield shown
    finally:
        context.close()


def report_of(film: Path, anchors: Sequence[Anchors], more: MoreEvidence | None = None) -> EvidenceReport:
    """Returns the report of a film."""
    return gather_evidence(examine(film, anchors), anchors, more)


def write_page(
    film: Path, anchors: Sequence[Anchors], place: Path, *, held: bytes | None = None, is_copy: bool = False
) -> Path:
    """Writes the page of a film's report. held: what it plays in place of the film's own bytes."""
    data = film.read_bytes() if held is None else held
    place.write_text(render_evidence(report_of(film, anchors), EmbeddedFilm(data, VIDEO, is_copy)), "utf-8")
    return place


def flipped(film: Path) -> bytes:
    """Returns a film's bytes with one bit changed, in its samples: they come last in the file."""
    data = bytearray(film.read_bytes())
    data[-1000] ^= 1
    return bytes(data)


def hostile_names() -> list[str]:
    """Returns names that break what shows them: scripts, controls, other scripts, ten thousand letters, queries."""
    folder = suite("hostile-names") / "attacks"
    texts = (path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.glob("*.attack")))
    return [line for text in texts for line in text.split("\n") if line]
