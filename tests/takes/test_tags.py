from __future__ import annotations

from dataclasses import replace

import pytest

from post.takes.tags import MOST_TAGS, ColourTags, choose_colour, select_tags
from post.values.colour import BT601_525, BT601_625, BT709, BT2020, Colour

UNTAGGED = ColourTags(640, 360, 2, 2, 2, 0, 0.0, False)


@pytest.mark.parametrize(
    ("width", "height", "matrix"),
    [(640, 360, 6), (1279, 719, 6), (1280, 360, 1), (480, 720, 1), (1080, 1920, 1), (720, 576, 6)],
)
def test_what_is_not_tagged_goes_by_size(width: int, height: int, matrix: int) -> None:
    ruling = choose_colour(replace(UNTAGGED, width=width, height=height))
    assert ruling.colour == Colour(1, 1, matrix)
    assert ruling.assumed == ("colour", "range")
    assert len(ruling.warnings) == 1


@pytest.mark.parametrize(
    ("codes", "colour"),
    [
        ((1, 1, 1), BT709), ((6, 6, 6), BT601_525), ((5, 6, 5), BT601_625), ((9, 14, 9), BT2020),
        ((2, 2, 1), BT709), ((2, 2, 6), BT601_525), ((9, 2, 2), BT2020), ((1, 13, 1), Colour(1, 13, 1)),
        ((12, 1, 1), Colour(12, 1, 1)),
    ],
)  # fmt: skip
def test_tags_are_believed_and_gaps_filled_from_the_rest(codes: tuple[int, int, int], colour: Colour) -> None:
    said = replace(UNTAGGED, primaries=codes[0], transfer=codes[1], matrix=codes[2], range=1)
    ruling = choose_colour(said)
    assert (ruling.colour, ruling.assumed, ruling.warnings) == (colour, (), ())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"range": 1, "outside": 0.2}, "tagged as limited range, but"),
        ({"matrix": 0}, "tagged as RGB, but"),
        ({"matrix": 6, "height": 1080}, "at a size that is usually BT.709"),
        ({"primaries": 9, "matrix": 1}, "BT.2020 primaries and another matrix"),
        ({"transfer": 16, "matrix": 9}, "HDR (PQ)"),
        ({"transfer": 18, "matrix": 9}, "HDR (HLG)"),
    ],
)
def test_contradictions_are_said(changes: dict[str, int], words: str) -> None:
    warnings = choose_colour(replace(UNTAGGED, **changes)).warnings  # type: ignore[arg-type]  # fields by name
    assert any(words in str(warning) for warning in warnings)


@pytest.mark.parametrize(("outside", "spread"), [(0.0, "limited"), (0.01, "limited"), (0.011, "full")])
def test_an_untagged_range_goes_by_the_luma(outside: float, spread: str) -> None:
    ruling = choose_colour(replace(UNTAGGED, outside=outside))
    assert (ruling.colour.range, "range" in ruling.assumed) == (spread, True)


def test_the_job_overrides_tag_and_policy() -> None:
    said = replace(UNTAGGED, primaries=1, transfer=1, matrix=1, range=2)
    ruling = choose_colour(said, "bt601", "limited")
    # The name tells primaries and matrix; the transfer that is tagged stands.
    assert (ruling.colour, ruling.assumed) == (replace(BT601_525, transfer=1), ())
    assert any("read as bt601, as the job asks" in str(warning) for warning in ruling.warnings)
    assert choose_colour(replace(said, height=576), "bt601").colour.primaries == 5
    assert choose_colour(UNTAGGED, "bt2020").colour == BT2020


def test_rgb_is_full_range_and_gets_a_matrix() -> None:
    ruling = choose_colour(replace(UNTAGGED, rgb=True, matrix=0))
    assert ruling.colour == Colour(1, 1, 1, "full")
    assert ruling.assumed == ("colour",)
    assert choose_colour(replace(UNTAGGED, rgb=True, matrix=0, transfer=13)).assumed == ()


@pytest.mark.parametrize(("colour", "spread"), [("rec709", ""), ("", "tv")])
def test_a_word_that_is_no_colour_is_refused(colour: str, spread: str) -> None:
    with pytest.raises(ValueError, match="is called"):
        choose_colour(UNTAGGED, colour, spread)


def test_tags_are_bounded_and_printable() -> None:
    many = {f"key{i}": "v" for i in range(500)}
    assert len(select_tags(many)) == MOST_TAGS
    assert select_tags({"comment": "a\x00b\x1bc\nd"}) == (("comment", "abc\nd"),)
    assert select_tags({"a": "first"}, {"a": "second", "b": "x"}) == (("a", "first"), ("b", "x"))
    for place in ("location-eng", "GPSLatitude", "com.apple.quicktime.location.ISO6709", "©xyz"):
        assert select_tags({place: "+48+16/"}) == ()
