"""Finds, for a plan, what finishing would refuse although the job is right: its key, its registry, and where its films
are to go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from post.api.settings import Settings
from post.errors import AnswerprintError, JobError, ProvenanceError, RetryError

if TYPE_CHECKING:
    from post.deliver.sign import KeyFilmSigner
    from post.job.model import Job
    from post.versions.planned import PlannedVersion
    from provenance.signing.keyring import Keys

Note = Callable[[str], object]


def find_refusals(
    planned: Sequence[PlannedVersion], out: Path | None, settings: Settings, note: Note, *, keys: bool = True
) -> list[AnswerprintError]:
    """Returns every fault that `finish` would end with before it renders, each once. out: its folder, None where not
    known; note: is told what to know of a key; keys: whether signing is tried too."""
    from post.deliver.finish import check_output
    from post.deliver.output_set import FILMS, RECEIPT, read_receipts, refuse_unwritable
    from post.recovery.register import registry_options
    from post.versions.planned import whole_plan, whole_sources
    from provenance.signing.key_process import KeyProcess

    jobs = [each.sources.job for each in planned]
    checks: list[Callable[[], object]] = []
    if out is not None:
        checks += [
            partial(refuse_unwritable, out),
            partial(read_receipts, out / RECEIPT, FILMS),
            partial(check_output, whole_sources(planned), whole_plan(planned), out),
        ]
    registries = dict.fromkeys(registry_options(job, settings.registry) for job in jobs)
    checks += [registry.check for registry in registries if registry]
    faults: dict[str, AnswerprintError] = {}
    with KeyProcess(settings.config, settings.pin) if keys else nullcontext() as opened:
        if opened is not None:
            checks.insert(0, partial(open_signers, jobs, opened, settings.config, note))
        for check in checks:
            try:
                check()
            except AnswerprintError as fault:
                faults.setdefault(str(fault), fault)
    return list(faults.values())


def open_signers(jobs: Sequence[Job], keys: Keys, config: Path, note: Note) -> list[KeyFilmSigner]:
    """Returns the signer of each job's films: jobs that are signed in the same way have one signer. Raises what
    `open_signer` does."""
    opened: dict[tuple[object, ...], KeyFilmSigner] = {}
    signers = []
    for job in jobs:
        same = _signed_alike(job)
        if same not in opened:
            opened[same] = open_signer(job, keys, config, note)
        signers.append(opened[same])
    return signers


def _signed_alike(job: Job) -> tuple[object, ...]:
    """Returns what decides how a job's films are signed, without their invisible mark, which is in the picture."""
    return (repr(replace(job.provenance, marking=None)),)


def open_signer(job: Job, keys: Keys, config: Path, note: Note) -> KeyFilmSigner:
    """Returns the signer of a job's films, and tells `note` if its key's certificate expires soon.

    config: the folder of settings.

    Raises JobError, ProvenanceError or RetryError, at the job, where it cannot sign.
    """
    from post.deliver.sign import film_signer
    from provenance.signing import keyring

    key = job.provenance.key
    try:
        signer = film_signer(config, job.provenance, keys)
    except (JobError, ProvenanceError, RetryError) as fault:
        raise fault.at(str(job.path)) from fault
    if warning := keyring.describe(config, key).warning():
        note(f"the key {key}: {warning}")
    return signer
