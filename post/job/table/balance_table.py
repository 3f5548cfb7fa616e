"""Lists what a match may name, how sure it has to be, and what the shots of a house measure."""

from __future__ import annotations

from post.knob import Knob

HERO = Knob("the name of a shot, `previous`, or `house`", "text")
# The words of post.measure.match, which this room does not import.
WHEN = Knob(
    "`sure` makes transfers that are sure, `likely` also balances, `always` also makes what is unsure",
    "choice",
    choices=("sure", "likely", "always"),
)
FIGURES = {
    "black": Knob("luma of which 2 % of the pixels are darker", "number", 0, 1),
    "mid": Knob("luma of which half of the pixels are darker", "number", 0, 1),
    "white": Knob("luma of which 98 % of the pixels are darker", "number", 0, 1),
    "contrast": Knob("standard deviation of luma", "number", 0, 0.5),
    "red": Knob("by how much greys are redder than grey, as a share of their luma", "number", -0.2, 0.2),
    "blue": Knob("by how much greys are bluer than grey, as a share of their luma", "number", -0.2, 0.2),
    "saturation": Knob("mean chroma about the greys, as Cb and Cr have it", "number", 0, 0.5),
}
