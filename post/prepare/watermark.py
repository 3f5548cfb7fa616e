"""The invisible mark of a job: its key, its identifier, and the pattern that workers lay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from post.errors import ProvenanceError
from post.job.model import Job
from post.picture.watermark import Watermark
from provenance.durable.watermark_key import derive_identifier, read_or_make_key, write_pattern
from provenance.durable.watermark_pattern import ALGORITHM


def keyed(job: Job, config: Path) -> Job:
    """The job with its mark's identifier and pattern; the same job where it asks for none.

    All deliverables carry one identifier, so that versions share what they have alike. The key stays in
    `config`: what travels to workers is the pattern of this identifier alone, by its content.
    """
    marking = job.provenance.marking
    if marking is None:
        return job
    assert isinstance(marking.stage, Watermark)
    try:
        key = read_or_make_key(config)
        given = marking.stage.identifier
        identifier = int(given, 16) if given else derive_identifier(key, marking.name or job.title)
        carrier = write_pattern(config, key, identifier)
    except ProvenanceError as fault:
        raise fault.at(f"{marking.where}: provenance.durable") from fault
    stage = replace(marking.stage, identifier=f"{identifier:08x}", carrier=carrier)
    return replace(job, provenance=replace(job.provenance, marking=replace(marking, stage=stage)))


def marked_with(job: Job) -> tuple[tuple[str, str, str], ...]:
    """The soft binding of a keyed job's mark, as a receipt has it; none where it asks for no mark."""
    marking = job.provenance.marking
    if marking is None:
        return ()
    assert isinstance(marking.stage, Watermark)
    return ((ALGORITHM, marking.stage.identifier, ""),)
