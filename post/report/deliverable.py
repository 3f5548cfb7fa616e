"""Prepares one deliverable's part of the page: its measurements, its credentials, its stills and plots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from post.deliver.finish import Deliverable
from post.deliver.sound.account import sound_account, sound_words
from post.engine import Store
from post.render.sound import decode_sound
from post.report.actions import ActionRow, action_rows
from post.report.before_after import FilmStills, TakeStills
from post.report.kept_stills import kept_stills
from post.report.plots.grain_plot import GrainPlot, grain_plot
from post.report.plots.motion_strip import MotionStrip, motion_strips
from post.report.plots.sound_plot import SoundPlot, sound_plot
from post.stage import FieldStage
from post.values import Matched
from post.values.timecode import timecode
from provenance.report import Report
from provenance.verify.reviewer.summary import vouched_words

# The meaning of each word of a verification. The page shows both, and never one verdict for all.
INTEGRITY = {
    "intact": "every byte the signature covers is as it was signed",
    "tampered": "bytes differ from those that were signed",
    "absent": "the file carries no credentials",
    "unreadable": "its credentials cannot be read",
}
CHAIN = {
    "sound": "the files it was made from were intact when they were used",
    "laundered": "a file it was made from was already changed or invalid when it was used, and was signed over",
    "incomplete": "the history of a file it was made from is incomplete",
    "none": "it lists no file that it was made from",
}
SIGNER = {
    "untrusted": "no list given here vouches for the signer",
    "expired": "the signer's certificate had run out",
    "revoked": "the signer's certificate was withdrawn",
    "none": "nobody signed it",
}
TIME = {
    "trusted": "by a time-stamping authority on a list given here",
    "untrusted": "by a time-stamping authority that no list given here knows",
    "none": "no authority stamped the time of signing",
}


@dataclass(frozen=True, slots=True)
class VerificationRow:
    """One question of a verification: its answer in a word, and the meaning of that word."""

    name: str
    word: str
    means: str


@dataclass(frozen=True, slots=True)
class MeterReading:
    """One reading of a meter beside its target."""

    reading: str
    wanted: str


@dataclass(frozen=True, slots=True)
class FilmSection:
    """One deliverable as the page shows it; all values except plots and stills are texts. sound_facts: as (what, how it
    is); stems: the names of their files, and the SHA-256 of each; version: its value on each axis, or ""."""

    name: str
    file: str
    size: str
    rate: str
    codec: str
    frames: int
    length: str
    seconds: str
    samples: str
    loudness: MeterReading
    true_peak: MeterReading
    segments: int
    reused: int
    bytes: str
    sha256: str
    signer: str
    points: tuple[VerificationRow, ...]
    findings: tuple[str, ...]
    stills: FilmStills
    sound: SoundPlot | None
    sound_facts: tuple[tuple[str, str], ...]
    stems: tuple[tuple[str, str], ...]
    grain: GrainPlot | None
    strips: tuple[MotionStrip, ...]
    declared: tuple[ActionRow, ...]
    version: str = ""


@dataclass(frozen=True, slots=True)
class JobContext:
    """Shared by all deliverables of a job: the decisions on matched shots, the film's grain, and where stills are
    kept between runs (None: nowhere)."""

    matched: tuple[Matched, ...] = ()
    grain: FieldStage | None = None
    keep: Store | None = None


NO_CONTEXT = JobContext()


def film_section(
    each: Deliverable, report: Report, takes: TakeStills, job: JobContext = NO_CONTEXT
) -> FilmSection:
    """Returns a deliverable's part of the page, read again from its file.

    report: of its verification; takes: stills that were made before (see `film_stills`).
    Raises SourceError where the film or a take can no longer be read.
    """
    measured, rate = each.measured, each.measured.rate
    account = sound_account(measured, each.rendition)
    return FilmSection(
        name=each.rendition.name,
        file=each.path.name,
        size=f"{measured.width} × {measured.height}",
        rate=_rate(rate),
        codec=_codec(each),
        frames=measured.frames,
        length=timecode(measured.frames, rate),
        seconds=f"{float(measured.frames / rate):.2f} s",
        samples=_samples(each),
        loudness=_loudness(each),
        true_peak=_true_peak(each),
        segments=each.segments,
        reused=each.reused,
        bytes=_bytes(report.file.bytes),
        sha256=each.sha256,
        signer=report.manifests[0].signer if report.manifests else "",
        points=tuple(_points(report)),
        findings=tuple(f"{found.kind}: {found.code}: {found.why}" for found in report.findings),
        stills=kept_stills(each.rendition, (each.made, each.receipt.sha256), takes, job.matched, job.keep),
        sound=_sound(each),
        sound_facts=tuple((what, _signed(says)) for what, says in sound_words(account)) if account else (),
        stems=tuple((made.path.name, made.file.sha256) for made in each.stems),
        grain=grain_plot(each.rendition, job.grain),
        strips=motion_strips(each.rendition, job.keep),
        declared=action_rows(each.receipt),
        version=", ".join(f"{axis} {value}" for axis, value in each.receipt.version),
    )


def _codec(each: Deliverable) -> str:
    film = each.rendition.format
    return f"{each.rendition.segments[0].encoder.codec}, {film.depth} bit {':'.join(film.chroma)}"


def _points(report: Report) -> Iterator[VerificationRow]:
    """Yields the answers of the verification, each separately."""
    yield VerificationRow("Integrity", report.integrity, INTEGRITY[report.integrity])
    yield VerificationRow("Signer", report.signer, SIGNER.get(report.signer, vouched_words(report)))
    yield VerificationRow("Time-stamp", report.time, TIME[report.time])
    yield VerificationRow("Chain", report.chain, CHAIN[report.chain])
    yield _conformance(report)
    loose = sum(item.bytes for item in report.unhashed)
    yield VerificationRow("Unhashed", f"{loose} bytes", "bytes of the file that no signature covers")


def _conformance(report: Report) -> VerificationRow:
    rubric = report.conformance
    if rubric is None:
        return VerificationRow("Conformance", "0 of 0 rules", "no manifest, so no rule could be checked")
    broken = [f"fails {each.rule.id}" for each in rubric.failed]
    broken += [f"discouraged: {each.rule.id}" for each in rubric.warned]
    means = "; ".join(broken) or "rules of the C2PA programme's rubric that the film keeps"
    return VerificationRow("Conformance", f"{rubric.passed} of {rubric.total} rules", means)


def _samples(each: Deliverable) -> str:
    if not each.measured.samples:
        return "no sound"
    return f"{each.measured.samples} at {each.rendition.mix.rate_hz / 1000:g} kHz"


def _loudness(each: Deliverable) -> MeterReading:
    target = each.rendition.mix.loudness_lufs
    wanted = "left as mixed" if target is None else f"target {_number(target)}"
    return MeterReading(_reading(each, "integrated_lufs", "LUFS"), wanted)


def _true_peak(each: Deliverable) -> MeterReading:
    ceiling = each.rendition.mix.true_peak_dbtp
    return MeterReading(_reading(each, "true_peak_dbtp", "dBTP"), f"at most {_number(ceiling)}")


def _reading(each: Deliverable, name: str, unit: str) -> str:
    loudness = each.measured.loudness
    if loudness is None:
        return "no sound"
    value: float | None = getattr(loudness, name)
    if value is None:
        return f"not measured: {dict(loudness.unmeasured)[name]}"
    return f"{_number(value)} {unit}"


def _number(value: float) -> str:
    """Returns a number to one decimal, with a true minus sign and no minus zero."""
    return f"{value:.1f}".replace("-0.0", "0.0").replace("-", "−")


def _signed(words: str) -> str:
    """Returns words with a minus, not a hyphen, before the numbers below zero."""
    return re.sub(r"(?<![\w.])-(?=\d)", "−", words)


def _sound(each: Deliverable) -> SoundPlot | None:
    if not each.measured.samples:
        return None
    return sound_plot(decode_sound(each.made, each.rendition.mix.length), each.measured, each.rendition)


def _rate(rate: Fraction) -> str:
    if rate.denominator == 1:
        return f"{rate.numerator} fps"
    return f"{float(rate):.3f} fps ({rate.numerator}/{rate.denominator})"


def _bytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.1f} kB"
