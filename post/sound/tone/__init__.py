"""Room tone: found in a clip's quiet parts, made again as noise, and laid where the shots are silent.

FilmTone(plan)                           watches what is laid, learns each clip's tone, and fills the gaps
model_tone(pcm, rate) -> ToneModel       the level and the spectrum of a clip's quiet parts; None where it has none
is_room(event), SHORTEST_S               which sounds leave no gap, and how long one is at least
"""

from post.sound.tone.fill import FilmTone
from post.sound.tone.gaps import SHORTEST_S, is_room
from post.sound.tone.model import ToneModel, model_tone

__all__ = ["SHORTEST_S", "FilmTone", "ToneModel", "is_room", "model_tone"]
