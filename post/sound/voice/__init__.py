"""Finds where there is a voice.

find_speech(pcm, rate) -> spans      by a network, in sound that holds other things too
find_voice(pcm, rate) -> spans       by its level, in sound that is a voice and nothing else
raise_clips(buses, events, rate)     speech in clips made louder, the rest left as it is
"""

from post.sound.voice.level_gate import find_voice
from post.sound.voice.raising import raise_clips, raise_speech
from post.sound.voice.speech import find_speech

__all__ = ["find_speech", "find_voice", "raise_clips", "raise_speech"]
