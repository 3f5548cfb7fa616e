"""Converts R'G'B' of a clip to R'G'B' of the film, through the light of a display."""

from __future__ import annotations

import numpy as np

from post.picture.display.hdr import fit_to_sdr, hdr_light
from post.picture.display.primaries import alike, matrix_between
from post.picture.display.transfer import display_light, shown_alike, video_signal
from post.values.array import Array
from post.values.colour import HDR, Colour

METHOD, PEAK = "bt2446-c", 1000.0  # how HDR is fitted where nothing is asked for


def shown_as_it_is(source: Colour, film: Colour) -> bool:
    """Returns whether R'G'B' of both colours is the same picture."""
    return shown_alike(source.transfer, film.transfer) and alike(source.primaries, film.primaries)


def convert_colour(
    rgb: Array, source: Colour, film: Colour, method: str = METHOD, peak: float = PEAK
) -> Array:
    """Returns (n, 3) float64 R'G'B', 0..1, of the source as the film has it: `rgb` itself where both are shown alike.

    film: an SDR colour. What its gamut cannot show is clipped; HDR is fitted to it, and what is brighter than white
    stays above 1. method, peak: how, by `post.picture.display.hdr`.
    """
    if shown_as_it_is(source, film):
        return rgb
    matrix = matrix_between(source.primaries, film.primaries).T
    if source.transfer in HDR:
        light = hdr_light(rgb, source.transfer, source.primaries) @ matrix
        return video_signal(fit_to_sdr(light, film.primaries, method, peak))
    return video_signal(np.clip(display_light(rgb, source.transfer) @ matrix, 0, 1))
