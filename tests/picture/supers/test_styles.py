"""Every style that ships, in four shapes of film, over languages and lengths: in its safe area, nothing overlaps."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import presets
from post.errors import JobError
from post.job.sections.design.styles import STAGES
from post.picture.label import Label
from post.picture.supers.card import Card
from post.picture.supers.fit import largest_that_fits
from post.picture.supers.lower_third import reads_leftward
from post.picture.supers.sheet import Panel, stacked
from post.picture.title import Title
from post.picture.type.place import Bounds
from post.stage import LayerStage, Raster
from post.stage_knobs import build
from post.values import Format
from post.values.time import Clock

CLOCK = Clock(Fraction(24))
SHAPES = {"16:9": (640, 360), "9:16": (360, 640), "1:1": (400, 400), "4:5": (400, 500)}
CLEAR = {
    "16:9": (),
    "9:16": (12.5, 15.0, 35.0, 6.0),
    "1:1": (5.0, 5.0, 9.0, 5.0),
    "4:5": (5.0, 5.0, 9.0, 5.0),
}
# Latin, Greek and Cyrillic are Inter's own; other scripts are set in the extra fonts.
WORDS = {
    "en": ["winter", "in", "the", "far", "north", "begins", "on", "a", "Tuesday"],
    "de": ["Donaudampfschifffahrt", "Wärme", "Straßenbahn", "Überraschung", "im", "Spätherbst"],
    "el": ["Ο", "χειμώνας", "αρχίζει", "στον", "μακρινό", "βορρά"],
    "uk": ["Зима", "починається", "на", "далекій", "півночі", "у", "вівторок"],
    "vi": ["Mùa", "đông", "bắt", "đầu", "ở", "phương", "Bắc", "vào", "thứ", "Ba"],
}
SCRIPTS = {
    "ar": ["الشتاء", "في", "الشمال", "البعيد", "يبدأ", "يوم", "الثلاثاء", "12:30"],
    "he": ["החורף", "בצפון", "הרחוק", "מתחיל", "ביום", "שלישי", "20 %"],
    "hi": ["सर्दी", "सुदूर", "उत्तर", "में", "मंगलवार", "को", "शुरू", "होती", "है"],
    "th": ["ฤดูหนาว", "ทางเหนือ", "อันไกลโพ้น", "เริ่มต้น", "วันอังคาร"],
    "ta": ["குளிர்காலம்", "தொலைதூர", "வடக்கில்", "செவ்வாய்", "தொடங்குகிறது"],
    "ja": ["冬は", "はるか", "北の国で", "火曜日に", "はじまります"],
    "ko": ["겨울은", "먼", "북쪽에서", "화요일에", "시작됩니다"],
}
MARGIN_PX = 1


@lru_cache
def knobs_of_style(name: str) -> tuple[type[LayerStage], dict[str, Any]]:
    """The stage and the knobs of a style that ships, with the plain brand's tokens."""
    tokens = {
        key: node.value
        for part in presets.find("brand", "plain").mapping.values()
        for key, node in part.mapping.items()
    }
    written = presets.find("type", name).plain()
    filled = {
        key: tokens[value[1:]] if isinstance(value, str) and value.startswith("$") else value
        for key, value in written.items()
    }
    return STAGES[str(filled.pop("stage", "title"))], filled


def styled(name: str, **keys: Any) -> LayerStage:
    kind, knobs = knobs_of_style(name)
    return build(kind, {**knobs, **keys})


@st.composite
def copies(draw: Any) -> dict[str, str]:
    words = WORDS[draw(st.sampled_from(sorted(WORDS)))]

    def some(most: int) -> str:
        return " ".join(draw(st.lists(st.sampled_from(words), min_size=1, max_size=most)))

    return {"text": some(8), "second": some(5), "call": some(3), "legal": some(16)}


def seen(raster: Raster) -> Bounds:
    down, across = np.nonzero(raster.rgba[..., 3] > 0.25)
    left, top = raster.left + int(across.min()), raster.top + int(down.min())
    return Bounds(left, top, raster.left + int(across.max()) + 1, raster.top + int(down.max()) + 1)


def inside(box: Bounds, area: Bounds, by: int = 0) -> bool:
    across = area.left - by <= box.left and box.right <= area.right + by
    return across and area.top - by <= box.top and box.bottom <= area.bottom + by


def drawn_or_refused(layer: LayerStage, canvas: Format) -> tuple[Raster | None, JobError | None]:
    try:
        return layer.draw(canvas), None
    except JobError as fault:
        return None, fault


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", presets.names("type"))
@given(copy=copies())
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_style_is_inside_its_safe_area_or_says_that_it_does_not_fit(
    name: str, shape: str, copy: dict[str, str]
) -> None:
    check_style(name, shape, copy)


@pytest.mark.parametrize("shape", ["16:9", "9:16"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_every_style_is_inside_its_safe_area_in_other_scripts(script: str, shape: str) -> None:
    words = SCRIPTS[script]
    for name in presets.names("type"):
        for count in (1, 4, 9):
            text = " ".join((words * 2)[:count])
            copy = {"text": text, "second": words[0], "call": words[-1], "legal": text}
            check_style(name, shape, copy, language=script)


def check_style(name: str, shape: str, copy: dict[str, str], language: str = "") -> None:
    """Checks that a style stands inside its safe area, or says that its text does not fit."""
    kind, _ = knobs_of_style(name)
    taken = {key: text for key, text in copy.items() if key in kind.__dataclass_fields__}  # type: ignore[attr-defined]
    if name in ("plain", "headline", "quiet", "caption", "legal"):
        taken.pop("second", None)
    if kind.name == "countdown":
        taken.pop("text")
    layer = styled(name, **taken, clear=CLEAR[shape], language=language)
    canvas = Format(*SHAPES[shape], CLOCK, 24)
    area = layer.safe.area(canvas, layer.name)  # type: ignore[attr-defined]  # all of these have one
    drawn, refused = drawn_or_refused(layer, canvas)
    if drawn is None:
        assert refused is not None
        assert refused.fix
        assert any(word in refused.what for word in ("lines", "wide", "fit", "room"))
        return
    if isinstance(layer, Card):
        parts = layer.parts(canvas)
        assert all(inside(part, area) for part in parts)
        assert not any(a.meets(b) for a in parts for b in parts if a is not b)
        ground = seen(drawn)
        assert (ground.left, ground.top, ground.right, ground.bottom) == (0, 0, canvas.width, canvas.height)
    else:
        soft = MARGIN_PX if Title.require(layer).shadow == 0 else round(0.02 * min(SHAPES[shape]))
        assert inside(seen(drawn), area, soft)


@pytest.mark.parametrize("name", ["lower-third", "super"])
@given(copy=copies())
@settings(max_examples=25, deadline=None)
def test_the_two_texts_of_a_super_do_not_touch(name: str, copy: dict[str, str]) -> None:
    canvas = Format(640, 360, CLOCK, 24)
    title = Title.require(
        styled(name, text=copy["text"], second=copy["second"], plate_opacity=0.0, bar="none")
    )
    try:
        drawn = replace(title, colour="#ff0000", second_colour="#00ff00", plate=False).draw(canvas)
    except JobError:
        return
    inked = drawn.rgba[..., 3] > 0.5
    rows = [np.flatnonzero((inked & (drawn.rgba[..., channel] > 0.5)).any(1)) for channel in (0, 1)]
    assert rows[0].max() < rows[1].min()


def test_plates_of_a_style_are_of_one_height_whatever_letters_a_name_has() -> None:
    canvas = Format(1280, 720, CLOCK, 24)
    heights = {
        seen(styled("lower-third", text=text, second=second).draw(canvas)).height
        for text, second in (("Anna", "Host"), ("Gregory", "Judge"), ("Ångström", "Host"))
    }
    assert max(heights) - min(heights) <= 2


@pytest.mark.parametrize("name", presets.names("type"))
def test_small_print_is_never_set_under_the_least_height(name: str) -> None:
    kind, knobs = knobs_of_style(name)
    if name == "legal":
        assert knobs["size"] * 0.727 >= 100 * 26 / 1080
        assert "least_size" not in knobs
    if kind is Card:
        made = Card.require(styled(name, text="Anna"))
        assert made.legal_size * 0.727 >= 100 * 26 / 1080


def test_text_too_long_gets_smaller_and_then_is_an_error() -> None:
    canvas = Format(640, 360, CLOCK, 24)
    heights = [
        seen(styled("lower-third", text=text).draw(canvas)).height
        for text in ("Anna", "Anna Maria Louisa " * 5)
    ]
    assert heights[0] < heights[1]
    with pytest.raises(JobError, match=r"more lines than are allowed"):
        styled("lower-third", text="Anna Maria Louisa " * 20).draw(canvas)


def test_the_largest_size_that_fits_is_found() -> None:
    def make(size: float) -> float:
        if size > 7.3:
            raise JobError("too large", where="x")
        return size

    assert largest_that_fits(7.0, 2.0, make) == 7.0
    assert 7.3 * 0.98 < largest_that_fits(10.0, 5.0, make) <= 7.3
    with pytest.raises(JobError):
        largest_that_fits(10.0, 8.0, make)
    with pytest.raises(JobError):
        largest_that_fits(10.0, 0.0, make)


def test_what_reads_from_right_to_left_stands_at_the_right() -> None:
    assert reads_leftward("12 שלום")
    assert not reads_leftward("12 Anna שלום")
    assert not reads_leftward("12")


def test_panels_have_round_corners_and_keep_their_edges() -> None:
    drawn = stacked([Panel(Bounds(3, 2, 43, 32), (1.0, 0.0, 0.0), 0.5, 10.0)])
    alpha = drawn.rgba[..., 3]
    assert (drawn.left, drawn.top, alpha.shape) == (3, 2, (30, 40))
    assert alpha[0, 0] == 0
    assert alpha[15, 0] == alpha[0, 20] == pytest.approx(0.5)
    assert alpha.sum() == pytest.approx(0.5 * (30 * 40 - (4 - np.pi) * 100), rel=0.005)


def test_a_countdown_shows_each_second_and_changes_nothing_between() -> None:
    layer = styled("countdown", start=3)
    canvas = Format(640, 360, CLOCK, 96)
    moments = [layer.pose(frame, 96, CLOCK).moment for frame in range(96)]
    assert [moment[0] for moment in moments if moment] == [3] * 24 + [2] * 24 + [1] * 24 + [0] * 24
    pictures = [layer.draw_moment(canvas, (number,)) for number in (3, 2, 2)]
    assert not np.array_equal(pictures[0].alpha, pictures[1].alpha)
    assert pictures[1] is pictures[2], "drawn once for all frames of its second"


def test_a_card_has_a_logo_and_says_what_is_wrong_with_one(tmp_path: Path) -> None:
    from PIL import Image

    from post.atomic import checksum
    from post.values.media import File

    path = tmp_path / "logo.png"
    Image.new("RGBA", (64, 32), (200, 30, 30, 255)).save(path)
    canvas = Format(640, 360, CLOCK, 24)
    plain = Card(text="Anna")
    marked = replace(plain, logo=File(checksum(path).sha256, path.name, path))
    assert len(marked.parts(canvas)) == len(plain.parts(canvas)) + 1
    assert marked.parts(canvas)[0].width == round(0.3 * 360)
    label = Label(place="top-right").draw(canvas)
    assert not any(part.meets(seen(label)) for part in marked.parts(canvas))
