"""The page in a real browser, opened from the disk without a network: it checks the film itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from provenance.evidence.blocks import EvidenceFacts, EvidenceSection
from provenance.evidence.page import render_evidence
from provenance.evidence.report import MoreEvidence
from tests.provenance.evidence.shown import flipped, hostile_names, opened, report_of, write_page
from tests.provenance.made import House

SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def place(several: Path, house: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(several, house.anchors, tmp_path_factory.mktemp("page") / "report.html")


def test_the_film_is_trusted_and_nothing_leaves_the_disk(
    place: Path, several: Path, browser: Browser
) -> None:
    with opened(browser, place) as shown:
        assert shown.state == "Trusted"
        said = shown.page.inner_text("#check")
        assert "Trusted" in said
        assert "Only a development root vouches" in said
        assert "Same file as in this report\nyes" in said
        shown.page.wait_for_function("document.querySelector('video').videoWidth === 64")
        assert shown.left_the_disk == []
        assert shown.faults == []


def test_a_film_of_which_one_byte_changed_is_invalid(
    place: Path, several: Path, browser: Browser, tmp_path: Path
) -> None:
    changed = tmp_path / "changed.mp4"
    changed.write_bytes(flipped(several))
    with opened(browser, place) as shown:
        assert shown.state == "Trusted"
        shown.page.set_input_files("#file", changed)
        assert shown.state == "Invalid"
        said = shown.page.inner_text("#check")
        assert "assertion.bmffHash.mismatch" in said
        assert "no: its SHA-256 differs" in said
        shown.page.set_input_files("#file", several)
        assert shown.state == "Trusted"


def test_a_page_of_whose_film_one_byte_changed_says_invalid(
    several: Path, house: House, browser: Browser, tmp_path: Path
) -> None:
    place = write_page(several, house.anchors, tmp_path / "changed.html", held=flipped(several))
    with opened(browser, place) as shown:
        assert shown.state == "Invalid"
        assert "no: its SHA-256 differs" in shown.page.inner_text("#check")


def test_a_film_of_a_stranger_is_intact_and_not_trusted(
    several: Path, stranger: House, browser: Browser, tmp_path: Path
) -> None:
    place = write_page(several, stranger.anchors, tmp_path / "stranger.html")
    with opened(browser, place) as shown:
        assert shown.state == "Valid"
        assert "anybody may have signed it" in shown.page.inner_text("#meaning")


def test_a_list_of_time_stamping_authorities_vouches_for_no_signer(
    several: Path, house: House, browser: Browser, tmp_path: Path
) -> None:
    as_authority = [replace(each, role="tsa") for each in house.anchors]
    place = write_page(several, as_authority, tmp_path / "authority.html")
    with opened(browser, place) as shown:
        assert shown.state == "Valid"


def test_a_film_without_credentials_and_what_is_no_film(
    place: Path, film: Path, browser: Browser, tmp_path: Path
) -> None:
    junk = tmp_path / "junk.mp4"
    junk.write_bytes(b"no film at all")
    with opened(browser, place) as shown:
        assert shown.state == "Trusted"
        shown.page.set_input_files("#file", film)
        assert shown.state == "None"
        shown.page.set_input_files("#file", junk)
        assert shown.state in ("None", "Unknown")
        assert "Trusted" not in shown.page.inner_text("#check")


def test_a_page_with_a_copy_checks_the_film_that_is_chosen(
    several: Path, clip: Path, house: House, browser: Browser, tmp_path: Path
) -> None:
    place = write_page(several, house.anchors, tmp_path / "copy.html", held=clip.read_bytes(), is_copy=True)
    with opened(browser, place) as shown:
        assert "too large" in shown.page.inner_text("#plays")
        assert "Not checked yet" in shown.page.inner_text("#check")
        assert shown.page.get_attribute("html", "data-state") is None
        shown.page.set_input_files("#file", several)
        assert shown.state == "Trusted"
        assert several.name in shown.page.inner_text("#plays")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_and_axe_finds_nothing_serious(place: Path, browser: Browser, width: int) -> None:
    with opened(browser, place, width) as shown:
        assert shown.state == "Trusted"
        assert shown.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        # Where the heads of tables do not fit, each cell says which column it is of.
        cell = "getComputedStyle(document.querySelector('#tools ~ * td'), '::before').content"
        assert shown.page.evaluate(cell) == ('"Release"' if width < 400 else "none")
        found = Axe().run(shown.page).response["violations"]
        assert [each["id"] for each in found if each["impact"] in SERIOUS] == []


def test_hostile_names_run_nothing_and_leave_the_page_whole(
    several: Path, house: House, browser: Browser, tmp_path: Path
) -> None:
    names = (
        "<script>document.title='x'</script>",
        "</script><img src=x onerror=alert(1)>",
        "' onload=alert(1) x='",
    )
    rows = tuple((name, name) for name in (*names, *hostile_names()))
    section = EvidenceSection("hostile", names[0], (EvidenceFacts(rows),))
    place = tmp_path / "hostile.html"
    place.write_text(
        render_evidence(report_of(several, house.anchors, MoreEvidence(sections=(section,)))), "utf-8"
    )
    with opened(browser, place) as shown:
        shown.page.set_input_files("#file", several)
        assert shown.state == "Trusted"
        assert shown.page.title().startswith("several.mp4")
        assert shown.page.evaluate("document.scripts.length") == 4
        assert shown.page.evaluate("document.images.length") == 0
        assert names[1] in shown.page.inner_text("main")
        assert shown.left_the_disk == []
        assert shown.faults == []
