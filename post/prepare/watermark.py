"""Prepares the invisible watermark of a job: its key, its identifier, and the pattern that workers add."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from post.errors import ProvenanceError
from post.job.model import Job
from provenance.durable.watermark_key import derive_identifier, read_or_make_key, write_pattern
from provenance.durable.watermark_pattern import ALGORITHM


def key_watermark(job: Job, config: Path) -> Job:
    """Returns the job with the identifier and the pattern of its watermark; the same job where it has none.

    All deliverables carry one identifier, so that they share equal segments. The key stays in the folder
    `config`: workers get only the pattern of this identifier, addressed by its content.
    Raises ProvenanceError where the key cannot be read or made.
    """
    marking = job.provenance.marking
    if marking is None:
        return job
    try:
        key = read_or_make_key(config)
        given = marking.stage.identifier
        identifier = int(given, 16) if given else derive_identifier(key, marking.name or job.title)
        carrier = write_pattern(config, key, identifier)
    except ProvenanceError as fault:
        raise fault.at(f"{marking.where}: provenance.watermark") from fault
    stage = replace(marking.stage, identifier=f"{identifier:08x}", carrier=carrier)
    return replace(job, provenance=replace(job.provenance, marking=replace(marking, stage=stage)))


def watermark_bindings(job: Job) -> tuple[tuple[str, str, str], ...]:
    """Returns the soft binding of a keyed job's watermark, as a receipt has it; () where it has none."""
    marking = job.provenance.marking
    if marking is None:
        return ()
    return ((ALGORITHM, marking.stage.identifier, ""),)
