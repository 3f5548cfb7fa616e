"""Lists what a job says of the type on its film: styles, titles, how they move, and captions."""

from __future__ import annotations

from post.job.table.form import Form, Part
from post.knob import Knob, knobs_of
from post.picture.motion.moves import Move


def _text(doc: str) -> Knob:
    return Knob(doc, "text")


PRESET = _text("a preset these keys are laid over")
AT = Knob("when it starts, in film time", "duration")
ID = _text("its address, by which versions and editors' changes find it")
TITLE_STAGES = ("title", "card", "countdown")
_STAGE = Knob("what draws it; title where not given", "choice", choices=TITLE_STAGES)
_SIDECAR = Knob("the kind of file", "choice", choices=("vtt", "srt", "imsc"))
_NAME = _text("its name")
_MOTION = Part("motion", "how it comes, stays and goes", preset="motion", none=True)
MOTION_PARTS: dict[str, Knob | Part] = {
    "in": Part("move", "how it comes: from this to rest"),
    "out": Part("move", "how it goes: from rest to this"),
    "while": Part("move", "what it does all the time that it is shown: from rest to this"),
    "shutter": Knob(
        "motion blur: how long each frame is exposed; 180 is a film camera's", "number", 0, 360, "degrees"
    ),
}
TYPE_FORMS: dict[str, Form] = {
    "type": Form(
        "A title style", {"preset": PRESET, "stage": _STAGE, "motion": _MOTION}, stages=TITLE_STAGES
    ),
    "motion": Form("How a title comes, stays and goes", MOTION_PARTS | {"preset": PRESET}),
    "move": Form("One movement; what is not given stays as it is at rest", knobs_of(Move)),
    "title": Form(
        "A title",
        {
            "style": _text("its style: a type preset's name, or a path to one; the house's where not given"),
            "preset": _text("the same as style"),
            "stage": _STAGE,
            "id": ID,
            "at": AT,
            "length": Knob("how long it lasts", "duration"),
            "motion": _MOTION,
        },
        stages=TITLE_STAGES,
        required=("at", "length"),
    ),
    "caption": Form(
        "The captions of one file",
        {
            "id": ID,
            "file": _text("SRT, WebVTT, ASS, TTML or IMSC, SCC, or EBU STL"),
            "language": _text("BCP 47, such as en or pt-BR; the file's own where not given"),
            "style": _text("a preset that these knobs are laid over; broadcast where not given"),
            "burn": Knob("into the picture", "switch"),
            "sidecar": Part(
                "sidecar", "files beside each film; one word stands for one", "some", short=_SIDECAR
            ),
            "track": Knob("a track in each film", "switch"),
            "encoding": _text("of its letters, such as windows-1252, where the file does not show it surely"),
            "format": _text("of the file, where its content does not show it"),
            "rate": _text("frames a second of times that count frames, where the file does not say"),
            "deliver": Part(
                "deliver-name", "the films that have them; all where not given", "some", short=_NAME
            ),
            "on": _text(
                "film: its times are the film's; or a take's name: times of that take, wherever it is shown"
            ),
        },
        stages=("caption",),
        required=("file",),
    ),
    "sidecar": Form("A caption file beside a film", {"format": _SIDECAR}, required=("format",)),
    "deliver-name": Form("A deliverable, by its name", {"name": _NAME}, required=("name",)),
}
