"""The generator record of a clip: each field with its value, and how it is known.

Sources may contradict each other: a tag in the file says seed 1, the service says seed 2. Both values stay in the
record; this package does not decide which is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

# recorded: by whoever sent the request, when they sent it; provider-asserted: by the service's answer;
# container-claimed: by a tag or an untrusted manifest in the file, which anybody can write;
# signature-verified: by a manifest that is intact and whose signer is trusted.
How = Literal["recorded", "provider-asserted", "container-claimed", "signature-verified"]
HOW: tuple[How, ...] = ("recorded", "provider-asserted", "container-claimed", "signature-verified")

# The fields that have a meaning here. Other values stay in `GeneratorRecord.other` under the source's own names.
FIELDS = (
    "provider", "model", "version", "prompt", "rewritten_prompt", "negative_prompt", "seed", "job_id",
    "created", "completed", "operator", "cost", "parent", "duration", "size", "visible_mark",
)  # fmt: skip
# These may be a client's secret: unless a job says otherwise, only their digests are published.
PROMPTS = ("prompt", "rewritten_prompt", "negative_prompt")
# Fields that can have one value only. Times and costs differ between honest sources, and do not conflict.
_SINGLE = frozenset(("provider", "model", "version", "prompt", "negative_prompt", "seed", "job_id"))


class FieldValue(NamedTuple):
    """One field, its value, and how it is known (one of HOW)."""

    field: str
    value: str
    how: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field for which sources give different values, in the order in which they were given."""

    field: str
    values: tuple[FieldValue, ...]

    def __str__(self) -> str:
        return f"{self.field}: " + " but ".join(
            f"{row.how} says {_shorten(row.value)}" for row in self.values
        )


@dataclass(frozen=True, slots=True)
class GeneratorRecord:
    """How one clip was generated.

    sha256, bytes: of the clip; known: the fields; other: whatever else the sources said, as (dotted name, text),
    bounded and not interpreted.
    """

    sha256: str
    bytes: int
    known: tuple[FieldValue, ...]
    other: tuple[tuple[str, str], ...] = ()

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The fields for which sources give different values."""
        return find_conflicts(self.known)

    def of(self, field: str) -> str:
        """Returns the first value of a field; "" if it has none."""
        return next((row.value for row in self.known if row.field == field), "")


def find_conflicts(rows: Iterable[Sequence[str]]) -> tuple[Conflict, ...]:
    """Returns the fields that can have one value only and have several. rows: (field, value, how), in order."""
    values: dict[str, dict[str, FieldValue]] = {}
    for field, value, how in rows:
        if field in _SINGLE:
            values.setdefault(field, {}).setdefault(_normalise(value), FieldValue(field, value, how))
    return tuple(Conflict(name, tuple(rows.values())) for name, rows in values.items() if len(rows) > 1)


def merge(*sources: Iterable[Sequence[str]]) -> tuple[FieldValue, ...]:
    """Returns the rows of several sources in order, equal rows once."""
    return tuple(dict.fromkeys(FieldValue(*row) for source in sources for row in source))


def _normalise(value: str) -> str:
    """Returns a value without what makes no difference: space around it, and the kind of line ends."""
    return "\n".join(value.strip().splitlines())


def _shorten(value: str) -> str:
    return repr(value if len(value) <= 60 else f"{value[:57]}...")
