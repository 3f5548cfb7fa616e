"""Loudness by BS.1770-5, EBU Tech 3341 and Tech 3342: integrated, momentary, short-term, range, true peak.

Meter(rate, speakers)               takes sound in blocks: .add(pcm); then .read(), .curve(), .integrated()
measure(pcm, rate) -> Loudness      the same for sound that is there whole; so are curve and integrated
k_weighting(rate)                   the filters of BS.1770-5 Annex 1

A figure that sound is too short or too quiet for is None with a reason, never 0 and never -inf.
"""

from post.sound.meter.k_weighting import k_weighting
from post.sound.meter.loudness import DIALOGUE, PROGRAMME, Loudness
from post.sound.meter.meter import LEAST_SPEECH, Meter
from post.sound.meter.whole import curve, integrated, measure

__all__ = [
    "DIALOGUE", "LEAST_SPEECH", "PROGRAMME", "Loudness", "Meter", "curve", "integrated", "k_weighting", "measure",
]  # fmt: skip
