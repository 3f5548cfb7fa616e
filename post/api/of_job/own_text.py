"""Tells which words a job itself shows, so that a person can approve them with the job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from post.job.model import Job

if TYPE_CHECKING:
    from provenance.policy.document.claims import ApprovedText


def own_claims(job: Job) -> tuple[ApprovedText, ...]:
    """Returns the words of a job's titles, cards, labels and burnt-in captions as approved texts, by the person whom
    its key `claims.own_text` names; none where it names nobody."""
    from post.brief.said import texts_of_job
    from provenance.policy.document.claims import OWN_TEXT, ApprovedText

    by = job.disclosure.own_text
    if not by:
        return ()
    said = {each.text: (each.name, each.language) for each in texts_of_job(job) if not each.counts}
    return tuple(
        ApprovedText(name, text, language, source=OWN_TEXT, approved_by=by)
        for text, (name, language) in said.items()
    )


def beside_copy(job: Job) -> tuple[str, ...]:
    """Returns the words of a job that a brief's `copy` need not hold: of labels, and of burnt-in captions."""
    from post.brief.said import texts_of_job

    return tuple(dict.fromkeys(each.text for each in texts_of_job(job) if each.kind != "title"))
