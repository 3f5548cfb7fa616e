"""Names the loudspeakers that channels of sound belong to, and where each stands.

The names are those of WAVE, SMPTE ST 2036-2 and FFmpeg: FL, FC, LFE, SL, BC, ... A lone channel belongs to none: M.
Ambisonic channels belong to no loudspeaker either: AMBI0 (W), AMBI1 (Y), ..., in ACN order.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Speakers = tuple[str, ...]
Side = Literal["left", "right", "middle"]
# front: within 30 degrees, or a mix for two ears; side: 60 to 120 degrees; back: behind; above, below: higher or lower.
Ring = Literal["front", "side", "back", "above", "below", "low", "sphere"]

LONE = "M"
W, Y = "AMBI0", "AMBI1"


class Stand(NamedTuple):
    """Where a loudspeaker stands, seen from the listener."""

    side: Side
    ring: Ring


def _pair(left: str, right: str, ring: Ring) -> dict[str, Stand]:
    return {left: Stand("left", ring), right: Stand("right", ring)}


STANDS: dict[str, Stand] = {
    LONE: Stand("middle", "front"),
    "FC": Stand("middle", "front"),
    **_pair("FL", "FR", "front"),
    **_pair("FLC", "FRC", "front"),
    **_pair("DL", "DR", "front"),
    **_pair("BIL", "BIR", "front"),
    **_pair("WL", "WR", "side"),
    **_pair("SL", "SR", "side"),
    **_pair("SDL", "SDR", "side"),
    **_pair("SSL", "SSR", "side"),
    "BC": Stand("middle", "back"),
    **_pair("BL", "BR", "back"),
    "TC": Stand("middle", "above"),
    "TFC": Stand("middle", "above"),
    "TBC": Stand("middle", "above"),
    **_pair("TFL", "TFR", "above"),
    **_pair("TSL", "TSR", "above"),
    **_pair("TBL", "TBR", "above"),
    **_pair("TTL", "TTR", "above"),
    "BFC": Stand("middle", "below"),
    **_pair("BFL", "BFR", "below"),
    "LFE": Stand("middle", "low"),
    "LFE2": Stand("middle", "low"),
    **{f"AMBI{at}": Stand("middle", "sphere") for at in range(64)},
}
# By number of channels, for sound that says no more: the order of WAVE.
BY_COUNT: dict[int, Speakers] = {
    1: (LONE,),
    2: ("FL", "FR"),
    3: ("FL", "FR", "FC"),
    4: ("FL", "FR", "SL", "SR"),
    5: ("FL", "FR", "FC", "SL", "SR"),
    6: ("FL", "FR", "FC", "LFE", "SL", "SR"),
    7: ("FL", "FR", "FC", "LFE", "BC", "SL", "SR"),
    8: ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR"),
}
