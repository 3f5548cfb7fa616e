"""Makes the films of an archive again, from the archive alone, and compares every decoded frame.

    open_archive -> the job, its files and its trust lists -> plan -> render -> decode -> compare

Results of other runs are not used: a replay renders everything. Films are unsigned, and are registered nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from post.archive.approvals import ArchivedApprovals
from post.archive.compare import (
    DIFFERENT,
    EQUAL,
    NOT_COMPARED,
    ComparedFilm,
    ComparedSegment,
    ValueDifference,
    compare_film,
    differences,
    not_compared,
    origin_differences,
)
from post.archive.opened import OpenedArchive
from post.archive.told import Maker, plan_rows
from post.errors import IncompleteError, ProvenanceError
from post.job.model import Job
from post.values import Plan
from provenance.approval.frames import FilmFrames

# Values of the mark that come of its owner's secret: nobody else can make them.
_OF_OWNER = ("finishes.watermark.identifier", "finishes.watermark.carrier")
MARK = "its invisible mark is drawn with its owner's secret, which no archive holds: replay it as that user"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay found. values: of the job and its presets that differ; releases: of what made the films; maker: as
    of `read_maker`, here; refused: why the films could not be made again, "" where they were; approvals: what they are
    worth, None where there are none; others: the films whose file in the archive is another film."""

    archive: OpenedArchive
    films: tuple[ComparedFilm, ...]
    values: tuple[ValueDifference, ...]
    releases: tuple[ValueDifference, ...]
    maker: Maker
    refused: str = ""
    approvals: ArchivedApprovals | None = None
    others: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """EQUAL, DIFFERENT or NOT_COMPARED, over all films."""
        verdicts = {each.verdict for each in self.films} | ({DIFFERENT} if self.others else set())
        return next(
            (each for each in (DIFFERENT, NOT_COMPARED) if each in verdicts),
            EQUAL if verdicts else NOT_COMPARED,
        )

    @property
    def exit_code(self) -> int:
        """0 where all is equal and the bag is valid; 6 where frames differ, a file was altered or approvals forged; 7
        where films could not be compared."""
        forged = self.approvals is not None and bool(self.approvals.wrong)
        if self.verdict == DIFFERENT or forged or not self.archive.bag.valid:
            return ProvenanceError.exit_code
        return 0 if self.verdict == EQUAL else IncompleteError.exit_code


def as_archived(jobs: Sequence[Job]) -> tuple[Job, ...]:
    """Returns jobs whose films are registered nowhere."""
    return tuple(replace(each, provenance=replace(each.provenance, registration=None)) for each in jobs)


def compare_films(
    archive: OpenedArchive, plan: Plan, made: Mapping[str, FilmFrames], maker: Maker
) -> Replayed:
    """Returns how the films that were made again differ. made: what each shows, by its name."""
    rows = plan_rows(plan)
    planned = {film["name"]: film for film in rows["films"]}
    films = []
    for each in archive.frames:
        if each.name in made:
            found = compare_film(each, archive.films[each.name], made[each.name], planned[each.name])
            films.append(_excused(found))
        else:
            films.append(not_compared(each, "the job in the archive makes no film of this name"))
    values = origin_differences(archive.origins, plan.origins)
    releases = tuple(differences(archive.about.maker, maker))
    return Replayed(archive, tuple(films), values, releases, maker)


def _excused(film: ComparedFilm) -> ComparedFilm:
    """Returns a film as not compared, where it differs for no other reason than that its mark is another user's."""
    off = [each for each in film.segments if each.verdict == DIFFERENT]
    if off and all(_is_mark(each) for each in off):
        return replace(
            film, segments=tuple(replace(each, verdict=NOT_COMPARED) for each in film.segments), why=MARK
        )
    return film


def _is_mark(segment: ComparedSegment) -> bool:
    return bool(segment.values) and all(each.place.startswith(_OF_OWNER) for each in segment.values)


def not_made(archive: OpenedArchive, why: str, maker: Maker) -> Replayed:
    """Returns a replay that could not make the films. why: in words."""
    films = tuple(not_compared(each, why) for each in archive.frames)
    return Replayed(archive, films, (), tuple(differences(archive.about.maker, maker)), maker, why)


def replay_json(found: Replayed, folder: Path, out: Path | None) -> dict[str, Any]:
    """Returns the `replay` object of the command line. folder: the archive's; out: the folder of the new films."""
    bag = found.archive.bag
    return {
        "archive": str(folder),
        "title": found.archive.about.title,
        "verdict": found.verdict,
        "bag": {
            "valid": bag.valid,
            "faults": [_finding(each) for each in bag.faults],
            "warnings": [_finding(each) for each in bag.warnings],
        },
        "films": [{**_film(each), "file": _file(each.name, found)} for each in found.films],
        "values": [_value(each) for each in found.values],
        "makers": {"archive": dict(found.archive.about.maker), "here": dict(found.maker)},
        "releases": [_value(each) for each in found.releases],
        "approvals": found.approvals.plain() if found.approvals else None,
        "refused": found.refused or None,
        "redacted": len(found.archive.about.redacted),
        "out": str(out) if out else None,
    }


def _finding(finding: Any) -> dict[str, str]:
    return {"code": finding.code, "path": finding.path, "why": finding.why}


def _value(value: ValueDifference) -> dict[str, str | None]:
    return {
        "place": value.place,
        "was": value.was or None,
        "now": value.now or None,
        "origin": value.origin or None,
    }


def _file(name: str, found: Replayed) -> str | None:
    """Returns whether a film's file in the archive shows what the archive tells; None where it has none, or nothing was
    made."""
    has = any(each.name == name and each.file for each in found.archive.frames)
    return None if found.refused or not has else DIFFERENT if name in found.others else EQUAL


def _film(film: ComparedFilm) -> dict[str, Any]:
    first = film.first
    return {
        "name": film.name,
        "verdict": film.verdict,
        "frames": film.frames[0],
        "frames_made": film.frames[1],
        "frames_different": sum(each.different for each in film.segments),
        "sound": film.sound,
        "sound_values": [_value(each) for each in film.sound_values],
        "why": film.why or None,
        "first_difference": None
        if first is None or first.first is None
        else {
            "frame": first.first,
            "at_s": film.at_s(first.first),
            "segment": film.segments.index(first),
            "values": [_value(each) for each in first.values],
        },
        "segments": [
            {
                "index": number,
                "first": each.place.first,
                "stop": each.place.stop,
                "verdict": each.verdict,
                "frames_different": each.different,
                "sound_different": each.heard,
                "first_different": each.first,
                "digest": each.was,
                "digest_made": each.now or None,
                "made_by": "archive",
                "remade_by": "here" if each.now else None,
                "values": [_value(value) for value in each.values],
            }
            for number, each in enumerate(film.segments)
        ],
    }
