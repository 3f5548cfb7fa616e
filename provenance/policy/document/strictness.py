"""Says which of two values of a check's parameter requires more of a film.

more    the larger number                    all     what either names: each has to hold
less    the smaller number                   common  what both accept; nothing in common is a contradiction
range   a target: what lies within both      same    the same value; another one is a contradiction
        targets' tolerances
apart   part of what is checked: rules with other values are rules of something else, and are not merged; so are
        those with a parameter that nothing is known of
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Direction = Literal["more", "less", "range", "all", "common", "same", "apart"]
_LABEL: dict[str, Direction] = {
    "texts": "apart", "of": "apart", "shape": "apart", "elements": "all", "height_percent": "more", "percent": "more",
    "seconds": "more", "contrast": "more", "ratio": "more", "by_s": "less", "max_gap": "less", "every": "less",
    "within_s": "less", "fact": "apart", "to": "all", "left": "more", "top": "more", "right": "more", "bottom": "more",
}  # fmt: skip
_FLASHES: dict[str, Direction] = {
    "of": "apart", "flashes": "less", "area_percent": "less", "changes": "less", "share_percent": "less",
    "seconds": "less", "pairs": "less",
}  # fmt: skip
_MOST: dict[str, Direction] = {
    "longest_s": "less", "head_s": "less", "tail_s": "less", "percent": "less", "most": "less", "changes": "less",
    "cambi": "less",
}  # fmt: skip
_SOUND: dict[str, Direction] = {
    "gate": "apart", "lufs": "range", "tolerance_lu": "range", "short_term_lufs": "less", "momentary_lufs": "less",
    "range_lu": "less", "dbtp": "less", "longest_s": "less", "floor_dbfs": "apart", "runs": "less", "overs": "less",
    "correlation": "more", "fold_down_db": "less", "most": "less", "silent": "less",
}  # fmt: skip
_CAPTIONS: dict[str, Direction] = {
    "languages": "all", "wpm": "less", "cps": "less", "characters": "less", "lines": "less", "least_s": "more",
    "most_s": "less", "most": "less",
}  # fmt: skip
_FAMILIES: Mapping[str, Mapping[str, Direction]] = {
    "label": _LABEL,
    "pse": _FLASHES,
    "frames": _MOST,
    "sound": _SOUND,
    "captions": _CAPTIONS,
    "c2pa": {"one_of": "common", "is": "same", "at_least": "more"},
    "xmp": {"one_of": "common"},
    "aigc": {"labels": "common", "location": "apart"},
    "marks": {"required": "all"},
}
_TYPES: Mapping[str, Mapping[str, Direction]] = {
    "fact.declared": {"fact": "apart", "is": "same"},
    "sound.notice": {"words": "apart", "fact": "apart"},
    "text.reads": {**_LABEL, "seconds": "more"},
    "brand.logo_present": {"seconds": "more", "width_percent": "more", "by_s": "less", "last_s": "less"},
    "brand.logo_clear_space": {"percent": "more"},
    "brand.logo_distorted": {"percent": "less"},
    "brand.logo_wrong": {"delta_e": "less", "fade_percent": "less", "covered_percent": "less"},
    "brand.palette": {"percent": "less", "delta_e": "less"},
    "brand.look": {"distance": "less", "percent": "less"},
    "vendor_mark.kept": {"correlation_percent": "more"},
}
# A target and its tolerance, which are merged together.
TARGETS: Mapping[str, tuple[str, str]] = {"sound.loudness": ("lufs", "tolerance_lu")}


NUMBERS: tuple[Direction, ...] = ("more", "less", "range")
LISTS: tuple[Direction, ...] = ("all", "common")
TEXTS = "texts"  # a list too: which of them it is about keeps rules apart


def known_parameters(check: str) -> Mapping[str, Direction]:
    """Returns the parameters of a check, or of its family, that are known here; none for a check that is not."""
    return _TYPES.get(check, _FAMILIES.get(check.partition(".")[0], {}))


def direction_of(check: str, parameter: str) -> Direction:
    """Returns how the parameter of a check is merged."""
    return known_parameters(check).get(parameter, "apart")
