"""Renders the sound of one film.

make(data, files, path)                  the task that an engine runs: mix, level, encode
decode_sound(source, length) -> PCM      a track as a listener hears it
read_notes(path) -> MixNotes             what was decided from the sound itself
"""

from post.render.sound.codec import decode_sound, encode_sound
from post.render.sound.make import make
from post.render.sound.notes import read_notes

__all__ = ["decode_sound", "encode_sound", "make", "read_notes"]
