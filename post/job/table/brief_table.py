"""Lists what a motion brief may hold: a file of its own, which a job names under `brief`."""

from __future__ import annotations

from post.job.table.form import Form, Part
from post.knob import Knob

BRIEF_SCHEMA = "Brief.1"


def _text(doc: str) -> Knob:
    return Knob(doc, "text")


_SAYS = _text("in words")
_CHECK = _text("a type of check, with its defaults")

BRIEF_FORMS: dict[str, Form] = {
    "motion-brief": Form(
        "A motion brief, the file that a job names under `brief`: what the film has to tell, and what it keeps to",
        {
            "schema": Knob("the version of this form", "choice", choices=(BRIEF_SCHEMA,)),
            "title": _text("what the film is called"),
            "client": _text("for whom it is made"),
            "objective": _text("what it is for, in words"),
            "formats": Part(
                "brief-format",
                "the films that are wanted",
                "list",
                short=_text("a size or shape, such as 16x9"),
            ),
            "beats": Part("beat", "what the film tells, in order", "list"),
            "rules": Part("rule", "what it keeps to", "list"),
            "non_negotiables": Part(
                "rule", "rules that nobody bends: the logo, the product, what is prohibited", "list"
            ),
            "visual_rules": Part("rule", "rules of how it looks: palette, lens, camera, pace", "list"),
            "references": Part("brief-reference", "films and pictures that show what is meant", "list"),
            "copy": Part(
                "brief-copy", "every text that may stand on the picture", "list", short=_text("a text")
            ),
            "territories": Part(
                "brief-copy", "where it will be shown", "list", short=_text("a code such as EU")
            ),
        },
    ),
    "beat": Form(
        "A beat of a brief",
        {
            "id": _text("its name, which takes and rules use"),
            "says": _text("what it tells, in words"),
            "coverage": Part("beat-coverage", "the takes that are wanted of it"),
        },
        required=("id",),
    ),
    "beat-coverage": Form(
        "Tags of takes, each with the values that are wanted: {framing: [wide, close]}", open=True
    ),
    "take-tags": Form("Tags of a take: each with its value, in words", open=True),
    "brief-format": Form(
        "A film that a brief asks for",
        {
            "size": _text("pixels such as 1920x1080, or a shape such as 16x9"),
            "length": Knob("how long it is", "duration"),
        },
        required=("size",),
    ),
    "rule": Form(
        "A rule of a brief; without a check it is a question, which a person answers",
        {
            "id": _text("its name, under which results are reported"),
            "says": _SAYS,
            "check": Part("rule-check", "what measures it", short=_CHECK),
            "beats": Part(
                "brief-copy",
                "the beats whose takes it is about; all where not given",
                "list",
                short=_text("an id"),
            ),
        },
        required=("id",),
    ),
    "rule-check": Form(
        "What measures a rule",
        {
            "type": _text("one of the types of check"),
            "params": Part("check-params", "its parameters, by name"),
        },
        required=("type",),
    ),
    "check-params": Form("The parameters of a check, as its type has them", open=True),
    "brief-reference": Form(
        "A film or picture that shows what is meant",
        {"id": _text("its name"), "file": _text("its path"), "says": _text("of what it is an example")},
        required=("file",),
    ),
    "brief-copy": Form("A text"),
}
