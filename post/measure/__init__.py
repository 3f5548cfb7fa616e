"""Measures clips: facts about files, each measured once and stored.

    measure_file(path, keep) -> dict          everything about a file, as the `measure` JSON
    facts_of(path, picture, asset, keep)      the facts of a clip: cuts, flicker, grain, banding
    cambi(luma, depth)                        banding of one picture

A measure is a class declared with `fact.measure`; it sees each frame of the clip once, in order.
"""

from post.measure.banding import Banding, cambi
from post.measure.cuts import Cuts
from post.measure.fact import Unmeasured
from post.measure.facts import facts_of
from post.measure.flicker import Flicker
from post.measure.grain.strength import MeasuredGrain
from post.measure.report import measure_file

__all__ = ["Banding", "Cuts", "Flicker", "MeasuredGrain", "Unmeasured", "cambi", "facts_of", "measure_file"]
