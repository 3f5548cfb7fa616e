"""Renders the stems of one film's sound, for a mixer.

make(data, files, path)        the task that an engine runs: mixes, and packs one Broadcast Wave file for each stem
read_stems(pack)               what is in a pack
StemFile, MIX                  one file of a pack, and what that of the sum is called
"""

from post.render.sound.stems.pack import MIX, StemFile, read_stems
from post.render.sound.stems.task import make

__all__ = ["MIX", "StemFile", "make", "read_stems"]
