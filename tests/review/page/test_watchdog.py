"""A browser that hangs ends its test with an error, and leaves the next test a browser."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Error as PlaywrightError

from tests.review.page.served import ServedReview, needs_chromium

pytestmark = needs_chromium


def test_a_page_that_never_answers_is_ended_and_the_next_test_has_a_browser(served: ServedReview) -> None:
    page = served.sign_in()
    served.watchdog.rearm(2)
    begun = time.monotonic()
    with pytest.raises(PlaywrightError):
        page.evaluate("() => { for (;;); }")
    assert time.monotonic() - begun < 30
    assert served.watchdog.killed == 1
    served.end_test()
    served.begin_test()
    page = served.sign_in()
    served.open_list(page)
    assert page.title()


def test_what_a_test_left_playing_is_closed(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-24")
    page.keyboard.press("i")
    page.keyboard.press("Space")
    assert served.browser is not None
    served.end_test()
    assert page.is_closed()
    assert [each for context in served.browser.contexts for each in context.pages] == []
