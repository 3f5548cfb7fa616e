"""Types of checks about what the picture shows, with their parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

from post.job.brief.rule_check import RuleCheck, listed, rule_check
from post.knob import knob


@rule_check("palette")
@dataclass(frozen=True, slots=True)
class PaletteCheck(RuleCheck):
    """Colours of the picture. A banned colour fails where it fills an area for a time; of allowed ones, most of what is
    coloured has to be near one."""

    needs: ClassVar = ("banned", "allowed")
    banned: tuple[str, ...] = listed("colours that may not be seen", "hex")
    allowed: tuple[str, ...] = listed("colours that coloured parts of the picture have", "hex")
    delta_e: float = knob(
        default=10.0, lo=1, hi=60, doc="how far from it still counts as a colour", source="CIEDE2000"
    )
    area_percent: float = knob(default=2.0, lo=0.1, hi=100, unit="%", doc="a banned colour fills up to this")
    seconds: float = knob(default=0.2, lo=0, hi=60, unit="s", doc="or for no longer than this")
    coloured_percent: float = knob(
        default=60.0, lo=1, hi=100, unit="%", doc="of what is coloured, this much is near an allowed colour"
    )


@rule_check("tone")
@dataclass(frozen=True, slots=True)
class ToneCheck(RuleCheck):
    """How light, contrasty and colourful the picture is in its middle frame by each: 0 to 1, in Oklab."""

    needs: ClassVar = (
        "least_light", "most_light", "least_contrast", "most_contrast", "least_colour", "most_colour",
        "least_warmth", "most_warmth",
    )  # fmt: skip
    least_light: float | None = knob(
        default=None, kind="number", lo=0, hi=1, doc="median lightness, at least"
    )
    most_light: float | None = knob(default=None, kind="number", lo=0, hi=1, doc="and at most")
    least_contrast: float | None = knob(
        default=None,
        kind="number",
        lo=0,
        hi=1,
        doc="from the 10th to the 90th percentile of lightness, at least",
    )
    most_contrast: float | None = knob(default=None, kind="number", lo=0, hi=1, doc="and at most")
    least_colour: float | None = knob(default=None, kind="number", lo=0, hi=0.4, doc="mean chroma, at least")
    most_colour: float | None = knob(default=None, kind="number", lo=0, hi=0.4, doc="and at most")
    least_warmth: float | None = knob(
        default=None,
        kind="number",
        lo=-0.4,
        hi=0.4,
        doc="mean of blue (below 0) to yellow (above 0), at least",
    )
    most_warmth: float | None = knob(default=None, kind="number", lo=-0.4, hi=0.4, doc="and at most")


@rule_check("sharpness")
@dataclass(frozen=True, slots=True)
class SharpnessCheck(RuleCheck):
    """The picture is in focus: how wide its sharpest edges are."""

    edge_percent: float = knob(
        default=0.3,
        lo=0.01,
        hi=5,
        unit="%",
        doc="one sigma of an edge, in % of the picture's height, at most",
    )


@rule_check("flicker")
@dataclass(frozen=True, slots=True)
class FlickerCheck(RuleCheck):
    """Light does not flicker from frame to frame."""

    percent: float = knob(default=1.5, lo=0, hi=100, unit="%", doc="of the light, at most")


@rule_check("first-frame")
@dataclass(frozen=True, slots=True)
class FirstFrameCheck(RuleCheck):
    """The first frame is a picture, which players show before they play: not black, not blank."""

    of_takes: ClassVar = False
    least_light: float = knob(default=0.1, lo=0, hi=1, doc="its median Oklab lightness, at least")
    least_contrast: float = knob(
        default=0.1, lo=0, hi=1, doc="from the 10th to the 90th percentile of it, at least"
    )


@rule_check("black")
@dataclass(frozen=True, slots=True)
class BlackCheck(RuleCheck):
    """Nothing is black for long."""

    seconds: float = knob(default=0.25, lo=0, hi=60, unit="s", doc="at most")


@rule_check("frozen")
@dataclass(frozen=True, slots=True)
class FrozenCheck(RuleCheck):
    """The picture does not stand still for long, but where the edit says so."""

    seconds: float = knob(default=1.0, lo=0, hi=600, unit="s", doc="at most")


@rule_check("flashes")
@dataclass(frozen=True, slots=True)
class FlashesCheck(RuleCheck):
    """The whole picture does not flash. Finished films are measured as BT.1702 has it."""

    most: int = knob(default=0, lo=0, hi=1000, doc="of a take; a film's limit is BT.1702's own")


@rule_check("size")
@dataclass(frozen=True, slots=True)
class SizeCheck(RuleCheck):
    """Clips and films have enough pixels, and the wanted shape."""

    needs: ClassVar = ("least_lines", "shape")
    least_lines: int = knob(default=0, lo=0, hi=16384, doc="pixels of the shorter side, at least")
    shape: str = knob(default="", doc="width to height, such as 16x9")
    tolerance_percent: float = knob(default=1.0, lo=0, hi=100, unit="%", doc="of the shape")

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yields the shape where it is none."""
        if self.shape and read_shape(self.shape) is None:
            yield "shape", "width to height, such as 16x9"


def read_shape(text: str) -> Fraction | None:
    """Returns width over height of a shape such as 16x9 or 16:9; None for any other text."""
    parts = text.replace(":", "x").lower().split("x")
    if len(parts) != 2 or not all(part.strip().isascii() and part.strip().isdigit() for part in parts):
        return None
    width, height = (int(part) for part in parts)
    return Fraction(width, height) if width and height else None


@rule_check("people")
@dataclass(frozen=True, slots=True)
class PeopleCheck(RuleCheck):
    """How many faces are seen at once. Faces that are turned away, covered or very small are not found, so a person is
    asked where fewer are found than there should be. Needs the extra `faces`."""

    needs: ClassVar = ("least", "most")
    least: int | None = knob(
        default=None, kind="whole", lo=0, hi=100, doc="in at least one look, at least so many"
    )
    most: int | None = knob(default=None, kind="whole", lo=0, hi=100, doc="in every look, at most so many")
    sure: float = knob(default=0.6, lo=0.3, hi=1, doc="how sure the finder is of a face that counts")


@rule_check("logo")
@dataclass(frozen=True, slots=True)
class LogoCheck(RuleCheck):
    """The logo is seen, in its own shape and colours, with room around it, and no old one is."""

    of_takes: ClassVar = False
    needs: ClassVar = ("file",)
    paths: ClassVar = ("file", "retired")
    file: tuple[Path, ...] = listed("the approved drawings of the logo: SVG or PNG")
    retired: tuple[Path, ...] = listed("logos that may no longer be shown")
    seconds: float = knob(
        default=1.0, lo=0, hi=600, unit="s", doc="it is seen for so long; 0: it need not be"
    )
    stretch_percent: float = knob(default=3.0, lo=0, hi=100, unit="%", doc="stretched or sheared by, at most")
    delta_e: float = knob(default=10.0, lo=0, hi=100, doc="recoloured by, at most", source="CIEDE2000")
    room_percent: float = knob(default=25.0, lo=0, hi=200, unit="%", doc="of its height, free around it")
