"""Text and images in Lottie files: set from outlines in the file or from given fonts, decoded within bounds."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import fontpkg_inter
import numpy as np
import pytest
from PIL import Image

from post.errors import JobError
from post.picture.lottie import open_lottie
from post.values.array import Array
from tests.picture.lottie.made import Json, animation, layer, moving, saved, still, stood

INTER = Path(fontpkg_inter.ROOT) / "files" / "Inter[opsz,wght].ttf"
SIDE = 40
# A letter that is a square of half an em on the baseline.
BOX = {"v": [[0, -50], [50, -50], [50, 0], [0, 0]], "i": [[0, 0]] * 4, "o": [[0, 0]] * 4, "c": True}


def text(words: str, font: str = "Boxes", x: float = 0, y: float = 30, **more: Any) -> Json:
    document = {"s": 20, "f": font, "t": words, "j": 0, "fc": [1, 0, 0], **more}
    return layer(ty=5, nm="Name", t={"d": {"k": [{"t": 0, "s": document}]}}, ks=stood(x, y))


def boxes(*layers: Json) -> Json:
    """Returns a file whose font has one letter: "x"."""
    shapes = [{"ty": "gr", "it": [{"ty": "sh", "ks": still(BOX)}]}]
    char = {"ch": "x", "fFamily": "Boxes", "style": "", "w": 60, "data": {"shapes": shapes}}
    return animation(
        *layers, fonts={"list": [{"fName": "Boxes", "fFamily": "Boxes", "fStyle": ""}]}, chars=[char]
    )


def drawn(folder: Path, document: Json, at: int = 0, **more: Any) -> Array:
    return open_lottie(saved(folder, document), "brand.file", **more).draw(at, SIDE, SIDE)[..., 3]


def columns(alpha: Array) -> tuple[int, int]:
    """Returns the first column with ink, and the one after the last."""
    found = np.flatnonzero(alpha.max(0) > 0.5)
    return int(found[0]), int(found[-1]) + 1


def test_letters_of_the_file_stand_at_their_widths(tmp_path: Path) -> None:
    alpha = drawn(tmp_path, boxes(text("xx")))
    assert columns(alpha) == (0, 22)  # 12 px to the next letter, which is 10 px wide
    assert alpha[20:30, :10].min() == 1
    assert alpha[:20].max() == alpha[30:].max() == 0
    assert columns(drawn(tmp_path, boxes(text("xx", tr=100)))) == (0, 24)


def test_lines_are_aligned_and_apart(tmp_path: Path) -> None:
    assert columns(drawn(tmp_path, boxes(text("xx", x=20, j=2)))) == (8, 30)
    assert columns(drawn(tmp_path, boxes(text("xx", x=40, j=1)))) == (16, 38)
    lines = drawn(tmp_path, boxes(text("x\rx", y=15, lh=15)))
    assert np.flatnonzero(lines[:, 5] > 0.5).tolist() == [*range(5, 15), *range(20, 30)]


def test_a_box_breaks_lines_between_words(tmp_path: Path) -> None:
    space = {"ch": " ", "fFamily": "Boxes", "style": "", "w": 30}
    whole = boxes(text("x x x", y=0, ps=[0, 0], sz=[32, 40], lh=15, s=20))
    alpha = drawn(tmp_path, whole | {"chars": [*whole["chars"], space]})
    assert columns(alpha) == (0, 28)
    assert np.flatnonzero(alpha[:, 5] > 0.5).tolist() == [*range(5, 15), *range(20, 30)]


def test_each_text_is_shown_until_the_next(tmp_path: Path) -> None:
    made = text("x")
    made["t"]["d"]["k"].append({"t": 30, "s": {"s": 20, "f": "Boxes", "t": "xx", "fc": [0, 0, 1]}})
    assert columns(drawn(tmp_path, boxes(made), at=29)) == (0, 10)
    assert columns(drawn(tmp_path, boxes(made), at=30)) == (0, 22)


def test_a_text_is_replaced_by_layer_name(tmp_path: Path) -> None:
    assert columns(drawn(tmp_path, boxes(text("x")), words={"Name": "xxx"})) == (0, 34)
    with pytest.raises(JobError, match="no text layer of that name"):
        drawn(tmp_path, boxes(text("x")), words={"Title": "xxx"})


def test_a_font_is_found_by_its_family_or_refused_by_name(tmp_path: Path) -> None:
    fonts = {"list": [{"fName": "Acme-Bold", "fFamily": "Acme", "fStyle": "Bold"}]}
    document = animation(text("Hi", "Acme-Bold"), fonts=fonts)
    with pytest.raises(JobError, match=r'layer "Name": text in the font Acme Bold cannot be drawn'):
        drawn(tmp_path, document)
    inked = {name: drawn(tmp_path, document, fonts={name: INTER}).sum() for name in ("acme", "Acme Bold")}
    light = animation(
        text("Hi", "Acme"), fonts={"list": [{"fName": "Acme", "fFamily": "Acme", "fStyle": "Light"}]}
    )
    assert inked["acme"] == inked["Acme Bold"] > 1.2 * drawn(tmp_path, light, fonts={"Acme": INTER}).sum()


def test_a_letter_that_the_font_lacks_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(JobError, match=r"U\+65E5 CJK UNIFIED IDEOGRAPH-65E5 in the font Inter"):
        drawn(tmp_path, animation(text("日", "Inter")))


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    """Returns an image file: red on the left, half transparent green on the right."""
    rgba = np.zeros((height, width, 4), np.uint8)
    rgba[:, : width // 2] = (255, 0, 0, 255)
    rgba[:, width // 2 :] = (0, 255, 0, 128)
    out = io.BytesIO()
    Image.fromarray(rgba).save(out, kind)
    return out.getvalue()


def with_image(place: str, width: int = 40, height: int = 40) -> Json:
    asset = {"id": "i", "w": width, "h": height, "u": "", "p": place, "e": 1}
    return animation(layer(ty=2, refId="i"), assets=[asset])


@pytest.mark.parametrize(("width", "height"), [(40, 40), (80, 80), (20, 20), (80, 40)])
def test_an_embedded_image_fills_its_size(tmp_path: Path, width: int, height: int) -> None:
    data = base64.b64encode(picture(width, height)).decode()
    path = saved(tmp_path, with_image(f"data:image/png;base64,{data}"))
    rgba = open_lottie(path, "brand.file").draw(0, SIDE, SIDE)
    assert rgba[20, 5] == pytest.approx([1, 0, 0, 1], abs=0.01)
    assert rgba[20, 35] == pytest.approx([0, 128 / 255, 0, 128 / 255], abs=0.01)


def test_an_image_moves_by_parts_of_a_pixel(tmp_path: Path) -> None:
    data = base64.b64encode(picture(20, 20)).decode()
    document = with_image(f"data:image/png;base64,{data}", 20, 20)
    document["layers"][0]["ks"] = stood(p=moving((0, [10, 10]), (40, [20, 10])))
    made = open_lottie(saved(tmp_path, document), "brand.file")
    columns = np.arange(SIDE) + 0.5
    places = []
    for at in range(9):
        alpha = made.draw(at, SIDE, SIDE)[20, :, 3]
        places.append((alpha * columns).sum() / alpha.sum() - at / 4)
    assert np.ptp(places) < 0.05


def test_a_dotlottie_file_brings_its_images(tmp_path: Path) -> None:
    path = tmp_path / "logo.lottie"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "manifest.json",
            json.dumps({"animations": [{"id": "other"}, {"id": "logo"}], "activeAnimationId": "logo"}),
        )
        archive.writestr("animations/logo.json", json.dumps(with_image("i.png")))
        archive.writestr("animations/other.json", "{}")
        archive.writestr("images/i.png", picture(40, 40))
    rgba = open_lottie(path, "brand.file").draw(0, SIDE, SIDE)
    assert rgba[20, 5] == pytest.approx([1, 0, 0, 1], abs=0.01)


def test_images_of_too_many_pixels_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("post.picture.lottie.pictures.MOST_PIXELS", 4799)
    data = base64.b64encode(picture(40, 40)).decode()
    document = with_image(f"data:image/png;base64,{data}")
    document["assets"] = [document["assets"][0] | {"id": str(n)} for n in range(3)]
    with pytest.raises(JobError, match="images of too many pixels together; expected at most 4799, got 4800"):
        drawn(tmp_path, document)


def test_an_image_in_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "i.png").write_bytes(picture(40, 40))
    with pytest.raises(JobError, match="an image in another file cannot be drawn"):
        drawn(tmp_path, with_image("i.png"))
