"""Says what a person should know of a job's takes and matches, and gathers the warnings of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from post.job.model import Job, TakeRef
from post.picture.colour.tone_map import takes_codes
from post.prepare.sources import JobSources
from post.values import Matched, Take
from post.values.media import CREDENTIALS, Credential
from post.values.warning import JobWarning, ranked
from provenance.claim.build import publish_rows
from provenance.record import Conflict, FieldValue, find_conflicts, merge
from provenance.record.secrets import remove_row_secrets

# What is said of a take with such credentials. Most clips have none, and the rest is as it should be.
_DOUBTED: dict[Credential, str] = {
    "tampered": "tampered",
    "revoked": "revoked",
    "expired": "credentials",
    "untrusted": "credentials",
    "unreadable": "credentials",
}


def job_warnings(
    sources: JobSources, matched: Sequence[Matched], planned: Sequence[JobWarning]
) -> tuple[JobWarning, ...]:
    """Returns the warnings that files, facts and the job give, the worst first, with those that the job allows marked.

    matched: the decision on each shot that is matched; planned: what is said of shots, layers and sounds.
    """
    job = sources.job
    of_takes = (
        each for name, take in sources.takes.items() for each in take_warnings(take, job.take(name), job)
    )
    return allowed_by((*of_takes, *_unmatched(job, matched), *planned), job)


def allowed_by(warnings: Iterable[JobWarning], job: Job) -> tuple[JobWarning, ...]:
    """Returns warnings, the worst first; those that the job allows come last, with the job's reason."""
    reasons = dict(job.allow)
    return ranked(replace(each, allowed=reasons.get(each.code, "")) for each in warnings)


def take_warnings(take: Take, ref: TakeRef, job: Job | None = None) -> Iterator[JobWarning]:
    """Yields what a person should know of a take. job: None where there is none yet, and so no place in it."""
    told = job is not None and job.provenance.prompts == "include"
    of, where = f"take {take.name}", ref.where
    developed = takes_codes([ref.develop] if ref.develop else [])
    said = (
        each for each in take.warnings if not (each.code == "hdr" and developed)
    )  # none is tone-mapped then
    for each in (*_credentials(take, ref), *said, *_disputed(take, ref, told=told), *_marks(take)):
        yield each.at(of, where)


def _credentials(take: Take, ref: TakeRef) -> Iterator[JobWarning]:
    code = _DOUBTED.get(take.credential)
    if code:
        fix = f"taken as it is: {ref.accept}" if ref.accept else "get the original, if it matters"
        yield JobWarning(code, CREDENTIALS[take.credential], "; ".join(take.credential_detail), fix)


def _disputed(take: Take, ref: TakeRef, *, told: bool) -> Iterator[JobWarning]:
    """Yields the fields on which sources contradict each other: both values are kept, neither is preferred.

    told: prompts are told in full; otherwise by their digests.
    """
    for each in find_conflicts(merge(ref.record, take.record)):
        rows = each.values if told else publish_rows(each.values)
        safe = tuple(FieldValue(row.field, remove_row_secrets(row.field, row.value), row.how) for row in rows)
        what = f"sources contradict each other on its {each.field}"
        yield JobWarning("records-contradict", what, str(Conflict(each.field, safe)).partition(": ")[2])


def _marks(take: Take) -> Iterator[JobWarning]:
    return (JobWarning("marked", f"carries the mark of a generator: {mark}") for mark in take.marks)


def _unmatched(job: Job, matched: Sequence[Matched]) -> Iterator[JobWarning]:
    wheres = {cut.name: cut.match.where for cut in job.cut if cut.match}
    for each in matched:
        if each.method == "abstain" and not each.needless:
            yield JobWarning(
                "match-refused",
                f"keeps its own colour: a match to {each.reference} is not sure to help",
                f"{each.confidence:.0%} sure",
                "`plan --values` tells why; grade it by hand, or match it to another reference",
                f"shot {each.shot}",
                wheres[each.shot],
            )
