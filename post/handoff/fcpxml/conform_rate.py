"""How Final Cut Pro plays media of one rate in a timeline of another (`conform-rate`).

Where the rates are near each other it plays each frame once, so the speed changes a little. Where they are not, it
repeats and drops frames at the media's speed, but media at 1000/1001 of a whole rate runs at the whole rate in a
timeline of a whole rate. Measured on blade cuts in files that it wrote: 23.976 in 24 runs at 1.001, in 60 at 1.001;
23.976 in 59.94 at 1/1.001; 25 in 24 at 24/25; 29.97 in any other says `scaleEnabled="0"`, its own speed.
"""

from __future__ import annotations

from fractions import Fraction

NEAR = Fraction(5, 100)
RATES = {
    "23.98": Fraction(24000, 1001), "24": Fraction(24), "25": Fraction(25), "29.97": Fraction(30000, 1001),
    "30": Fraction(30), "47.95": Fraction(48000, 1001), "48": Fraction(48), "50": Fraction(50),
    "59.94": Fraction(60000, 1001), "60": Fraction(60), "90": Fraction(90), "100": Fraction(100),
    "119.88": Fraction(120000, 1001), "120": Fraction(120),
}  # fmt: skip


def conformed_speed(media: Fraction, timeline: Fraction) -> Fraction:
    """Returns the media seconds that pass in one second of a timeline that conforms it. Both: frames a second."""
    if media == timeline:
        return Fraction(1)
    if abs(timeline / media - 1) <= NEAR:
        return timeline / media
    broadcast = (media.denominator == 1001, timeline.denominator == 1001)
    if broadcast == (True, False):
        return Fraction(1001, 1000)
    if broadcast[1]:
        return Fraction(1000, 1001)
    return Fraction(1)


def rate_name(rate: Fraction) -> str:
    """Returns the name that FCPXML has for a rate, "" where it has none."""
    return next((name for name, exact in RATES.items() if exact == rate), "")
