"""Defines warnings: what a person should know of a take, a sound or a film, although it stops nothing.

A warning is made where it is known, and the plan gives it its place in the job. Commands, the report and each receipt
tell what they know, each warning once, the worst first. `still` and `new` do not know all: they do not measure whether
titles can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

# Worst first. wrong: the film will probably not do; lost: something of a file is not in the film; changed: something
# is shown or heard otherwise than its file has it; unsure: something is not known, or not certain.
Rank = Literal["wrong", "lost", "changed", "unsure"]
_ORDER: dict[str, int] = {rank: place for place, rank in enumerate(get_args(Rank))}

# Every code there is, with its rank. Scripts read codes, and jobs allow some: none is renamed.
CODES: dict[str, Rank] = {
    "tampered": "wrong",
    "revoked": "wrong",
    "cut-short": "wrong",
    "damaged": "wrong",
    "sound-damaged": "wrong",
    "faint": "wrong",
    "frozen": "wrong",
    "black": "wrong",
    "flash": "wrong",
    "cut-inside": "wrong",
    "beat-missing": "wrong",
    "loudness-missed": "wrong",
    "loudness-exceeded": "wrong",
    "peak-exceeded": "wrong",
    "notice-missing": "wrong",
    "policy-contradiction": "wrong",
    "duck-missed": "wrong",
    "sound-clipped": "wrong",
    "layers-overlap": "wrong",
    "label-over-face": "wrong",
    "type-contrast": "wrong",
    "type-small": "wrong",
    "logo-contrast": "wrong",
    "type-brief": "wrong",
    "caption-fast": "wrong",
    "caption-short": "wrong",
    "caption-overlap": "wrong",
    "caption-lost": "lost",
    "picture-left-out": "lost",
    "starts-midway": "lost",
    "sound-left-out": "lost",
    "past-end": "lost",
    "sound-short": "lost",
    "match-refused": "lost",
    "version-lost": "lost",
    "crop-cuts": "lost",
    "handles": "changed",
    "version-shorter": "changed",
    "hdr": "changed",
    "alpha-flattened": "changed",
    "colour-converted": "changed",
    "crop-ignored": "changed",
    "interlaced": "changed",
    "turned": "changed",
    "pixel-shape": "changed",
    "varying-rate": "changed",
    "colour-overridden": "changed",
    "caption-long": "changed",
    "caption-lines": "changed",
    "caption-gap": "changed",
    "low-rate": "changed",
    "sound-limited": "changed",
    "bed-low": "changed",
    "shots-uneven": "changed",
    "saturated-edge": "changed",
    "credentials-beside": "changed",
    "other": "changed",
    "rate-untagged": "unsure",
    "duration-wrong": "unsure",
    "colour-untagged": "unsure",
    "range-untagged": "unsure",
    "tags-contradict": "unsure",
    "tags-undefined": "unsure",
    "records-contradict": "unsure",
    "overlay-unused": "unsure",
    "no-voice": "unsure",
    "policy-fact": "unsure",
    "policy-unknown": "unsure",
    "waiver-refused": "unsure",
    "no-speech": "unsure",
    "marked": "unsure",
    "credentials": "unsure",
}
# A job can say that these are meant to be so: whoever wrote it can judge them, and nothing of a file is hidden by it.
ALLOWABLE = (
    "beat-missing", "bed-low", "black", "caption-fast", "caption-gap", "caption-lines", "caption-long",
    "caption-lost", "caption-overlap", "caption-short", "crop-cuts", "cut-inside", "duck-missed", "faint", "flash",
    "frozen", "handles", "label-over-face", "layers-overlap", "logo-contrast", "low-rate", "match-refused",
    "no-speech", "no-voice", "overlay-unused", "past-end", "saturated-edge", "shots-uneven", "sound-clipped",
    "sound-limited", "sound-short", "type-brief", "type-contrast", "type-small", "version-lost", "version-shorter",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class JobWarning:
    """One warning. Prints as `where: of: what; got G; fix`, leaving out what is not given.

    code: one of CODES; what: what is so; got: a number or a value that shows it;
    fix: what to do about it; of: what it is about, such as "take dog"; where: its place in the job, "file:line";
    allowed: why it is meant to be so, where the job says that it is, or ""; films: the names of those that it is about,
    empty for all films; frame: of the first of those, the frame that shows it best, None where none does.
    """

    code: str
    what: str
    got: str = ""
    fix: str = ""
    of: str = ""
    where: str = ""
    allowed: str = ""
    films: tuple[str, ...] = ()
    frame: int | None = None

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"no warning has the code {self.code!r}")

    @property
    def rank(self) -> Rank:
        """How bad it is."""
        return CODES[self.code]

    def at(self, of: str, where: str = "") -> JobWarning:
        """The same warning, with what it is about and its place in the job."""
        return replace(self, of=of, where=where)

    def is_about(self, film: str) -> bool:
        """Returns whether it is about the film of that name."""
        return not self.films or film in self.films

    def row(self) -> dict[str, Any]:
        """Returns it as JSON has it everywhere: in `--json`, and in the receipt."""
        return {
            "code": self.code,
            "rank": self.rank,
            "of": self.of,
            "where": self.where,
            "what": self.what,
            "got": self.got,
            "fix": self.fix,
            "allowed": self.allowed,
            "films": list(self.films),
            "frame": self.frame,
        }

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> JobWarning:
        """Returns the warning that a row tells."""
        values = {field.name: row[field.name] for field in fields(cls) if field.name in row}
        return cls(**(values | {"films": tuple(row["films"])}))

    def __str__(self) -> str:
        head = ": ".join(part for part in (self.where, self.of, self.what) if part)
        found = f"got {self.got}" if self.got else ""
        advice = f"allowed: {self.allowed}" if self.allowed else self.fix
        return "; ".join(part for part in (head, found, advice) if part)


def ranked(warnings: Iterable[JobWarning]) -> tuple[JobWarning, ...]:
    """Returns each warning once, the worst first, those that the job allows last; else in the order given."""
    each = dict.fromkeys(warnings)
    return tuple(sorted(each, key=lambda one: (bool(one.allowed), _ORDER[one.rank])))


def as_warnings(found: Iterable[JobWarning | str]) -> tuple[JobWarning, ...]:
    """Returns warnings; of a text, one of the code "other"."""
    return tuple(JobWarning("other", one) if isinstance(one, str) else one for one in found)
