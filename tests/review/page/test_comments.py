"""Comments: pinned to frames, drawn on, answered, resolved; by two people at once; with hostile text."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.review.page.served import ANA, BEN, HOSTILE, ServedReview, go_to, needs_chromium, until

pytestmark = needs_chromium
HOSTILE_TEXTS = (HOSTILE, "</script><script>alert(1)</script>", "\u202egnp.exe", "{{ 7 * 7 }}", "a\nb\n" * 20)


def write(page: Page, text: str) -> None:
    """Sends a comment on the frame that is shown, and waits until it is listed."""
    page.fill("#comment-text", text)
    page.click("#comment-form button.main")
    expect(
        page.locator("#comments .said").filter(has_text=re.compile(re.escape(text.strip()[:20]))).first
    ).to_be_visible()


def test_a_comment_is_pinned_to_its_frame_and_its_drawing_comes_back(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-23976")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_selector('#stage[data-frame="5"]')
    page.keyboard.press("d")
    page.get_by_role("button", name="Box").click()
    page.get_by_role("button", name="Yellow").click()
    box = page.locator("#drawing").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.7 * box["height"], steps=4)
    page.mouse.up()
    write(page, "too dark here")
    assert page.get_attribute("#drawing", "data-shapes") == "0"
    page.keyboard.press("Escape")
    page.reload()
    page.wait_for_selector("#stage[data-frame='0']")
    card = page.locator("#comments > li").filter(has_text="too dark here")
    card.get_by_role("button", name="Show the frame at").click()
    page.wait_for_selector('#stage[data-frame="5"]')
    assert page.get_attribute("#drawing", "data-shapes") == "1"
    expect(card).to_have_class(re.compile("now"))
    still = page.request.get(
        f"{served.address}{card.get_by_role('link', name='Still').get_attribute('href')}"
    )
    assert (still.status, still.body()[:4]) == (200, b"\x89PNG")


def test_a_comment_on_the_loop_is_about_its_frames(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-23976")
    go_to(page, "20", 20)
    page.keyboard.press("i")
    go_to(page, "29", 29)
    page.keyboard.press("o")
    assert "frames 20 to 29" in page.inner_text("#comment-place")
    write(page, "this whole move")
    page.keyboard.press("Escape")
    assert page.locator(".marker.range").count() == 1


def test_a_drawing_can_be_made_with_the_keyboard(served: ServedReview) -> None:
    page = served.sign_in()
    served.open_film(page, "film-23976")
    page.keyboard.press("d")
    page.get_by_role("button", name="Arrow").click()
    page.focus("#drawing")
    for key in ("Enter", "Shift+ArrowRight", "Shift+ArrowDown", "Enter"):
        page.keyboard.press(key)
    assert page.get_attribute("#drawing", "data-shapes") == "1"
    assert page.inner_text("#status") == "Shape drawn"
    page.keyboard.press("Escape")


def test_hostile_text_is_shown_as_text(served: ServedReview) -> None:
    page = served.sign_in(BEN)
    served.open_film(page, "film-2997")
    told: list[str] = []
    page.on("dialog", lambda dialog: told.append(dialog.message))
    for text in HOSTILE_TEXTS:
        write(page, text)
    page.reload()
    page.wait_for_selector("#comments > li")
    shown = page.locator("#comments .said").all_inner_texts()
    assert all(
        any(text.strip().split("\n")[0].strip("\u202e") in each for each in shown) for text in HOSTILE_TEXTS
    )
    assert page.locator("#comments img, #comments script, #panel-findings .said img").count() == 0
    assert page.locator(".who").inner_text().startswith(BEN.name)
    assert page.locator("#comments bdi").count() >= len(HOSTILE_TEXTS)
    assert told == []


def test_two_reviewers_at_once_lose_nothing(served: ServedReview) -> None:
    ana, ben = served.sign_in(ANA), served.sign_in(BEN)
    for page in (ana, ben):
        served.open_film(page, "film-24")
    write(ana, "first note")
    ben.wait_for_selector("text=first note")  # it comes in by itself
    assert "New comment by Ana Roth" in ben.inner_text("#status")

    # Both answer at the same time.
    for page, text in ((ana, "my answer"), (ben, "my answer too")):
        card = page.locator("#comments > li").filter(has_text="first note")
        card.get_by_role("button", name="Reply").click()
        card.locator("textarea").first.fill(text)
    for page in (ana, ben):
        page.locator("#comments > li").filter(has_text="first note").get_by_role(
            "button", name="Send"
        ).first.click()
    for page in (ana, ben):
        until(page, "document.querySelectorAll('.replies li').length === 2")

    # Ben resolves while Ana edits: Ana is told, and what she wrote is still there.
    card = ana.locator("#comments > li").filter(has_text="first note")
    card.get_by_role("button", name="Edit").click()
    box = ana.get_by_label("Your comment")
    box.fill("first note, changed")
    ana.route("**/api/revisions/*/comments", lambda route: route.abort())  # she has not seen it yet
    ben.get_by_role("button", name="Resolve").click()
    ben.wait_for_selector(f"text=resolved by {BEN.name}")  # not an ID
    ana.unroute("**/api/revisions/*/comments")
    with ana.expect_response("**/api/comments/*") as answer:
        card.locator("form:not([hidden])").get_by_role("button", name="Send").click()
    if answer.value.status == 409:
        expect(card.get_by_role("alert").last).to_contain_text("changed")
        assert box.input_value() == "first note, changed"
        card.locator("form:not([hidden])").get_by_role("button", name="Send").click()
    ben.wait_for_selector("text=first note, changed")
    card = ben.locator("#comments > li").filter(has_text="first note, changed")
    card.locator("summary").click()
    before = card.locator("details li")
    expect(before.first).to_contain_text("by Ana Roth")
    expect(before.filter(has_text="written by Ana Roth")).to_contain_text("first note")
    expect(before.filter(has_text=f"resolved by {BEN.name}")).to_have_count(1)
