"""Writes an evidence report as a PDF: the same report gives the same bytes."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO

from PIL import Image
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from post.evidence.pdf.pages import (
    FOOT,
    HEIGHT,
    INK,
    INNER,
    MARGIN,
    QUIET,
    WIDTH,
    PageColumn,
    PageItem,
    Pages,
    gap_item,
    line_items,
    picture_item,
)
from post.evidence.pdf.typeset import REGULAR, STRONG, TypesetLine, Typesetter
from provenance.evidence.blocks import (
    EvidenceBlock,
    EvidenceCell,
    EvidenceCommand,
    EvidenceFacts,
    EvidenceHeading,
    EvidenceTable,
    EvidenceWords,
    bounded,
)
from provenance.evidence.report import EvidenceReport
from provenance.html import shown_text
from provenance.verify.reviewer.page import Poster

TONES = {"good": "#1d5c3a", "bad": "#8a2f12", "open": "#5a4a12", "own": "#5a4a12", "": "#d8d5cf"}
BODY, SMALL, H1, H2, H3 = 9.0, 7.4, 20.0, 13.5, 10.5  # points
_GUTTER = 10.0  # points between columns
_HIGHEST = 150.0  # points: of a picture in a table
_LONGEST_NAME = 120  # characters of the film's name in the footer and the title
_SHOWN = 40  # of the letters that no font has


def render_pdf(report: EvidenceReport) -> bytes:
    """Returns the report as a PDF file, with a title, a language and an outline of its parts."""
    written = _PdfWriter(Typesetter())
    written.opening(report)
    parts = list[tuple[str, str, int]]()
    for section in report.sections:
        written.heading(section.title)
        parts.append((section.name, section.title, len(written.pages.pages)))
        for block in section.blocks:
            written.block(block)
    written.missing_letters()
    return _drawn(report, written, parts)


def _drawn(report: EvidenceReport, written: _PdfWriter, parts: list[tuple[str, str, int]]) -> bytes:
    name, file = shown_text(bounded(report.name, _LONGEST_NAME)), BytesIO()
    canvas = Canvas(file, (WIDTH, HEIGHT), pageCompression=1, invariant=1, lang="en")
    canvas.setTitle(f"Evidence report: {name}")
    canvas.setSubject(f"SHA-256 of the film: {report.file.sha256}")
    canvas.setAuthor("Answerprint")
    canvas.setCreator("Answerprint")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    pages = written.pages.pages
    footer = written.typesetter.lines(f"Evidence report: {name}", SMALL, INNER - 80)[0]
    for number, page in enumerate(pages, 1):
        for each, title, at in parts:
            if at == number:
                canvas.bookmarkPage(each)
                canvas.addOutlineEntry(title, each, 0)
        for draw in page:
            draw(canvas)
        canvas.setFillColor(HexColor(QUIET))
        footer.draw(canvas, MARGIN, FOOT - 24)
        canvas.setFont(REGULAR, SMALL)
        canvas.drawRightString(WIDTH - MARGIN, FOOT - 24, f"page {number} of {len(pages)}")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


class _PdfWriter:
    """Writes blocks on pages, one below the other."""

    def __init__(self, typesetter: Typesetter) -> None:
        self.typesetter, self.pages = typesetter, Pages()

    def opening(self, report: EvidenceReport) -> None:
        """Writes the name, the summary and what the file is."""
        self._lines("Evidence report", BODY, QUIET)
        self._lines(report.name, H1, font=STRONG)
        self.pages.gap(8)
        if report.poster:
            item = self._picture(report.poster, INNER * 0.62, 260.0)
            self.pages.row([PageColumn(MARGIN, [item])])
            self.pages.gap(10)
        for text in (report.summary.what, report.summary.wrong, report.summary.person):
            self._lines(text, BODY + 1)
            self.pages.gap(4)
        self._facts(
            EvidenceFacts(
                (
                    ("File", report.name),
                    ("Size", f"{report.file.bytes:,} bytes"),
                    ("SHA-256", report.file.sha256),
                    ("Judged as at", report.judged_at),
                )
            )
        )
        self._lines(
            "The page (HTML) of this report plays the film, and checks it in a browser without a network.",
            BODY,
            QUIET,
        )

    def heading(self, title: str) -> None:
        """Writes the title of a section."""
        self.pages.need(150)
        self.pages.gap(22)
        self.pages.rule(1.2, INK)
        self.pages.top -= 10
        self._lines(title, H2, font=STRONG)
        self.pages.gap(6)

    def block(self, block: EvidenceBlock) -> None:
        """Writes one block."""
        if isinstance(block, EvidenceHeading):
            self.pages.need(70)
            self.pages.gap(10)
            self._lines(block.text, H3, font=STRONG)
            self.pages.gap(2)
        elif isinstance(block, EvidenceWords):
            self._lines(
                block.text, BODY, QUIET if block.quiet else TONES["bad"] if block.tone == "bad" else INK
            )
            self.pages.gap(4)
        elif isinstance(block, EvidenceFacts):
            self._facts(block)
        elif isinstance(block, EvidenceTable):
            self._table(block)
        else:
            self._command(block)

    def missing_letters(self) -> None:
        """Says which letters stand as their numbers."""
        missing = sorted(self.typesetter.missing)
        if not missing:
            return
        numbers = ", ".join(f"U+{ord(char):04X}" for char in missing[:_SHOWN])
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        self.pages.gap(14)
        self._lines(
            f"No font that is installed here has these letters; they stand as their Unicode numbers: {numbers}{more}. "
            "pip install 'answerprint[fonts]' brings fonts for most scripts.",
            BODY,
        )

    def _set(self, text: str, size: float, width: float, font: str = REGULAR) -> list[TypesetLine]:
        return self.typesetter.lines(shown_text(text), size, width, font)

    def _lines(self, text: str, size: float, colour: str = INK, font: str = REGULAR) -> None:
        items = line_items(self._set(text, size, INNER, font), colour)
        self.pages.row([PageColumn(MARGIN, items)])

    def _facts(self, block: EvidenceFacts) -> None:
        first = INNER * 0.26
        self.pages.gap(2)
        for name, value in block.rows:
            names = line_items(self._set(name, BODY, first - _GUTTER), QUIET)
            values = line_items(self._set(value, BODY, INNER - first))
            self.pages.need(BODY * 2)
            self.pages.row([PageColumn(MARGIN, names), PageColumn(MARGIN + first, values)])
            self.pages.gap(1)
        self.pages.gap(6)

    def _command(self, block: EvidenceCommand) -> None:
        self.pages.need(50)
        self._lines(f"{block.what}:", BODY)
        self.pages.gap(2)
        for line in block.lines:
            items = line_items(self._set(line, BODY, INNER - 12), INK, TONES[""], 8)
            self.pages.row([PageColumn(MARGIN, items)])
        self.pages.gap(8)

    def _table(self, block: EvidenceTable) -> None:
        widths = [INNER * width / sum(block.widths) for width in block.widths]
        lefts = [MARGIN + sum(widths[:at]) for at in range(len(widths))]
        self.pages.need(60)

        def heads() -> None:
            lines = [
                self._set(head, SMALL, width - _GUTTER)
                for head, width in zip(block.heads, widths, strict=True)
            ]
            self.pages.row(
                [PageColumn(x, line_items(each, QUIET)) for x, each in zip(lefts, lines, strict=True)]
            )
            self.pages.top -= 3
            self.pages.rule(0.8, INK)
            self.pages.top -= 4

        heads()
        self.pages.on_break = heads
        for row in block.rows:
            cells = [
                list(self._cell(cell, width - _GUTTER, STRONG if at == 0 else REGULAR))
                for at, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            tallest = max(sum(item.height for item in items) for items in cells)
            self.pages.need(min(tallest, 120) + 4)
            self.pages.row([PageColumn(x, items) for x, items in zip(lefts, cells, strict=True)])
            self.pages.top -= 3
            self.pages.rule()
            self.pages.top -= 4
        self.pages.on_break = None
        self.pages.gap(6)

    def _cell(self, cell: EvidenceCell, width: float, font: str) -> Iterator[PageItem]:
        colour = TONES["bad"] if cell.tone == "bad" else INK
        if cell.state:
            yield from line_items(self._set(cell.text, BODY, width - 8, STRONG), colour, TONES[cell.tone], 8)
        elif cell.text:
            yield from line_items(self._set(cell.text, BODY, width, font), colour)
        for line in cell.more:
            yield gap_item(1.5)
            yield from line_items(self._set(line, SMALL, width), QUIET)
        if cell.picture:
            yield gap_item(4)
            yield self._picture(cell.picture, width, _HIGHEST)
        if cell.at_s is not None and cell.picture is None:
            yield from line_items(self._set(f"at {cell.at_s:.2f} s", SMALL, width), QUIET)

    def _picture(self, poster: Poster, widest: float, highest: float) -> PageItem:
        """Returns a picture as JPEG: a PDF holds that as it is."""
        image = Image.open(BytesIO(b64decode(poster.uri.partition(",")[2]))).convert("RGB")
        file = BytesIO()
        image.save(file, "JPEG", quality=85)
        scale = min(widest / image.width, highest / image.height, 0.75)
        return picture_item(file.getvalue(), image.width * scale, image.height * scale)
