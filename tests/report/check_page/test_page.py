"""The page about a check: offline, escaped, with pictures of what failed, and without a verdict on the film."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from post.errors import SourceError
from post.report.check_page.evidence import MOST_PICTURES, evidence_parts
from post.report.check_page.page import (
    CheckPage,
    FilmOnPage,
    PolicySection,
    render_check_page,
    ruled_lines,
)
from post.report.marked_still import MarkedPart, marked_part
from post.values.claim import Ruling
from provenance.policy.rates import CheckRate, MeasuredShare
from tests.provenance.made import Noise

BOX = (10, 10, 30, 20)


def ruling(name: str, verdict: Any = "fail", **more: Any) -> Ruling:
    return Ruling(name, verdict, "<b>4 %", "5 %", "law", "seen", **more)


def page_of(*rulings: Ruling, parts: dict[int, MarkedPart] | None = None) -> str:
    section = PolicySection(
        "p", "1", "ab" * 32, "2 rules checked, 0 not checkable", ruled_lines(rulings, parts or {})
    )
    film = FilmOnPage("film.mp4", "cd" * 32, 1000, "2026-12-01T00:00:00Z", (section,))
    return render_check_page(
        CheckPage(
            "film.mp4", "2 rules checked, 0 not checkable", (film,), (), ("a is b",), (), (("av", "1"),)
        )
    )


def test_the_page_says_how_well_its_checks_did() -> None:
    whole, none = MeasuredShare(32, 32, 0.8911, 1.0), MeasuredShare(0, 0, 0.0, 1.0)
    rate = CheckRate("label.height", whole, none, MeasuredShare(1, 320, 0.0001, 0.0173), "met <here>")
    page = CheckPage("film.mp4", "1 rule checked", (), (), (), (), (), (rate,))
    text = render_check_page(page)
    assert "<td>32 of 32 (89.1% to 100.0%)</td><td>no cases</td><td>1 of 320 (0.0% to 1.7%)</td>" in text
    assert "met &lt;here&gt;" in text
    assert "How well these checks did" not in page_of(ruling("A"))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Noise(frames=6).write(tmp_path_factory.mktemp("page") / "film.mp4")


def test_the_page_is_one_file_that_asks_for_nothing(film: Path) -> None:
    part = marked_part(film, 2, Fraction(0), BOX)
    text = page_of(
        ruling("A", frame=2, box=BOX), ruling("B", "pass", frame=2, box=BOX), parts={0: part, 1: part}
    )
    assert "default-src 'none'" in text
    assert "<script" not in text
    assert set(re.findall(r'(?:src|href)="([a-z]+:)', text)) == {"data:"}
    assert text.count("<img ") == 1, "one picture for both rules"
    assert "The picture is that of <bdi>A</bdi>" in text


def test_it_says_what_was_measured_and_never_that_a_film_is_compliant() -> None:
    told = {
        "source": "Law (2026-01-01), 1",
        "quote": "label it",
        "force": "law",
        "confidence": "B",
        "says": "it is so",
    }
    text = page_of(ruling("A", at=((Fraction(1), Fraction(5, 2)),), **told), ruling("B", "pass"))
    assert "compliant" not in text.casefold()
    assert "&lt;b&gt;4 %" in text
    for words in ("1.00 to 2.50 s", "label it", "confidence: <bdi>B</bdi>", "cd" * 32, "ab" * 32, "a is b"):
        assert words in text


def test_what_needs_attention_stands_first() -> None:
    verdicts = ("pass", "not_applicable", "waived", "cannot_check", "fail", "needs_human", "warn")
    lines = ruled_lines([ruling(each, each) for each in verdicts], {})
    assert [line.ruling.id for line in lines] == [
        "fail", "cannot_check", "needs_human", "warn", "waived", "pass", "not_applicable",
    ]  # fmt: skip


def test_a_part_of_a_frame_is_cut_round_its_box(film: Path, tmp_path: Path) -> None:
    part = marked_part(film, 2, Fraction(0), BOX)
    assert (part.frame, part.at, part.box) == (2, Fraction(2, 24), (4, 4, 36, 26))
    (tmp_path / "part.png").write_bytes(part.png)
    with Image.open(tmp_path / "part.png") as image:
        assert (image.format, image.size) == ("PNG", (32, 22))
    whole = marked_part(film, None, Fraction(99), None)
    assert (whole.frame, whole.box) == (5, (0, 0, 64, 48))


def test_rules_about_one_part_share_a_picture_and_failures_come_first() -> None:
    asked: list[tuple[Any, ...]] = []

    def call(function: Callable[..., MarkedPart], *given: Any) -> MarkedPart:
        asked.append(given)
        if given[1] == 7:
            raise SourceError("damaged", where="film")
        return given[1]  # type: ignore[no-any-return]

    rulings = [
        ruling("P", "pass", frame=1, box=BOX),
        ruling("F", frame=2, box=BOX),
        ruling("G", frame=2, box=BOX),
    ]
    rulings += [ruling("N"), ruling("X", frame=7)]
    found, faults = evidence_parts(Path("film"), rulings, call)
    assert [given[1] for given in asked] == [2, 7, 1]
    assert sorted(found) == [0, 1, 2]
    assert len(faults) == 1
    asked.clear()
    many, _ = evidence_parts(
        Path("film"), [ruling("M", frame=100 + at) for at in range(MOST_PICTURES + 5)], call
    )
    assert len(many) == len(asked) == MOST_PICTURES
