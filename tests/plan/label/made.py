"""A film of two seconds, and layers in it."""

from __future__ import annotations

from post.job.model import Timed
from post.stage import LayerStage
from post.values import BT709, Format
from tests.plan.made import FILM_CLOCK


def film(width: int = 1280, height: int = 720) -> Format:
    return Format(width, height, FILM_CLOCK, 48, 8, "420", BT709)


def timed(layer: LayerStage, at: str = "0s", length: str = "") -> Timed:
    return Timed(layer, at, length, "spot.yaml:7")
