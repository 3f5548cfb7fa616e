from __future__ import annotations

from dataclasses import replace

import pytest

from post.errors import SourceError
from post.takes.tags import (
    MOST_TAGS,
    OTHER_MATRICES,
    ColourTags,
    choose_colour,
    refuse_other_matrix,
    select_tags,
)
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
        ((1, 1, 1), BT709), ((6, 6, 6), BT601_525), ((5, 6, 5), BT601_625), ((2, 2, 1), BT709),
        ((2, 2, 6), BT601_525), ((2, 2, 4), Colour(1, 1, 4)), ((7, 7, 7), Colour(7, 7, 7)),
        ((2, 2, 7), Colour(7, 7, 7)), ((22, 1, 1), Colour(22, 1, 1)), ((1, 11, 1), Colour(1, 11, 1)),
        ((2, 2, 12), Colour(1, 1, 12)), ((7, 2, 2), Colour(7, 7, 7)),
    ],
)  # fmt: skip
def test_tags_are_believed_and_gaps_filled_from_the_rest(codes: tuple[int, int, int], colour: Colour) -> None:
    ruling = choose_colour(tagged(codes))
    assert (ruling.colour, ruling.assumed, ruling.warnings) == (colour, (), ())


@pytest.mark.parametrize(
    ("codes", "colour", "words"),
    [
        (
            (9, 14, 9),
            BT2020,
            "has primaries of BT.2020: converted to Rec.709; what that cannot show is clipped",
        ),
        ((9, 2, 2), BT2020, "has primaries of BT.2020: "),
        ((1, 13, 1), Colour(1, 13, 1), "has sRGB transfer: converted to Rec.709"),
        ((12, 1, 1), Colour(12, 1, 1), "has primaries of Display P3: converted"),
        ((12, 13, 1), Colour(12, 13, 1), "has primaries of Display P3 and sRGB transfer: converted"),
        ((12, 13, 12), Colour(12, 13, 12), "has primaries of Display P3 and sRGB transfer: converted"),
        ((4, 4, 4), Colour(4, 4, 4), "has primaries of NTSC of 1953 and gamma 2.2 transfer: converted"),
        ((5, 5, 5), Colour(5, 5, 5), "has gamma 2.8 transfer: converted"),
        ((8, 1, 1), Colour(8, 1, 1), "has primaries of film: converted"),
        ((1, 8, 1), Colour(1, 8, 1), "has linear transfer: converted"),
        ((11, 17, 1), Colour(11, 17, 1), "has primaries of DCI-P3 and SMPTE 428 transfer: converted"),
        ((9, 16, 9), Colour(9, 16, 9), "is HDR (PQ): tone-mapped to Rec.709"),
        ((9, 18, 9), Colour(9, 18, 9), "is HDR (HLG): tone-mapped to Rec.709"),
    ],
)
def test_a_conversion_is_said(codes: tuple[int, int, int], colour: Colour, words: str) -> None:
    ruling = choose_colour(tagged(codes))
    assert (ruling.colour, ruling.assumed) == (colour, ())
    assert [words in str(warning) for warning in ruling.warnings] == [True]


def test_hdr_without_other_tags_is_bt2020() -> None:
    assert choose_colour(tagged((2, 18, 2))).colour == Colour(9, 18, 9)


@pytest.mark.parametrize("codes", [(200, 1, 1), (1, 99, 1), (1, 1, 77)])
def test_a_code_that_is_in_no_standard_is_said(codes: tuple[int, int, int]) -> None:
    ruling = choose_colour(tagged(codes))
    assert ruling.colour == BT709
    assert [warning for warning in ruling.warnings if "which H.273 does not define" in str(warning)]


@pytest.mark.parametrize("matrix", OTHER_MATRICES)
def test_a_system_that_is_no_weighted_sum_is_refused_unless_the_job_knows_better(matrix: int) -> None:
    said = tagged((9, 16, matrix))
    with pytest.raises(SourceError, match=rf"is tagged as .*got matrix {matrix}; export it as one of these"):
        refuse_other_matrix(said, "", "clip.mp4")
    refuse_other_matrix(said, "bt709", "clip.mp4")
    refuse_other_matrix(replace(said, rgb=True), "", "clip.mp4")


def test_every_code_of_the_standard_is_read_or_refused() -> None:
    """ITU-T H.273 (07/2024), Tables 2 to 4."""
    for primaries in (*range(1, 13), 22):
        for transfer in range(1, 19):
            for matrix in range(18):
                said = tagged((primaries, transfer, matrix))
                assert all(
                    "does not define" not in str(warning) for warning in choose_colour(said).warnings
                ), said


def tagged(codes: tuple[int, int, int]) -> ColourTags:
    return replace(UNTAGGED, primaries=codes[0], transfer=codes[1], matrix=codes[2], range=1)


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
    # The name tells primaries and matrix; a camera's transfer stands.
    assert (ruling.colour, ruling.assumed) == (replace(BT601_525, transfer=1), ())
    assert any("read as bt601, as the job asks" in str(warning) for warning in ruling.warnings)
    assert choose_colour(replace(said, height=576), "bt601").colour.primaries == 5
    assert choose_colour(UNTAGGED, "bt2020").colour == BT2020
    assert choose_colour(tagged((1, 18, 1)), "bt2020").colour == Colour(9, 18, 9)
    for codes in ((9, 16, 9), (12, 13, 1), (5, 5, 5)):
        ruling = choose_colour(tagged(codes), "bt709")
        assert ruling.colour == BT709
        assert all(
            "converted" not in str(warning) and "HDR" not in str(warning) for warning in ruling.warnings
        )


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
