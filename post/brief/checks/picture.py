"""Measures how the picture looks: light, contrast, colour, focus, flicker, its first frame, and its size."""

from __future__ import annotations

import numpy as np

from post.brief.footage import Footage
from post.brief.found import Limit, blind, judged
from post.job.brief.picture_checks import (
    FirstFrameCheck,
    FlickerCheck,
    SharpnessCheck,
    SizeCheck,
    ToneCheck,
    read_shape,
)
from post.measure.fact import Unmeasured
from post.measure.film.softness import OWN, Softness
from post.measure.flicker import Flicker
from post.qc.brand.tone import tone_of
from post.values.array import Array
from post.values.brand.guide import LookTarget
from provenance.policy.check import CheckOutcome

SAMPLES = 24


def judge_tone(check: ToneCheck, footage: Footage) -> CheckOutcome:
    """Judges the median of light, contrast, chroma and warmth over samples of footage."""
    thumbs = footage.thumbs
    if isinstance(thumbs, Unmeasured):
        return blind(thumbs, "light, contrast and colour within limits")
    numbers, rgb = thumbs
    places = np.unique(np.linspace(0, len(numbers) - 1, min(SAMPLES, len(numbers))).round().astype(int))
    tones = [_tone(rgb[place]) for place in places]
    columns = (
        ("light", [each.light for each in tones], check.least_light, check.most_light),
        ("contrast", [each.contrast for each in tones], check.least_contrast, check.most_contrast),
        ("chroma", [each.colourfulness for each in tones], check.least_colour, check.most_colour),
        ("warmth", [each.hues[1] for each in tones], check.least_warmth, check.most_warmth),
    )
    limits = []
    for what, values, least, most in columns:
        middle = float(np.median(values))
        nearest = int(numbers[places[int(np.argmin(np.abs(np.array(values) - middle)))]])
        limits.append(Limit(what, middle, "", least, most, (footage.seconds(nearest),), nearest))
    return judged(limits, f"the median of {len(places)} frames, in Oklab")


def _tone(rgb: Array) -> LookTarget:
    return tone_of(np.rint(rgb * 255).astype(np.uint8))


def judge_sharpness(check: SharpnessCheck, footage: Footage) -> CheckOutcome:
    """Judges the width of the sharpest edges, over the whole file."""
    found = footage.value("softness", Softness)
    if isinstance(found, Unmeasured):
        return blind(found, f"edges {check.edge_percent:g} % of the height wide at most")
    edge = 100 * float(np.hypot(found.edge_px, OWN)) / found.lines
    middle = (footage.span.first + footage.span.stop) // 2
    limit = Limit("edges are", edge, "% of the height wide", None, check.edge_percent, (), middle)
    return judged([limit], f"the sharpest quarter of edges in {found.frames} frames of the file")


def judge_flicker(check: FlickerCheck, footage: Footage) -> CheckOutcome:
    """Judges how much the light of the whole file flickers."""
    found = footage.value("flicker", Flicker)
    if isinstance(found, Unmeasured):
        return blind(found, f"light flickers by {check.percent:g} % at most")
    return judged([Limit("light flickers by", found.flicker_pct, "%", None, check.percent)])


def judge_first_frame(check: FirstFrameCheck, footage: Footage) -> CheckOutcome:
    """Judges the first frame of footage."""
    thumbs = footage.thumbs
    if isinstance(thumbs, Unmeasured):
        return blind(thumbs, "a first frame that shows a picture")
    numbers, rgb = thumbs
    first, tone = int(numbers[0]), _tone(rgb[0])
    at = (footage.seconds(first),)
    return judged(
        [
            Limit("light", tone.light, "", check.least_light, None, at, first),
            Limit("contrast", tone.contrast, "", check.least_contrast, None, at, first),
        ],
        "the first frame, in Oklab",
    )


def judge_size(check: SizeCheck, footage: Footage) -> CheckOutcome:
    """Judges the pixels and the shape of a file's picture, as it is shown."""
    width, height = (float(side) for side in footage.picture.shown)
    limits = [Limit("shorter side", min(width, height), "pixels", check.least_lines or None, None)]
    shape = read_shape(check.shape)
    if check.shape and shape is None:
        return blind(f"{check.shape!r} is no shape such as 16x9", "a shape")
    if shape is not None:
        wanted, off = float(shape), check.tolerance_percent / 100
        limits.append(Limit("width over height", width / height, "", wanted * (1 - off), wanted * (1 + off)))
    return judged(limits, f"{width:.0f} x {height:.0f}")
