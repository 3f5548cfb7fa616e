"""The frame that is asked for is the frame that is shown: read from screenshots."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from playwright.sync_api import Page

from post.values.timecode import can_drop, read_timecode, timecode
from tests.review.page.burnt import number_in
from tests.review.page.served import (
    CHANGED,
    FRAMES,
    RATES,
    START,
    FramePictures,
    ServedReview,
    go_to,
    needs_chromium,
    until,
)  # fmt: skip

pytestmark = needs_chromium
TRIES = 100
BOTH_WAYS = """async ([numbers, rate, drop, texts, url]) => {
    const { readPlace, timecode } = await import(url);
    const written = numbers.map((each) => timecode(each, rate, drop));
    return [written, texts.map((each) => readPlace(each, rate, drop))];
}"""


def clock(name: str, frame: int) -> str:
    """Returns the timecode of a film's frame."""
    dropped = name == "film-2997"
    start = read_timecode(START, RATES[name]) if dropped else 0
    return timecode(start + frame, RATES[name], dropped)


def module_of(page: Page, name: str) -> str:
    """Returns the address of a module of the page."""
    return str(page.evaluate("document.querySelector('script[src*=review]').src")).replace("review.js", name)


def shown_number(page: Page) -> int:
    """Returns the number in the picture that the browser shows."""
    return number_in(page.locator("#video").screenshot())


@pytest.mark.parametrize("name", RATES)
def test_each_of_a_hundred_frames_is_the_one_that_was_asked_for(served: ServedReview, name: str) -> None:
    page = served.sign_in(viewport={"width": 390, "height": 700})
    served.open_film(page, name)
    draw, pictures = random.Random(name), FramePictures(page)
    right = 0
    for turn in range(TRIES):
        served.watchdog.rearm()
        frame = draw.randrange(FRAMES)
        picture = pictures.go_to(clock(name, frame) if turn % 2 else str(frame), frame)
        expected = frame + 1000 if name == "film-24" and frame in range(*CHANGED) else frame
        right += number_in(picture) == expected
    assert right == TRIES


def test_keys_step_by_one_frame_and_by_one_second(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-2997")
    at = 0
    for key, by in (("ArrowRight", 1), ("ArrowRight", 1), ("Shift+ArrowRight", 30), ("ArrowLeft", -1)):
        page.keyboard.press(key)
        at += by
        page.wait_for_selector(f'#stage[data-frame="{at}"]')
        assert shown_number(page) == at
    assert page.inner_text("#timecode") == clock("film-2997", at)
    page.keyboard.press("ArrowDown")
    page.wait_for_selector('#stage[data-frame="40"]')  # the next cut: the middle of the dissolve
    page.keyboard.press("End")
    page.wait_for_selector(f'#stage[data-frame="{FRAMES - 1}"]')
    assert shown_number(page) == FRAMES - 1


def test_j_k_and_l_play_both_ways_and_stop_on_the_frame_that_is_shown(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-24")
    page.keyboard.press("l")
    page.keyboard.press("l")
    assert page.inner_text("#speed") == "2×"
    until(page, "Number(document.getElementById('stage').dataset.frame) > 20")
    page.keyboard.press("k")
    until(page, "document.getElementById('video').paused && !document.getElementById('video').seeking")
    page.wait_for_timeout(100)
    stopped = int(page.get_attribute("#stage", "data-frame") or -1)
    assert shown_number(page) == stopped
    page.keyboard.press("j")
    until(page, f"Number(document.getElementById('stage').dataset.frame) < {stopped - 5}")
    page.keyboard.press("Space")
    assert page.inner_text("#speed") == ""


def test_a_loop_snaps_to_a_cut_and_is_kept_to(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-24")
    go_to(page, "42", 42)
    page.keyboard.press("i")
    go_to(page, "53", 53)
    page.keyboard.press("o")
    assert page.get_attribute("#loop", "data-loop") == "40 54"
    page.evaluate(
        """() => { window.seen = []; new MutationObserver(() => seen.push(Number(stage.dataset.frame)))
        .observe(stage, { attributes: true, attributeFilter: ["data-frame"] }); }"""
    )
    page.keyboard.press("Space")
    until(page, "seen.filter((each, place) => place && each < seen[place - 1]).length >= 2")
    page.keyboard.press("k")
    seen = page.evaluate("seen")
    assert min(seen) >= 40
    assert max(seen) <= 54  # a browser may show one frame more before it is told
    page.keyboard.press("x")
    assert page.get_attribute("#loop", "data-loop") == ""


def test_a_loop_of_one_frame_is_shown_and_not_played(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-24")
    go_to(page, "60", 60)
    page.keyboard.press("i")
    page.keyboard.press("o")
    assert page.get_attribute("#loop", "data-loop") == "60 61"
    page.evaluate("window.seeks = 0; video.addEventListener('seeking', () => { seeks += 1; })")
    for key in ("Space", "l", "j"):
        page.keyboard.press(key)
        assert page.get_attribute("#play", "data-playing") == "false"
    page.wait_for_timeout(500)
    assert page.evaluate("seeks") <= 3
    assert page.get_attribute("#stage", "data-frame") == "60"


def test_timecode_is_that_of_the_product(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-24")
    numbers = [*range(3), 1799, 1800, 1801, 17981, 17982, 17983, 107891, 107892, 2589407]
    url = module_of(page, "timecode.js")
    for rate in (*RATES.values(), Fraction(25), Fraction(60000, 1001)):
        drop = can_drop(rate)
        expected = [timecode(each, rate, drop) for each in numbers]
        asked = [numbers, [rate.numerator, rate.denominator], drop, expected, url]
        written, read = page.evaluate(BOTH_WAYS, asked)
        assert written == expected
        within_a_day = [each for each in numbers if each < rate * 86000]
        assert read[: len(within_a_day)] == within_a_day


def test_full_screen_holds_the_controls_too(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-24")
    page.keyboard.press("f")
    until(page, "document.fullscreenElement?.id === 'screen'")
    assert page.is_visible("#play")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector('#stage[data-frame="1"]')
    page.keyboard.press("f")
    until(page, "document.fullscreenElement === null")
