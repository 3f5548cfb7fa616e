"""Draws the rooms of the product and their imports: `python -m tests.laws.architecture` writes post/architecture.svg.

The picture is made from the import statements alone, so it shows what is there. A room stands above every
room it imports. An arrow that a longer way implies is left out; a test of the laws compares file and code.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "post" / "architecture.svg"
GROUND = "ground"  # the modules that stand in post/ itself, its values and its stages
IN_GROUND = {"stage", "values"}
BOX_W, BOX_H, GAP_X, GAP_Y, MARGIN, HEAD = 168, 46, 22, 44, 24, 56
LETTERS, LINE_H = 31, 11
Rooms = dict[str, set[str]]


def _imports_of(path: Path) -> Iterator[str]:
    """Every module that a file imports, in full, wherever the statement stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(module: str, top: str) -> str:
    """The room of a module of `top`: its folder, or for single files of post `ground`, else their name."""
    name = [*module.split("."), ""][1]
    if (ROOT / top / name).is_dir() and name not in IN_GROUND:
        return name
    return GROUND if top == "post" else name


def ground_modules() -> list[str]:
    """Returns the names of the modules that stand in post/ itself, and its values and stages, in alphabetical order."""
    files = {path.stem for path in (ROOT / "post").glob("*.py")} - {"__init__"}
    return sorted(files | IN_GROUND)


@cache
def rooms(top: str) -> Rooms:
    """The rooms of `top`, each with the rooms of `top` that it imports."""
    found: Rooms = {}
    for path in sorted((ROOT / top).rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if module == top:
            continue
        own = room_of(module, top)
        used = {room_of(name, top) for name in _imports_of(path) if name.startswith(f"{top}.")}
        found.setdefault(own, set()).update(used - {own, "", "__version__"})
    return {room: {each for each in used if each in found} for room, used in found.items()}


def floors(graph: Mapping[str, set[str]]) -> dict[str, int]:
    """The floor of each room: 0 imports nothing. Raises ValueError where imports go round in a circle."""
    known: dict[str, int] = {}

    def floor(room: str, way: tuple[str, ...]) -> int:
        if room in way:
            raise ValueError(" -> ".join((*way, room)))
        if room not in known:
            known[room] = max((floor(each, (*way, room)) + 1 for each in sorted(graph[room])), default=0)
        return known[room]

    for room in sorted(graph):
        floor(room, ())
    return known


def reduced(graph: Mapping[str, set[str]]) -> list[tuple[str, str]]:
    """The arrows that no longer way implies."""

    def reach(room: str) -> set[str]:
        return set().union(*({each} | reach(each) for each in graph[room])) if graph[room] else set()

    return sorted(
        (room, used)
        for room in graph
        for used in graph[room]
        if not any(used in reach(other) for other in graph[room] - {used})
    )


def first_line(top: str, room: str) -> str:
    """What a room says of itself: the first sentence of its docstring, as much as fits a box."""
    path = ROOT / top / room
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    doc = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "" if path.is_file() else ""
    return doc.split("\n")[0].split(". ")[0].rstrip(".:")


Places = dict[str, tuple[float, float]]


def _places(graph: Mapping[str, set[str]]) -> tuple[Places, float, float]:
    """Where each room stands, and the width and height of all: a row a floor, each under those above it."""
    level = floors(graph)
    rows = [
        sorted(room for room in graph if level[room] == row)
        for row in sorted(set(level.values()), reverse=True)
    ]
    width = max(len(row) for row in rows) * (BOX_W + GAP_X) - GAP_X
    places: Places = {}

    def middle(room: str) -> float:
        above = [places[each][0] for each in graph if room in graph[each] and each in places]
        return sum(above) / len(above) if above else 0

    for height, row in enumerate(rows):
        left = (width - len(row) * (BOX_W + GAP_X) + GAP_X) / 2
        ordered = sorted(row, key=lambda room: (middle(room), room))
        placed = {
            room: (left + n * (BOX_W + GAP_X), height * (BOX_H + GAP_Y)) for n, room in enumerate(ordered)
        }
        places.update(placed)
    return places, width, len(rows) * (BOX_H + GAP_Y) - GAP_Y


def _said(top: str, room: str) -> list[str]:
    """Returns the lines in a room's box: all modules of the ground, or two lines of what a room says of itself."""
    if room == GROUND:
        return _wrapped(", ".join(ground_modules()))
    lines = _wrapped(first_line(top, room))
    return lines if len(lines) < 3 else [lines[0], f"{lines[1][: LETTERS - 2]}..."]


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > LETTERS:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _panel(top: str, left: float, colour: str) -> tuple[list[str], float, float]:
    graph = rooms(top)
    places, width, height = _places(graph)
    out = [f'<text class="top" x="{left + width / 2:.0f}" y="34">{top}/</text>']
    for upper, lower in reduced(graph):
        (x1, y1), (x2, y2) = places[upper], places[lower]
        x1, x2, y1, y2 = x1 + left + BOX_W / 2, x2 + left + BOX_W / 2, y1 + HEAD + BOX_H, y2 + HEAD
        bend = (y2 - y1) / 2
        path = f"M{x1:.0f},{y1:.0f} C{x1:.0f},{y1 + bend:.0f} {x2:.0f},{y2 - bend:.0f} {x2:.0f},{y2 - 5:.0f}"
        out.append(f'<path d="{path}" marker-end="url(#tip)"/>')
    moved = {room: (x + left, y + HEAD) for room, (x, y) in places.items()}
    for room, (x, y) in sorted(moved.items()):
        said = _said(top, room)
        # The ground is on the lowest floor, so there is room below it.
        more = LINE_H * max(0, len(said) - 2)
        height = max(height, y - HEAD + BOX_H + more)
        out.append(
            f'<rect x="{x:.0f}" y="{y:.0f}" width="{BOX_W}" height="{BOX_H + more}" rx="5" fill="{colour}"/>'
        )
        out.append(f'<text class="room" x="{x + 8:.0f}" y="{y + 15:.0f}">{room}</text>')
        for number, line in enumerate(said):
            out.append(f'<text x="{x + 8:.0f}" y="{y + 27 + LINE_H * number:.0f}">{escape(line)}</text>')
    return out, width, height


def svg() -> str:
    """The picture, as SVG text: the same for the same code."""
    parts: list[str] = []
    left, tallest = float(MARGIN), 0.0
    for top, colour in (("post", "#fdf3e1"), ("provenance", "#e6f0fb")):
        drawn, width, height = _panel(top, left, colour)
        parts += drawn
        left, tallest = left + width + 3 * MARGIN, max(tallest, height)
    width, height = left - 2 * MARGIN, tallest + HEAD + MARGIN
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}">\n'
        "<title>The rooms of Answerprint: each imports only what stands below it</title>\n"
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="6" markerHeight="6" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" style="fill:#555;stroke:none"/></marker></defs>\n'
        "<style>text{font:9px sans-serif;fill:#333}.room{font:bold 12px sans-serif;fill:#000}"
        ".top{font:bold 18px sans-serif;text-anchor:middle}path{fill:none;stroke:#777;stroke-width:1}"
        "rect{stroke:#777}</style>\n"
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff" style="stroke:none"/>\n'
    )
    return head + "\n".join(parts) + "\n</svg>\n"


if __name__ == "__main__":
    PICTURE.write_text(svg(), "utf-8")
