"""Which of our transitions an editor's is, by its name, and which name an editor has for ours."""

from __future__ import annotations

from post.stage import find, stage_names

# Names that editors give, in lower case; a stage's own name stands for itself.
_STAGES = {
    "cross dissolve": "dissolve",
    "additive dissolve": "dissolve",
    "film dissolve": "dissolve",
    "non-additive dissolve": "dissolve",
    "smooth cut": "dissolve",
    "dip to black": "dip",
    "dip to white": "dip",
    "dip to color dissolve": "dip",
    "fade to color": "dip",
    "fade to colour": "dip",
    "push slide": "push",
    "swap": "slide",
    "edge wipe": "wipe",
    "band wipe": "blinds",
    "venetian blind wipe": "blinds",
    "clock wipe": "clock",
    "iris round": "iris",
    "oval iris": "iris",
    "wipe": "wipe",
    "circle": "iris",
    "checker wipe": "checker",
    "checkerboard": "checker",
    "cross zoom": "zoom",
    "spin in": "spin",
}
# What Final Cut Pro 7 and Premiere Pro call those that they have; for any other they show a dissolve.
NAMES = {
    "dissolve": "Cross Dissolve", "dip": "Dip to Color Dissolve", "wipe": "Edge Wipe", "push": "Push", "slide": "Slide",
    "zoom": "Cross Zoom", "iris": "Iris Round", "clock": "Clock Wipe", "checker": "Checker Wipe",
    "blinds": "Venetian Blind Wipe",
}  # fmt: skip
_WIPE = 1  # SMPTE 258M: left to right


def stage_of(name: str) -> tuple[str, int | None]:
    """Returns the stage that a transition of an editor is, and its SMPTE wipe code; "" and None where none is."""
    stage = _STAGES.get(name.strip().lower(), name.strip().lower())
    if not stage:
        return "dissolve", None
    if not is_installed(stage):
        return "", None
    return stage, _WIPE if stage == "wipe" else None


def is_installed(stage: str) -> bool:
    """Returns whether there is a transition of that name."""
    return stage in stage_names() and find(stage).does == "transition"
