"""Platforms: what their controls cover of a deliverable."""

from __future__ import annotations

from pathlib import Path

import pytest

import presets
from post.errors import Problems
from post.job import load_job
from tests.job.conftest import Write

TALL = "deliver: [{{width: 720, height: 1280, name: small, platform: {}}}]"


def clear(write: Write, platform: str) -> tuple[float, ...]:
    (deliver,) = load_job(write(deliver=TALL.format(platform))).deliver
    return deliver.clear


def test_a_deliverable_without_a_platform_keeps_the_rule_it_had(write: Write) -> None:
    assert load_job(write()).deliver[0].clear == ()


def test_several_platforms_keep_the_most_at_each_side(write: Write) -> None:
    tiktok, reels = clear(write, "tiktok"), clear(write, "[reels]")
    assert tiktok[0] == pytest.approx(12.5)
    assert reels == (14, 6, 35, 6)
    assert clear(write, "[tiktok, reels]") == tuple(map(max, tiktok, reels))


def test_values_say_when_and_how_surely_it_is_known(write: Write) -> None:
    job = load_job(write(deliver=TALL.format("reels")))
    (row,) = [row for row in job.origins if row[0] == "deliver[0].platform"]
    assert row[1] == "reels: top 14 %, right 6 %, bottom 35 %, left 6 %"
    assert row[2] == "platform reels (2026-03-01, confidence A)"


def test_every_platform_that_ships_has_a_zone_that_a_film_can_be_made_for(write: Write) -> None:
    sizes = {"9:16": (720, 1280), "16:9": (1280, 720), "4:5": (720, 900), "1:1": (720, 720)}
    for name in presets.names("platform"):
        for zone in presets.find("platform", name).mapping["zones"].items:
            width, height = sizes[zone.mapping["shape"].text]
            text = f"deliver: [{{width: {width}, height: {height}, name: small, platform: {name}}}]"
            (deliver,) = load_job(write(deliver=text)).deliver
            assert len(deliver.clear) == 4
            assert max(deliver.clear) > 0


@pytest.mark.parametrize(
    ("platform", "says"),
    [
        ("tiktak", r"platform: unknown platform preset.*did you mean 'tiktok'"),
        ("youtube", r"platform: nothing is known of what .* of this shape; expected 16:9, got 720x1280"),
        ("{zones: [{shape: tall}]}", r"platform.zones\[0\].top: missing"),
        ("own.yaml", r"own.yaml:2: deliver\[0\].platform.zones\[0\].shape: not a shape; expected width"),
    ],
)
def test_a_platform_that_says_nothing_of_this_film_is_refused(write: Write, platform: str, says: str) -> None:
    Path("own.yaml").write_text(
        "zones:\n- {shape: tall, top: 1, right: 1, bottom: 1, left: 1, date: 2026-11-30, confidence: C}\n"
    )
    with pytest.raises(Problems, match=says):
        clear(write, platform)
