"""Styles of titles: each names the stage that draws it, and takes no other stage's keys."""

from __future__ import annotations

import pytest

from post.errors import Problems
from post.job import load_job
from post.job.asserted import Asserted
from post.picture.title import Title
from tests.job.conftest import Write


@pytest.mark.parametrize(
    ("keys", "stage"),
    [
        ("text: Anna, style: lower-third", "title"),
        ("text: Buy, style: end-card, call: Now", "card"),
        ("text: Spot, style: slate", "card"),
        ("style: countdown, start: 5", "countdown"),
        ("text: Anna, stage: card", "card"),
        ("text: Anna, preset: headline", "title"),
    ],
)
def test_a_style_is_drawn_by_its_stage(write: Write, keys: str, stage: str) -> None:
    (made,) = load_job(write(titles=f"titles: [{{at: 0s, length: 1s, {keys}}}]")).titles
    assert made.layer.name == stage


@pytest.mark.parametrize("style", ["lower-third", "end-card", "countdown"])
def test_what_is_asserted_is_read_for_every_stage(write: Write, style: str) -> None:
    keys = f"text: Anna, style: {style}, assert: {{enters_before: 1s}}"
    (made,) = load_job(write(titles=f"titles: [{{at: 0s, length: 1s, {keys}}}]")).titles
    assert made.asserted == Asserted(enters_before="1s")


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ("text: Anna, style: lowerthird", r"titles\[0\]: unknown type preset.*'lower-third'"),
        ("text: Anna, style: legal, preset: plain", r"titles\[0\].preset: given twice; keep one of"),
        ("text: Anna, style: legal, call: Now", r"titles\[0\].call: unknown key of a title"),
        ("text: Anna, style: end-card, bar_colour: $ink", r"titles\[0\].bar_colour: unknown key of a card"),
        ("text: Anna, stage: bug", r"titles\[0\].stage: unknown stage of titles"),
    ],
)
def test_what_no_style_has_is_refused(write: Write, keys: str, says: str) -> None:
    with pytest.raises(Problems, match=says):
        load_job(write(titles=f"titles: [{{at: 0s, length: 1s, {keys}}}]"))


def test_ids_are_told_apart_over_all_stages(write: Write) -> None:
    titles = (
        "titles:\n- {id: a, text: A, at: 0s, length: 1s}\n- {id: a, text: B, at: 0s, length: 1s, stage: card}"
    )
    with pytest.raises(Problems, match="two entries have the same id"):
        load_job(write(titles=titles))


@pytest.mark.parametrize("keys", ["text: A", "text: A, style: lower-third", "style: countdown, start: 5"])
def test_calm_type_makes_titles_of_every_style_calm(write: Write, keys: str) -> None:
    titles = f"titles: [{{at: 0s, length: 1s, {keys}}}, {{at: 0s, length: 1s, {keys}, calm: false}}]"
    calm, own = load_job(write(type="type: {calm: true}", titles=titles)).titles
    assert Title.require(calm.layer).calm
    assert not Title.require(own.layer).calm


def test_calm_type_says_nothing_of_cards(write: Write) -> None:
    titles = "titles: [{at: 0s, length: 1s, text: A, style: end-card}]"
    (made,) = load_job(write(type="type: {calm: true}", titles=titles)).titles
    assert made.layer.name == "card"
