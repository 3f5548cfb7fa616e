"""Makes and measures sound. It reads no files: a callable gives it PCM.

mix(plan, read) -> PCM                                       every event of a deliverable on one bus
mix_down(plan, read) -> Mixdown                              the same, and what was decided from the sound
level(pcm, rate, target, ceiling, trip) -> Levelled          set to its loudness as decoded
measure(pcm, rate) -> Loudness; curve(pcm, rate)             BS.1770-5; meter.Meter takes sound in blocks
kit                                                          what a loudness meter has to read, of which signals
limit(pcm, rate, ceiling) -> (PCM, reduction)                true peaks
stages                                                       clip-sound, music, effect, loudness
"""

from post.sound.level import Levelled, level
from post.sound.limiter import limit
from post.sound.meter import Loudness, curve, measure
from post.sound.mixdown import Read, mix, mix_down

__all__ = [
    "Levelled",
    "Loudness",
    "Read",
    "curve",
    "level",
    "limit",
    "measure",
    "mix",
    "mix_down",
]
