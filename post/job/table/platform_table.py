"""Lists what a platform's file may hold: the parts of a film that its own controls cover."""

from __future__ import annotations

from post.job.table.form import Form, Part
from post.knob import Knob

MOST_COVERED = 45  # percent of the height or the width


def _share(side: str, of: str) -> Knob:
    return Knob(f"covered at the {side}, of the {of}", "number", 0, MOST_COVERED, "%")


PLATFORM_FORMS: dict[str, Form] = {
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
