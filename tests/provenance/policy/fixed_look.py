"""A look at no film: it answers with sights that a test made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from post.values.sights.label import LabelSight
from post.values.sights.text import TextSight


@dataclass
class FixedLook:
    """A `FilmLook` that sees what it is given, and keeps what it was asked."""

    label: LabelSight = field(default_factory=LabelSight)
    read: TextSight = field(default_factory=TextSight)
    asked: list[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)

    def labels(self, texts: Sequence[str], declared: Sequence[str]) -> LabelSight:
        self.asked.append((tuple(texts), tuple(declared)))
        return self.label

    def text(self) -> TextSight:
        return self.read
