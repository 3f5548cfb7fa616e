"""Writes the colour of each shot for graders: .cube tables, and ASC CDLs (.cc, .ccc, .cdl). Source: ASC CDL 1.2, 5."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

from post.atomic import write_whole
from post.errors import JobError
from post.handoff.losses import Loss
from post.handoff.timeline import ColourDecisions
from post.job.model import Cut, Job
from post.measure.match import cube
from post.picture.colour.look import Look
from post.picture.colour.match import ColourMatch
from post.picture.colour.tone_curve import STRAIGHT
from post.printable import printable
from post.stage import ColourStage
from post.unused_name import unused_name
from post.values.array import Array

ONE_FILE = (".ccc", ".cdl")
_NO_NAME = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class ShotColour:
    """All colour stages of a shot as one. stages: in the order that they run."""

    stages: tuple[ColourStage, ...]

    def colour(self, rgb: Array) -> Array:
        """Returns the graded colour. rgb: (n, 3) R'G'B' as the clip has it, 0..1; unclamped after it."""
        for stage in self.stages:
            rgb = stage.colour(rgb)
        return rgb


def write_cubes(job: Job, folder: Path) -> tuple[Loss, ...]:
    """Writes NAME.cube for each shot into a folder: its camera conversion, match and look in one table.

    job: with its matches made. Returns what of a shot's picture is no colour table. Raises OutputError where a file
    cannot be written, JobError for a look-up table that cannot be read.
    """
    texts = {
        folder / f"{name}.cube": cube(ShotColour(cut.colour), f"{job.title} {cut.name}")
        for name, cut in _named(job.cut)
    }
    for path, text in texts.items():
        write_whole(path, text)
    return tuple(_beside(job))


def write_cdls(job: Job, place: Path) -> tuple[Loss, ...]:
    """Writes the CDL of each shot: into one .ccc or .cdl file, or as NAME.cc into a folder.

    job: with its matches made. Returns what of a shot's colour a CDL does not hold. Raises JobError for a name that
    ends in .cc where there are several shots, OutputError where a file cannot be written.
    """
    if place.suffix.lower() == ".cc" and len(job.cut) > 1:
        raise JobError(
            "a .cc file holds one shot",
            where="-o",
            expected="a folder, or a name ending in .ccc or .cdl",
            got=place.name,
        )
    lost: list[Loss] = []
    made = {}
    for name, cut in _named(job.cut):
        decisions, losses = decisions_of(cut)
        made[name] = _correction(decisions, cut.name)
        lost += losses
    if place.suffix.lower() in ONE_FILE:
        write_whole(place, _collection(list(made.values()), place.suffix.lower()))
    elif place.suffix.lower() == ".cc":
        write_whole(place, _HEAD + next(iter(made.values())))
    else:
        for name, text in made.items():
            write_whole(place / f"{name}.cc", _HEAD + text)
    return (*lost, *_beside(job))


def decisions_of(cut: Cut) -> tuple[ColourDecisions, list[Loss]]:
    """Returns a shot's colour as an ASC CDL, and what of it that does not hold. cut: with its match made.

    Of several stages that are CDLs it is the first that changes anything: one after the other is none.
    """
    found: list[tuple[str, ColourDecisions]] = []
    lost: list[Loss] = []
    for stage in cut.colour:
        name = type(stage).name
        if isinstance(stage, ColourMatch):
            found.append((name, ColourDecisions(stage.slope, stage.offset, stage.gamma, stage.saturation)))
            if stage.residual:
                lost.append(
                    Loss("match's small table", cut.name, "a CDL has ten numbers: hand off as cube too")
                )
        elif isinstance(stage, Look):
            decisions, rest = _of_look(stage)
            if decisions != ColourDecisions():
                found.append((name, decisions))
            lost += [Loss(each, cut.name, "a CDL has ten numbers: hand off as cube too") for each in rest]
        else:
            lost.append(Loss(name, cut.name, "no CDL does it: hand off as cube too"))
    why = "two CDLs one after the other are none: hand off as cube too"
    lost += [Loss(name, cut.name, why) for name, _ in found[1:]]
    return (found[0][1] if found else ColourDecisions()), lost


def _of_look(look: Look) -> tuple[ColourDecisions, list[str]]:
    """Returns a look's CDL, and the names of what else it does. Contrast is a slope and an offset where no power lies
    before it."""
    slope, offset, power, rest = look.slope, look.offset, look.power, list[str]()
    if look.contrast != 1:
        if power == (1.0, 1.0, 1.0):
            turn = look.pivot * (1 - look.contrast)
            (a, b, c), (d, e, f) = slope, offset
            slope = (a * look.contrast, b * look.contrast, c * look.contrast)
            offset = (d * look.contrast + turn, e * look.contrast + turn, f * look.contrast + turn)
        else:
            rest.append("contrast after a power")
    curves = (look.curve, look.red, look.green, look.blue)
    rest += ["tone curve"] if any(each != STRAIGHT for each in curves) else []
    tints = (look.saturation_shadows, look.saturation_mids, look.saturation_highlights)
    rest += ["saturation by luminance"] if any(each != 1 for each in tints) else []
    rest += ["look-up table"] if look.lut is not None and look.lut_strength else []
    return ColourDecisions(slope, offset, power, look.saturation), rest


def _named(cuts: Sequence[Cut]) -> Iterator[tuple[str, Cut]]:
    """Returns each shot with the name of its file; no two are equal, whatever the case."""
    used = set[str]()
    for cut in cuts:
        base = _NO_NAME.sub("_", cut.name).strip("._") or "shot"
        name = unused_name(base, used, str.casefold)
        used.add(name.casefold())
        yield name, cut


def _beside(job: Job) -> Iterator[Loss]:
    """Returns what shapes the picture and is no colour of a point."""
    why = "it is no colour of a point: it is made when the film is finished"
    for cut in job.cut:
        for effect in cut.effects:
            yield Loss(type(effect).name, cut.name, why)
        for repair in cut.repairs:
            yield Loss(type(repair.stage).name, cut.name, why)
    if job.grain is not None:
        yield Loss("grain", "film", why)


_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_XMLNS = 'xmlns="urn:ASC:CDL:v1.2"'


def _correction(decisions: ColourDecisions, name: str) -> str:
    """Returns a ColorCorrection element."""
    rows = (decisions.slope, decisions.offset, decisions.power)
    slope, offset, power = (" ".join(f"{part:.6f}" for part in row) for row in rows)
    return (
        f"<ColorCorrection id={quoteattr(printable(name))}>\n"
        f"  <SOPNode><Slope>{slope}</Slope><Offset>{offset}</Offset><Power>{power}</Power></SOPNode>\n"
        f"  <SatNode><Saturation>{decisions.saturation:.6f}</Saturation></SatNode>\n"
        "</ColorCorrection>\n"
    )


def _collection(corrections: Sequence[str], suffix: str) -> str:
    if suffix == ".ccc":
        body = "".join(corrections)
        return f"{_HEAD}<ColorCorrectionCollection {_XMLNS}>\n{body}</ColorCorrectionCollection>\n"
    body = "".join(f"<ColorDecision>\n{each}</ColorDecision>\n" for each in corrections)
    return f"{_HEAD}<ColorDecisionList {_XMLNS}>\n{body}</ColorDecisionList>\n"
