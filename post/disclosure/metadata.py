"""Makes what a film's file says of its making meet what is asked: XMP, the AIGC label, the spoken notice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from post.disclosure.demands import CheckDemand
from post.errors import JobError
from post.job.model import Job
from post.values.files.film_container import FILM_CONTAINERS
from post.values.warning import JobWarning
from provenance.labels.aigc import AigcLabel, check_label

# The fact that names the producer of the AIGC label, and the id of the sound that says the notice.
PRODUCER, NOTICE = "aigc_producer", "ai-notice"
DERIVED = "from the credentials of what is in the film"


@dataclass
class MetadataFilling:
    """A job while its metadata are filled. rows: what was set, as (place, value, the rules that ask it); undecided: the
    rules that depend on a fact that nobody has declared."""

    job: Job
    undecided: frozenset[str] = frozenset()
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    faults: list[JobError] = field(default_factory=list)
    warnings: list[JobWarning] = field(default_factory=list)

    def where_said(self, place: str) -> str:
        """Returns "file:line" of what the job itself says there; "" where it says nothing."""
        return dict(self.job.disclosure.said).get(place, "")


def fill_metadata(filling: MetadataFilling, demand: CheckDemand) -> None:
    """Makes the job meet one demand."""
    FILLERS[demand.check](filling, demand)


def _aigc(filling: MetadataFilling, demand: CheckDemand) -> None:
    job, why = filling.job, ", ".join(demand.rules)
    lacking = next((each for each in job.deliver if not FILM_CONTAINERS[each.container].boxes), None)
    if lacking is not None and demand.firm:
        filling.faults.append(
            JobError(
                "this container holds no AIGC label", where=f"{lacking.where}: deliver.container",
                expected=f"mp4 or mov ({why})", got=lacking.container, fix="container: mp4",
            )
        )  # fmt: skip
    if job.provenance.aigc is not None:
        filling.rows.append(("provenance.aigc", "as the job says", why))
        return
    producer = job.disclosure.facts.fact(PRODUCER)
    if producer is None:
        if demand.firm:
            filling.faults.append(
                JobError(
                    "the AIGC label has no producer", where=f"{job.path}: provenance.aigc",
                    expected=f"the code or name of the service provider who made it ({why})",
                    fix=f"write provenance: {{aigc: {{producer: CODE}}}}, or declare the fact {PRODUCER}",
                )
            )  # fmt: skip
        return
    label = AigcLabel(producer=str(producer.value))
    try:
        check_label(label, f"{producer.where or job.path}: facts.{PRODUCER}")
    except JobError as fault:
        filling.faults.append(fault)
        return
    filling.job = replace(job, provenance=replace(job.provenance, aigc=label))
    filling.rows.append(("provenance.aigc.producer", label.producer, f"{why}; {producer}"))


def _xmp(filling: MetadataFilling, demand: CheckDemand) -> None:
    job, why = filling.job, ", ".join(demand.rules)
    said = filling.where_said("provenance.xmp")
    if job.provenance.xmp:
        filling.rows.append(("provenance.xmp", "true", why))
    elif said:
        if demand.firm:
            filling.faults.append(
                JobError(
                    "the job leaves out XMP that a policy requires", where=f"{said}: provenance.xmp",
                    expected=f"true ({why})", got="false", fix="write true, or leave it out",
                )
            )  # fmt: skip
    else:
        filling.job = replace(job, provenance=replace(job.provenance, xmp=True))
        filling.rows.append(("provenance.xmp", "true", why))


def _declared(filling: MetadataFilling, demand: CheckDemand) -> None:
    """The manifest always discloses a generated film; its source type is that of its clips, whatever anybody says."""
    what = "c2pa.ai-disclosure" if demand.check == "ai-disclosure.present" else "digitalSourceType"
    filling.rows.append((what, DERIVED, ", ".join(demand.rules)))


def _notice(filling: MetadataFilling, demand: CheckDemand) -> None:
    words, why = str(demand.values.get("words", "")), ", ".join(demand.rules)
    filling.rows.append((f"sound.{NOTICE}", words, why))
    said = any(clip.id == NOTICE and not clip.stage.mute for clip in filling.job.sounds)
    if not said and not filling.undecided.issuperset(demand.rules):
        filling.warnings.append(
            JobWarning(
                "notice-missing", "a spoken notice is required, and nothing in the sound says it", f'"{words}" ({why})',
                f"record it, and lay it under sound.voice with the id {NOTICE}", of="policies",
                where=str(filling.job.path),
            )
        )  # fmt: skip


FILLERS: Mapping[str, Callable[[MetadataFilling, CheckDemand], None]] = {
    "aigc.present": _aigc,
    "xmp.source_type": _xmp,
    "ai-disclosure.present": _declared,
    "c2pa.source_type": _declared,
    "sound.notice": _notice,
}
