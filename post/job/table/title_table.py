"""Lists what a job may say of a title: its style, when it is shown, how it moves, and what it asserts of that."""

from __future__ import annotations

from post.job.asserted import INSIDE
from post.job.table.form import Form, Part
from post.knob import Knob, knobs_of
from post.picture.motion.moves import MOST_SHUTTER, Move

_PRESET = Knob("a preset these keys are laid over", "text")
_MOTION = Part("motion", "how it comes, stays and goes", preset="motion", none=True)
_ASSERT = Part("assert", "what must be so of its time and place, or the job is refused before it is rendered")
_SHUTTER = "motion blur: how long each frame is exposed; 180 is a film camera's"

TITLE_FORMS: dict[str, Form] = {
    "type": Form("A title style", {"preset": _PRESET, "motion": _MOTION}, stages=("title",)),
    "title": Form(
        "A title",
        {
            "preset": _PRESET,
            "id": Knob("its address, by which versions and editors' changes find it", "text"),
            "at": Knob("when it starts, in film time", "duration"),
            "length": Knob("how long it lasts", "duration"),
            "motion": _MOTION,
            "assert": _ASSERT,
        },
        stages=("title",),
        required=("at", "length"),
    ),
    "motion": Form(
        "How a title comes, stays and goes",
        {
            "preset": _PRESET,
            "in": Part("move", "how it comes: from this to rest"),
            "out": Part("move", "how it goes: from rest to this"),
            "while": Part("move", "what it does all the time that it is shown: from rest to this"),
            "shutter": Knob(_SHUTTER, "number", 0, MOST_SHUTTER, "degrees"),
        },
    ),
    "move": Form("One movement; what is not given stays as it is at rest", knobs_of(Move)),
    "assert": Form(
        "What must be so of a title",
        {
            "enters_before": Knob("all of it is seen by this time of the film", "duration"),
            "stays_until": Knob("all of it is seen until this time of the film", "duration"),
            "inside": Knob("where it is in every frame that shows it", "choice", choices=INSIDE),
            "after": Knob("the id of a title that is seen in full before any of this one is", "text"),
        },
    ),
}
