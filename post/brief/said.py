"""Lists the words that a job itself shows: titles, cards, labels, and captions that are burnt in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from post.job.model import Job
from post.picture.label import Label

# The knobs of layers that say something.
SAID = ("text", "second", "call", "legal", "zero")
NUMBER = "{}"  # in a text that counts


@dataclass(frozen=True, slots=True)
class SaidText:
    """A text that a job shows. kind: what shows it; name: where it stands in the job; language: "" where unknown."""

    kind: Literal["title", "label", "caption"]
    name: str
    text: str
    language: str

    @property
    def counts(self) -> bool:
        """Whether it has a number that changes: what it says then is in no job."""
        return NUMBER in self.text


def texts_of_job(job: Job) -> Iterator[SaidText]:
    """Yields each text that a job shows. What a card or a countdown says counts as a title."""
    for number, timed in enumerate(job.layers):
        name = timed.id or f"layer {number}"
        for knob in SAID:
            text = str(getattr(timed.layer, knob, "") or "")
            if text.strip():
                kind: Literal["title", "label"] = "label" if isinstance(timed.layer, Label) else "title"
                yield SaidText(kind, f"{name}.{knob}", text, str(getattr(timed.layer, "language", "")))
    for number, captions in enumerate(job.captions):
        name = captions.id or f"captions {number}"
        for at, caption in enumerate(captions.captions.captions if captions.burn else ()):
            yield SaidText("caption", f"{name}[{at}]", caption.text, captions.language)
