"""Shapes single sounds: their level, their place between the loudspeakers, their tilt, the room that they are sent to.

pan_matrix(pan, channels) -> matrix            a place from left to right, at equal power
tilt(fetch, tilt_db, rate) -> fetch            more top and less bottom, or the other way round
find_level_gain(pcm, rate, lufs) -> LevelGain  the gain that brings a sound to a loudness
add_room(buses, room, rate)                    what was sent to the room comes back
"""

from post.sound.shape.level_gain import LevelGain, find_level_gain
from post.sound.shape.pan import pan_matrix
from post.sound.shape.room import add_room
from post.sound.shape.tilt import tilt

__all__ = ["LevelGain", "add_room", "find_level_gain", "pan_matrix", "tilt"]
