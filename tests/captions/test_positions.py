"""Regions stand where tts:position says, from whichever edge it counts."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from post.captions.read import read_caption_bytes, read_captions
from tests.captions.suites import suite

DOCUMENT = """<tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling" xml:lang="en"
 xmlns:ttp="http://www.w3.org/ns/ttml#parameter" tts:extent="200px 100px" ttp:cellResolution="40 20"><head><layout>
<region xml:id="r" tts:extent="{extent}" tts:position="{position}"/></layout></head>
<body region="r"><div><p begin="0s" end="1s">Hello</p></div></body></tt>"""


@pytest.mark.parametrize(
    ("extent", "position", "corner"),
    [
        ("60% 20%", "right 25% bottom 25%", (Fraction(3, 10), Fraction(6, 10))),
        ("60% 20%", "right bottom", (Fraction(4, 10), Fraction(8, 10))),
        ("60% 20%", "left 25% top 25%", (Fraction(1, 10), Fraction(2, 10))),
        ("100px 20px", "right 20px bottom 10px", (Fraction(4, 10), Fraction(7, 10))),
        ("50rw 20rh", "right 10rw top 10rh", (Fraction(4, 10), Fraction(1, 10))),
    ],
)
def test_an_offset_counts_from_its_own_edge(
    extent: str, position: str, corner: tuple[Fraction, Fraction]
) -> None:
    track = read_caption_bytes(DOCUMENT.format(extent=extent, position=position).encode(), "x.ttml")
    box = track.captions[0].box
    assert box is not None
    assert (box.left, box.top) == corner
    assert not track.lost


def test_a_position_that_is_set_for_a_time_counts_from_its_own_edge_too() -> None:
    plain = DOCUMENT.format(extent="60% 20%", position="left top")
    moving = plain.replace('top"/>', 'top"><set begin="0.5s" tts:position="right bottom"/></region>')
    boxes = [each.box for each in read_caption_bytes(moving.encode(), "x.ttml").captions]
    assert [(box.left, box.top) for box in boxes if box] == [(0, 0), (Fraction(4, 10), Fraction(8, 10))]


def test_a_region_that_would_begin_outside_the_frame_begins_at_its_edge() -> None:
    text = DOCUMENT.format(extent="190px 95px", position="right 20px bottom 10px")
    box = read_caption_bytes(text.encode(), "x.ttml").captions[0].box
    assert box is not None
    assert (box.left, box.top) == (Fraction(0), Fraction(0))


def test_an_extent_of_auto_is_the_whole_frame() -> None:
    text = DOCUMENT.format(extent="auto", position="left top")
    box = read_caption_bytes(text.encode(), "x.ttml").captions[0].box
    assert box is not None
    assert (box.width, box.height) == (Fraction(1), Fraction(1))


def test_the_suites_regions_stand_as_in_its_pictures() -> None:
    version = suite("imsc") / "imsc1_1"
    pictures = {float(each.stem): each for each in (version / "png" / "position001").glob("*.png")}
    compared = 0
    for caption in read_captions(version / "ttml" / "position" / "position001.ttml").captions:
        shown = next((each for time, each in pictures.items() if caption.start <= time < caption.stop), None)
        assert shown is not None
        assert caption.box is not None
        black = np.asarray(Image.open(shown).convert("RGB")).max(2) < 10
        height, width = black.shape
        columns, rows = np.flatnonzero(black.mean(0) > 0.1), np.flatnonzero(black.mean(1) > 0.3)
        corner = float(caption.box.left), float(caption.box.top)
        assert (columns[0] / width, rows[0] / height) == pytest.approx(corner, abs=0.01), caption.text
        compared += 1
    assert compared == 62
