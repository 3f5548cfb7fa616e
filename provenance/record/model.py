"""What is known of how a clip was generated: each field with its value, and how it is known.

Sources may contradict each other: a container says seed 1, the service says seed 2. Both are kept; which
is right is not for this tool to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

# recorded: by whoever made the request, when they made it; provider-asserted: what the service answered;
# container-claimed: by a tag or an unvouched manifest in the file, which anybody can write;
# signature-verified: by a manifest that is intact and whose signer is trusted.
How = Literal["recorded", "provider-asserted", "container-claimed", "signature-verified"]
HOW: tuple[How, ...] = ("recorded", "provider-asserted", "container-claimed", "signature-verified")

# The fields that have a meaning here. Whatever else a source tells is kept under its own name.
FIELDS = (
    "provider", "model", "version", "prompt", "rewritten_prompt", "negative_prompt", "seed", "job_id",
    "created", "completed", "operator", "cost", "parent", "duration", "size", "visible_mark",
)  # fmt: skip
# A client's secret, maybe: what is shown of these outside is their digest.
PROMPTS = ("prompt", "rewritten_prompt", "negative_prompt")
# Of these there is one truth. Times and costs differ between honest sources, and do not contradict.
_ONE_TRUTH = frozenset(("provider", "model", "version", "prompt", "negative_prompt", "seed", "job_id"))


class Known(NamedTuple):
    """One field, its value, and how it is known."""

    field: str
    value: str
    how: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field for which sources give different values, in the order they were told."""

    field: str
    said: tuple[Known, ...]

    def __str__(self) -> str:
        return f"{self.field}: " + " but ".join(f"{row.how} says {_short(row.value)}" for row in self.said)


@dataclass(frozen=True, slots=True)
class Record:
    """A clip's generator record. sha256, bytes: of the clip; other: what else its sources told, as
    (dotted name, value), bounded; kept as told and not interpreted."""

    sha256: str
    bytes: int
    known: tuple[Known, ...]
    other: tuple[tuple[str, str], ...] = ()

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        return conflicts(self.known)

    def of(self, field: str) -> str:
        """What was first told of a field; "" where nothing was."""
        return next((row.value for row in self.known if row.field == field), "")


def conflicts(rows: Iterable[Sequence[str]]) -> tuple[Conflict, ...]:
    """Fields that have one truth and several values, in the order of `rows` (field, value, how)."""
    said: dict[str, dict[str, Known]] = {}
    for field, value, how in rows:
        if field in _ONE_TRUTH:
            said.setdefault(field, {}).setdefault(_plainly(value), Known(field, value, how))
    return tuple(Conflict(name, tuple(rows.values())) for name, rows in said.items() if len(rows) > 1)


def merged(*sources: Iterable[Sequence[str]]) -> tuple[Known, ...]:
    """Rows of several sources, in order; the same thing known in the same way is said once."""
    return tuple(dict.fromkeys(Known(*row) for source in sources for row in source))


def _plainly(value: str) -> str:
    """A value without what makes no difference: space around it, and line ends."""
    return "\n".join(value.strip().splitlines())


def _short(value: str) -> str:
    return repr(value if len(value) <= 60 else f"{value[:57]}...")
