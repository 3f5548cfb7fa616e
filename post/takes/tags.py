"""Chooses the colour that a clip is read as, from its tags and a policy, and selects its other tags.

Colour policy. Tags are used as they are, for every code that ITU-T H.273 defines; a contradiction between them, or
with the picture, is a warning. A setting of the job overrides them; a tagged transfer stands if it is a camera's, and
under "bt2020" if it is PQ or HLG. Untagged clips:

- 720 lines or more, or 1280 pixels wide or more: BT.709, as players take it;
- smaller: BT.709 primaries and transfer with the BT.601 matrix, because FFmpeg turns RGB to YUV with that
  matrix unless told otherwise, generators do not tell it, and players assume it for small pictures;
- tagged as PQ or HLG and no more: BT.2020;
- range: full where over 1 % of luma in the frames looked at is below 8 or above 247 of 255 (half of the
  foot- and headroom: overshoot does not get that far in bulk), else limited.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from post.errors import SourceError
from post.printable import without_controls
from post.values.colour import (
    BT601_525,
    BT601_625,
    BT709,
    BT2020,
    BY_PRIMARIES_MATRIX,
    CHROMATICITIES,
    HDR,
    LUMA_WEIGHTS,
    SDR_TRANSFERS,
    VIDEO_TRANSFERS,
    Colour,
    Range,
)
from post.values.warning import JobWarning

UNSAID = 2  # H.273: unspecified. Codes 0 and 3 are reserved and say no more than it does.
SAYS_NOTHING = (0, UNSAID, 3)
RGB_MATRIX = 0
FULL_SHARE = 0.01
LARGE_LINES, LARGE_WIDTH = 720, 1280
BY_MATRIX = {
    1: BT709, 4: Colour(matrix=4), 5: BT601_625, 6: BT601_525, 7: Colour(7, 7, 7), 9: BT2020,
    BY_PRIMARIES_MATRIX: Colour(matrix=BY_PRIMARIES_MATRIX),
}  # fmt: skip
# The matrix of a system, by its primaries.
BY_PRIMARIES = {1: 1, 4: 4, 5: 5, 6: 6, 7: 7, 9: 9}
# H.273's matrices that are no weighted sum of R'G'B', so that no table of the kernel can read them.
OTHER_MATRICES = {
    8: "YCgCo", 10: "BT.2020 constant luminance", 11: "Y'D'zD'x", 13: "constant luminance", 14: "ICtCp",
    15: "IPT-PQ-C2", 16: "YCgCo-Re", 17: "YCgCo-Ro",
}  # fmt: skip
# What is shown otherwise than BT.709, in words. The others are shown alike (`post.picture.display`).
PRIMARIES = {
    4: "NTSC of 1953", 8: "film", 9: "BT.2020", 10: "CIE XYZ", 11: "DCI-P3", 12: "Display P3",
}  # fmt: skip
TRANSFERS = {
    4: "gamma 2.2", 5: "gamma 2.8", 8: "linear", 9: "logarithmic, 100 to 1", 10: "logarithmic, 316 to 1", 13: "sRGB",
    17: "SMPTE 428",
}  # fmt: skip

READ_AS = {1: "BT.709", 6: "BT.709 with the BT.601 matrix", 9: "BT.2020"}

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
    colour, colour_assumed = (_asked(asked, said), False) if asked else _told(said)
    warnings += _conversions(colour)
    spread, range_assumed = _range(said, asked_range)
    if colour_assumed:
        fix = "set the take's `colour` if it looks wrong"
        what = f"does not say its colour: read as {READ_AS[colour.matrix]}"
        warnings.append(JobWarning("colour-untagged", what, fix=fix))
    if range_assumed and spread == "full" and not said.rgb:
        outside = f"{said.outside:.0%} of luma outside the limited range"
        warnings.append(JobWarning("range-untagged", "does not say its range: read as full", outside))
    if asked and not colour_assumed and said.matrix not in (*SAYS_NOTHING, colour.matrix):
        what = f"is tagged with matrix {said.matrix} and read as {asked}, as the job asks"
        warnings.append(JobWarning("colour-overridden", what))
    assumed = [name for name, is_so in (("colour", colour_assumed), ("range", range_assumed)) if is_so]
    return ColourChoice(replace(colour, range=spread), tuple(assumed), tuple(warnings))


def refuse_other_matrix(said: ColourTags, asked: str, where: str) -> None:
    """Raises SourceError for a picture in a system that is no Y'CbCr, unless the job says what it is.

    asked: the job's "colour", or "".
    """
    if asked or said.rgb or said.matrix not in OTHER_MATRICES:
        return
    raise SourceError(
        f"is tagged as {OTHER_MATRICES[said.matrix]}, which cannot be read here", where=where,
        expected="Y'CbCr, such as BT.709, BT.601 or BT.2020 (non-constant luminance)", got=f"matrix {said.matrix}",
        fix="export it as one of these, or set the take's colour if the tag is wrong",
    )  # fmt: skip


def _asked(asked: str, said: ColourTags) -> Colour:
    named = {"bt709": BT709, "bt601": BT601_625 if said.height in (288, 576) else BT601_525, "bt2020": BT2020}
    if asked not in named:
        raise ValueError(f"no colour is called {asked!r}: {', '.join(named)}")
    colour = named[asked]
    stands = said.transfer in VIDEO_TRANSFERS or (asked == "bt2020" and said.transfer in HDR)
    return replace(colour, transfer=said.transfer) if stands else colour


def _told(said: ColourTags) -> tuple[Colour, bool]:
    """Returns the colour by its tags, and whether the matrix had to be assumed."""
    matrix = said.matrix if said.matrix in BY_MATRIX else BY_PRIMARIES.get(said.primaries, 0)
    if said.rgb:
        matrix = BT709.matrix
    base = BY_MATRIX[matrix] if matrix else _by_size(said)
    primaries = said.primaries if said.primaries in CHROMATICITIES else base.primaries
    known = said.transfer in SDR_TRANSFERS or said.transfer in HDR
    unsaid = not known if said.rgb else not matrix
    return Colour(primaries, said.transfer if known else base.transfer, base.matrix), unsaid


def _by_size(said: ColourTags) -> Colour:
    if said.transfer in HDR:
        return BT2020
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
            said.primaries == 9 and said.matrix in (1, 4, 5, 6, 7)
        ),
    }
    kinds = (
        ("primaries", said.primaries, CHROMATICITIES),
        ("transfer", said.transfer, SDR_TRANSFERS | HDR.keys()),
        ("matrix", said.matrix, LUMA_WEIGHTS.keys() | OTHER_MATRICES.keys() | {BY_PRIMARIES_MATRIX}),
    )
    undefined = [
        JobWarning(
            "tags-undefined", f"is tagged with {name} {code}, which H.273 does not define: read as not tagged"
        )
        for name, code, known in kinds
        if code not in known and code not in SAYS_NOTHING
    ]
    return [warning for warning, is_so in found.items() if is_so] + undefined


def _tags(what: str) -> JobWarning:
    return JobWarning("tags-contradict", what)


def _conversions(colour: Colour) -> list[JobWarning]:
    """Returns what is to be said where the picture is not shown as BT.709 is."""
    if colour.transfer in HDR:
        return [JobWarning("hdr", f"is HDR ({HDR[colour.transfer]}): tone-mapped to Rec.709")]
    named = ("primaries", PRIMARIES.get(colour.primaries)), ("transfer", TRANSFERS.get(colour.transfer))
    differ = [
        f"{name} of {word}" if name == "primaries" else f"{word} {name}" for name, word in named if word
    ]
    if not differ:
        return []
    clipped = "; what that cannot show is clipped" if colour.primaries in PRIMARIES else ""
    what = f"has {' and '.join(differ)}: converted to Rec.709{clipped}"
    return [JobWarning("colour-converted", what)]


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
