"""What a film shows of generators' marks, and of content that may be prohibited."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from post.values.claim import Box


@dataclass(frozen=True, slots=True)
class MarkSample:
    """Whether one sample of the film shows a mark. correlation: of its edges to the take's, 0..1; box: where it is
    found, None where it is not."""

    mark: str
    at: Fraction
    frame: int
    correlation: float
    box: Box | None


@dataclass(frozen=True, slots=True)
class MarkSight:
    """What became of the marks that generators put on takes. fault: why nothing was searched, "" where it was."""

    seen: tuple[MarkSample, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SeenContent:
    """One kind of content that a model reports. category: in the model's words; confidence: 0..1, the highest."""

    category: str
    confidence: float
    at: Fraction
    frame: int


@dataclass(frozen=True, slots=True)
class ContentSight:
    """What models report of a film's content. models: name and release of each that was asked; frames: how many were
    shown to them; fault: why none was asked, "" where one was."""

    seen: tuple[SeenContent, ...] = ()
    models: tuple[str, ...] = ()
    frames: int = 0
    fault: str = ""
