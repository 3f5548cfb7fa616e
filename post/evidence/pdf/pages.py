"""Puts lines, pictures and rows of tables on the pages of a PDF: what does not fit goes on on the next page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from post.evidence.pdf.typeset import TypesetLine

WIDTH, HEIGHT = 595.276, 841.89  # points: A4
MARGIN, FOOT = 51.0, 54.0
INNER = WIDTH - 2 * MARGIN
LEADING = 1.38  # of the em
INK, QUIET, RULE, WASH = "#1b1b1a", "#5c5a56", "#d8d5cf", "#f5f3ef"
_LINE, _BAR = 0.5, 3.0  # points: of a rule, and of the bar beside an answer

Draw = Callable[[Canvas], None]


@dataclass(frozen=True, slots=True)
class PageItem:
    """Something of one height that is not cut: a line, a picture, a gap. draw: into a page, from its upper left
    corner."""

    height: float
    draw: Callable[[Canvas, float, float], None]


@dataclass(frozen=True, slots=True)
class PageColumn:
    """Items below one another. x: points from the left of the page."""

    x: float
    items: Sequence[PageItem]


@dataclass
class Pages:
    """The pages so far, each as what is drawn on it. top: where the next thing stands, in points from the bottom."""

    pages: list[list[Draw]] = field(default_factory=lambda: [[]])
    top: float = HEIGHT - MARGIN
    on_break: Callable[[], None] | None = None

    @property
    def room(self) -> float:
        """The points that are left on the page."""
        return self.top - FOOT

    def need(self, points: float) -> None:
        """Goes to the next page where less is left than that."""
        if self.room < points and self.top < HEIGHT - MARGIN:
            self.turn()

    def turn(self) -> None:
        """Goes to the next page."""
        self.pages.append([])
        self.top = HEIGHT - MARGIN
        if self.on_break:
            self.on_break()

    def gap(self, points: float) -> None:
        """Leaves a gap, but none at the top of a page."""
        if self.top < HEIGHT - MARGIN:
            self.top -= points

    def draw(self, what: Draw) -> None:
        """Draws something on the page."""
        self.pages[-1].append(what)

    def rule(self, width: float = _LINE, colour: str = RULE) -> None:
        """Draws a rule across the page."""
        y = self.top

        def draw(canvas: Canvas) -> None:
            canvas.setStrokeColor(HexColor(colour))
            canvas.setLineWidth(width)
            canvas.line(MARGIN, y, WIDTH - MARGIN, y)

        self.draw(draw)

    def row(self, columns: Sequence[PageColumn]) -> None:
        """Sets columns beside one another; each goes on on the next page where it does not fit."""
        left = [list(column.items) for column in columns]
        while True:
            lowest = self.top
            for column, items in zip(columns, left, strict=True):
                y = self.top
                while items and (y - items[0].height >= FOOT or y == HEIGHT - MARGIN):
                    item = items.pop(0)
                    self.draw(_placed(item, column.x, y))
                    y -= item.height
                lowest = min(lowest, y)
            self.top = lowest
            if not any(left):
                return
            self.turn()


def _placed(item: PageItem, x: float, y: float) -> Draw:
    return lambda canvas: item.draw(canvas, x, y)


def line_items(
    lines: Sequence[TypesetLine], colour: str = INK, bar: str = "", indent: float = 0.0
) -> list[PageItem]:
    """Returns lines as items. bar: the colour of a bar to their left, "" for none; indent: of the lines, in points."""
    return [_line_item(line, colour, bar, indent) for line in lines]


def _line_item(line: TypesetLine, colour: str, bar: str, indent: float) -> PageItem:
    height = line.size * LEADING

    def draw(canvas: Canvas, x: float, y: float) -> None:
        if bar:
            canvas.setFillColor(HexColor(bar))
            canvas.rect(x, y - height, _BAR, height, stroke=0, fill=1)
        canvas.setFillColor(HexColor(colour))
        line.draw(canvas, x + indent, y - line.size * 1.05)

    return PageItem(height, draw)


def gap_item(points: float) -> PageItem:
    """Returns an empty item."""
    return PageItem(points, lambda _canvas, _x, _y: None)


def picture_item(jpeg: bytes, width: float, height: float) -> PageItem:
    """Returns a picture as an item. width, height: in points."""
    reader = ImageReader(BytesIO(jpeg))

    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.drawImage(reader, x, y - height, width, height)

    return PageItem(height, draw)
