"""Finds the takes that are still missing: for each beat, the values of one dimension that it has no take of.

A dimension is what differs between takes: a tag of theirs (`tags: {framing: wide}`), or what a prompt says of framing,
camera and light in the words of TERMS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from post.brief.wording import has_phrase
from post.job.model import Beat, TakeRef
from post.values import Take
from provenance.record import merge

# What prompts say, by dimension and value; the first value that is found counts.
TERMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "framing": {
        "close": ("close-up", "closeup", "macro", "extreme close"),
        "medium": ("medium shot", "mid shot", "waist up"),
        "aerial": ("aerial", "drone", "bird's-eye", "from above", "overhead"),
        "wide": ("wide shot", "wide angle", "establishing shot", "long shot", "wide"),
    },
    "camera": {
        "static": ("static", "locked-off", "tripod", "fixed camera"),
        "handheld": ("handheld", "hand-held"),
        "dolly": ("dolly", "push in", "pull back", "tracking shot", "tracking"),
        "pan": ("pan", "pans", "panning", "slow pan"),
        "zoom": ("zoom", "zooms", "zooming"),
    },
    "light": {
        "dawn": ("dawn", "sunrise"),
        "dusk": ("dusk", "sunset", "golden hour", "twilight"),
        "night": ("night", "moonlight", "neon"),
        "overcast": ("overcast", "cloudy", "fog", "foggy"),
        "day": ("daylight", "midday", "noon", "sunny"),
    },
}


@dataclass(frozen=True, slots=True)
class MissingTake:
    """A take that a beat has not. field, value: of the dimension; wanted: the brief asks for it, else other beats have
    it."""

    field: str
    value: str
    wanted: bool

    def __str__(self) -> str:
        why = "the brief asks for it" if self.wanted else "other beats have it"
        return f"no take with {self.field}: {self.value} ({why})"


def take_tags(ref: TakeRef, take: Take) -> dict[str, str]:
    """Returns the dimensions of a take with its values: its tags, and of its prompt what those do not say."""
    prompts = [value for field, value, _ in merge(ref.record, take.record) if field == "prompt"]
    found = {
        field: value
        for field, values in TERMS.items()
        for value in reversed(tuple(values))
        if any(has_phrase(prompt, term) for prompt in prompts for term in values[value])
    }
    return {**found, **dict(ref.tags)}


def missing_takes(
    takes: Sequence[tuple[TakeRef, Take]], beats: Sequence[Beat]
) -> dict[str, tuple[MissingTake, ...]]:
    """Returns, by beat, the takes that it lacks: those that the brief asks for; and of the one dimension that varies
    most among takes of beats, the values that other beats have."""
    tags = [(ref.beat, take_tags(ref, take)) for ref, take in takes if ref.beat]
    wanted = {beat.id: dict(beat.coverage) for beat in beats}
    main = _main_dimension([each for _, each in tags])
    values = list(dict.fromkeys(each[main] for _, each in tags if main in each)) if main else []
    found = dict[str, tuple[MissingTake, ...]]()
    for beat in beats:
        have = [each for made_for, each in tags if made_for == beat.id]
        asked = wanted[beat.id]
        lacking = [
            MissingTake(field, value, wanted=True)
            for field, of_field in asked.items()
            for value in of_field
            if all(each.get(field) != value for each in have)
        ]
        if main and main not in asked:
            seen = {each.get(main) for each in have}
            lacking += [MissingTake(main, value, wanted=False) for value in values if value not in seen]
        found[beat.id] = tuple(lacking)
    return found


def _main_dimension(tags: Sequence[Mapping[str, str]]) -> str:
    """Returns the dimension that is known of most takes and has two values or more; "" where none has."""
    counts = {
        field: (sum(field in each for each in tags), len({each[field] for each in tags if field in each}))
        for field in dict.fromkeys(name for each in tags for name in each)
    }
    varied = [field for field, (_, values) in counts.items() if values > 1]
    return max(varied, key=lambda field: counts[field], default="")
