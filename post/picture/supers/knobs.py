"""The knobs of a title that has a second line of type, an accent bar, or a size that gives way to long text."""

from __future__ import annotations

from dataclasses import dataclass

from post.knob import knob
from post.picture.type.block import MOST_LETTERS
from post.picture.type.standing import SafeAreaLayer

SHORT = "% of the frame's shorter side"
BARS = ("none", "side", "over", "under")


@dataclass(frozen=True, kw_only=True)
class SuperLayer(SafeAreaLayer):
    """Type over the picture that may have a second line and an accent bar. Each stage adds its own type."""

    least_size: float = knob(
        default=0.0,
        lo=0,
        hi=60,
        unit="%",
        doc="how small the em may become where the text does not fit at `size`; 0 keeps the size",
    )
    second: str = knob(
        default="", hi=MOST_LETTERS, doc="smaller type under the first: a role, a place, a date"
    )
    second_size: float = knob(default=62.0, lo=20, hi=150, unit="%", doc="of the first type's size")
    second_weight: float = knob(default=500.0, lo=0, hi=1000, doc="as `weight`, of the second type")
    second_colour: str = knob(default="#ffffff", kind="hex", doc="of the second type")
    second_lines: int = knob(default=2, lo=1, hi=20, doc="how many lines of it are allowed")
    second_plate: bool = knob(default=False, doc="a panel of its own behind the second type")
    second_plate_colour: str = knob(default="#ffc400", kind="hex", doc="of that panel")
    gap: float = knob(default=1.4, lo=0, hi=20, unit="%", doc=f"between the two, in {SHORT}")
    bar: str = knob(
        default="none",
        choices=BARS,
        doc="an accent bar: at the side where lines begin, over the type or under it",
    )
    bar_colour: str = knob(default="#ffc400", kind="hex", doc="of the bar")
    bar_size: float = knob(default=0.7, lo=0.1, hi=10, unit="%", doc=f"its thickness, in {SHORT}")
    plate_radius: float = knob(
        default=0.0, lo=0, hi=50, unit="%", doc=f"of the corners of plates, in {SHORT}"
    )

    @property
    def is_plain(self) -> bool:
        """Whether it is type alone, on a plate with square corners at most."""
        return not (self.second.strip() or self.plate_radius) and self.bar == "none"
