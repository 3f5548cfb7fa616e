"""Says how long an archive is kept, and who holds it: the tag file retention.json of its bag.

retain_until   a date (YYYY-MM-DD): the archive is not removed before it; "" for no date
holds          who forbids to remove it, whatever the date, and why; a hold that was lifted stays, with who lifted it
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from post.errors import JobError

NAME, SCHEMA = "retention.json", "Retention.1"
MOST_BYTES, MOST_HOLDS, LONGEST = 1 << 20, 1000, 1000


@dataclass(frozen=True, slots=True)
class LegalHold:
    """A legal hold. by: who asked for it; why: the reason; lifted_by, lifted_why: "" while it stands."""

    by: str
    why: str
    lifted_by: str = ""
    lifted_why: str = ""

    @property
    def stands(self) -> bool:
        """Whether nobody has lifted it."""
        return not self.lifted_by


@dataclass(frozen=True, slots=True)
class Retention:
    """How long an archive is kept. retain_until: a date in ISO 8601, or ""; holds: in the order they were asked for."""

    retain_until: str = ""
    holds: tuple[LegalHold, ...] = ()

    def why_kept(self, today: date) -> Iterator[str]:
        """Yields each reason for which the archive is not removed on a day, in words."""
        for hold in self.holds:
            if hold.stands:
                yield f"{hold.by} holds it: {hold.why}"
        if self.retain_until and today < date.fromisoformat(self.retain_until):
            yield f"it is kept until {self.retain_until}"

    def held(self, by: str, why: str) -> Retention:
        """Returns it with one more legal hold. Raises JobError where it is not said who holds it, or why."""
        return replace(self, holds=(*self.holds, LegalHold(_said(by, "--legal-hold"), _said(why, "--why"))))

    def lifted(self, by: str, why: str) -> Retention:
        """Returns it with every hold of a person lifted. Raises JobError where they hold nothing, or no reason is
        given."""
        reason = _said(why, "--why")
        if not any(each.by == by and each.stands for each in self.holds):
            names = ", ".join(sorted({each.by for each in self.holds if each.stands}))
            raise JobError("no legal hold of this name", where="--lift", expected=names or "no holds", got=by)
        return replace(
            self,
            holds=tuple(
                replace(each, lifted_by=by, lifted_why=reason) if each.by == by and each.stands else each
                for each in self.holds
            ),
        )

    def text(self) -> bytes:
        """Returns it as the tag file has it."""
        data = {
            "schema": SCHEMA,
            "retain_until": self.retain_until,
            "holds": [asdict(each) for each in self.holds],
        }
        return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()


def read_date(text: str, where: str) -> str:
    """Returns a date as YYYY-MM-DD; "" for "". Raises JobError for another text."""
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as fault:
        raise JobError(
            "no date", where=where, expected="YYYY-MM-DD, such as 2033-12-31", got=text[:40]
        ) from fault


def read_retention(data: Any, where: str) -> Retention:
    """Returns what a tag file says; data: its JSON. Raises JobError where it is none: then nothing may be removed."""
    fault = JobError(
        "cannot be read as how long an archive is kept", where=where, expected=SCHEMA,
        fix="restore the archive from a copy",
    )  # fmt: skip
    if (
        not isinstance(data, dict)
        or data.get("schema") != SCHEMA
        or set(data) != {"schema", "retain_until", "holds"}
    ):
        raise fault
    until, rows = data["retain_until"], data["holds"]
    names = set(LegalHold.__dataclass_fields__)
    whole = isinstance(rows, list) and all(
        isinstance(row, dict) and set(row) == names and all(isinstance(each, str) for each in row.values())
        for row in rows[: MOST_HOLDS + 1]
    )
    if not whole or len(rows) > MOST_HOLDS or not isinstance(until, str):
        raise fault
    return Retention(read_date(until, where), tuple(LegalHold(**row) for row in rows))


def _said(text: str, option: str) -> str:
    if not text.strip() or len(text) > LONGEST:
        expected = f"a text of up to {LONGEST} characters"
        raise JobError("not said", where=option, expected=expected, got=repr(text[:40]))
    return text.strip()
