"""Mixes a film's sound: reads its sources, lays its events on the buses of their stems, joins them, adds them up.

mix(plan, read) -> PCM                every event of a deliverable, added up
mix_down(plan, read) -> Mixdown       the same, its buses, and what was decided from the sound
"""

from post.sound.mixdown.mix_down import Mixdown, Read, mix, mix_down

__all__ = ["Mixdown", "Read", "mix", "mix_down"]
