"""The two ways in which FCPXML is written: as Final Cut Pro writes it, and as DaVinci Resolve does."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from post.handoff.fcpxml.times import time_text

# From 1.9 on an asset names its file in `media-rep`. What is written is valid in each of these.
VERSIONS = ("1.9", "1.10", "1.11", "1.12", "1.13")


@dataclass(frozen=True, slots=True)
class Dialect:
    """A way of writing. whole: times are fractions even where they are whole seconds; switched: every clip says that
    it is on; fitted: every clip says how it is fitted; keywords: clips carry keywords."""

    name: str
    whole: bool = False
    switched: bool = False
    fitted: bool = False
    keywords: bool = True

    def time(self, seconds: Fraction) -> str:
        """Returns a time as the editor writes it."""
        text = time_text(seconds)
        return text if not self.whole or "/" in text else f"{text[:-1]}/1s"


FINAL_CUT = Dialect("fcpxml")
RESOLVE = Dialect("fcpxml-resolve", whole=True, switched=True, fitted=True, keywords=False)
DIALECTS = {each.name: each for each in (FINAL_CUT, RESOLVE)}
