"""Lists what a job says of how a picture fills the frame, for the table of all its keys."""

from __future__ import annotations

from post.job.table.form import Form, Part
from post.knob import Knob

AUTO_FOCUS = Knob("auto: what keeps most of what stands out in the shot", "choice", choices=("auto",))
FOCUS = Part("point", "what to keep when cropping, as [x, y] from 0 to 1", short=AUTO_FOCUS)
REFRAME = Part("framing", "focus, fit, fill and zoom in one place; one word is its focus", short=AUTO_FOCUS)
FILL = Knob("over every shot's own fill", "choice", choices=("crop", "pad", "blur", "auto"))
FRAMING_FORMS = {
    "framing": Form(
        "What a crop keeps",
        {
            "focus": FOCUS,
            "keys": Part(
                "focus-key",
                "the focus by hand, as [[0s, [x, y]], [2s, [x, y]]]: times from the shot's start; it goes from one to "
                "the next, starting and ending gently",
                "list",
            ),
            "keep": Part(
                "box",
                "boxes that no crop may cut, as [[left, top, right, bottom]] from 0 to 1: a generator's mark, a sign",
                "list",
            ),
        },
        stages=("reframe",),
    ),
    "point": Form("Two numbers from 0 to 1: from the left, from the top"),
    "focus-key": Form("A time, and the focus then"),
    "box": Form("Four numbers from 0 to 1: left, top, right, bottom"),
}
