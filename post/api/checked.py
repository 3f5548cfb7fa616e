"""What checking came to: a row for each check, of films and of jobs, with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from post.errors import GuardrailError, IncompleteError
from post.values.claim import OPEN, SETTLED, Ruling, summarised

if TYPE_CHECKING:
    from provenance.policy.document.facts import DeclaredFact
    from provenance.report import Report


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check. ruling: what it came to; policy: "NAME VERSION", "" for a check of the job; film: the path of the
    film, "" for a job; where: a place in the job, "file:line"; shows: the file of the
    ruling's frame, where that is another."""

    ruling: Ruling
    policy: str = ""
    film: str = ""
    where: str = ""
    shows: str = ""

    def plain(self) -> dict[str, Any]:
        """Returns the row as JSON values: without the file of its frame, which is a copy in the store."""
        return {
            **self.ruling.plain(),
            "policy": self.policy,
            "film": self.film,
            "where": self.where,
        }


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What checking a film or a job came to.

    rows: the checks; reports: what verifying each film found, with its policies; policies: (name, version, sha256) of
    those that were asked; notes: what to know of how it was checked, such as which policy was taken; facts: what was
    declared, and by whom; toolchain: names and releases of what measured.
    """

    rows: tuple[CheckRow, ...]
    reports: tuple[Report, ...] = ()
    policies: tuple[tuple[str, str, str], ...] = ()
    notes: tuple[str, ...] = ()
    facts: tuple[DeclaredFact, ...] = ()
    toolchain: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def counts(self) -> dict[str, int]:
        """How many checks came to each verdict."""
        return dict(Counter(row.ruling.verdict for row in self.rows))

    @property
    def summary(self) -> str:
        """How many rules were checked, and how many could not be."""
        return summarised([row.ruling.verdict for row in self.rows])

    @property
    def exit_code(self) -> int:
        """0: everything that applies was checked and holds; 4: something fails; 7: something could not be checked, or
        nothing applied to a film, or at all, which is no pass."""
        verdicts = {row.ruling.verdict for row in self.rows}
        if "fail" in verdicts:
            return GuardrailError.exit_code
        settled = {row.film for row in self.rows if row.ruling.verdict in SETTLED}
        idle = not settled or {row.film for row in self.rows} - settled
        return IncompleteError.exit_code if idle or verdicts & set(OPEN) else 0

    def plain(self) -> dict[str, Any]:
        """Returns the `check` object of the command line."""
        return {
            "checks": [row.plain() for row in self.rows],
            "counts": self.counts,
            "summary": self.summary,
            "films": [
                {
                    "path": each.file.path,
                    "sha256": each.file.sha256,
                    "bytes": each.file.bytes,
                    "judged_at": each.judged_at,
                }
                for each in self.reports
            ],
            "policies": [
                dict(zip(("profile", "version", "sha256"), each, strict=True)) for each in self.policies
            ],
            "facts": [
                {"name": each.name, "value": each.value, "by": each.by, "at": each.at} for each in self.facts
            ],
            "notes": list(self.notes),
            "toolchain": dict(self.toolchain),
        }

    def with_rows(self, rows: Sequence[CheckRow]) -> CheckReport:
        """Returns the report with further rows."""
        return replace(self, rows=(*self.rows, *rows))

    def joined(self, others: Sequence[CheckReport]) -> CheckReport:
        """Returns one report of this and others."""
        every = (self, *others)
        return replace(
            self,
            rows=tuple(row for each in every for row in each.rows),
            reports=tuple(report for each in every for report in each.reports),
            policies=tuple(dict.fromkeys(policy for each in every for policy in each.policies)),
            notes=tuple(dict.fromkeys(note for each in every for note in each.notes)),
            facts=next((each.facts for each in every if each.facts), ()),
            toolchain=next((each.toolchain for each in every if each.toolchain), ()),
        )
