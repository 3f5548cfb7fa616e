"""What a walk through an FCPXML file finds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from post.handoff.fcpxml.resources import Resources
from post.handoff.layers import Passage, Piece
from post.handoff.losses import Loss, Refusal
from post.handoff.timeline import TimelineMedia
from post.handoff.xml_tree import Element

CLIP_KEY, TITLE_KEY, JOB_KEY = "answerprint.clip", "answerprint.title", "answerprint.timeline"


@dataclass(frozen=True, slots=True)
class HeardSound:
    """A sound that lies beside the picture: times in seconds of the timeline and of its media."""

    media: TimelineMedia
    first: Fraction
    stop: Fraction
    source: Fraction
    role: str
    gain_db: float
    where: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ShownTitle:
    """A title. first, stop: seconds of the timeline."""

    name: str
    text: str
    first: Fraction
    stop: Fraction
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Marked:
    """A marker. at, length: seconds of the timeline."""

    name: str
    note: str
    kind: str
    at: Fraction
    length: Fraction
    clip: Piece | None


@dataclass(slots=True)
class Found:
    """All that was found, in the order of the file. parts of clips' own sound are among `sounds` too."""

    resources: Resources
    pieces: list[Piece] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    sounds: list[HeardSound] = field(default_factory=list)
    titles: list[ShownTitle] = field(default_factory=list)
    markers: list[Marked] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    lost: list[Loss] = field(default_factory=list)

    def where(self, each: Element) -> str:
        """Returns the place of an element, for people."""
        return f"{self.resources.label}:{each.line}: {each.tag} {each.get('name')!r}".removesuffix(" ''")

    def refuse(self, each: Element, why: str) -> None:
        """Notes that an element has no right meaning here."""
        self.refused.append(Refusal(self.where(each), why))

    def lose(self, what: str, each: Element, why: str) -> None:
        """Notes that something of an element is left out."""
        self.lost.append(Loss(what, self.where(each), why))


def own_metadata(each: Element, key: str) -> dict[str, Any]:
    """Returns what of ours travelled with an element, {} where nothing did."""
    for block in each.all("metadata"):
        for md in block.all("md"):
            if md.get("key") == key:
                try:
                    read = json.loads(md.get("value"))
                except (ValueError, RecursionError):
                    return {}
                return read if isinstance(read, dict) else {}
    return {}
