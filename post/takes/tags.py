"""Chooses the colour that a clip is read as, from its tags and a policy, and selects its other tags.

Colour policy. Tags are used as they are; a contradiction between them, or with the picture, is a warning. A
setting of the job overrides them. Untagged clips:

- 720 lines or more, or 1280 pixels wide or more: BT.709, as players take it;
- smaller: BT.709 primaries and transfer with the BT.601 matrix, because FFmpeg turns RGB to YUV with that
  matrix unless told otherwise, generators do not tell it, and players assume it for small pictures;
- range: full where over 1 % of luma in the frames looked at is below 8 or above 247 of 255 (half of the
  foot- and headroom: overshoot does not get that far in bulk), else limited.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from post.printable import without_controls
from post.values.colour import BT601_525, BT601_625, BT709, BT2020, LUMA_WEIGHTS, Colour, Range
from post.values.warning import JobWarning

UNSAID = 2  # H.273: unspecified. Codes 0 and 3 are reserved and say no more than it does.
SAYS_NOTHING = (0, UNSAID, 3)
RGB_MATRIX = 0
FULL_SHARE = 0.01
LARGE_LINES, LARGE_WIDTH = 720, 1280
HDR = {16: "PQ", 18: "HLG"}
BY_MATRIX = {1: BT709, 5: BT601_625, 6: BT601_525, 9: BT2020}
BY_PRIMARIES = {1: 1, 5: 5, 6: 6, 9: 9}

# Keys of the container format itself, and of anything that tells where a camera was.
DULL = frozenset(
    {"major_brand", "minor_version", "compatible_brands", "language", "handler_name", "vendor_id"}
)
PRIVATE = ("location", "gps", "xyz", "latitude", "longitude", "altitude")
MOST_TAGS, LONGEST_KEY, LONGEST_VALUE = 64, 80, 16384
LONGEST_GRAPH = 1 << 20  # of JSON, which is nothing when it is cut: a ComfyUI workflow


@dataclass(frozen=True, slots=True)
class ColourTags:
    """The colour tags of a file: H.273 codes (2: unspecified), and range (0 unspecified, 1 limited, 2 full).

    outside: share of luma samples beyond half of the foot- and headroom, 0..1; rgb: the file holds no YUV.
    """

    width: int
    height: int
    primaries: int
    transfer: int
    matrix: int
    range: int
    outside: float
    rgb: bool


@dataclass(frozen=True, slots=True)
class ColourChoice:
    """The colour that a clip is read as, which parts of it are assumed, and warnings for the user."""

    colour: Colour
    assumed: tuple[str, ...]
    warnings: tuple[JobWarning, ...]


def choose_colour(said: ColourTags, asked: str = "", asked_range: str = "") -> ColourChoice:
    """Returns the colour by the policy of this module.

    asked: "bt709", "bt601", "bt2020" or ""; asked_range: "limited", "full" or "". Raises ValueError for others.
    """
    warnings = _contradictions(said)
    colour, colour_assumed = _asked(asked, said) if asked else _told(said)
    spread, range_assumed = _range(said, asked_range)
    if colour_assumed:
        how = "BT.709" if colour.matrix == BT709.matrix else "BT.709 with the BT.601 matrix"
        fix = "set the take's `colour` if it looks wrong"
        warnings.append(JobWarning("colour-untagged", f"does not say its colour: read as {how}", fix=fix))
    if range_assumed and spread == "full" and not said.rgb:
        outside = f"{said.outside:.0%} of luma outside the limited range"
        warnings.append(JobWarning("range-untagged", "does not say its range: read as full", outside))
    if asked and not colour_assumed and said.matrix not in (*SAYS_NOTHING, colour.matrix):
        what = f"is tagged with matrix {said.matrix} and read as {asked}, as the job asks"
        warnings.append(JobWarning("colour-overridden", what))
    assumed = [name for name, is_so in (("colour", colour_assumed), ("range", range_assumed)) if is_so]
    return ColourChoice(replace(colour, range=spread), tuple(assumed), tuple(warnings))


def _asked(asked: str, said: ColourTags) -> tuple[Colour, bool]:
    named = {"bt709": BT709, "bt601": BT601_625 if said.height in (288, 576) else BT601_525, "bt2020": BT2020}
    if asked not in named:
        raise ValueError(f"no colour is called {asked!r}: {', '.join(named)}")
    colour = named[asked]
    # The names give primaries and matrix; a transfer that the file tags (PQ, HLG, sRGB) stays.
    return (colour if said.transfer in SAYS_NOTHING else replace(colour, transfer=said.transfer)), False


def _told(said: ColourTags) -> tuple[Colour, bool]:
    """Returns the colour by its tags, and whether the matrix had to be assumed."""
    matrix = said.matrix if said.matrix in LUMA_WEIGHTS else BY_PRIMARIES.get(said.primaries, 0)
    if said.rgb:
        matrix = BT709.matrix
    base = BY_MATRIX[matrix] if matrix else _by_size(said)
    primaries = base.primaries if said.primaries in SAYS_NOTHING else said.primaries
    transfer = base.transfer if said.transfer in SAYS_NOTHING else said.transfer
    unsaid = said.transfer in SAYS_NOTHING if said.rgb else not matrix
    return Colour(primaries, transfer, base.matrix), unsaid


def _by_size(said: ColourTags) -> Colour:
    large = said.height >= LARGE_LINES or said.width >= LARGE_WIDTH
    return BT709 if large else replace(BT709, matrix=6)


def _range(said: ColourTags, asked: str) -> tuple[Range, bool]:
    told: dict[object, Range] = {"limited": "limited", "full": "full", 1: "limited", 2: "full"}
    if asked and asked not in told:
        raise ValueError(f"no range is called {asked!r}: limited, full")
    if said.rgb:
        # RGB in a file is full range; no reader treats it otherwise unless told.
        return told.get(asked or said.range, "full"), False
    known = told.get(asked or said.range)
    if known:
        return known, False
    return ("full" if said.outside > FULL_SHARE else "limited"), True


def _contradictions(said: ColourTags) -> list[JobWarning]:
    large = said.height >= LARGE_LINES or said.width >= LARGE_WIDTH
    found = {
        _tags("is tagged as limited range, but luma goes far outside it"): said.range == 1
        and said.outside > FULL_SHARE
        and not said.rgb,
        _tags("is tagged as RGB, but its picture is YUV: the tag is ignored"): said.matrix == RGB_MATRIX
        and not said.rgb,
        _tags("is tagged with the BT.601 matrix at a size that is usually BT.709"): (
            large and said.matrix in (5, 6)
        ),
        _tags("is tagged with BT.2020 primaries and another matrix"): (
            said.primaries == 9 and said.matrix in (1, 5, 6)
        ),
        JobWarning(
            "hdr", f"is tagged as HDR ({HDR.get(said.transfer)}): finished as it is, not tone-mapped"
        ): said.transfer in HDR,
    }
    return [warning for warning, is_so in found.items() if is_so]


def _tags(what: str) -> JobWarning:
    return JobWarning("tags-contradict", what)


def select_tags(*sources: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Returns the tags of a file that are recorded, in its order, bounded in number and length.

    Tags of the container format itself and tags that hold a place (GPS) are left out.
    """
    tags: dict[str, str] = {}
    for key, value in (pair for source in sources for pair in source.items()):
        if key in DULL or any(word in key.lower() for word in PRIVATE):
            continue
        longest = LONGEST_GRAPH if value.lstrip()[:1] == "{" else LONGEST_VALUE
        tags.setdefault(without_controls(key)[:LONGEST_KEY], without_controls(value[:longest]))
    return tuple(tags.items())[:MOST_TAGS]
