"""Asks models of other packages about a film's content: what is prohibited is for the rule and the model to say.

A model is an entry point of the group `answerprint.content`: a function without arguments that returns a
`ContentModel`. None comes with the program; where none is installed, nothing was looked at, and nothing passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import entry_points
from math import isfinite
from typing import Protocol

from post.qc.film_reader import FilmFrame, FilmReader
from post.qc.sampled import sampled_numbers
from post.values import Picture
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


@dataclass(frozen=True, slots=True)
class ContentQuestion:
    """Asks installed models about a film's content. Its sight is a `ContentSight`: a model that fails, or whose
    confidence is no number, has looked at nothing, and the sight says so."""

    def meter(self, picture: Picture) -> ContentMeter:
        """Returns what asks them."""
        return ContentMeter(picture)

    def blind(self, why: str) -> ContentSight:
        """Returns the sight of a film that no model saw."""
        return ContentSight(fault=why)


class ContentMeter:
    """Shows frames a second apart to every model, and keeps the highest confidence of each category."""

    look_back = Fraction(0)

    def __init__(self, picture: Picture) -> None:
        self._picture, self._best = picture, dict[str, SeenContent]()
        self._models, self._fault = list[ContentModel](), ""
        try:
            self._models = find_models()
            self._names = tuple(each.name for each in self._models)
            self._fault = "" if self._models else MISSING
        except Exception as fault:  # noqa: BLE001  a model of another package may raise anything
            self._fault = _failed(fault)
        self.numbers = () if self._fault else sampled_numbers(picture, STEP, MOST_SAMPLES)

    def see(self, frame: FilmFrame, _: FilmReader) -> None:
        """Shows the next frame to the models."""
        rgb = frame.rgb
        if self._fault:
            return
        try:
            for model in self._models:
                for category, sure in model.classify(rgb.copy()).items():
                    self._add(category, sure, frame.number)
        except Exception as fault:  # noqa: BLE001  a model of another package may raise anything
            self._fault = _failed(fault)

    def _add(self, category: str, sure: float, number: int) -> None:
        if not isfinite(sure):
            raise ValueError(f"its confidence of {category} is {sure}")
        if category not in self._best or sure > self._best[category].confidence:
            at = self._picture.grid.seconds(number)
            self._best[category] = SeenContent(category, float(sure), at, number)

    def found(self, _: FilmReader) -> ContentSight:
        """Returns what the models said."""
        if self._fault:
            return ContentSight(fault=self._fault)
        seen = sorted(self._best.values(), key=lambda each: (-each.confidence, each.category))
        return ContentSight(tuple(seen), self._names, len(self.numbers))


def _failed(fault: Exception) -> str:
    return f"a model of content failed: {type(fault).__name__}: {fault}"
