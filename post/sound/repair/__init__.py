"""Mends sound as it is read: flat tops, DC offset, clicks at joins, hum. Sound that has none of them stays as it is.

repair(pcm, rate, name) -> (PCM, notes)       every step that is needed, and what was done, with figures
"""

from post.sound.repair.steps import repair

__all__ = ["repair"]
