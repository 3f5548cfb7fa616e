"""A brand's tokens: named by styles and layers, resolved with their origin, refused with the nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.errors import Problems
from post.job import load_job
from post.picture.label import Label
from post.picture.title import Title
from tests.job.conftest import Write

TITLE = "titles: [{text: Anna, second: Host, at: 0s, length: 1s, style: lower-third}]"
OWN = 'doc: ours\ncolours: {accent: "#ff0044", sea: "#003366"}\nnumbers: {radius: 1.5}\n'


def title(write: Write, **parts: str) -> Title:
    Path("own.yaml").write_text(OWN)
    (made,) = load_job(write(**{"titles": TITLE, **parts})).titles
    return Title.require(made.layer)


def test_a_style_has_the_plain_brand_where_the_job_names_none(write: Write) -> None:
    assert title(write).bar_colour == "#ffc400"


@pytest.mark.parametrize("tokens", ["own.yaml", '{colours: {accent: "#ff0044"}, numbers: {radius: 1.5}}'])
def test_a_jobs_brand_is_laid_over_it(write: Write, tokens: str) -> None:
    made = title(write, tokens=f"tokens: {tokens}")
    assert (made.bar_colour, made.plate_radius, made.plate_colour) == ("#ff0044", 1.5, "#10141a")


def test_a_house_has_a_brand_and_the_job_the_last_word(write: Write) -> None:
    Path("ours.yaml").write_text(
        'label: standard\ntokens: {colours: {accent: "#111111", ground: "#222222"}}\n'
    )
    made = title(write, house="house: ./ours.yaml", tokens="tokens: own.yaml")
    assert (made.bar_colour, made.plate_colour) == ("#ff0044", "#222222")


def test_layers_of_a_job_name_tokens_too(write: Write) -> None:
    Path("own.yaml").write_text(OWN)
    job = load_job(write(tokens="tokens: own.yaml", label="label: {preset: standard, plate_colour: $sea}"))
    assert Label.require(job.marks[0].layer).plate_colour == "#003366"


def test_text_may_begin_with_a_dollar(write: Write) -> None:
    titles = "titles: [{text: $accent, at: 0s, length: 1s, colour: $accent}]"
    made = title(write, titles=titles)
    assert (made.text, made.colour) == ("$accent", "#ffc400")


def test_values_say_which_token_and_which_file(write: Write) -> None:
    Path("own.yaml").write_text(OWN)
    origins = load_job(write(titles=TITLE, tokens="tokens: own.yaml")).origins
    (row,) = [row for row in origins if row[0] == "titles[0].bar_colour"]
    assert row[1:] == ("#ff0044", "brand own ($accent, in type lower-third)")


@pytest.mark.parametrize(
    ("tokens", "titles", "says"),
    [
        (
            "own.yaml",
            "colour: $acent",
            r"job.yaml:8: titles\[0\].colour: unknown token of the brand.*'\$accent'",
        ),
        ("own.yaml", "colour: $radius", r"own.yaml:3: titles\[0\].colour: not a colour"),
        ("{colours: {sea: blue}}", "", r"job.yaml:9: tokens.colours.sea: not a colour"),
        ("{colors: {}}", "", r"tokens.colors: unknown key.*'colours'"),
        (
            '{colours: {sea: "#112233"}, numbers: {sea: 2}}',
            "",
            r"numbers.sea: two tokens have the same name; .* the other is at job.yaml:9",
        ),
        ("{numbers: {sea: }}", "", r"tokens.numbers.sea: nothing given"),
    ],
)
def test_a_token_that_is_wrong_is_refused_with_its_place(
    write: Write, tokens: str, titles: str, says: str
) -> None:
    text = f"titles: [{{text: Anna, at: 0s, length: 1s{', ' if titles else ''}{titles}}}]"
    with pytest.raises(Problems, match=says):
        title(write, tokens=f"tokens: {tokens}", titles=text)
