"""The list of films: the approved revision opens first, 200 rows at a time, numbers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete

from post.review.database.tables import FilmRow, RevisionRow
from tests.review.page.served import ServedReview, needs_chromium

pytestmark = needs_chromium
MANY = 450
NAME = "version-{:03} <script>alert(1)</script>"


@pytest.fixture
def many_films(served: ServedReview) -> Iterator[None]:
    """Adds films that are only listed."""
    with served.review.database.writing() as db:
        films = [FilmRow(name=NAME.format(number), latest=1) for number in range(MANY)]
        db.add_all(films)
        db.flush()
        numbers = [film.id for film in films]
        db.add_all(
            RevisionRow(
                film_id=film, number=1, sha256=f"{film:064x}", file_name="x.mp4", released=False, seen_at=0.0,
                state="unreadable",
            )
            for film in numbers
        )  # fmt: skip
    yield
    with served.review.database.writing() as db:
        db.execute(delete(RevisionRow).where(RevisionRow.film_id.in_(numbers)))
        db.execute(delete(FilmRow).where(FilmRow.id.in_(numbers)))


def test_all_films_are_reached_from_a_list_of_200_at_a_time(served: ServedReview, many_films: None) -> None:
    page = served.sign_in()
    served.open_list(page)
    rows = page.locator("#rows th[scope=row]")
    expect(rows).to_have_count(200)
    page.get_by_role("link", name="More films").click()
    expect(rows).to_have_count(400)
    page.get_by_role("link", name="More films").click()
    expect(rows).to_have_count(MANY + 3)
    names = rows.all_inner_texts()
    assert names[-1] == NAME.format(MANY - 1)
    assert len(set(names)) == len(names)
    assert page.locator("#rows time").last.inner_text() != ""


def test_an_older_revision_is_opened_from_the_list_of_them(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_list(page)
    page.get_by_role("link", name="film-24", exact=True).click()
    served.wait_for_film(page)
    with page.expect_navigation():
        page.select_option("#revision", label="1")
    page.wait_for_selector("#stage[data-frame='0']")
    assert page.locator("#revision option:checked").inner_text() == "1"
    assert page.locator("#change-next").count() == 0  # there is none before it


def test_the_findings_of_a_film_are_shown_with_their_policy_and_number(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-24")
    page.click("#tab-findings")
    label = page.locator("#checks .card").filter(has_text="HOUSE-LABEL")
    expect(label).to_contain_text("no label is seen in the picture")
    expect(label).to_contain_text("3 % high or more")
    expect(page.locator("#checks-policies")).to_contain_text("house-default")
    page.get_by_role("button", name="Show frame 90").click()  # of the render's warning
    page.wait_for_selector('#stage[data-frame="90"]')
    page.click("#tab-origin")
    expect(page.locator("#provenance-facts")).to_contain_text("absent")
    expect(page.locator("#provenance-tree")).to_contain_text("film-24")


def test_the_numbers_are_those_of_the_review(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_list(page)
    page.click("text=Numbers")
    expect(page.locator(".big li").nth(2)).to_contain_text("revisions a day")
    day = page.locator("section").filter(has_text="Revisions by day").locator("tbody tr")
    assert day.locator("td").first.inner_text() == "4"  # two of film-24
