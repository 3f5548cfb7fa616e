"""Lists the keys by which a job says who signs off its films."""

from __future__ import annotations

from post.job.table.form import Form, Part
from post.knob import Knob

SIGNOFF_KEYS: dict[str, Knob | Part] = {
    "gates": Part("gate", "who signs off its films before they are released, by the gate's name", "map"),
    "people": Knob("the people file: a YAML file of who may sign, with roles and public keys", "text"),
}
SIGNOFF_FORMS: dict[str, Form] = {
    "gate": Form(
        "A gate that films pass",
        {
            "roles": Part("word", "who signs, such as creative and legal", "list", short=Knob("a role", "text")),
            "two_person": Knob("nobody counts in two roles; a gate of one role needs two people", "switch"),
        },
        required=("roles",),
    ),
}  # fmt: skip
