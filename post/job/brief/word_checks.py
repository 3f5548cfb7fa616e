"""Types of checks about words: on the picture, in captions, and in what takes were made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from post.job.brief.rule_check import RuleCheck, listed, rule_check
from post.knob import knob


@rule_check("words")
@dataclass(frozen=True, slots=True)
class WordsCheck(RuleCheck):
    """Words that are used nowhere: in prompts, titles and captions, and in what is read on the finished film."""

    needs: ClassVar = ("banned",)
    banned: tuple[str, ...] = listed("words or phrases; case and accents make no difference")
    prompts: bool = knob(default=True, doc="whether prompts of takes are read too")


@rule_check("text")
@dataclass(frozen=True, slots=True)
class TextCheck(RuleCheck):
    """Titles are approved ones: letters, digits and units exactly. A brief with `copy` has this rule without asking."""

    of_takes: ClassVar = False
    allowed: tuple[str, ...] = listed("what titles may say; the brief's `copy` where none is given")


@rule_check("generator")
@dataclass(frozen=True, slots=True)
class GeneratorCheck(RuleCheck):
    """It is recorded how each generated take was made, and by a model that may be used."""

    needs: ClassVar = ("models", "fields")
    models: tuple[str, ...] = listed("models that may be used, by how their names begin")
    fields: tuple[str, ...] = listed(
        "what is recorded of each take",
        choices=("prompt", "model", "seed", "operator", "provider", "version"),
    )


@rule_check("prompt")
@dataclass(frozen=True, slots=True)
class PromptCheck(RuleCheck):
    """What the prompt of a take asks for. A prompt is what was asked for, not what is seen: a take whose prompt lacks
    a word is for a person to look at."""

    needs: ClassVar = ("words",)
    words: tuple[str, ...] = listed("words that a take's prompt has, in any form that begins with them")


@rule_check("content")
@dataclass(frozen=True, slots=True)
class ContentCheck(RuleCheck):
    """Nothing prohibited is seen on the finished film, as far as installed models know; without one, a person is
    asked."""

    of_takes: ClassVar = False
    categories: tuple[str, ...] = listed("categories of the model; all where none is given")
    confidence_percent: float = knob(default=50.0, lo=0, hi=100, unit="%", doc="from which it counts as seen")
