"""Asks models of other packages about a film's content: what is prohibited is for the rule and the model to say.

A model is an entry point of the group `answerprint.content`: a function without arguments that returns a
`ContentModel`. None comes with the program; where none is installed, nothing was looked at, and nothing passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from importlib.metadata import entry_points
from math import isfinite
from pathlib import Path
from typing import Protocol

from post.errors import SourceError
from post.qc.sampled import ShownReader, sampled_numbers
from post.takes.probe import probe
from post.values.array import Array
from post.values.sights.content import ContentSight, SeenContent

GROUP = "answerprint.content"
STEP = Fraction(1)  # seconds
MOST_SAMPLES = 240
MISSING = f"no model of content is installed (an entry point of {GROUP})"


class ContentModel(Protocol):
    """Says what a picture shows. Its package must hold the model itself: nothing is downloaded."""

    @property
    def name(self) -> str:
        """Its name and release, for evidence."""

    def classify(self, rgb: Array) -> Mapping[str, float]:
        """Returns how sure it is of each of its categories, 0..1. rgb: (height, width, 3) uint8, upright."""


def find_models() -> list[ContentModel]:
    """Returns the models that are installed, by the names of their entry points."""
    return [each.load()() for each in sorted(entry_points(group=GROUP), key=lambda each: each.name)]


def judge_content(path: Path) -> ContentSight:
    """Returns the highest confidence of each category in a film. Call it in a worker.

    Raises SourceError where it cannot be read as a film. A model that fails, or whose confidence is no number,
    has looked at nothing: the sight says so.
    """
    try:
        return _judge(path)
    except SourceError:
        raise
    except Exception as fault:  # noqa: BLE001  a model of another package may raise anything
        return ContentSight(fault=f"a model of content failed: {type(fault).__name__}: {fault}")


def _judge(path: Path) -> ContentSight:
    models = find_models()
    if not models:
        return ContentSight(fault=MISSING)
    picture = probe(path, path.name).picture
    numbers = sampled_numbers(picture, STEP, MOST_SAMPLES)
    best: dict[str, SeenContent] = {}
    with ShownReader(path, picture) as reader:
        for number in numbers:
            rgb = reader.rgb(number)
            for category, sure in (
                (each, sure) for model in models for each, sure in model.classify(rgb).items()
            ):
                if not isfinite(sure):
                    raise ValueError(f"its confidence of {category} is {sure}")
                if category not in best or sure > best[category].confidence:
                    best[category] = SeenContent(category, float(sure), picture.grid.seconds(number), number)
    seen = tuple(sorted(best.values(), key=lambda each: (-each.confidence, each.category)))
    return ContentSight(seen, tuple(each.name for each in models), len(numbers))
