"""Reads a job file, and reports all its faults at once, each with its file and line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from post.job.diagnostics import Diagnostics
from post.job.disclosure.read import read_disclosure
from post.job.model import Job
from post.job.rates import RATES, read_rate
from post.job.reader import Section
from post.job.sections.allow import read_allowed
from post.job.sections.brief import read_brief
from post.job.sections.delivery import read_deliverables, read_provenance
from post.job.sections.layers import read_brand, read_grain, read_marks, read_titles
from post.job.sections.shots import Cutting, read_cut
from post.job.sections.sounds import read_sounds
from post.job.sections.style import read_style
from post.job.sections.takes import read_takes
from post.job.sections.text.captions import read_caption_files
from post.job.signoff.read import read_signoff
from post.job.template import TemplateClip
from post.job.upgrade import upgrade
from post.values.time import Clock
from presets.places import note
from presets.yaml_nodes import Node, Written, read

# Rates the trade writes in decimals; the exact rate is 1000/1001 of the whole one (SMPTE ST 12-1).


def load_job(path: Path, clip: TemplateClip | None = None) -> Job:
    """Returns the job in a YAML file: presets merged, stages made, paths found. Nothing is measured.

    A job in an earlier form is read as that form means it, with a warning. clip: what takes the place of its
    clip, where the file is a template.

    Raises Problems (exit 2) with every fault, in the order of lines; UnreadableSources (exit 3) if the only
    faults are files that cannot be read; JobError if the file is not YAML or cannot be read.
    """
    diagnostics = Diagnostics(path)
    job = read_job(diagnostics, read_root(path, clip))
    diagnostics.close()
    return job


def read_root(path: Path, clip: TemplateClip | None = None) -> Node:
    """Returns what a job file says, in today's form, with the clip of a template.

    Raises JobError if it is not YAML or cannot be read, or is no template.
    """
    note(path)
    root = upgrade(read(Written(path, str(path))))
    return clip.placed_in(root) if clip else root


def read_job(diagnostics: Diagnostics, root: Node) -> Job:
    """Returns the job that a file's keys describe; what is wrong is left out, its faults kept by `diagnostics`."""
    path, job = diagnostics.path, Section(diagnostics, "job", root, "")
    clock, title = _clock(diagnostics, job), job.text("title")
    job.text("schema")
    brief = read_brief(diagnostics, job)
    style, takes = read_style(diagnostics, job), read_takes(diagnostics, job, brief)
    sounds = read_sounds(diagnostics, job)
    cut = read_cut(Cutting(diagnostics, takes, style, clock, job.text("handles") or "refuse"), job)
    grain, brand, titles, marks = (
        read_grain(diagnostics, style),
        read_brand(diagnostics, job, style),
        read_titles(diagnostics, job, style),
        read_marks(diagnostics, style),
    )
    disclosure = read_disclosure(diagnostics, job)
    loudness = style.loudness, sounds.loudness
    deliver = read_deliverables(diagnostics, job, loudness, sounds.rate_hz, disclosure.platforms)
    captions = read_caption_files(diagnostics, job, {each.name for each in deliver}, set(takes))
    provenance, allow = read_provenance(diagnostics, job, deliver), read_allowed(diagnostics, job)
    return Job(
        path=path,
        title=title,
        clock=clock,
        house=style.name,
        takes=tuple(take for take in takes.values() if take is not None),
        cut=cut,
        grain=grain,
        titles=titles,
        marks=marks,
        sounds=sounds.laid,
        deliver=deliver,
        provenance=provenance,
        sample_rate_hz=sounds.rate_hz,
        origins=tuple(diagnostics.origins),
        allow=allow,
        beats=brief.beats,
        brief=brief.path,
        motion_brief=brief.asks,
        captions=captions,
        brand=brand,
        tone=sounds.tone,
        room=sounds.room,
        disclosure=disclosure,
        signoff=read_signoff(diagnostics, job),
    )


def _clock(diagnostics: Diagnostics, job: Section) -> Clock:
    """Returns the film's clock. It is 24 frames a second if the job's is wrong, so that the rest can be read."""
    node = job.part("clock")
    if node is None:
        return Clock(Fraction(24))
    rate = read_rate(node.text)
    if rate is None:
        diagnostics.say("not a frame rate", node, "clock", expected=RATES, got=node.kind)
        return Clock(Fraction(24))
    diagnostics.credit("clock", rate, node.origin)
    return Clock(rate)
