"""Develop: a camera's log picture, made into one for a display."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from post.knob import knob
from post.picture.colour.ocio_function import colour_function
from post.stage import ColourStage, parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span

# A release of the Academy's configuration by its full name: the newest would change a film's pixels when
# OpenColorIO is updated. Source: OpenColorIO-Config-ACES, studio configuration 4.0.0 (ACES 2.0).
CONFIG = "ocio://studio-config-v4.0.0_aces-v2.0_ocio-v2.5"
SCENE, DISPLAY = "ACES2065-1", "Rec.1886 Rec.709 - Display"
AS_IT_IS = "video"
SPACES = {
    AS_IT_IS: "",
    "acescct": "ACEScct",
    "apple-log": "Apple Log",
    "arri-logc3": "ARRI LogC3 (EI800)",
    "arri-logc4": "ARRI LogC4",
    "blackmagic-gen5": "BMDFilm WideGamut Gen5",
    "canon-log2": "CanonLog2 CinemaGamut D55",
    "canon-log3": "CanonLog3 CinemaGamut D55",
    "davinci-intermediate": "DaVinci Intermediate WideGamut",
    "dji-d-log": "D-Log D-Gamut",
    "panasonic-v-log": "V-Log V-Gamut",
    "red-log3g10": "Log3G10 REDWideGamutRGB",
    "sony-s-log3": "S-Log3 S-Gamut3",
    "sony-s-log3-cine": "S-Log3 S-Gamut3.Cine",
}
VIEWS = {"aces2": "ACES 2.0 - SDR 100 nits (Rec.709)", "plain": "Un-tone-mapped"}


@stage("develop", version=1)
class Develop(ColourStage):
    """Converts a camera's log picture to Rec.709 for a display. It comes before every other colour stage."""

    space: str = knob(
        default=AS_IT_IS, choices=tuple(SPACES), doc="how the clip is encoded; `video` is Rec.709 already",
        source="OpenColorIO-Config-ACES 4.0.0",
    )  # fmt: skip
    view: str = knob(
        default="aces2", choices=tuple(VIEWS),
        doc="how scene light is fitted to the display: the ACES 2 output transform, or as it is and clipped",
        source="ACES 2.0 output transform, SDR 100 cd/m2, Rec.709",
    )  # fmt: skip
    exposure: float = knob(default=0.0, lo=-6, hi=6, unit="stops", doc="of scene light, before the view")

    def colour(self, rgb: Array) -> Array:
        """Returns display-encoded Rec.709 for camera code values, 0..1."""
        if self.idle:
            return rgb
        return _developer(SPACES[self.space], VIEWS[self.view], self.exposure)(rgb)

    @property
    def idle(self) -> bool:
        """Returns whether the clip is Rec.709 already, so that nothing is changed."""
        return self.space == AS_IT_IS

    def declare(self, where: Span) -> Action | None:
        if self.idle:
            return None
        return Action("c2pa.adjustedColor", HUMAN_EDITS, where, parameters(self), "camera log developed")


@lru_cache(maxsize=8)
def _developer(space: str, view: str, stops: float) -> Callable[[Array], Array]:
    import PyOpenColorIO as ocio  # noqa: N813  only a worker with camera log needs it

    gain = 2.0**stops
    steps = [
        ocio.ColorSpaceTransform(src=space, dst=SCENE),
        ocio.MatrixTransform(matrix=[gain, 0, 0, 0, 0, gain, 0, 0, 0, 0, gain, 0, 0, 0, 0, 1]),
        ocio.DisplayViewTransform(src=SCENE, display=DISPLAY, view=view),
    ]
    return colour_function(ocio.Config.CreateFromFile(CONFIG), ocio.GroupTransform(steps))
