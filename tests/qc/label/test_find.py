"""Labels are found in coded films by what stands in the picture alone, and other words are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from post.atomic import checksum
from post.errors import SourceError
from post.picture.label import Label
from post.picture.title import Title
from post.qc.film_pass import measure_one
from post.qc.label.find import LabelQuestion
from post.stage import Raster
from post.values.colour import Format
from post.values.media import File
from post.values.sights.label import LabelSight
from tests.qc.label.films import Shown, seconds, write_film

TEXTS = ("AI GENERATED", "AI MODIFIED", "AI")
ALL = range(48)


def look(path: Path, *shown: Shown, **how: object) -> LabelSight:
    return measure_one(write_film(path, shown, **how), LabelQuestion(TEXTS))  # type: ignore[arg-type]


def test_a_film_without_a_label_shows_none(tmp_path: Path) -> None:
    found = look(tmp_path / "a.mp4")
    assert found.seen == ()
    assert found.frames == 9
    assert found.length == 2


@pytest.mark.parametrize(
    ("label", "size"),
    [
        (Label(), (1920, 1080)),
        (Label(), (960, 540)),
        (Label(height=3, place="bottom-left"), (962, 542)),
        (Label(place="bottom-right", colour="#000000", plate_colour="#ffffff"), (540, 960)),
        (Label(text="AI MODIFIED", height=8, place="center"), (720, 720)),
        (Label(text="AI", place="top-left"), (960, 540)),
    ],
    ids=lambda each: "x".join(map(str, each)) if isinstance(each, tuple) else each.text,
)
def test_a_label_is_found_with_its_height_and_place(
    label: Label, size: tuple[int, int], tmp_path: Path
) -> None:
    (seen,) = look(tmp_path / "a.mp4", Shown(label, ALL), size=size).seen
    assert seen.text == label.text
    assert seen.stretches == ((seconds(0), seconds(48)),)
    assert seen.height_percent == pytest.approx(label.height, rel=0.07)
    assert seen.contrast > 4.5
    left, top, right, bottom = seen.box
    middle = (left + right) / 2 / size[0], (top + bottom) / 2 / size[1]
    across, down = label.place.partition("-")[::2] if "-" in label.place else ("center", "center")
    assert across in {"center", "top" if middle[1] < 0.5 else "bottom"}
    assert down in {"center", "left" if middle[0] < 0.5 else "right"}


@pytest.mark.parametrize(
    "text",
    [
        "AIR GENERATOR",
        "ANALOG",
        "AI GENERATION",
        "FAIR GENERATED",
        "REGENERATED",
        "SAID",
        "MAIL",
        "AI CUP",
        "AL",
        "KAI",
    ],
)
def test_other_words_are_no_label(text: str, tmp_path: Path) -> None:
    assert look(tmp_path / "a.mp4", Shown(Label(text=text), ALL)).seen == ()


def test_the_first_and_the_last_frame_are_found(tmp_path: Path) -> None:
    shown = [Shown(Label(), range(7, 40)), Shown(Label(), range(61, 90))]
    (seen,) = look(tmp_path / "a.mp4", *shown, frames=96).seen
    assert seen.stretches == ((seconds(7), seconds(40)), (seconds(61), seconds(90)))
    assert seen.first == seconds(7)
    assert seen.dwell == seconds(33)
    assert seen.gaps == ((seconds(40), seconds(61)),)


def test_the_contrast_is_that_of_the_frames_that_show_it(tmp_path: Path) -> None:
    """The mean of a second in which it appears is half picture."""
    (whole,) = look(tmp_path / "a.mp4", Shown(Label(), ALL)).seen
    (late,) = look(tmp_path / "b.mp4", Shown(Label(), range(15, 48))).seen
    assert late.contrast == pytest.approx(whole.contrast, rel=0.15)
    assert late.contrast > 8


def test_every_place_that_a_label_stood_in_is_told(tmp_path: Path) -> None:
    shown = [Shown(Label(place="top-right"), range(40)), Shown(Label(place="bottom-left"), range(40, 96))]
    (seen,) = look(tmp_path / "a.mp4", *shown, frames=96).seen
    first, second = seen.places
    assert first == seen.box
    assert (first[0] < 200, first[1] > 400) == (True, True), "the one that is seen more often is the first"
    assert (second[2] > 800, second[3] < 100) == (True, True)
    assert seen.plain()["places"] == [list(first), list(second)]
    found = look(tmp_path / "b.mp4", frames=6)
    assert (found.width, found.height) == (960, 540)


def test_a_title_does_not_hide_the_label(tmp_path: Path) -> None:
    title = Title(text="ANALOG AIR GENERATOR")
    found = look(tmp_path / "a.mp4", Shown(title, ALL), Shown(Label(), ALL))
    assert [each.text for each in found.seen] == ["AI GENERATED"]


def test_texts_no_font_has_are_said(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", (), frames=6)
    found = measure_one(path, LabelQuestion(("AI", "𐎀𐎁"), ("AI  GENERATED",)))
    assert found.texts == ("AI GENERATED", "AI", "𐎀𐎁")
    assert found.undrawn == ("𐎀𐎁",)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("人工智能生成", "zh"), ("مولد بالذكاء الاصطناعي", "ar"), ("נוצר על ידי בינה מלאכותית", "he"),
        ("एआई द्वारा निर्मित", "hi"),
    ],
)  # fmt: skip
def test_a_label_of_another_script_is_found_with_the_installed_fonts(
    text: str, language: str, tmp_path: Path
) -> None:
    pytest.importorskip("manimgx_fonts_cjk", reason="the extra `fonts` is not installed")
    path = write_film(tmp_path / "a.mp4", [Shown(Label(text=text, language=language), ALL)])
    found = measure_one(path, LabelQuestion(TEXTS, (text,)))
    assert [(each.text, each.alone) for each in found.seen] == [(text, True)]
    assert found.seen[0].height_percent == pytest.approx(5, rel=0.1)


def test_a_sentence_with_the_words_of_a_label_is_said_to_have_others(tmp_path: Path) -> None:
    (seen,) = look(tmp_path / "a.mp4", Shown(Label(text="This is not AI GENERATED", height=3), ALL)).seen
    assert seen.text == "AI GENERATED"
    assert not seen.alone


def test_a_label_in_chinese_is_found_with_a_font_that_has_it(
    tmp_path: Path, media: Callable[[str], Path]
) -> None:
    font = media("fonts/DroidSansFallback.ttf")
    file = File(checksum(font).sha256, font.name, font)
    path = write_film(tmp_path / "a.mp4", [Shown(Label(text="人工智能生成", font=file), ALL)])
    (seen,) = measure_one(path, LabelQuestion((*TEXTS, "人工智能生成"), (), (file,))).seen
    assert seen.text == "人工智能生成"
    # Of this font, a character is 1.2 to 1.4 times as high as a capital.
    assert seen.character_percent is not None
    assert 1.15 < seen.character_percent / seen.height_percent < 1.45
    assert seen.text_percent == seen.character_percent
    assert seen.height_percent == pytest.approx(5, rel=0.07)


def test_the_same_film_gives_the_same_evidence(tmp_path: Path) -> None:
    path = write_film(tmp_path / "a.mp4", [Shown(Label(), ALL)])
    assert measure_one(path, LabelQuestion(TEXTS)) == measure_one(path, LabelQuestion(TEXTS))


def test_what_is_no_film_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"no film at all")
    with pytest.raises(SourceError):
        measure_one(path, LabelQuestion(TEXTS))


class FaintOverGrid:
    """Draws dark cloth with a white grid over the whole frame, and a faint label in a band where it is flattened."""

    def draw(self, canvas: Format) -> Raster:
        light = np.full((canvas.height, canvas.width), 0.06, np.float32)
        light[6::15] = light[:, 6::15] = 0.9
        band = light[: canvas.height * 3 // 10]
        band[:] = 0.42
        raster = Label(place="top-right").draw(canvas)
        rows, columns = raster.rgba.shape[:2]
        alpha, grey = raster.rgba[..., 3], raster.rgba[..., :3].mean(2)
        part = band[raster.top : raster.top + rows, raster.left : raster.left + columns]
        part += 0.2 * alpha * (grey - part)
        return Raster(np.dstack([light] * 3 + [np.ones_like(light)]), 0, 0)


def test_a_faint_label_is_found_where_a_grid_looks_more_like_type(tmp_path: Path) -> None:
    (seen,) = look(tmp_path / "a.mp4", Shown(FaintOverGrid(), range(6)), frames=6, size=(640, 360)).seen
    assert seen.text == "AI GENERATED"
    assert seen.contrast < 2.5
