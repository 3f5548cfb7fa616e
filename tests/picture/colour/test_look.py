from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.errors import JobError
from post.knob import Knob, knobs_of
from post.picture.colour.look import Look
from post.picture.kernel import bake_lut
from post.values.array import Array
from post.values.claim import HUMAN_EDITS
from post.values.colour import BT709
from post.values.media import File
from post.values.time import Span

FILM = Span(0, 24)
KNOBS = knobs_of(Look)


def file_of(path: Path) -> File:
    return File(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path)


def within(knob: Knob) -> st.SearchStrategy[Any]:
    number = st.floats(knob.lo, knob.hi)
    return st.tuples(number, number, number) if knob.kind == "triple" else number


NUMBERS = {name: within(knob) for name, knob in KNOBS.items() if knob.kind in ("triple", "number")}


def asc_cdl(rgb: Array, look: Look) -> Array:
    """Returns ASC CDL 1.2 as its text defines it, without clamping, then contrast, then saturation."""
    out = rgb * look.slope + look.offset
    out = np.where(out > 0, np.abs(out) ** np.array(look.power), out)
    out = look.pivot + (out - look.pivot) * look.contrast
    luma = (out @ np.array([0.2126, 0.7152, 0.0722]))[:, None]
    return np.asarray(luma + look.saturation * (out - luma))


def test_a_look_is_the_asc_cdl_then_contrast_then_saturation() -> None:
    rgb = np.random.default_rng(0).uniform(-0.2, 1.3, (4000, 3))
    look = Look(
        slope=(1.1, 1.0, 0.9), offset=(0.01, -0.02, 0.0), power=(1.0, 0.6, 2.0), contrast=1.3, saturation=1.2
    )
    assert np.abs(look.colour(rgb) - asc_cdl(rgb, look)).max() < 2e-6


def test_the_defaults_change_nothing_and_declare_nothing() -> None:
    rgb = np.random.default_rng(0).uniform(0, 1, (100, 3))
    assert np.array_equal(Look().colour(rgb), rgb)
    assert bake_lut(Look().colour, BT709, BT709).identity
    assert Look().declare(FILM) is None
    assert Look(pivot=0.2, lut_strength=0.5).declare(FILM) is None
    assert Look(curve="0:0, 1:0.9").declare(FILM) is not None
    assert Look(saturation_mids=0.9).declare(FILM) is not None


def test_a_look_declares_an_adjustment_with_its_knobs() -> None:
    action = Look(saturation=0.8).declare(FILM)
    assert action is not None
    assert (action.name, action.source_type, action.where) == ("c2pa.adjustedColor", HUMAN_EDITS, FILM)
    assert dict(action.parameters)["org.answerprint.look.saturation"] == 0.8


@settings(max_examples=120, deadline=None)
@given(st.fixed_dictionaries(NUMBERS))
def test_every_setting_of_the_knobs_gives_finite_numbers(knobs: dict[str, Any]) -> None:
    corners = np.array(np.meshgrid([0, 1e-9, 0.5, 1], [0, 0.5, 1], [0, 0.5, 1])).reshape(3, -1).T
    assert np.isfinite(Look(**knobs).colour(corners)).all()


@settings(max_examples=120, deadline=None)
@given(st.fixed_dictionaries({n: made for n, made in NUMBERS.items() if not n.startswith("saturation")}))
def test_a_brighter_grey_never_comes_out_darker(knobs: dict[str, Any]) -> None:
    ramp = np.repeat(np.linspace(0, 1, 257)[:, None], 3, axis=1)
    # Single precision carries about 1e-7 of the largest value it met (4 ** 4 * 4 at the knobs' far end).
    assert np.diff(Look(**knobs).colour(ramp), axis=0).min() >= -1e-3


def test_curves_pass_through_their_knots_and_the_common_curve_comes_first() -> None:
    look = Look(curve="0:0.1, 0.5:0.4, 1:0.9", blue="0:0, 0.4:0.5, 1:1")
    out = look.colour(np.array([[0.0, 0.5, 0.5], [1.0, 0.0, 1.0]]))
    assert out[0] == pytest.approx([0.1, 0.4, 0.5])
    assert out[1, :2] == pytest.approx([0.9, 0.1])


def test_saturation_by_luminance_keeps_luma_and_changes_only_its_own_range() -> None:
    rgb = np.random.default_rng(0).uniform(0, 1, (4000, 3))
    weights = np.array([0.2126, 0.7152, 0.0722])
    luma = rgb @ weights
    out = Look(saturation_shadows=0.0, saturation_highlights=2.0).colour(rgb)
    assert out @ weights == pytest.approx(luma, abs=1e-12)
    share = np.linalg.norm(out - luma[:, None], axis=1) / np.linalg.norm(rgb - luma[:, None], axis=1)
    assert share[luma < 0.1].max() < 0.15
    assert share[np.abs(luma - 0.5) < 0.01] == pytest.approx(1, abs=0.01)
    assert share[luma > 0.9].min() > 1.85


@pytest.mark.parametrize(
    "text", ["0:0", "0:0, 0:1", "0:1, 1:0", "0:0, 2:1", "0:0, 1:9", "0:nan, 1:1", "a:b", ""]
)
def test_knots_that_make_no_curve_are_refused_with_the_name_of_the_knob(text: str) -> None:
    with pytest.raises(JobError, match=r"look\.red: .*expected knots `in:out`"):
        Look(red=text)


def write_cube(path: Path, value: Callable[[float], float], title: str = "") -> File:
    axis = np.linspace(0, 1, 5)
    rows = [(value(r), value(g), value(b)) for b in axis for g in axis for r in axis]
    text = "\n".join("{:.6f} {:.6f} {:.6f}".format(*row) for row in rows)
    path.write_text(f"{title}LUT_3D_SIZE 5\n{text}\n", "ascii")
    return file_of(path)


def test_a_table_file_may_leave_the_range_and_is_mixed_in_by_its_strength(tmp_path: Path) -> None:
    file = write_cube(tmp_path / "wide.cube", lambda v: 1.5 * v - 0.25)
    rgb = np.random.default_rng(0).uniform(0, 1, (500, 3))
    assert np.abs(Look(lut=file).colour(rgb) - (1.5 * rgb - 0.25)).max() < 1e-5
    half = Look(lut=file, lut_strength=0.5).colour(rgb)
    assert np.abs(half - (rgb + 1.5 * rgb - 0.25) / 2).max() < 1e-5
    assert np.array_equal(Look(lut=file, lut_strength=0.0).colour(rgb), rgb)


def test_a_table_with_a_title_and_a_shaper_is_read(tmp_path: Path) -> None:
    """Resolve writes TITLE above its 1-D shaper and 3-D cube; OpenColorIO's reader of those refuses it."""
    path = tmp_path / "shaper.cube"
    shaper = "\n".join(f"{v * 0.5:.6f} " * 3 for v in (0.0, 0.5, 1.0))
    cube = "\n".join(f"{r} {g} {b}" for b in (0, 1) for g in (0, 1) for r in (0, 1))
    path.write_text(f'TITLE "shaper"\nLUT_1D_SIZE 3\nLUT_3D_SIZE 2\n{shaper}\n{cube}\n', "ascii")
    rgb = np.array([[0.2, 0.4, 0.8]])
    assert Look(lut=file_of(path)).colour(rgb) == pytest.approx(rgb * 0.5, abs=1e-5)


BAD = {
    "letters": ("LUT_3D_SIZE 2\n0 0 0\n1 x 0\n", r"line \(3\)"),
    "short": ("LUT_3D_SIZE 2\n0 0 0\n1 0 0\n", "Found 2, expected 8"),
    "nan": ("LUT_3D_SIZE 2\n" + "0 nan 0\n" * 8, r"line \(2\)"),
    "empty": ("", "unspecified|nothing"),
    "size": ("LUT_3D_SIZE 300\n0 0 0\n", "between 2 and 129"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_table_file_is_named_with_its_line_or_cause(tmp_path: Path, name: str) -> None:
    text, cause = BAD[name]
    path = tmp_path / f"{name}.cube"
    path.write_text(text, "ascii")
    with pytest.raises(JobError, match=rf"{name}\.cube: .*expected a \.cube.*{cause}"):
        Look(lut=file_of(path)).colour(np.zeros((1, 3)))


CLF = """<?xml version="1.0" encoding="UTF-8"?>
<ProcessList xmlns="urn:AMPAS:CLF:v3.0" id="a" compCLFversion="3.0">
{}
</ProcessList>
"""
LUT1D = '<LUT1D inBitDepth="32f" outBitDepth="32f"><Array dim="{}">\n{}\n</Array></LUT1D>'
MATRIX = '<Matrix inBitDepth="32f" outBitDepth="32f"><Array dim="3 3">{}</Array></Matrix>'
ILLEGAL = {
    "nothing in it": CLF.format(""),
    "too few values": CLF.format(LUT1D.format("3 1", "0\n1")),
    "not a number": CLF.format(LUT1D.format("2 1", "0\nnan")),
    "infinite inside a line": CLF.format(MATRIX.format("1 0 0 0 1 0 0 0 inf")),
    "cut short": CLF.format(LUT1D.format("2 1", "0\n1"))[:150],
    "of another version": CLF.format(LUT1D.format("2 1", "0\n1")).replace('"3.0"', '"9.0"'),
    "without its id": CLF.format(LUT1D.format("2 1", "0\n1")).replace(' id="a"', ""),
    "no XML": "hello",
}


@pytest.mark.parametrize("what", ILLEGAL)
def test_illegal_clf_is_refused(tmp_path: Path, what: str) -> None:
    path = tmp_path / "grade.clf"
    path.write_text(ILLEGAL[what], "ascii")
    with pytest.raises(JobError, match=r"grade\.clf: cannot be read as a look-up table"):
        Look(lut=file_of(path)).colour(np.zeros((1, 3)))


def test_legal_clf_is_read(tmp_path: Path) -> None:
    path = tmp_path / "grade.clf"
    path.write_text(CLF.format(LUT1D.format("2 1", "-0.5\n2")), "ascii")
    grey = np.repeat(np.linspace(0, 1, 5)[:, None], 3, axis=1)
    assert Look(lut=file_of(path)).colour(grey) == pytest.approx(grey * 2.5 - 0.5, abs=1e-6)


def test_a_table_file_with_absurd_values_still_makes_a_table(tmp_path: Path) -> None:
    file = write_cube(tmp_path / "absurd.cube", lambda v: 1e30 * (v - 0.5))
    table = bake_lut(Look(lut=file).colour, BT709, BT709)
    assert (int(table.luma.min()), int(table.luma.max())) == (-32768, 32767)


def test_a_file_of_no_known_kind_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello\n", "ascii")
    with pytest.raises(JobError, match=r"notes\.txt: cannot be read"):
        Look(lut=file_of(path)).colour(np.zeros((1, 3)))


@pytest.mark.media
@pytest.mark.parametrize(
    "name",
    [
        "colour_iridas_Demo.cube", "colour_iridas_eotf_sRGB_3D.cube", "colour_resolve_LogC_Video.cube",
        "kdenlive_BLUE_TINT.cube", "kdenlive_TEAL_ORANGE.cube", "obs_original.cube",
        "ocio_aces_to_video_with_look.clf", "ocio_cdl_test1.cdl", "ocio_iridas_1d.cube",
    ],
)  # fmt: skip
def test_real_table_files_become_finite_tables(media: Callable[[str], Path], name: str) -> None:
    look = Look(lut=file_of(media(f"luts/{name}")), lut_strength=0.7)
    rgb = np.random.default_rng(0).uniform(0, 1, (500, 3))
    assert np.isfinite(look.colour(rgb)).all()
    if name != "obs_original.cube":
        assert not bake_lut(look.colour, BT709, BT709).identity


@pytest.mark.media
def test_a_bad_clf_is_named_with_its_line(media: Callable[[str], Path]) -> None:
    look = Look(lut=file_of(media("luts/ocio_array_bad_value.clf")))
    with pytest.raises(JobError, match=r"ocio_array_bad_value\.clf: .*line 5"):
        look.colour(np.zeros((1, 3)))
