"""Renders the stems of one film's sound, for a mixer.

make(data, files, path)        the task that an engine runs: mixes, and packs one Broadcast Wave file for each stem
read_stems(pack)               what is in a pack
StemFile                       one file of a pack
"""

from post.render.sound.stems.pack import StemFile, read_stems
from post.render.sound.stems.task import make

__all__ = ["StemFile", "make", "read_stems"]
