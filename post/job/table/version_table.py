"""Lists what a job says of its versions."""

from __future__ import annotations

from post.job.table.form import Form, Part
from post.knob import Knob

VERSION_FORMS: dict[str, Form] = {
    "versions": Form(
        "The versions of a job: one for each combination of a value of every axis",
        {
            "axes": Part("axis", "by name, such as language, hook, length, format, tone, access", "map"),
            "except": Part("combination", "combinations that are not made", "list"),
            "only": Part("combination", "where given: the combinations that are made", "list"),
            "name": Knob(
                "how the films are named, such as {deliver}-{language}; deliver and each axis where not given",
                "text",
            ),
        },
        required=("axes",),
    ),
    "axis": Form("An axis: what each of its values lays over the job, or a preset's name", open=True),
    "combination": Form("A combination: AXIS: VALUE, or AXIS: [VALUE, ...]", open=True),
    "overlay": Form(
        "What is laid over a job: its keys; in the place of a list, {ID: {KEYS}}, {only: [ID]} and the like",
        open=True,
    ),
}
