"""Two revisions in frame step, and the frames that differ."""

from __future__ import annotations

from typing import Any

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


def test_the_frames_that_differ_are_told_and_jumped_to(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-24")
    until(page, "document.getElementById('changed').textContent.includes('differ')")
    assert "sound" not in page.inner_text("#changed")  # both revisions sound the same
    page.click("#change-next")
    until(page, "Number(document.getElementById('stage').dataset.frame) > 0")
    at = int(page.get_attribute("#stage", "data-frame") or -1)
    # A codec may change frames before the cut that follows; the changed ones are among them.
    first, stop = (int(each) for each in page.inner_text("#status").split()[1:4:2])
    assert first == at
    assert first <= CHANGED[0]
    assert stop >= CHANGED[1] - 1


# What the server says, the spans that can be jumped to, and what is told.
DIFFERENCES: list[tuple[dict[str, Any], list[list[int]], str]] = [
    ({}, [], "No frame differs, nor the sound"),
    ({"removed": [[20, 24]]}, [[19, 20]], "4 frames of the other revision are not in this one"),
    ({"removed": [[0, 1]]}, [[0, 1]], "1 frame of the other revision is not in this one"),
    ({"removed": [[5, 9]], "seams": [5]}, [[5, 6]], "4 frames of the other revision are not in this one"),
    ({"sound": [[2, 6]]}, [[2, 6]], "the sound differs under 4 other frames"),
    (
        {"spans": [[8, 10]], "frames": 2, "removed": [[8, 10]], "sound": [[2, 3]]},
        [[2, 3], [8, 10]],
        "2 frames differ, in 1 place; the sound differs under 1 other frame",
    ),
]


def test_every_kind_of_difference_is_told_and_can_be_jumped_to(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-24")
    module = page.get_attribute("script[src*='review.js']", "src").replace("review.js", "film_data.js")  # type: ignore[union-attr]
    asked = "async ([at, said]) => (await import(at)).readChange(said, 20)"
    for differs, spans, told in DIFFERENCES:
        said = {"known": True, "spans": [], "removed": [], "seams": [], "sound": [], "frames": 0, **differs}
        assert page.evaluate(asked, [module, said]) == {"spans": spans, "told": told}
