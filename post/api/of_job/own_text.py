"""Tells which words a job itself shows, so that a person can approve them with the job."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from post.job.model import Job

if TYPE_CHECKING:
    from provenance.policy.document.claims import ApprovedText

# The knobs of layers that say something.
SAID = ("text", "second", "call", "legal", "zero")
NUMBER = "{}"  # in a text that counts: what it says then is in no job


def own_claims(job: Job) -> tuple[ApprovedText, ...]:
    """Returns the words of a job's titles, cards, labels and burnt-in captions as approved texts, by the person whom
    its key `claims.own_text` names; none where it names nobody."""
    from provenance.policy.document.claims import OWN_TEXT, ApprovedText

    by = job.disclosure.own_text
    if not by:
        return ()
    said = {text: (name, language) for name, text, language in _shown(job)}
    return tuple(
        ApprovedText(name, text, language, source=OWN_TEXT, approved_by=by)
        for text, (name, language) in said.items()
    )


def _shown(job: Job) -> Iterator[tuple[str, str, str]]:
    """Yields each text that a job shows: where it stands in the job, the text, and its language or ""."""
    for number, timed in enumerate(job.layers):
        name = timed.id or f"layer {number}"
        for knob in SAID:
            text = str(getattr(timed.layer, knob, "") or "")
            if text.strip() and NUMBER not in text:
                yield f"{name}.{knob}", text, str(getattr(timed.layer, "language", ""))
    for number, captions in enumerate(job.captions):
        name = captions.id or f"captions {number}"
        for at, caption in enumerate(captions.captions.captions if captions.burn else ()):
            yield f"{name}[{at}]", caption.text, captions.language
