"""Lists what a brand file and a platform's file may hold."""

from __future__ import annotations

from post.job.table.form import Form, Part
from post.knob import Knob

MOST_COVERED = 45  # percent of the height or the width


def _share(side: str, of: str) -> Knob:
    return Knob(f"covered at the {side}, of the {of}", "number", 0, MOST_COVERED, "%")


DESIGN_FORMS: dict[str, Form] = {
    "tokens": Form(
        "A brand's tokens: values by name, which styles and layers write as $NAME",
        {
            "colours": Part("colours", 'colours by name, such as `accent: "#ffc400"`'),
            "files": Part("files", "fonts and logos by name, as paths from the brand file; null is Inter"),
            "numbers": Part("numbers", "sizes, weights, spacing and radii by name"),
        },
    ),
    "colours": Form("Colours by name", open=True),
    "files": Form("Fonts and logos by name", open=True),
    "numbers": Form("Numbers by name", open=True),
    "platform": Form(
        "A platform: what its controls cover, for each shape of film",
        {"zones": Part("zone", "one for each shape", "list")},
        required=("zones",),
    ),
    "zone": Form(
        "What a platform's controls cover of one shape of film",
        {
            "shape": Knob("width to height, such as 9:16", "text"),
            "top": _share("top", "height"),
            "right": _share("right", "width"),
            "bottom": _share("bottom", "height"),
            "left": _share("left", "width"),
            "what": Knob("what lies there", "text"),
            "source": Knob("where the numbers are from, where not from the platform's own source", "text"),
            "date": Knob("when that was read", "text"),
            "confidence": Knob(
                "A: the owner says so; B: measured on its material; C: an estimate, or others say so",
                "choice",
                choices=("A", "B", "C"),
            ),
        },
        required=("shape", "top", "right", "bottom", "left", "date", "confidence"),
    ),
}
