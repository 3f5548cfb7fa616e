"""Makes the page to choose takes from: a strip of each take's usable ranges, and what was measured of it.

The page is a single file that uses neither the network nor scripts, as the report is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

from post import __version__
from post.engine import Store
from post.measure.fact import shown_by_job
from post.picture.display.convert import convert_colour, shown_as_it_is
from post.prepare.kept_answer import kept_answer
from post.prepare.toolchain import code_digest
from post.report.contact_sheet import Still, pack_still
from post.selects.coverage import TakeGroup
from post.selects.measured import MeasuredTake
from post.selects.rank import RankedTake
from post.selects.unmet import UnmetRule, unmet_rules
from post.takes.still import read_stills
from post.values import BT709, Colour
from post.values.array import Array
from post.values.media import CREDENTIALS
from post.values.time import Span
from provenance.html import render_html

FRAMES, AREA = 6, 320 * 180
WIDE = 1000  # units of the bar under a strip
MODULES = ("selects/sheet.py", "report/contact_sheet.py", "takes/still.py")


@dataclass(frozen=True, slots=True)
class StripFrame:
    """One picture of a strip. at: its time in the take, in words."""

    still: Still
    at: str


@dataclass(frozen=True, slots=True)
class StripQuestion:
    """Everything that a strip depends on: it is kept under its digest."""

    asset: str
    shown: str
    range: str
    frames: tuple[int, ...]
    code: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The stills of one take."""

    frames: tuple[StripFrame, ...]


@dataclass(frozen=True, slots=True)
class BarPart:
    """A part of a take on the bar under its strip. at, wide: in units of WIDE; kind: "usable", "cut" or a defect's."""

    at: float
    wide: float
    kind: str


@dataclass(frozen=True, slots=True)
class TakeSection:
    """One take as the page shows it. rows: (what, reading); choice: what to write to choose it; broken: rules of the
    brief."""

    rank: int
    name: str
    file: str
    why: str
    strip: Strip
    bar: tuple[BarPart, ...]
    ranges: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    choice: str
    broken: tuple[UnmetRule, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupSection:
    """One group as the page shows it. title: its beat, or what stands for it."""

    title: str
    says: str
    dimension: str
    takes: tuple[TakeSection, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoverageSheet:
    """The whole page."""

    language: str
    title: str
    tool: str
    groups: tuple[GroupSection, ...]


Ranked = Sequence[tuple[TakeGroup, Sequence[RankedTake]]]


def sheet_html(title: str, groups: Ranked, keep: Store | None = None) -> str:
    """Returns the page. title: the job's; keep: a store where stills are looked up first and kept.

    All text that a job, a file or a generator brought is escaped. Raises SourceError where a take can no longer be
    read.
    """
    sections = tuple(_group(group, takes, keep) for group, takes in groups)
    return render_html("post.selects", CoverageSheet("en", title, f"Answerprint {__version__}", sections))


def strip_frames(usable: Sequence[Span], length: int, count: int = FRAMES) -> tuple[int, ...]:
    """Returns the frames of a strip: evenly spread over the usable spans, or over the whole take where there is none.

    length: of the take, in frames.
    """
    spans = list(usable) or [Span(0, length)]
    frames = [frame for span in spans for frame in span]
    return tuple(dict.fromkeys(frames[(2 * part + 1) * len(frames) // (2 * count)] for part in range(count)))


def _group(group: TakeGroup, takes: Sequence[RankedTake], keep: Store | None) -> GroupSection:
    title = group.beat or (takes[0].measured.ref.name if len(takes) == 1 else "one prompt")
    return GroupSection(
        title,
        group.says,
        group.dimension,
        tuple(_take(each, group.beat, keep) for each in takes),
        tuple(map(str, group.missing)),
    )


def _take(ranked: RankedTake, beat: str, keep: Store | None) -> TakeSection:
    take = ranked.measured
    grid = take.take.picture.grid
    return TakeSection(
        rank=ranked.rank,
        name=take.ref.name,
        file=take.take.file.name,
        why=ranked.why,
        strip=_strip(take, keep),
        bar=tuple(_bar(take)),
        ranges=tuple(
            f"{float(grid.seconds(each.first)):.2f} to {float(grid.seconds(each.stop)):.2f} s"
            for each in take.usable
        ),
        rows=tuple(_rows(take)),
        warnings=tuple(str(each.at("")) for each in take.warnings),
        choice=f"--choose {beat or 'SHOT'}={take.ref.name}",
        broken=unmet_rules(take),
    )


def _strip(take: MeasuredTake, keep: Store | None) -> Strip:
    picture = take.take.picture
    frames = strip_frames(take.usable, picture.length)
    question = StripQuestion(
        take.take.file.sha256, shown_by_job(picture), picture.colour.range, frames, _code() if keep else ""
    )
    return kept_answer(keep, question, Strip, partial(_read, take, frames))


@cache
def _code() -> str:
    return code_digest(MODULES)


def _read(take: MeasuredTake, frames: Sequence[int]) -> Strip:
    picture = take.take.picture
    convert = None if shown_as_it_is(picture.colour, BT709) else _as_bt709
    read = read_stills(take.take.file.here, picture, frames, AREA, convert)
    return Strip(
        tuple(
            StripFrame(pack_still(image), f"{float(picture.grid.seconds(frame)):.2f} s")
            for frame, image in read
        )
    )


def _as_bt709(rgb: Array, colour: Colour) -> Array:
    return convert_colour(rgb, colour, BT709)


def _bar(take: MeasuredTake) -> Iterator[BarPart]:
    unit = WIDE / take.take.picture.length
    for kind, spans in (("usable", take.usable), *((each.kind, (each.span,)) for each in take.defects)):
        yield from (BarPart(round(span.first * unit, 2), round(len(span) * unit, 2), kind) for span in spans)
    yield from (BarPart(round(at * unit - 1.5, 2), 3.0, "cut") for at in take.cuts)


def _rows(take: MeasuredTake) -> Iterator[tuple[str, str]]:
    picture, figures = take.take.picture, take.figures
    rate = float(picture.grid.rate)
    seconds = float(picture.grid.seconds(picture.length))
    yield "Length", f"{seconds:.2f} s, {picture.length} frames at {rate:.6g} a second"
    yield "Size", f"{picture.width} x {picture.height}, {picture.codec}"
    if take.cuts:
        yield "Cuts inside", ", ".join(f"{float(picture.grid.seconds(at)):.2f} s" for at in take.cuts)
    if take.defects:
        yield "Defects", ", ".join(_defect_words(take))
    yield from (
        (name, f"{value:.3g} {unit}")
        for name, value, unit in (
            ("Motion", figures.speed_pct, "% of the width a second"),
            ("Width of sharpest edges", figures.edge_pct, "% of the height"),
            ("Flicker", figures.flicker_pct, "%"),
            ("Drift of light", figures.drift_pct, "%"),
            ("Loudness", figures.loudness_lufs, "LUFS"),
            ("True peak", figures.true_peak_dbtp, "dBTP"),
        )
        if value is not None
    )
    if take.take.sound is None:
        yield "Sound", "none"
    yield "Credentials", f"{take.take.credential}: {CREDENTIALS[take.take.credential]}"
    yield from ((f"Not measured: {name}", why) for name, why in take.unmeasured)


def _defect_words(take: MeasuredTake) -> Iterator[str]:
    grid = take.take.picture.grid
    for each in take.defects:
        first, stop = (float(grid.seconds(frame)) for frame in (each.span.first, each.span.stop))
        yield f"{each.kind} {first:.2f} to {stop:.2f} s"
