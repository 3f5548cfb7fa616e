"""Defines the motion brief of a job: beats, formats, rules and references."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from post.job.brief.rule_check import RuleCheck

# What a rule is to its reader: a rule, something that is never given up, or how the picture has to look.
RuleKind = Literal["rules", "non_negotiables", "visual_rules"]
PROFILE = "brief"  # what a brief is called among the policies that a film is checked by


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing that the film has to tell, as the brief has it. says: what, in words; coverage: the takes that are
    wanted of it, as (tag, values), such as ("framing", ("wide", "close"))."""

    id: str
    says: str
    where: str
    coverage: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class BriefRule:
    """One rule of a brief. says: in words; check: measures it, None for a question to a person; beats: the beats whose
    takes it is about, () for all."""

    id: str
    says: str
    where: str
    kind: RuleKind = "rules"
    check: RuleCheck | None = None
    beats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefFormat:
    """A film that is wanted. width, height: its size in pixels where both are 64 or more, else its shape; length: such
    as 10s, "" for any."""

    said: str
    where: str
    width: int
    height: int
    length: str = ""

    @property
    def in_pixels(self) -> bool:
        """Whether it asks for a size, and not for a shape alone."""
        return min(self.width, self.height) >= LEAST_PIXELS


LEAST_PIXELS = 64


@dataclass(frozen=True, slots=True)
class BriefReference:
    """A film or picture that shows what is meant. says: of what it is an example."""

    id: str
    path: Path
    says: str
    where: str


@dataclass(frozen=True, slots=True)
class MotionBrief:
    """A whole brief. path: of its file; sha256: of its content; objective: what the film is for, in words; texts: those
    that may stand on the picture, () where the brief does not say."""

    path: Path
    sha256: str
    objective: str = ""
    formats: tuple[BriefFormat, ...] = ()
    beats: tuple[Beat, ...] = ()
    rules: tuple[BriefRule, ...] = ()
    references: tuple[BriefReference, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """Its own file, and every file that it names."""
        named = [path for rule in self.rules if rule.check for path in rule.check.files]
        return (self.path, *(each.path for each in self.references), *named)
