"""Tone map: an HDR picture, fitted to Rec.709."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from post.knob import knob
from post.picture.colour.develop import Develop
from post.picture.display.convert import METHOD, PEAK, convert_colour
from post.picture.display.hdr import CURVES, WHITE
from post.stage import ColourStage, Stage, parameters, stage
from post.values.array import Array
from post.values.claim import IPTC, Action
from post.values.colour import BT709, CHROMATICITIES, HDR, Colour
from post.values.time import Span

SDR = "SDR"
CONVERTED = IPTC + "algorithmicallyEnhanced"  # by rule, not by a person
CODES = tuple(map(str, CHROMATICITIES))
SYSTEMS = {SDR: BT709.transfer, **{name: code for code, name in HDR.items()}}


@stage("tone-map", version=1)
class ToneMap(ColourStage):
    """Fits PQ or HLG light to Rec.709; white stays white. The planner adds it to every shot of an HDR take."""

    method: str = knob(
        default=METHOD, choices=tuple(CURVES),
        doc="bt2446-c keeps mid-tones as bright as they are and white (203 cd/m2) at 96 %; bt2390 halves all "
        "light, as SDR is to HDR, and bends only what is near white and above it",
        source="ITU-R BT.2446-1, 5.1.4; ITU-R BT.2390-11, 5.4.1",
    )  # fmt: skip
    peak: float = knob(
        default=PEAK, lo=WHITE, hi=10000, unit="cd/m2",
        doc="the brightest light in the picture; bt2390 shows it as white",
    )  # fmt: skip
    system: str = knob(default=SDR, choices=tuple(SYSTEMS), doc="how the clip is encoded", internal=True)
    primaries: str = knob(
        default=CODES[0], choices=CODES, doc="the clip's, a code of H.273", internal=True,
    )  # fmt: skip

    def colour(self, rgb: Array) -> Array:
        """Returns display-encoded Rec.709, with light brighter than white above 1, for PQ or HLG, 0..1."""
        if self.system == SDR:
            return rgb
        return convert_colour(
            rgb, Colour(int(self.primaries), SYSTEMS[self.system]), BT709, self.method, self.peak
        )

    def declare(self, where: Span) -> Action | None:
        if self.system == SDR:
            return None
        said = f"{self.system} tone-mapped to Rec.709"
        return Action("c2pa.adjustedColor", CONVERTED, where, parameters(self), said)


def with_tone_map(
    stages: Sequence[ColourStage], clip: Colour, wanted: ToneMap | None
) -> tuple[ColourStage, ...]:
    """Returns a shot's colour stages, for an HDR clip after a tone map. Nothing is added where there is one already.

    A clip with a Develop stage gets none: its codes are no display's light, whatever its tags say.
    wanted: how the job wants it done, None for the default.
    """
    first = stages[0] if stages else None
    developed = isinstance(first, Develop) and not first.idle
    if clip.transfer not in HDR or developed or isinstance(first, ToneMap):
        return tuple(stages)
    made = replace(wanted or ToneMap(), system=HDR[clip.transfer], primaries=str(clip.primaries))
    return made, *stages


def takes_codes(stages: Sequence[Stage]) -> bool:
    """Returns whether the first of a clip's stages takes its own codes: a camera's log, or HDR."""
    first = stages[0] if stages else None
    return isinstance(first, ToneMap) or (isinstance(first, Develop) and not first.idle)


def read_as(clip: Colour, film: Colour, stages: Sequence[Stage]) -> Colour:
    """Returns the colour to read a clip with, when `stages` are its stages.

    Where the first of them takes the clip's own codes (a camera's log, or HDR) and makes the film's of them, they are
    read as having the film's primaries and transfer: nothing is converted twice.
    """
    return replace(clip, primaries=film.primaries, transfer=film.transfer) if takes_codes(stages) else clip
