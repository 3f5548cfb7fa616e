"""The page in a real browser: Debian's Chromium, headless."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from post.preview.serve import Served, serving
from tests.flow.warm_commands import answerprint
from tests.flow_job import JOB, make_clips
from tests.preview.shown import job_of

CHROMIUM = shutil.which("chromium")
# Whether the page stands still, and shows the frame that lies at the film's place.
STANDS = """() => {
    const video = document.querySelector("video"), shown = Number(document.documentElement.dataset.frame);
    return video.paused && !video.seeking && shown === Math.floor(video.currentTime * 24);
}"""


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium: the preview's page is not played")
def test_a_browser_shows_the_first_frame_and_steps_by_frames(tmp_path: Path) -> None:
    make_clips(tmp_path)
    job = job_of(tmp_path, JOB)
    words = ("preview", job, "-o", tmp_path / "out", "--store", tmp_path / "store", "--json")
    told = answerprint(tmp_path, *words).data
    heard: list[float] = []
    with contextlib.ExitStack() as stack:
        address = stack.enter_context(serving(Served(tmp_path / "out", heard.append), 0))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        stack.callback(browser.close)
        page = browser.new_page()
        asked: list[str] = []
        faults: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.goto(address)
        page.wait_for_selector("html[data-first]", state="attached")
        page.click("#back")
        # Frames that were on their way when it was stopped come first.
        while not page.evaluate(STANDS):
            page.wait_for_timeout(20)
        last = told["frames"] - 1
        for _ in range(6):
            before = int(page.get_attribute("html", "data-frame") or -1)
            wanted = before + 1 if before < last else last
            page.click("#on")
            page.wait_for_selector(f'html[data-frame="{wanted}"]', state="attached")
            time = float(page.eval_on_selector("video", "video => video.currentTime"))
            assert time == pytest.approx((wanted + 0.5) / 24, abs=1e-5)
        assert page.eval_on_selector("video", "video => video.videoWidth") == told["width"]
        page.wait_for_selector("text=All of the film can be watched.")
        assert page.is_visible("#sheet")
        assert page.is_visible("#notice")
        wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1]
    assert heard
    assert not faults
    assert all(url.startswith((address, f"blob:{address}")) for url in asked)
