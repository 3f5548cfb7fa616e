"""Unicode's text rendering tests: each case is drawn with the outlines, and at the places, that it expects.

Source: unicode-org/text-rendering-tests. Its cases of the AAT tables alone (morx, kern, trak) are not in the folder.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import uharfbuzz as hb

from post.errors import JobError
from post.picture.type import FontSpec, Typeface
from post.picture.type.face import UNITS
from post.picture.type.shape import Paragraph
from post.values.media import File

FT, XLINK = "{https://github.com/OpenType/fonttest}", "{http://www.w3.org/1999/xlink}"
Contour = tuple[tuple[float, float], ...]
EM = 1000.0
ROUNDING = 1.6  # thousandths of an em: the suite's points, advances and offsets are whole ones
# Cases that do not hold. HarfBuzz reads no character map of the old Mac's Turkish, so the letter is refused by name.
MAC_TURKISH = {f"CMAP-3/{case}" for case in (5, 7, 9, 15, 16, 19)}
# HarfBuzz orders the marks of these Tai Tham words in another way than the suite expects. What is drawn is HarfBuzz's.
TAI_THAM = {
    "SHLANA-1": (35,), "SHLANA-2": (2, 3, 4, 7, 16, 35), "SHLANA-7": (17,), "SHLANA-8": (5, 6),
    "SHLANA-10": (2, 3, 4, 8, 11, 28, 29, 30, 38, 39, 40, 42, 45, 46, 47),
}  # fmt: skip
EXCEPT = MAC_TURKISH | {f"{page}/{case}" for page, numbers in TAI_THAM.items() for case in numbers}


@dataclass(frozen=True)
class Case:
    name: str
    text: str
    font: str
    axes: str
    outlines: tuple[Contour, ...]


def suite() -> Path:
    root = os.environ.get("ANSWERPRINT_SUITES")
    if not root:
        pytest.skip("ANSWERPRINT_SUITES is unset: shaping")
    return Path(root) / "shaping"


def cases(page: Path) -> Iterator[Case]:
    # The pages are XML but for the names of a few characters.
    text = re.sub(r"&(?!#|amp;|lt;|gt;|quot;)\w+;", " ", page.read_text())
    for cell in ET.fromstring(text).iter():
        if cell.get(f"{FT}render") is None:
            continue
        symbols = {
            symbol.get("id"): [path.get("d", "") for path in symbol if path.tag.endswith("path")]
            for symbol in cell.iter() if symbol.tag.endswith("symbol")
        }  # fmt: skip
        outlines = [
            contour
            for use in cell.iter() if use.tag.endswith("use")
            for path in symbols[use.get(f"{XLINK}href", "")[1:]]
            for contour in read_path(path, float(use.get("x", 0)), float(use.get("y", 0)))
        ]  # fmt: skip
        axes = ",".join(part.replace(":", "=") for part in cell.get(f"{FT}var", "").split(";") if part)
        yield Case(
            cell.get(f"{FT}id", ""), cell.get(f"{FT}render", ""), cell.get(f"{FT}font", ""), axes,
            tuple(outlines),
        )  # fmt: skip


def read_path(text: str, x: float, y: float) -> list[Contour]:
    numbers = [
        [float(n) for n in re.findall(r"-?[\d.]+", part)] for part in re.split(r"[Zz]", text) if part.strip()
    ]
    return [
        tuple((x + a, y + b) for a, b in zip(c[::2], c[1::2], strict=True)) for c in numbers if len(c) > 4
    ]


def typeface(case: Case, fonts: Path) -> Typeface:
    path = fonts / case.font
    file = File(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path)
    return Typeface(FontSpec(file, EM, axes=case.axes))


def drawn(case: Case, fonts: Path) -> list[Contour]:
    """Returns what this program draws, as the suite does: in 1/1000 em."""
    face = typeface(case, fonts)
    line = Paragraph(case.text, (face,)).line(0, len(case.text))
    found: list[Contour] = []
    for glyph in line.glyphs:
        points: list[tuple[float, float]] = []
        funcs = hb.DrawFuncs()

        def add(
            *numbers: float, x: int = glyph.x, y: int = glyph.y, to: list[tuple[float, float]] = points
        ) -> None:
            pairs = [float(n) for n in numbers if isinstance(n, int | float)]
            to += [((x + a) / UNITS, (y + b) / UNITS) for a, b in zip(pairs[::2], pairs[1::2], strict=True)]

        def close(_: object, to: list[tuple[float, float]] = points) -> None:
            if len(to) > 2:
                found.append(tuple(to))
            to.clear()

        funcs.set_move_to_func(lambda a, b, _: add(a, b))
        funcs.set_line_to_func(lambda a, b, _: add(a, b))
        funcs.set_quadratic_to_func(lambda a, b, c, d, _: add(a, b, c, d))
        funcs.set_cubic_to_func(lambda a, b, c, d, e, f, _: add(a, b, c, d, e, f))
        funcs.set_close_path_func(close)
        face.font.draw_glyph(glyph.id, funcs, None)
    return found


def apart(ours: list[Contour], expected: tuple[Contour, ...]) -> str:
    """Returns how the outlines differ; "" if they do not. Each point must be near one of the same contour there."""
    left, worst = list(ours), 0.0
    if len(ours) != len(expected):
        return f"{len(ours)} contours, not {len(expected)}"
    for contour in expected:
        found = min(left, key=lambda other: distance(contour, other))
        left.remove(found)
        worst = max(worst, distance(contour, found))
    return f"{worst:.1f} thousandths of an em apart" if worst > ROUNDING else ""


def distance(a: Contour, b: Contour) -> float:
    """Returns how far the farthest point of either is from the other's nearest."""
    one, other = np.array(a)[:, None], np.array(b)[None]
    away = np.abs(one - other).max(-1)
    return float(max(away.min(0).max(), away.min(1).max()))


@pytest.fixture(scope="module")
def faults() -> dict[str, str]:
    """What is wrong with each case; "" where nothing is."""
    root = suite()
    return {
        case.name: fault(case, root / "fonts")
        for page in sorted((root / "testcases").glob("*.html"))
        for case in cases(page)
    }


def fault(case: Case, fonts: Path) -> str:
    try:
        return apart(drawn(case, fonts), case.outlines)
    except JobError as refused:
        return str(refused)


def test_every_case_is_drawn_as_it_is_expected(faults: dict[str, str]) -> None:
    assert len(faults) == 375
    wrong = {name: said for name, said in faults.items() if said}
    assert wrong.keys() == EXCEPT


def test_a_letter_of_a_character_map_that_is_not_read_is_refused(faults: dict[str, str]) -> None:
    assert {name for name, said in faults.items() if "no font has this character" in said} == MAC_TURKISH


def test_a_tai_tham_word_that_does_not_hold_is_what_harfbuzz_makes_of_it() -> None:
    fonts, seen = suite() / "fonts", 0
    for page, numbers in TAI_THAM.items():
        for case in cases(suite() / "testcases" / f"{page}.html"):
            if int(case.name.split("/")[1]) not in numbers:
                continue
            seen += 1
            face = typeface(case, fonts)
            buffer = hb.Buffer()
            buffer.add_str(case.text)
            buffer.guess_segment_properties()
            buffer.flags = hb.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE
            hb.shape(face.font, buffer)
            line = Paragraph(case.text, (face,)).line(0, len(case.text))
            assert [g.id for g in line.glyphs] == [info.codepoint for info in buffer.glyph_infos]
    assert seen == 25
