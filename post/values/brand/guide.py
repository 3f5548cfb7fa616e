"""What a brand fixes of a film's looks (colours, logos, tone), and the marks of generators that must stay."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from post.values.media import File


@dataclass(frozen=True, slots=True)
class LogoFile:
    """One drawing of a logo. retired: it may no longer be shown."""

    id: str
    file: File
    retired: bool = False


@dataclass(frozen=True, slots=True)
class LookTarget:
    """How pictures of the brand look. light: median Oklab lightness; contrast: from its 10th to its 90th percentile;
    colourfulness: mean Oklab chroma; hues: mean Oklab a and b."""

    light: float
    contrast: float
    colourfulness: float
    hues: tuple[float, float]


@dataclass(frozen=True, slots=True)
class BrandGuide:
    """colours: #rrggbb by name, in order; logos: approved and retired ones; look: None where the brand fixes none."""

    colours: tuple[tuple[str, str], ...] = ()
    logos: tuple[LogoFile, ...] = ()
    look: LookTarget | None = None


@dataclass(frozen=True, slots=True)
class VendorMark:
    """A mark that a generator put on a take. take: the clip; frame: one of its frames that shows the mark in `box`
    (left, top, right, bottom in pixels of the upright frame); shown: the seconds of the film that show the take."""

    id: str
    take: File
    frame: int
    box: tuple[int, int, int, int]
    shown: tuple[tuple[Fraction, Fraction], ...]
