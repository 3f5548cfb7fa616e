"""Every page: for readers of screens, on a phone, in the dark, and without another server."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.review.page.served import ServedReview, needs_chromium

pytestmark = needs_chromium
SERIOUS = ("serious", "critical")
TABS = ("tab-comments", "tab-findings", "tab-origin", "tab-approval")
# What the tab key has to reach, and whether what it reached is seen to have the focus.
WANTED = {
    "To the content", "Films", "sign-out", "revision", "play", "back", "on", "goto-place", "loop-in", "loop-out",
    "strip", "compare", "change-next", "tab-comments", "comment-text", "draw", "show-resolved",
}  # fmt: skip
OUTLINED = """() => {
    const own = ".wipe, media-mute-button, media-volume-range, media-fullscreen-button, body"; // outlined inside
    const element = document.activeElement;
    return element.matches(own) || getComputedStyle(element).outlineStyle !== "none";
}"""
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark-phone": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}, "has_touch": True},
}


def serious(page: Page) -> list[str]:
    """Returns what axe finds that is serious or critical. The policy of the page lets axe in as a test alone can."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in found
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    ]


def is_narrow(page: Page) -> bool:
    """Says whether nothing is wider than the window."""
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return bool(wide <= window)


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_serious(served: ServedReview, look: str) -> None:
    page = served.sign_in(**LOOKS[look])
    found = []
    for path in ("/", "/numbers", "/enrol"):
        page.goto(f"{served.address}{path}")
        found += serious(page)
        assert is_narrow(page)
    served.open_film(page, "film-24")
    page.fill("#comment-text", f"seen in {look}")
    page.click("#comment-form button.main")
    page.wait_for_selector("#comments li")
    page.click("#draw")
    for tab in TABS:
        page.click(f"#{tab}")
        found += serious(page)
        assert is_narrow(page)
    page.select_option("#compare", "previous wipe")
    page.click("#open-help")
    found += serious(page)
    page.keyboard.press("Escape")
    assert found == []


def test_everything_is_reached_with_the_keyboard_alone(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-24")
    reached: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(document.activeElement.id || document.activeElement.textContent.trim()).slice(0, 20)"
            )
        )
        if reached[-1] == "tab-comments":
            page.keyboard.press("ArrowRight")
            assert page.get_attribute("#tab-findings", "aria-selected") == "true"
            page.keyboard.press("ArrowLeft")
        outlined = page.evaluate(OUTLINED)
        assert outlined, reached[-1]
    assert set(reached) >= WANTED
    page.keyboard.press("Shift+Tab")
    page.focus("#strip")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()


def test_signing_out_ends_the_session(served: ServedReview) -> None:
    page = served.sign_in(fresh=True)
    served.open_list(page)
    page.click("#sign-out")
    page.wait_for_url(f"{served.address}/sign-in")
    assert serious(page) == []
    page.goto(f"{served.address}/")
    page.wait_for_url(f"{served.address}/sign-in")
