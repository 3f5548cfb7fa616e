"""Keeps what a check was decided on: pictures of each film's rules, for the page and as files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.api.checked import CheckReport, CheckRow
from post.cli.output import print_note
from post.errors import SourceError
from post.values.claim import Ruling, summarised

if TYPE_CHECKING:
    from post.qc.look import WorkerLook
    from post.report.check_page.page import FilmOnPage, RuledLine
    from post.report.marked_still import MarkedPart

_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass
class EvidenceKeeper:
    """Takes the pictures of each film while it is looked at. folder: where they are written as PNG, None for nowhere;
    is_shown: whether a page will show them; pictures: the file of each row, by all that the row says: rows of one rule
    about different versions have pictures of their own; written: all files; of_job: of rules of the job itself."""

    folder: Path | None
    is_shown: bool
    films: list[FilmOnPage] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)
    written: set[Path] = field(default_factory=set)
    of_job: dict[Ruling, MarkedPart] = field(default_factory=dict)

    def keep(self, file: Path, look: WorkerLook, checked: CheckReport) -> None:
        """Keeps what shows the rules of a film. Raises OutputError where a picture cannot be written."""
        from post.report.check_page.evidence import evidence_parts
        from post.report.check_page.page import FilmOnPage, PolicySection, ruled_lines

        if self.folder is None and not self.is_shown:
            return
        self._write_flashes(file, look)
        sections = list[PolicySection]()
        (report,) = checked.reports
        for result in report.policies:
            parts, faults = evidence_parts(file, result.rulings, look.call)
            for fault in faults:
                print_note(fault)
            for at, part in parts.items():
                self._write(
                    file, CheckRow(result.rulings[at], f"{result.profile} {result.version}", str(file)), part
                )
            lines = ruled_lines(result.rulings, parts)
            summary = summarised([each.verdict for each in result.rulings])
            sections.append(PolicySection(result.profile, result.version, result.sha256, summary, lines))
        info = report.file
        self.films.append(FilmOnPage(info.path, info.sha256, info.bytes, report.judged_at, tuple(sections)))

    def keep_rows(self, job: Path, rows: Sequence[CheckRow], call: Callable[..., MarkedPart]) -> None:
        """Keeps what shows rules of a job, in frames of its takes. call: calls a function in a worker. Raises
        OutputError where a picture cannot be written."""
        from post.report.check_page.evidence import MOST_PICTURES
        from post.report.marked_still import marked_part

        shown = [row for row in rows if row.shows and row.ruling.frame is not None]
        if self.folder is None and not self.is_shown:
            return
        for row in sorted(shown, key=lambda each: each.ruling.verdict == "pass")[:MOST_PICTURES]:
            ruling = row.ruling
            try:
                part = call(marked_part, Path(row.shows), ruling.frame, Fraction(0), ruling.box)
            except SourceError as fault:
                print_note(f"{ruling.id} has no picture: {fault}")
                continue
            self.of_job[ruling] = part
            self._write(Path(job.name), row, part)

    def _write(self, file: Path, row: CheckRow, part: MarkedPart) -> None:
        """Writes a picture of a row. file: what the picture is named after."""
        from post.atomic import write_whole

        if self.folder is None:
            return
        policy = row.policy.partition(" ")[0]
        place = self._place(self.folder, f"{file.stem}-{policy}-{row.ruling.id}", ".png")
        write_whole(place, part.png)
        self.pictures[_key(row.plain())] = str(place)

    def _write_flashes(self, file: Path, look: WorkerLook) -> None:
        """Writes what was seen of flashes, frame by frame, as CSV and JSON; nothing where no rule asked."""
        from post.atomic import write_whole
        from post.qc.flash.table import flash_csv, flash_json

        sight = look.flash_sight
        if self.folder is not None and sight is not None:
            for suffix, data in (("csv", flash_csv(sight)), ("json", flash_json(sight))):
                write_whole(self._place(self.folder, file.stem, f".flashes.{suffix}"), data)

    def _place(self, folder: Path, name: str, ending: str) -> Path:
        """Returns where a file goes: no two share a place, also where their names differ in unsafe letters alone."""
        safe, number = _UNSAFE.sub("_", name), 1
        place = folder / f"{safe}{ending}"
        while place in self.written:
            number += 1
            place = folder / f"{safe}-{number}{ending}"
        self.written.add(place)
        return place

    def named(self, data: dict[str, Any]) -> dict[str, Any]:
        """Returns the `check` object with the picture of each row under "picture", "" without one."""
        rows = [{**row, "picture": self.pictures.get(_key(row), "")} for row in data["checks"]]
        return {**data, "checks": rows}

    def write_page(self, place: Path, title: str, checked: CheckReport) -> None:
        """Writes the page. Raises OutputError where it cannot be written."""
        from post.atomic import write_whole
        from post.report.check_page.page import CheckPage, render_check_page, ruled_lines
        from provenance.policy.rates import known_rates

        rulings = [row.ruling for row in checked.rows if not row.film]
        parts = {at: self.of_job[each] for at, each in enumerate(rulings) if each in self.of_job}
        own: tuple[RuledLine, ...] = ruled_lines(rulings, parts)
        page = CheckPage(
            title,
            checked.summary,
            tuple(self.films),
            own,
            tuple(map(str, checked.facts)),
            checked.notes,
            checked.toolchain,
            known_rates(),
        )
        write_whole(place, render_check_page(page))
        print_note(f"wrote {place}")


def _key(row: Mapping[str, Any]) -> str:
    return json.dumps(row, sort_keys=True, default=str)
