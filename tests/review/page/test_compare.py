"""Two revisions in frame step, and the frames that differ."""

from __future__ import annotations

from tests.review.page.burnt import number_in
from tests.review.page.served import CHANGED, ServedReview, go_to, needs_chromium, until

pytestmark = needs_chromium


def test_the_wipe_shows_the_same_frame_of_both_and_its_handle_takes_keys(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-24")
    page.select_option("#compare", "previous wipe")
    for frame in (0, 59, CHANGED[0], CHANGED[0] + 5, CHANGED[1], 119):
        go_to(page, str(frame), frame, f'[data-other="{frame}"]')
        page.focus(".wipe")
        page.keyboard.press("Home")
        assert page.get_attribute(".wipe", "aria-valuenow") == "0"
        inside = range(*CHANGED)
        assert number_in(page.locator("#stage").screenshot()) == frame + 1000 * (frame in inside)
        page.keyboard.press("End")
        assert number_in(page.locator("#stage").screenshot()) == frame
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowLeft")
    assert page.get_attribute(".wipe", "aria-valuenow") == "89"
    page.context.close()


def test_both_films_play_together(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-24")
    page.select_option("#compare", "previous wipe")
    page.wait_for_selector('#stage[data-other="0"]')
    page.keyboard.press("Escape")
    page.focus("#strip")
    page.keyboard.press("l")
    until(page, "Number(document.getElementById('stage').dataset.frame) > 24")
    page.keyboard.press("k")
    until(
        page,
        "document.getElementById('stage').dataset.frame === document.getElementById('stage').dataset.other",
    )
    page.context.close()


def test_the_frames_that_differ_are_told_and_jumped_to(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-24")
    until(page, "document.getElementById('changed').textContent.includes('differ')")
    page.click("#change-next")
    until(page, "Number(document.getElementById('stage').dataset.frame) > 0")
    at = int(page.get_attribute("#stage", "data-frame") or -1)
    # A codec may change frames before the cut that follows; the changed ones are among them.
    first, stop = (int(each) for each in page.inner_text("#status").split()[1:4:2])
    assert first == at
    assert first <= CHANGED[0]
    assert stop >= CHANGED[1] - 1
    page.context.close()
