"""Writes a timeline as FCPXML."""

from __future__ import annotations

from pathlib import Path

from post.errors import JobError, unknown
from post.handoff.fcpxml.dialects import DIALECTS, VERSIONS
from post.handoff.fcpxml.found import JOB_KEY
from post.handoff.fcpxml.write_resources import ResourceList
from post.handoff.fcpxml.write_story import Story, own_metadata_element
from post.handoff.format_losses import job_losses
from post.handoff.losses import Loss
from post.handoff.markup.dtd import read_dtd
from post.handoff.markup.xml_tree import XmlElement, element, xml_text
from post.handoff.timeline import HandoffText, Timeline

AUDIO_RATES = {32000: "32k", 44100: "44.1k", 48000: "48k", 88200: "88.2k", 96000: "96k", 176400: "176.4k"}


VERSION = "1.10"  # newer programs read it too
SHOWN_FAULTS = 5


def fcpxml_text(timeline: Timeline, dialect: str = "fcpxml", version: str = VERSION) -> HandoffText:
    """Returns a timeline as FCPXML.

    dialect: "fcpxml" for Final Cut Pro, "fcpxml-resolve" for DaVinci Resolve; version: one of `VERSIONS`. Raises
    JobError for any other.
    """
    if dialect not in DIALECTS:
        raise unknown(dialect, list(DIALECTS), "--to", "format")
    if version not in VERSIONS:
        raise unknown(version, VERSIONS, "--version", "version of FCPXML")
    root, lost = _document(timeline, dialect, version)
    return HandoffText(xml_text(root, "fcpxml"), (*job_losses(timeline), *lost))


def refuse_invalid(timeline: Timeline, dialect: str, version: str, dtd: Path) -> None:
    """Raises JobError where a timeline as FCPXML is not what a DTD allows.

    version: "" for the usual one; dtd: a file such as Apple gives for each version.
    """
    root, _ = _document(timeline, dialect, version or VERSION)
    faults = read_dtd(dtd).faults(root)
    if faults:
        more = f" and {len(faults) - SHOWN_FAULTS} more" if len(faults) > SHOWN_FAULTS else ""
        raise JobError(
            "not valid against this DTD",
            where=str(dtd),
            got="; ".join(faults[:SHOWN_FAULTS]) + more,
            fix=f"point to the DTD of version {version or VERSION}, or ask for another --version",
        )


def _document(timeline: Timeline, dialect: str, version: str) -> tuple[XmlElement, list[Loss]]:
    lost = list[Loss]()
    resources = ResourceList(DIALECTS[dialect])
    form = resources.sequence_format(timeline)
    spine = Story(timeline, resources, resources.dialect, lost).spine()
    time, clock = resources.dialect.time, timeline.clock
    sequence = element(
        "sequence", spine, own_metadata_element(JOB_KEY, timeline.metadata), format=form,
        duration=time(clock.seconds(timeline.length)), tcStart=time(clock.seconds(timeline.start)),
        tcFormat="DF" if timeline.drop_frame else "NDF", audioLayout="stereo",
        audioRate=AUDIO_RATES.get(timeline.sample_rate_hz, "48k"),
    )  # fmt: skip
    project = element("project", sequence, name=timeline.name)
    event = element("event", project, name=timeline.name)
    root = element(
        "fcpxml", element("resources", *resources.rows), element("library", event), version=version
    )
    return root, lost
