"""Gathers the sign-off of a film from its job: the gates, the log beside the job, and how far this film is at each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from post.errors import JobError, ProvenanceError, SourceError
from post.job.model import Job
from post.render.frame_hashes import hash_picture, hash_sound
from post.signoff.binding import SeenFilm, open_signoff
from post.takes.probe import probe
from post.values.time import Clock
from provenance.approval.frames import FilmFrames
from provenance.claim.build import RECEIPT_LABEL
from provenance.crjson.manifest import ManifestView
from provenance.evidence.blocks import EvidenceCommand, EvidenceSection
from provenance.evidence.signoff import (
    FilmSignoff,
    no_signoff_section,
    signoff_commands,
    signoff_sections,
)
from provenance.verify import Verified

NO_GATES = "The job has no gates: nobody had to sign off its films."


@dataclass(frozen=True, slots=True)
class GatheredSignoff:
    """What a report shows of a film's sign-off. gates: whether each is met, None where the log does not hold."""

    sections: tuple[EvidenceSection, ...]
    commands: tuple[EvidenceCommand, ...] = ()
    gates: tuple[tuple[str, bool | None], ...] = ()


def deliverable_of(verified: Verified, job: Path) -> str:
    """Returns the name of the deliverable that a film is, as its manifest tells it.

    Raises JobError where the manifest names none: then nothing says that the film is of that job.
    """
    manifests = verified.reading.manifests
    name = ManifestView(manifests[0]).assertion(RECEIPT_LABEL).get("name") if manifests else None
    if not isinstance(name, str) or not name:
        raise JobError(
            "the film does not say which deliverable it is",
            where=str(job),
            expected="a film that Answerprint signed",
            got=Path(verified.report.file.path).name,
            fix="leave --job out",
        )
    return name


def gather_signoff(
    verified: Verified, name: str, job: Job, config: Path, call: Callable[..., Any]
) -> GatheredSignoff:
    """Returns the sign-off of a film. name: of the deliverable; config: this user's settings; call: calls a function in
    a worker, as the film may be anything. A log that does not hold is told, not raised.

    Raises Problems where the people file is wrong, SourceError where the film cannot be decoded.
    """
    signoff = open_signoff(job, config)
    if signoff is None:
        return GatheredSignoff((no_signoff_section(NO_GATES),))
    gates = tuple(gate.name for gate in job.signoff.gates)
    if not signoff.folder.exists():
        why = f"The job has gates ({', '.join(gates)}), and no decision about its films is logged."
        return GatheredSignoff(
            (no_signoff_section(why, is_fault=True),), gates=tuple((each, False) for each in gates)
        )
    try:
        log = signoff.read()
    except ProvenanceError as fault:
        why = f"The log of decisions does not hold, so no approval counts: {fault}"
        return GatheredSignoff(
            (no_signoff_section(why, is_fault=True),), gates=tuple((each, None) for each in gates)
        )
    receipt = ManifestView(verified.reading.manifests[0]).assertion(RECEIPT_LABEL)
    frames = call(film_frames_of, Path(verified.report.file.path), dict(receipt))
    states = signoff.judge(SeenFilm(name, frames, verified.report.file.sha256), log)
    if not states:
        return GatheredSignoff((no_signoff_section(NO_GATES),))
    found = FilmSignoff(name, frames, states, log, signoff.people)
    return GatheredSignoff(
        signoff_sections(found), signoff_commands(log), tuple((each.gate, each.met) for each in states)
    )


def film_frames_of(path: Path, receipt: Mapping[str, Any]) -> FilmFrames:
    """Returns the frames of a finished film, decoded whole. receipt: as its manifest tells it: the rate, and whether
    there is sound. Raises SourceError where the film is not as that says."""
    try:
        rate, heard = Fraction(str(receipt.get("rate", ""))[:40]), bool(receipt.get("samples"))
        clock, picture = Clock(rate), hash_picture(path)
        sound = probe(path, path.name).sound if heard else None
        hashed = hash_sound(path, clock, sound.rate_hz, len(picture)) if sound else ()
        return FilmFrames(f"{rate.numerator}/{rate.denominator}", picture, hashed)
    except (ValueError, ZeroDivisionError, OSError) as fault:
        raise SourceError(
            "the film is not as its own receipt says", where=path.name, got=str(fault)[:200]
        ) from fault
