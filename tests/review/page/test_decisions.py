"""Approving and rejecting with a person's own key: Chromium's virtual authenticator."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from post.review.access.identity import ProvenIdentity
from tests.review.page.served import ANA, BEN, ServedReview, needs_chromium

pytestmark = needs_chromium
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
GUSTAV = ProvenIdentity("guest:gustav", "Gustav", "guest", "link")


def with_key(served: ServedReview, who: ProvenIdentity) -> Page:
    """Returns a page of somebody who enrolled a key."""
    page = served.sign_in(who)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(served.link(who))
    page.click("#enrol")
    expect(page.locator("#done")).to_be_visible()
    return page


def test_two_people_approve_with_their_keys_and_the_gate_is_met(served: ServedReview) -> None:
    for who, role in ((ANA, "creative"), (BEN, "legal")):
        page = with_key(served, who)
        served.open_film(page, "film-2997")
        page.click("#tab-approval")
        expect(page.locator(".gate .state")).to_have_text("not met")
        page.get_by_label("Reason").fill("good <b>now</b>")
        page.get_by_role("button", name="Approve").click()
        # What the machine found wrong has to be waived by name.
        expect(page.locator(".gate .fault")).to_contain_text("machine checks failed")
        for check in page.locator(".waive input").all():
            check.check()
        page.get_by_role("button", name="Approve").click()
        logged = page.locator("#decisions li.card").filter(has_text=f"as {role}, for release")
        expect(logged).to_contain_text("good <b>now</b>")
        expect(logged).to_contain_text(who.name)  # not an ID
        expect(page.get_by_role("button", name="Approve")).to_have_count(0)  # it is not asked twice
        expect(page.get_by_role("button", name="Reject")).to_be_visible()
    page = served.sign_in(ANA)
    served.open_list(page)
    expect(page.locator("tr").filter(has_text="film-2997").locator(".state")).to_have_text("approved")
    served.open_film(page, "film-2997")
    page.click("#tab-approval")
    expect(page.locator(".gate .state")).to_have_text("met")
    assert not page.is_visible(".notice")


def test_a_rejection_needs_a_reason_and_stands(served: ServedReview) -> None:
    page = with_key(served, ANA)
    served.open_film(page, "film-23976")
    page.click("#tab-approval")
    page.get_by_role("button", name="Reject").click()
    expect(page.locator(".gate .fault")).to_contain_text("Say why")
    page.get_by_label("Reason").fill("the label is missing")
    page.get_by_role("button", name="Reject").click()
    expect(page.locator("#decisions li.card").filter(has_text="the label is missing")).to_contain_text(
        "rejected"
    )
    expect(page.locator(".gate .state")).to_have_text("not met")


def test_a_guest_is_offered_no_decision(served: ServedReview) -> None:
    page = served.sign_in(GUSTAV)
    served.open_film(page, "film-24")
    page.click("#tab-approval")
    expect(page.locator(".gate")).to_contain_text("Ana Roth")  # whom it asks
    assert page.get_by_role("button", name="Approve").count() == 0
    assert page.get_by_role("button", name="Reject").count() == 0
