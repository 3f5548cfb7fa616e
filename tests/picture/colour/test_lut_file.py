"""Look-up tables that are read and that are refused, by the text around their numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from post.errors import JobError
from post.picture.colour.lut_file import open_lut
from post.values.media import File
from tests.made.work import TIMES, check_growth

GREY = np.repeat(np.linspace(0, 1, 5)[:, None], 3, axis=1)
ROWS = "".join(f"{r} {g} {b}\n" for b in (0, 1) for g in (0, 1) for r in (0, 1))
CUBE = "LUT_3D_SIZE 2\n" + ROWS
CLF = """<?xml version="1.0" encoding="UTF-8"?>
<ProcessList xmlns="urn:AMPAS:CLF:v3.0" id="a" compCLFversion="3.0">
<Description>a nano look</Description>
<LUT1D inBitDepth="32f" outBitDepth="32f"><Array dim="2 1">
{}
</Array></LUT1D>
</ProcessList>
"""


def file_of(path: Path, text: str) -> File:
    path.write_text(text, "utf-8")
    return File(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path)


WORDS = {
    "comment": "# Info: exported by Resolve\n" + CUBE,
    "comment of one word": "#\n# Nantes look\n# a b infinity pool\n" + CUBE,
    "title": 'TITLE "My Infrared"\n' + CUBE,
    "title of a name": "TITLE Nan\n" + CUBE,
    "comment below": CUBE + "# nan is not a number\n",
}


@pytest.mark.parametrize("name", WORDS)
def test_words_that_begin_with_nan_or_inf_are_not_taken_as_numbers(tmp_path: Path, name: str) -> None:
    table = open_lut(file_of(tmp_path / "words.cube", WORDS[name]))
    assert table(GREY) == pytest.approx(GREY, abs=1e-6)


def test_a_description_may_hold_such_words(tmp_path: Path) -> None:
    table = open_lut(file_of(tmp_path / "words.clf", CLF.format("0\n1")))
    assert table(GREY) == pytest.approx(GREY, abs=1e-6)


@pytest.mark.parametrize(
    "row", ["nan 0 0", "0 NaN 0", "0 0 -nan", "1e-3 .5 inf", "+Infinity 0 0", "  0\t0  nan  ", "nan nan nan"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_row_with_nan_or_infinity_is_refused_with_its_line(tmp_path: Path, row: str, end: str) -> None:
    text = CUBE.replace("0 1 0\n", f"{row}\n")
    assert text != CUBE
    with pytest.raises(JobError, match=r"rows\.cube: .*At line \(4\)"):
        open_lut(file_of(tmp_path / "rows.cube", text.replace("\n", end)))


@pytest.mark.parametrize("row", ["0,0 1,0 0,0", "0 1,0 0", "0, 1, 0", "0;1;0", " -0,5\t1,0 0  # a note"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_with_commas_is_refused_with_its_line(tmp_path: Path, row: str, end: str) -> None:
    """OpenColorIO reads 0,25 as 0: the film would be black."""
    text = CUBE.replace("0 1 0\n", f"{row}\n").replace("\n", end)
    with pytest.raises(JobError, match=r"rows\.cube: .*At line \(4\).*a point in its decimals"):
        open_lut(file_of(tmp_path / "rows.cube", text))


@pytest.mark.parametrize("key", ["DOMAIN_MAX 1,0 1,0 1,0", "LUT_3D_INPUT_RANGE 0,0 1,0"])
def test_commas_behind_a_keyword_are_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(JobError, match=r"At line \(2\)"):
        open_lut(file_of(tmp_path / "range.cube", CUBE.replace("\n", f"\n{key}\n", 1)))


def test_commas_in_words_are_no_numbers(tmp_path: Path) -> None:
    text = '# Exported, at 1,5 stops\nTITLE "A, B"\n' + CUBE
    assert open_lut(file_of(tmp_path / "words.cube", text))(GREY) == pytest.approx(GREY, abs=1e-6)
    clf = CLF.replace("a nano look", "1,5 stops").format("0\n1")
    assert open_lut(file_of(tmp_path / "words.clf", clf))(GREY) == pytest.approx(GREY, abs=1e-6)


@pytest.mark.parametrize("values", ["0,0\n1,0", "0\n1,0", "0, 1"])
def test_commas_in_clf_are_refused(tmp_path: Path, values: str) -> None:
    with pytest.raises(JobError, match=r"values\.clf: .*a point in its decimals"):
        open_lut(file_of(tmp_path / "values.clf", CLF.format(values)))


def test_the_shared_table_with_decimal_commas_is_refused(media: Callable[[str], Path]) -> None:
    path = media("odd/33_decimal_comma.cube")
    with pytest.raises(JobError, match=r"At line \(2\): '0,000000 0,000000 0,000000'"):
        open_lut(File(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path))


@pytest.mark.parametrize("values", ["0\nnan", "0 nan", "nan</Array><!-- 1 -->"])
def test_a_nan_in_clf_is_refused(tmp_path: Path, values: str) -> None:
    with pytest.raises(JobError, match=r"values\.clf: cannot be read as a look-up table"):
        open_lut(file_of(tmp_path / "values.clf", CLF.format(values)))


def test_a_power_that_is_infinite_above_white_is_refused_there(tmp_path: Path) -> None:
    sop = "<Slope>1 1 1</Slope><Offset>0 0 0</Offset><Power>1 255 1</Power>"
    one = f'<ColorCorrection id="a"><SOPNode>{sop}</SOPNode></ColorCorrection>'
    text = f"<ColorCorrectionCollection xmlns='urn:ASC:CDL:v1.2'>{one}</ColorCorrectionCollection>"
    table = open_lut(file_of(tmp_path / "power.cdl", text))
    assert table(GREY)[:, 1] == pytest.approx([0, 0, 0, 0, 1], abs=1e-6)
    with pytest.raises(JobError, match=r"power\.cdl: .*values that are not finite"):
        table(GREY * 1.5)


SLOW: dict[
    str, Callable[[int], str]
] = {  # the text where searches began anew at each byte, of a given length
    "a line of other bytes": lambda size: CUBE.replace("0 1 0\n", "0 0 " + "z" * size + "\n"),
    "blank lines": lambda size: "\n" * size + "TITL\n",
    "a line of spaces": lambda size: CUBE.replace("0 1 0\n", "0 1 " + " " * size + "x\n"),
}


@pytest.mark.parametrize("name", SLOW)
def test_what_is_no_table_is_gone_over_once(tmp_path: Path, name: str) -> None:
    def read(size: int) -> None:
        with pytest.raises(JobError, match=r"slow\.cube: cannot be read as a look-up table"):
            open_lut(files[size])

    sizes = (1000, 1000 * TIMES)
    for size in sizes:
        (tmp_path / f"{size}").mkdir()
    files = {size: file_of(tmp_path / f"{size}" / "slow.cube", SLOW[name](size)) for size in sizes}
    check_growth(read, sizes[0])
