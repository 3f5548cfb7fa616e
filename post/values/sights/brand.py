"""What a film shows of its brand: logos, the colours of its graphics, its tone."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from post.values.claim import Box, Stretch
from post.values.sights.seen import SeenInStretches


@dataclass(frozen=True, slots=True)
class SeenLogo(SeenInStretches):
    """One logo, seen at one place.

    id: of its file in the brand's guide; retired: whether that says so; stretches: the seconds in which it is seen;
    box: in pixels of the upright frame; width_percent: of the frame's width; stretch: its width over height by that
    of its file, 1 for one that is not distorted; shear_degrees: how far its corners are from right angles; opacity:
    0..1 at its strongest, None where its ink is like its ground; delta_e: of its ink to its file's (mean CIEDE2000),
    at its nearest; covered: the share of its edges that something hides, 0..1; score: correlation of its edges, 0..1;
    frame: one that shows it well.
    """

    id: str
    retired: bool
    stretches: tuple[Stretch, ...]
    box: Box
    width_percent: float
    stretch: float
    shear_degrees: float
    opacity: float | None
    delta_e: float
    covered: float
    score: float
    frame: int


@dataclass(frozen=True, slots=True)
class LogoSight:
    """What a search for logos came to. frames: how many were searched; step: the seconds between them; length: of the
    film in seconds; width, height: of its upright frame; fault: why nothing was searched, "" where it was."""

    seen: tuple[SeenLogo, ...] = ()
    frames: int = 0
    step: Fraction = Fraction(0)
    length: Fraction = Fraction(0)
    width: int = 0
    height: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SeenColour:
    """One colour of type or graphics. kind: "type", "plate" behind it, or "card" that fills the frame; rgb: 0..255;
    area: its share of the frame, 0..1."""

    kind: Literal["type", "plate", "card"]
    rgb: tuple[int, int, int]
    area: float
    stretches: tuple[Stretch, ...]
    box: Box
    frame: int


@dataclass(frozen=True, slots=True)
class PaletteSight:
    """The colours of type and graphics. unmeasured: how many lines of type are too small to say; fault: why nothing was
    measured, "" where it was."""

    seen: tuple[SeenColour, ...] = ()
    unmeasured: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SeenTone:
    """How one sample of the picture looks, in Oklab. light: median lightness; contrast: from its 10th to its 90th
    percentile; colourfulness: mean chroma; hues: mean a and b."""

    at: Stretch
    frame: int
    light: float
    contrast: float
    colourfulness: float
    hues: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ToneSight:
    """How the picture of a film looks, sample by sample. fault: why it was not measured, "" where it was."""

    seen: tuple[SeenTone, ...] = ()
    fault: str = ""
