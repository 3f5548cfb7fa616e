"""The report as a PDF: the same facts as the page, the same bytes each time, and pages that nothing runs off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from post.evidence.pdf import document
from post.evidence.pdf.document import render_pdf
from post.evidence.pdf.pages import FOOT, HEIGHT, MARGIN, WIDTH, PageColumn, Pages, gap_item
from post.evidence.pdf.typeset import TypesetLine, Typesetter
from provenance.evidence.blocks import (
    EvidenceBlock,
    EvidenceCell,
    EvidenceCommand,
    EvidenceFacts,
    EvidenceSection,
    EvidenceTable,
    bounded,
)
from provenance.evidence.report import EvidenceReport, MoreEvidence
from provenance.html import shown_text
from tests.provenance.conftest import *  # noqa: F403  its films and signers
from tests.provenance.evidence.shown import hostile_names, report_of
from tests.provenance.made import House


@pytest.fixture(scope="module")
def report(several: Path, house: House) -> EvidenceReport:
    return report_of(several, house.anchors)


def texts(block: EvidenceBlock) -> Iterator[str]:
    """Every text of a block."""
    if isinstance(block, EvidenceFacts):
        yield from (each for row in block.rows for each in row)
    elif isinstance(block, EvidenceTable):
        yield from block.heads
        yield from (each for row in block.rows for cell in row for each in (cell.text, *cell.more))
    elif isinstance(block, EvidenceCommand):
        yield from (f"{block.what}:", *block.lines)
    else:
        yield block.text


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))


def test_every_text_of_the_report_is_on_a_page(
    report: EvidenceReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = list[str]()
    draw = TypesetLine.draw

    def noted(line: TypesetLine, canvas: Canvas, x: float, y: float) -> None:
        assert x >= MARGIN - 1
        assert x + line.width <= WIDTH - MARGIN + 1
        assert FOOT - 30 <= y <= HEIGHT - MARGIN
        drawn.append(line.text)
        draw(line, canvas, x, y)

    monkeypatch.setattr(TypesetLine, "draw", noted)
    render_pdf(report)
    said = re.sub(r"\s", "", "".join(drawn))
    for section in report.sections:
        assert re.sub(r"\s", "", section.title) in said
        for text in (text for block in section.blocks for text in texts(block)):
            assert re.sub(r"\s", "", shown_text(text)) in said, text
    for text in (report.summary.what, report.summary.wrong, report.summary.person, report.file.sha256):
        assert re.sub(r"\s", "", text) in said


def test_it_has_a_title_a_language_an_outline_and_numbered_pages(report: EvidenceReport) -> None:
    pdf = render_pdf(report)
    assert b"/Title (Evidence report: several.mp4)" in pdf
    assert b"/Lang (en)" in pdf
    assert b"/DisplayDocTitle true" in pdf
    assert len(re.findall(rb"/Dest ", pdf)) >= len(report.sections)
    assert pages_of(pdf) > 1


def test_the_same_report_gives_the_same_bytes(report: EvidenceReport) -> None:
    assert render_pdf(report) == render_pdf(report)


def test_hostile_names_and_long_texts_are_set_and_bounded(several: Path, house: House) -> None:
    rows = tuple((name[:200], bounded(name)) for name in hostile_names())
    long = EvidenceTable(
        ("A", "B"), (30, 70), ((EvidenceCell("x"), EvidenceCell(bounded("word " * 2_000_000))),)
    )
    more = MoreEvidence(sections=(EvidenceSection("x", "Hostile", (EvidenceFacts(rows), long)),))
    pdf = render_pdf(report_of(several, house.anchors, more))
    assert pdf.startswith(b"%PDF-")
    assert pages_of(pdf) < 60
    assert len(pdf) < 5_000_000


def test_letters_that_no_font_has_are_told_at_the_end(several: Path, house: House) -> None:
    section = EvidenceSection("x", "x", (EvidenceFacts((("name", "\U00012000"),)),))
    written = document._PdfWriter(Typesetter())
    found = report_of(several, house.anchors, MoreEvidence(sections=(section,))).sections
    for block in (block for each in found if each.name == "x" for block in each.blocks):
        written.block(block)
    before = sum(map(len, written.pages.pages))
    written.missing_letters()
    assert written.typesetter.missing == {"\U00012000"}
    assert sum(map(len, written.pages.pages)) > before


def test_a_row_that_does_not_fit_goes_on_on_the_next_page() -> None:
    pages = Pages()
    pages.row([PageColumn(MARGIN, [gap_item(100.0) for _ in range(20)]), PageColumn(300, [gap_item(50.0)])])
    assert len(pages.pages) == 3
    assert sum(map(len, pages.pages)) == 21
    assert pages.top > FOOT
