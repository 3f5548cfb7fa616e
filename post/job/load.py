"""A job file, read: every problem at once, each with its file and line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from post.job.diagnostics import Diagnostics
from post.job.model import Job
from post.job.reader import Section
from post.job.sections.delivery import read_deliverables, read_provenance
from post.job.sections.layers import read_grain, read_marks, read_titles
from post.job.sections.shots import Cutting, read_cut, read_takes
from post.job.sections.sounds import read_sounds
from post.job.sections.style import read_style
from post.values.time import Clock
from presets.yaml_nodes import Written, read

# Rates the trade writes in decimals; the exact rate is 1000/1001 of the whole one (SMPTE ST 12-1).
DECIMAL_RATES = {
    "23.976": Fraction(24000, 1001), "23.98": Fraction(24000, 1001),
    "29.97": Fraction(30000, 1001), "59.94": Fraction(60000, 1001),
}  # fmt: skip
SLOWEST, FASTEST = 1, 240


def load_job(path: Path) -> Job:
    """The job in a YAML file: presets merged, every stage made, every path found, nothing measured.

    Raises Problems (exit 2) naming everything that is wrong, in line order; UnreadableSources (exit 3)
    where all that is wrong is that files are not there; JobError where it is no such file at all.
    """
    diagnostics = Diagnostics(path)
    job = Section(diagnostics, "job", read(Written(path, str(path))), "")
    clock, title = _clock(diagnostics, job), job.text("title")
    job.text("schema")
    style, takes, sounds = (
        read_style(diagnostics, job),
        read_takes(diagnostics, job),
        read_sounds(diagnostics, job),
    )
    cut = read_cut(Cutting(diagnostics, takes, style, clock), job)
    grain, titles, marks = (
        read_grain(diagnostics, style),
        read_titles(diagnostics, job, style),
        read_marks(diagnostics, style),
    )
    deliver = read_deliverables(diagnostics, job, style.loudness, sounds.loudness)
    provenance = read_provenance(diagnostics, job)
    diagnostics.close()
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
        music=sounds.music,
        effects=sounds.effects,
        deliver=deliver,
        provenance=provenance,
        sample_rate_hz=sounds.rate_hz,
        origins=tuple(diagnostics.origins),
    )


def _clock(diagnostics: Diagnostics, job: Section) -> Clock:
    """Frames a second, exact. 24 where it is wrong, so that the rest of the job can be read."""
    node = job.part("clock")
    if node is None:
        return Clock(Fraction(24))
    rate = read_rate(node.text)
    if rate is None:
        expected = "24 | 25 | 30 | 50 | 60 | 23.976 | 29.97 | 59.94 | a fraction such as 30000/1001"
        diagnostics.say("not a frame rate", node, "clock", expected=expected, got=node.kind)
        return Clock(Fraction(24))
    diagnostics.credit("clock", rate, node.origin)
    return Clock(rate)


def read_rate(text: str) -> Fraction | None:
    """An exact rate in frames a second; None where the text is not one. Decimals only of the known ones:
    23.96 is a slip of the pen, not a rate."""
    if text in DECIMAL_RATES:
        return DECIMAL_RATES[text]
    try:
        rate = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    fits = SLOWEST <= rate <= FASTEST and rate.denominator in (1, 1001)
    return rate if fits else None
