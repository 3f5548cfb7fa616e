"""The title: its place, its fades, its errors."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from post.errors import JobError
from post.knob import Knob, public_knobs
from post.picture.bug import Bug
from post.picture.label import Label
from post.picture.title import Title
from post.picture.type.fade import read_easing
from post.picture.type.place import PLACES
from post.stage_knobs import make
from post.values.claim import HUMAN_EDITS
from post.values.colour import Format
from post.values.media import File
from post.values.time import Clock, Span
from tests.picture.drawn import box, drawn_or_said

CLOCK = Clock(Fraction(24))


def film(width: int, height: int) -> Format:
    return Format(width, height, CLOCK, 240)


def title(**knobs: object) -> Title:
    made = make("title", {"text": "Answer print", **knobs})
    assert isinstance(made, Title)
    return made


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920), (1080, 1080), (320, 180)])
@pytest.mark.parametrize("plate", [False, True])
def test_a_title_is_inside_the_safe_area(place: str, width: int, height: int, plate: bool) -> None:
    tall = height >= 1.5 * width
    made = title(place=place, plate=plate, shadow=0, text="Åqjy Answer print").draw(film(width, height))
    left, top, right, bottom = box(made)
    side = (0.06 if tall else 0.05) * width
    assert left >= side - 1e-6
    assert right <= width - side + 1e-6
    assert top >= (0.14 if tall else 0.05) * height - 1e-6
    assert bottom <= height - (0.35 if tall else 0.05) * height + 1e-6


def test_places_are_where_their_names_say() -> None:
    boxes = {place: box(title(place=place, shadow=0, plate=True).draw(film(1920, 1080))) for place in PLACES}
    assert boxes["top-left"][:2] == (96, 54)
    assert boxes["bottom-right"][2:] == (1920 - 96, 1080 - 54)
    left, top, right, bottom = boxes["center"]
    assert abs(left - (1920 - right)) <= 1
    assert abs(top - (1080 - bottom)) <= 1
    assert boxes["lower-third"][0] == 96
    assert boxes["lower-third"][1] > 720


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920), (1080, 1080)])
@pytest.mark.parametrize("place", PLACES)
def test_a_title_in_columns_is_inside_the_safe_area(place: str, width: int, height: int) -> None:
    made = title(
        place=place,
        text="今日は「東京」、\nAIのニュースです",
        writing="vertical",
        language="ja",
        shadow=0,
        size=6,
    )
    raster = made.draw(film(width, height))
    left, top, right, bottom = box(raster)
    area = made.safe.area(film(width, height), "title")
    assert (left, top) >= (area.left, area.top)
    assert right <= area.right
    assert bottom <= area.bottom
    assert bottom - top > 1.2 * (right - left)


@pytest.mark.parametrize("more", [{"second": "x"}, {"bar": "side"}, {"plate_radius": 1}])
def test_columns_have_no_second_line_and_no_bar(more: dict[str, object]) -> None:
    with pytest.raises(JobError, match=r"title\.writing: columns have no second line.*got vertical"):
        title(text="日", language="ja", writing="vertical", **more)


def test_a_family_is_set_and_its_name_is_checked() -> None:
    inter, noto = (title(family=name, shadow=0).draw(film(640, 360)) for name in ("Inter", "Noto Sans"))
    assert inter.rgba.shape != noto.rgba.shape
    with pytest.raises(JobError, match=r"title\.family: unknown font family"):
        title(family="Noto Sans Hebru").draw(film(640, 360))


def test_without_balance_each_line_is_as_long_as_it_may_be() -> None:
    text = "Answer prints are shown to the whole crew in a cinema"
    even, full = (box(title(text=text, balance=on, shadow=0).draw(film(640, 360))) for on in (True, False))
    assert full[2] - full[0] > even[2] - even[0]


@pytest.mark.media
def test_a_static_font_takes_a_styles_weight_as_a_wish(media: Callable[[str], Path]) -> None:
    path = media("fonts/NotoSans-Regular.ttf")
    font = File(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path)
    wished = title(font=font, weight=800, nearest_weight=True).draw(film(640, 360))
    assert np.array_equal(wished.rgba, title(font=font).draw(film(640, 360)).rgba)
    with pytest.raises(JobError, match="lacks this axis"):
        title(font=font, weight=800).draw(film(640, 360))


def test_size_is_of_the_shorter_side_so_both_shapes_agree() -> None:
    wide, tall = (title(shadow=0, text="Hi").draw(film(*size)) for size in ((1920, 1080), (1080, 1920)))
    assert np.array_equal(wide.rgba, tall.rgba)


def test_a_title_scales_with_the_frame() -> None:
    hd, uhd = (title(shadow=0).draw(film(*size)) for size in ((1920, 1080), (3840, 2160)))
    assert uhd.rgba[..., 3].sum() / hd.rgba[..., 3].sum() == pytest.approx(4, rel=0.01)


def test_type_is_opaque_in_its_colour_and_straight_in_its_alpha() -> None:
    rgba = title(colour="#ff8000", shadow=0).draw(film(1920, 1080)).rgba
    assert rgba.dtype == np.float32
    assert rgba[..., 3].max() == 1
    edge = (rgba[..., 3] > 0.01) & (rgba[..., 3] < 0.99)
    assert edge.any()
    assert np.abs(rgba[edge][:, :3] - (1, 128 / 255, 0)).max() < 1e-3


def test_a_plate_lies_under_the_type_and_a_shadow_under_both() -> None:
    rgba = title(plate=True, plate_colour="#0000ff", plate_opacity=0.5, shadow=0).draw(film(1920, 1080)).rgba
    assert rgba[0, 0].tolist() == pytest.approx([0, 0, 1, 0.5])
    assert (rgba[..., 3] >= 0.5).all()
    soft = title(shadow=1.0).draw(film(1920, 1080)).rgba
    dark = (soft[..., 3] > 0.05) & (soft[..., :3].max(-1) < 0.01)
    assert dark.sum() > 500


def test_edges_are_one_pixel_wide_and_letters_end_on_whole_rows() -> None:
    alpha = title(text="HILT", shadow=0).draw(film(1920, 1080)).rgba[..., 3]
    across = alpha[alpha.shape[0] // 2 + 12]  # below the bar of the H: upright stems only
    partly = (across > 0) & (across < 1)
    assert partly.any()
    assert not (partly[1:] & partly[:-1]).any()
    # Letters end on pixel rows: the bottom row of H, I, L and T is fully covered.
    rows = np.flatnonzero(alpha.max(1) > 0)
    assert alpha[rows[-1]].max() == 1


@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_lines_of_a_title_align(align: str) -> None:
    made = title(text="a much longer line\ni", align=align, shadow=0, place="center").draw(film(1920, 1080))
    alpha = made.rgba[..., 3]
    half = alpha.shape[0] // 2
    columns = np.flatnonzero(alpha[half + 10 :].any(0))
    share = (columns[0] + columns[-1]) / 2 / alpha.shape[1]
    assert share == pytest.approx({"left": 0, "center": 0.5, "right": 1}[align], abs=0.04)


def opacities(made: Title, length: int) -> list[float]:
    return [made.pose(frame, length, CLOCK).opacity for frame in range(length)]


def test_a_linear_fade_counts_its_frames() -> None:
    made = title(fade_in="3f", fade_out="1f", ease="linear")
    assert opacities(made, 7) == pytest.approx([0.25, 0.5, 0.75, 1, 1, 1, 0.5])


def test_a_smooth_fade_is_the_cubic() -> None:
    made = title(fade_in="4f", fade_out="0f", opacity=0.5)
    want = [0.5 * (3 * u**2 - 2 * u**3) for u in (0.2, 0.4, 0.6, 0.8, 1)]
    assert opacities(made, 5) == pytest.approx(want)


@given(
    fade_in=st.integers(0, 40), fade_out=st.integers(0, 40), length=st.integers(1, 60),
    ease=st.sampled_from(["linear", "smooth", "cubic-bezier(0.42, 0, 0.58, 1)"]),
)  # fmt: skip
def test_a_title_is_seen_in_each_of_its_frames_and_only_there(
    fade_in: int, fade_out: int, length: int, ease: str
) -> None:
    made = title(fade_in=f"{fade_in}f", fade_out=f"{fade_out}f", ease=ease)
    seen = opacities(made, length)
    assert all(0 < opacity <= 1 for opacity in seen)
    assert made.pose(-1, length, CLOCK).opacity == made.pose(length, length, CLOCK).opacity == 0
    if fade_in + fade_out < length:
        assert seen[fade_in] == 1
        assert seen.count(1) == length - fade_in - fade_out


def test_a_fade_in_time_is_whole_frames() -> None:
    made = title(fade_in="0.25s", fade_out="0f", ease="linear")
    assert opacities(made, 8)[:6] == pytest.approx([k / 7 for k in range(1, 7)])


def test_a_bezier_is_the_css_one() -> None:
    # CSS Easing 1: ease-in-out is (0.42, 0, 0.58, 1); control points on the diagonal make a line.
    ease = read_easing("cubic-bezier(0.42, 0, 0.58, 1)", "x")
    assert ease(Fraction("0.5")) == pytest.approx(0.5)
    assert ease(Fraction("0.25")) == pytest.approx(0.12916, abs=1e-4)
    line = read_easing("cubic-bezier(0.2, 0.2, 0.7, 0.7)", "x")
    assert [line(Fraction(u, 8)) for u in range(9)] == pytest.approx([u / 8 for u in range(9)])


@pytest.mark.parametrize(
    "ease", ["bouncy", "cubic-bezier(1, 2)", "cubic-bezier(0, 0, 2, 1)", "cubic-bezier(a,b,c,d)", "steps(0)"]
)
def test_an_unknown_easing_is_an_error(ease: str) -> None:
    with pytest.raises(JobError, match=r"title\.ease: not an easing.*linear \| smooth"):
        title(ease=ease)


@pytest.mark.parametrize("text", ["", "  \n "])
def test_empty_text_is_an_error(text: str) -> None:
    with pytest.raises(JobError, match=r"title\.text: no text"):
        title(text=text)


@pytest.mark.parametrize("language", ["zz-nonsense", "English", "?"])
def test_an_unknown_language_is_an_error(language: str) -> None:
    with pytest.raises(JobError, match=r"title\.language: not a language"):
        title(language=language).draw(film(1920, 1080))


def test_text_is_required() -> None:
    with pytest.raises(JobError, match=r"title\.text: missing"):
        make("title", {})


def test_a_title_too_high_for_the_area_is_an_error() -> None:
    with pytest.raises(JobError, match=r"title\.text: does not fit the safe area by \d+ px"):
        title(text="a\nb\nc", lines=3, size=40).draw(film(1920, 1080))


def test_margins_that_leave_no_room_are_an_error() -> None:
    with pytest.raises(JobError, match=r"no room|too wide|does not fit"):
        title(margin=40, tall_sides=45, tall_bottom=45, tall_top=45, size=20).draw(film(180, 320))


def test_a_title_declares_text_added_by_a_person() -> None:
    action = title().declare(Span(10, 34))
    assert (action.name, action.source_type, action.where) == ("c2pa.addedText", HUMAN_EDITS, Span(10, 34))
    assert dict(action.parameters)["org.answerprint.title.text"] == "Answer print"


def test_drawing_twice_gives_the_same_bits() -> None:
    first, second = (title(plate=True).draw(film(1280, 720)) for _ in range(2))
    assert np.array_equal(first.rgba, second.rgba)


def _given_for(about: Knob) -> st.SearchStrategy[object]:
    if about.kind in ("number", "whole"):
        lo, hi = about.lo, about.hi
        assert math.isfinite(lo)
        assert math.isfinite(hi)
        whole = st.integers(int(lo), int(hi))
        return whole if about.kind == "whole" else st.one_of(st.sampled_from([lo, hi]), st.floats(lo, hi))
    table: dict[str, st.SearchStrategy[object]] = {
        "switch": st.booleans(),
        "choice": st.sampled_from(about.choices),
        "duration": st.sampled_from(["0f", "1f", "0.5s", "100s"]),
        "hex": st.sampled_from(["#000000", "#ffffff", "#12ab9f"]),
        "file": st.none(),
    }
    return table[str(about.kind)]


TEXTS = {
    "text": st.sampled_from(["Hi", "AI", "Ågy 12", "two\nlines", "Answer print of the film"]),
    "second": st.sampled_from(["", "Host", "Åg 12\nof it"]),
    "ease": st.sampled_from(["linear", "smooth", "cubic-bezier(0,0,1,1)"]),
    "motion": st.sampled_from(["", '{"in":{"dy":"1em"}}']),
    "language": st.sampled_from(["", "en", "ar", "zh-Hant"]),
    "axes": st.sampled_from(["", "opsz=20"]),
    "features": st.sampled_from(["", "tnum", "ss01=2"]),
    "family": st.sampled_from(["Inter", "Noto Sans Thai", "Noto Sans CJK JP"]),
}


def wild(kind: type[Title] | type[Label]) -> st.SearchStrategy[dict[str, object]]:
    strategies: dict[str, Any] = {
        name: TEXTS[name] if about.kind == "text" else _given_for(about)
        for name, about in public_knobs(kind).items()
    }
    strategies["weight"] = st.sampled_from([0, 1, 100, 433.3, 900, 1000])
    if kind is Label:  # mostly legible: there is one way to refuse and many to draw
        strategies["plate_opacity"] = st.floats(0.7, 1)
        strategies |= {"colour": st.just("#fffff0"), "plate_colour": st.sampled_from(["#000000", "#20203f"])}
    return st.fixed_dictionaries({"text": strategies.pop("text")}, optional=strategies)


@pytest.mark.parametrize("kind", [Title, Label])
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_knobs_draw_inside_the_frame_or_raise_a_clear_error(
    kind: type[Title] | type[Label], data: Any
) -> None:
    knobs = data.draw(wild(kind))
    size = data.draw(st.sampled_from([(320, 180), (180, 320), (16, 16)]))
    drawn = drawn_or_said(kind.name, knobs, film(*size))
    if isinstance(drawn, str):
        assert drawn.startswith(kind.name)
        return
    made, raster = drawn
    assert raster.rgba.shape[2] == 4
    assert np.isfinite(raster.rgba).all()
    assert 0 <= raster.rgba.min() <= raster.rgba.max() <= 1
    assert raster.rgba[..., 3].any()
    for frame in (0, 11, 23):
        assert 0 < made.pose(frame, 24, CLOCK).opacity <= 1


@pytest.mark.media
def test_scripts_of_the_world_are_drawn_inside_the_safe_area(media: Callable[[str], Path]) -> None:
    texts = {
        "NotoNaskhArabic-Regular.ttf": "صباح الخير يا عالم: حملة 2026 AI",
        "NotoSansDevanagari-Regular.ttf": "नमस्ते दुनिया, क्षत्रिय श्री",
        "DroidSansFallback.ttf": "今日は天気がとても良いです。散歩に行きましょう",
    }
    for name, text in texts.items():
        path = media(f"fonts/{name}")
        font = File(hashlib.sha256(path.read_bytes()).hexdigest(), name, path)
        made = title(text=text, font=font, shadow=0, lines=4).draw(film(1080, 1920))
        left, top, right, bottom = box(made)
        assert left >= 65
        assert right <= 1080 - 65
        assert top >= 269
        assert bottom <= 1248


def test_every_layer_offers_the_same_places_and_margins() -> None:
    assert set(public_knobs(Label)["place"].choices) - set(public_knobs(Title)["place"].choices) == {"auto"}
    assert public_knobs(Bug)["place"].choices == public_knobs(Title)["place"].choices
    shared = ("margin", "tall_top", "tall_bottom", "tall_sides")
    for name in shared:
        knobs = [public_knobs(kind)[name] for kind in (Title, Label, Bug)]
        assert len({(k.lo, k.hi, k.unit, k.choices, k.doc, k.source) for k in knobs}) == 1
