"""SVG elements: drawn whole at their size, or refused by name where a browser would show something else."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from post.errors import AnswerprintError, JobError, SourceError
from post.picture.brand.svg import SvgElement
from post.values import File
from post.values.array import Array

ROOT = 'xmlns="http://www.w3.org/2000/svg"'
LINKS = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def element(folder: Path, text: str | bytes, font: File | None = None) -> SvgElement:
    data = text.encode() if isinstance(text, str) else text
    path = folder / "logo.svg"
    path.write_bytes(data)
    return SvgElement(File(hashlib.sha256(data).hexdigest(), path.name, path), font)


def svg(inside: str, root: str = 'viewBox="0 0 100 50"') -> str:
    return f"<svg {ROOT} {LINKS} {root}>{inside}</svg>"


def drawn(made: SvgElement, width: int, height: int) -> Array:
    return made.draw(Fraction(0), width, height)


def test_shapes_cover_pixels_by_the_share_of_each_that_they_fill(tmp_path: Path) -> None:
    made = element(tmp_path, svg('<rect x="10.5" y="10" width="20.25" height="30" fill="#ff8000"/>'))
    pixels = drawn(made, 100, 50)
    expected = np.zeros((50, 100))
    expected[10:40, 10] = 0.5
    expected[10:40, 11:30] = 1
    expected[10:40, 30] = 0.75
    assert np.abs(pixels[..., 3] - expected).max() <= 1 / 64
    assert np.abs(pixels[..., 0] - pixels[..., 3]).max() <= 1 / 255
    assert np.abs(pixels[..., 1] - pixels[..., 3] * 128 / 255).max() <= 1.01 / 255
    assert not pixels[..., 2].any()


@pytest.mark.parametrize("size", [(200, 100), (37, 19), (431, 216), (8, 4)])
def test_it_fills_its_box_and_stands_in_the_middle_of_one_of_another_shape(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    made = element(tmp_path, svg('<rect width="100" height="50"/>'))
    alpha = drawn(made, *size)[..., 3]
    assert alpha.shape == size[::-1]
    assert alpha[1:-1, 1:-1].min() == 1
    assert np.allclose(alpha, alpha[::-1, ::-1], atol=0.02)


@pytest.mark.parametrize(
    ("root", "shape"),
    [
        ('viewBox="0 0 24 12"', "2"), ('width="10mm" height="1cm"', "1"),
        ('width="30" height="20" viewBox="0 0 1 1"', "3/2"),
        ('width="100%" height="100%" viewBox="0 0 1740 247"', "1740/247"), ('width="1in" height="72pt"', "1"),
    ],
)  # fmt: skip
def test_its_shape_is_that_of_its_size_or_else_of_its_view_box(tmp_path: Path, root: str, shape: str) -> None:
    assert element(tmp_path, svg("<path d='M0 0h1'/>", root)).shape == Fraction(shape)


def test_the_same_bytes_each_time_and_after_other_sizes(tmp_path: Path) -> None:
    made = element(tmp_path, svg('<circle cx="50" cy="25" r="20" fill="red" opacity=".5"/>'))
    first = drawn(made, 300, 150)
    drawn(made, 80, 40)
    assert drawn(made, 300, 150).tobytes() == first.tobytes()


REFUSED = {
    "<script>1</script>": "holds a script.*<script>",
    '<rect onclick="x()" width="9" height="9"/>': "holds a script.*onclick of <rect>",
    "<rect><animate attributeName='x'/></rect>": "moves, which is not drawn of an SVG.*<animate>",
    "<rect><set attributeName='x'/></rect>": "moves.*<set>",
    "<foreignObject/>": "holds what is no SVG.*<foreignObject>",
    '<image href="photo.png"/>': "refers to another file.*photo.png of <image>",
    '<image xlink:href="http://example.com/p.png"/>': "refers to another file.*example",
    '<use href="other.svg#a"/>': r"refers to another file.*other.svg#a of <use>",
    '<rect fill="url(http://example.com/#g)" width="9" height="9"/>': "refers to another file.*url",
    '<rect style="fill:url(grad.svg#g)" width="9" height="9"/>': "refers to another file.*grad.svg",
    "<style>@import 'a.css';</style>": "a rule of CSS that is not drawn.*@import",
    "<style>@media print {rect{fill:red}}</style>": "a rule of CSS that is not drawn.*@media",
    "<style>/* rect{fill:red}</style>": "a comment of CSS that is not closed",
    "<style>rect{fill:var(--brand)}</style>": "a computed value of CSS.*var",
    '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>': "embeds a picture that cannot be read",
    '<image href="data:image/png;base64,AAAA"/>': "embeds a picture that cannot be read",
    "<text>Hello</text>": "text whose font is not given.*text in no font-family",
}


@pytest.mark.parametrize("inside", REFUSED)
def test_what_would_not_be_drawn_as_meant_is_refused_by_name_and_line(tmp_path: Path, inside: str) -> None:
    with pytest.raises(AnswerprintError, match=REFUSED[inside]) as caught:
        element(tmp_path, svg(inside))
    assert "logo.svg" in caught.value.where


BROKEN = {
    "a laughing one": f'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><svg {ROOT} viewBox="0 0 1 1"/>',
    "an entity of another file": f'<!DOCTYPE svg [<!ENTITY a SYSTEM "a.txt">]><svg {ROOT} viewBox="0 0 1 1"/>',
    "a style sheet": f'<?xml-stylesheet href="a.css"?><svg {ROOT} viewBox="0 0 1 1"/>',
    "no size": f"<svg {ROOT}/>",
    "a size of nothing": f'<svg {ROOT} width="0" height="0"/>',
    "sizes that are no numbers": f'<svg {ROOT} viewBox="0 0 nan inf"/>',
    "not closed": f"<svg {ROOT} viewBox='0 0 1 1'>",
    "another language": '<svg xmlns="http://example.com" viewBox="0 0 1 1"/>',
    "a page": "<html><body/></html>",
    "too deep": f"<svg {ROOT} viewBox='0 0 1 1'>" + "<g>" * 300 + "</g>" * 300 + "</svg>",
    "too many elements": f"<svg {ROOT} viewBox='0 0 1 1'>" + "<g/>" * 100_001 + "</svg>",
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_and_hostile_files_are_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(SourceError, match="logo.svg"):
        element(tmp_path, BROKEN[kind])


def test_another_encoding_cannot_hide_anything(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?>' + svg("<script/>")
    with pytest.raises(SourceError, match="not an SVG"):
        element(tmp_path, text.encode("utf-16"))
    with pytest.raises(SourceError, match="holds a script"):
        element(tmp_path, text)


def test_a_view_box_cannot_bring_in_what_was_not_checked(tmp_path: Path) -> None:
    inside = '0 0 9 9"&gt;&lt;image href="photo.png"/&gt;'
    made = element(tmp_path, svg('<rect width="9" height="9"/>', f"width='9' height='9' viewBox='{inside}'"))
    assert drawn(made, 9, 9)[..., 3].min() == 1


def test_short_entities_as_illustrator_writes_them_are_read(tmp_path: Path) -> None:
    text = '<!DOCTYPE svg [<!ENTITY ink "#00ff00">]>' + svg('<rect width="100" height="50" fill="&ink;"/>')
    assert drawn(element(tmp_path, text), 4, 4)[2, 2].tolist() == [0, 1, 0, 1]


def test_an_embedded_picture_is_drawn_and_a_huge_one_is_refused(tmp_path: Path) -> None:
    def held(image: Image.Image) -> str:
        out = io.BytesIO()
        image.save(out, "PNG")
        data = base64.b64encode(out.getvalue()).decode()
        return svg(
            f'<image width="100" height="50" preserveAspectRatio="none" href="data:image/png;base64,{data}"/>'
        )

    pixels = drawn(element(tmp_path, held(Image.new("RGBA", (20, 10), (255, 0, 0, 128)))), 100, 50)
    assert np.abs(pixels[25, 50] - np.array((128, 0, 0, 128)) / 255).max() <= 1 / 255
    with pytest.raises(SourceError, match="embeds a picture that cannot be read.*megapixels|pixels"):
        element(tmp_path, held(Image.new("1", (16000, 16000))))


def font(media: Callable[[str], Path]) -> File:
    path = media("fonts/NotoSans-Regular.ttf")
    return File(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path)


def test_text_is_set_in_the_font_that_is_given_and_no_other(
    tmp_path: Path, media: Callable[[str], Path]
) -> None:
    text = '<text x="5" y="35" font-size="30" font-family="{}">{}</text>'
    pixels = drawn(element(tmp_path, svg(text.format("Noto Sans", "Hello")), font(media)), 200, 100)
    assert pixels[..., 3].max() == 1
    assert 0.02 < pixels[..., 3].mean() < 0.3
    with pytest.raises(JobError, match="text whose font is not given.*Helvetica"):
        element(tmp_path, svg(text.format("Helvetica, Noto Sans", "Hello")), font(media))
    with pytest.raises(JobError, match="text whose font is not given.*Noto Sans"):
        element(tmp_path, svg(text.format("Noto Sans", "Hello")))
    with pytest.raises(JobError, match=r"lacks a letter of its text.*U\+4E16"):
        element(tmp_path, svg(text.format("Noto Sans", "世")), font(media))


@pytest.mark.parametrize("name", ["blender", "creativecommons", "ffmpeg", "otio"])
def test_the_logos_of_the_shared_media_fill_their_box(name: str, media: Callable[[str], Path]) -> None:
    path = media(f"graphics/logo_{name}.svg")
    made = SvgElement(File(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path), None)
    width, height = 300, round(300 / made.shape)
    alpha = drawn(made, width, height)[..., 3]
    assert (alpha > 0.9).any()
    columns = np.flatnonzero(alpha.max(0) > 0.5)
    assert columns[-1] - columns[0] > 0.85 * width
