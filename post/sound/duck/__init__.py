"""Beds give way to the voice: down before a phrase, steady under it, back after it.

duck_buses(buses, rate) -> notes      every bus that is ducked, in place, and what was done
"""

from post.sound.duck.duck_buses import duck_buses

__all__ = ["duck_buses"]
